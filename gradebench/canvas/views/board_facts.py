"""What the board of a set shows: its teams, its people, where each is wanted and where Canvas has them."""

from collections.abc import Iterable, Mapping
from itertools import takewhile

import msgspec
from django.db.models import Q

from gradebench.canvas.compare import Verdict
from gradebench.canvas.models import (
    CanvasEnrollment,
    CanvasGroup,
    CanvasGroupCategory,
    CanvasSubmission,
    CanvasUser,
)
from gradebench.canvas.push.scene import CURRENT
from gradebench.canvas.teams import Places, places_of
from gradebench.canvas.views.sorting import natural
from gradebench.canvas.views.students import STUDENT
from gradebench.core.models import Team


class TeamFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A team of the board. `was`: its name in Canvas where that differs; None also for a new team."""

    id: int
    name: str
    limit: int | None = None
    fresh: bool = False
    was: str | None = None
    leader: int | None = None


class PersonFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A student of the board: teams by their keys, sections by their place in `Facts.sections`.

    `work`: handed in or graded for this set. `left`: no student of the course any more.
    `clash`: moved here and in Canvas, to different places.
    """

    id: int
    name: str
    sections: tuple[int, ...]
    team: int | None
    live: int | None
    work: bool = False
    left: bool = False
    clash: bool = False


class SectionFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A section by its whole name, and short enough for a chip."""

    name: str
    short: str


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the board shows. `team_changes`: teams that Canvas does not have like this.

    `epoch` changes with every plan that is applied: steps from before cannot be undone on the board.
    """

    teams: tuple[TeamFacts, ...]
    people: tuple[PersonFacts, ...]
    sections: tuple[SectionFacts, ...]
    team_changes: int
    restricted: bool
    epoch: int


def facts_of(category: CanvasGroupCategory) -> Facts:
    """Read the board of a set that has been synced: eight queries, whatever its size."""
    sections = dict(category.course.sections.filter(gone_at=None).values_list("pk", "name"))
    order = {pk: index for index, pk in enumerate(sections)}
    shorts = short_names(list(sections.values()))
    rows = _rows_of_teams(category)
    return Facts(
        teams=_as_facts(rows, category),
        people=_people(category, places_of(category), order),
        sections=tuple(
            SectionFacts(name=name, short=short)
            for name, short in zip(sections.values(), shorts, strict=True)
        ),
        team_changes=_count_unlike(rows),
        restricted=category.self_signup == "restricted",
        epoch=_epoch(category),
    )


def waiting(category: CanvasGroupCategory) -> int:
    """How many changes of people and teams Canvas does not have yet."""
    verdicts = places_of(category).verdicts().values()
    return _count_unlike(_rows_of_teams(category)) + sum(
        one is not Verdict.AGREED for one in verdicts
    )


def teams_of(category: CanvasGroupCategory) -> tuple[TeamFacts, ...]:
    """The teams that are wanted, in the order in which people count."""
    return _as_facts(_rows_of_teams(category), category)


def _rows_of_teams(category: CanvasGroupCategory) -> list[Team]:
    """All teams of the set, those that are wanted away too."""
    rows = Team.objects.filter(team_set=category.team_set_id, team_set__isnull=False)
    return list(rows.select_related("canvas_group"))


def _as_facts(rows: list[Team], category: CanvasGroupCategory) -> tuple[TeamFacts, ...]:
    facts = [_team(row, category) for row in rows if row.gone_at is None]
    return tuple(sorted(facts, key=lambda team: natural(team.name)))


def _team(row: Team, category: CanvasGroupCategory) -> TeamFacts:
    group = _group(row)
    return TeamFacts(
        id=row.pk,
        name=row.name,
        limit=(group.max_membership if group else None) or category.group_limit,
        fresh=group is None,
        was=group.name if group and group.name != row.name else None,
        leader=row.leader_id,
    )


def _group(row: Team) -> CanvasGroup | None:
    """The team's group while Canvas has it."""
    group: CanvasGroup | None = getattr(row, "canvas_group", None)
    return group if group is not None and group.gone_at is None else None


def _count_unlike(rows: list[Team]) -> int:
    """How many teams Canvas does not have like this; neither wanted nor there is no difference."""
    there = (row for row in rows if row.gone_at is None or _group(row))
    return sum(not row.confirmed for row in there)


def _people(
    category: CanvasGroupCategory, places: Places, sections: Mapping[int, int]
) -> tuple[PersonFacts, ...]:
    verdicts = places.verdicts()
    of_students = sections_of_students(category)
    busy = _with_group_work(category)
    return tuple(
        PersonFacts(
            id=student,
            name=name,
            sections=tuple(
                sorted(sections[one] for one in of_students.get(student, ()) if one in sections)
            ),
            team=places.wanted.get(student),
            live=places.live.get(student),
            work=student in busy,
            left=student not in of_students,
            clash=verdicts.get(student) is Verdict.CONFLICT,
        )
        for student, name in _names(category, {*of_students, *verdicts})
    )


def _names(category: CanvasGroupCategory, students: set[int]) -> Iterable[tuple[int, str]]:
    """Students of the core with their names, in the order of their sortable names."""
    known = CanvasUser.objects.filter(
        integration=category.course.integration_id, student__isnull=False
    )
    for student, name in known.values_list("student_id", "student__name"):
        if student in students:
            yield student, name


def sections_of_students(category: CanvasGroupCategory) -> dict[int, list[int]]:
    """Everybody who takes part in the course as a student, with the sections they are in."""
    rows = CanvasEnrollment.objects.filter(
        course=category.course,
        gone_at=None,
        type=STUDENT,
        enrollment_state__in=CURRENT,
        user__student__isnull=False,
    )
    found: dict[int, list[int]] = {}
    for student, section in rows.order_by().values_list("user__student_id", "section_id"):
        own = found.setdefault(student or 0, [])
        if section is not None:
            own.append(section)
    return found


def _with_group_work(category: CanvasGroupCategory) -> set[int]:
    """Who handed in, or was marked for, work that belongs to a group of this set."""
    touched = Q(submitted_at__isnull=False) | Q(score__isnull=False)
    work = CanvasSubmission.objects.filter(
        touched,
        course=category.course_id,
        gone_at=None,
        assignment__gone_at=None,
        assignment__group_category_id=category.canvas_id,
        user__student__isnull=False,
    )
    return {
        one for one in work.order_by().values_list("user__student_id", flat=True).distinct() if one
    }


def _epoch(category: CanvasGroupCategory) -> int:
    applied = category.plans.filter(started_at__isnull=False).values_list("pk", flat=True)
    return applied.first() or 0


def short_names(names: list[str]) -> list[str]:
    """Names of sections without the words with which all begin: “Lab A”, “Lab B” become A, B.

    A single name stays whole.
    """
    words = [name.split() for name in names]
    columns = takewhile(lambda column: len(set(column)) == 1, zip(*words, strict=False))
    start = len(list(columns)) if len(names) > 1 else 0
    return [" ".join(own[start:]) or name for own, name in zip(words, names, strict=True)]
