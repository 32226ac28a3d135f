"""What the board of a set shows: its teams, its people, where each is wanted and where Canvas has them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

import msgspec
from django.db.models import Q

from gradebench.canvas.compare import Verdict
from gradebench.canvas.locks import Held
from gradebench.canvas.models import (
    CanvasEnrollment,
    CanvasGroupCategory,
    CanvasSubmission,
    CanvasUser,
)
from gradebench.canvas.push.scene import CURRENT
from gradebench.canvas.teams import Places, places_of
from gradebench.canvas.views.board_standing import (
    Standing,
    group_of,
    rows_of_teams,
    standing_of,
)
from gradebench.canvas.views.sorting import natural
from gradebench.canvas.views.students import STUDENT
from gradebench.core.models import Team


class TeamFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A team of the board. `was`: its name in Canvas where that differs; None also for a new team.

    `unlike`: Canvas does not have it like this.
    """

    id: int
    name: str
    limit: int | None = None
    fresh: bool = False
    was: str | None = None
    leader: int | None = None
    unlike: bool = False


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


class LockFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A student or a team that stays as it is, who locked it, and when."""

    id: int
    by: str
    at: datetime


class LocksFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is locked on the board."""

    people: tuple[LockFacts, ...] = ()
    teams: tuple[LockFacts, ...] = ()


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the board shows. `team_changes`: teams that Canvas does not have like this.

    `away`: teams that are to be deleted. `epoch` changes with every plan that is applied: steps
    from before cannot be undone on the board. `version` changes whenever anything of this does.
    """

    teams: tuple[TeamFacts, ...]
    away: tuple[TeamFacts, ...]
    people: tuple[PersonFacts, ...]
    sections: tuple[SectionFacts, ...]
    locks: LocksFacts
    team_changes: int
    restricted: bool
    epoch: int
    version: str


@dataclass(frozen=True)
class Enrolled:
    """Who takes part as a student, in which sections; and the names of these, as people sort them."""

    students: Mapping[int, list[int]]
    sections: Mapping[int, str]


def facts_of(category: CanvasGroupCategory) -> Facts:
    """Read the board of a set that has been synced: nine queries, whatever its size."""
    places = places_of(category)
    standing = standing_of(category, wanted=places.wanted)
    enrolled = enrolled_in(category)
    names = list(enrolled.sections.values())
    return Facts(
        teams=_as_facts((row for row in standing.teams if row.gone_at is None), category),
        away=_as_facts((row for row in standing.teams if row.gone_at is not None), category),
        people=_people(category, places, enrolled),
        sections=tuple(
            SectionFacts(name=name, short=short)
            for name, short in zip(names, short_names(names), strict=True)
        ),
        locks=_locks(standing),
        team_changes=_count_unlike(standing.teams),
        restricted=category.self_signup == "restricted",
        epoch=standing.applied[0],
        version=standing.version,
    )


def waiting(category: CanvasGroupCategory) -> int:
    """How many changes of people and teams Canvas does not have yet."""
    verdicts = places_of(category).verdicts().values()
    return _count_unlike(rows_of_teams(category)) + sum(
        one is not Verdict.AGREED for one in verdicts
    )


def teams_of(category: CanvasGroupCategory) -> tuple[TeamFacts, ...]:
    """The teams that are wanted, in the order in which people count."""
    return _as_facts((row for row in rows_of_teams(category) if row.gone_at is None), category)


def _as_facts(rows: Iterable[Team], category: CanvasGroupCategory) -> tuple[TeamFacts, ...]:
    facts = [_team(row, category) for row in rows]
    return tuple(sorted(facts, key=lambda team: natural(team.name)))


def _team(row: Team, category: CanvasGroupCategory) -> TeamFacts:
    group = group_of(row)
    renamed = group is not None and group.name != row.name
    return TeamFacts(
        id=row.pk,
        name=row.name,
        limit=(group.max_membership if group else None) or category.group_limit,
        fresh=group is None,
        was=group.name if group and renamed else None,
        leader=row.leader_id,
        unlike=renamed if row.gone_at else not row.confirmed,
    )


def _locks(standing: Standing) -> LocksFacts:
    return LocksFacts(
        people=_as_locks(standing.locks.people), teams=_as_locks(standing.locks.teams)
    )


def _as_locks(held: Mapping[int, Held]) -> tuple[LockFacts, ...]:
    return tuple(LockFacts(id=key, by=one.by, at=one.at) for key, one in held.items())


def _count_unlike(rows: Iterable[Team]) -> int:
    """How many teams Canvas does not have like this."""
    return sum(not row.confirmed for row in rows)


def _people(
    category: CanvasGroupCategory, places: Places, enrolled: Enrolled
) -> tuple[PersonFacts, ...]:
    verdicts = places.verdicts()
    of_students = enrolled.students
    order = {section: place for place, section in enumerate(enrolled.sections)}
    busy = _with_group_work(category)
    return tuple(
        PersonFacts(
            id=student,
            name=name,
            sections=tuple(sorted(order[one] for one in of_students.get(student, ()))),
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


def enrolled_in(category: CanvasGroupCategory) -> Enrolled:
    """Everybody who takes part in the course as a student, with the sections they are in."""
    rows = CanvasEnrollment.objects.filter(
        course=category.course,
        gone_at=None,
        type=STUDENT,
        enrollment_state__in=CURRENT,
        user__student__isnull=False,
    )
    students: dict[int, list[int]] = {}
    sections: dict[int, str] = {}
    columns = ("user__student_id", "section_id", "section__name", "section__gone_at")
    for student, section, name, gone_at in rows.order_by().values_list(*columns):
        own = students.setdefault(student or 0, [])
        if section is not None and gone_at is None:
            own.append(section)
            sections[section] = name or ""
    order = sorted(sections, key=lambda one: (natural(sections[one]), one))
    return Enrolled(students=students, sections={one: sections[one] for one in order})


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


def short_names(names: list[str]) -> list[str]:
    """Names of sections without the words with which all begin: “Lab A”, “Lab B” become A, B.

    A single name stays whole.
    """
    words = [name.split() for name in names]
    columns = takewhile(lambda column: len(set(column)) == 1, zip(*words, strict=False))
    start = len(list(columns)) if len(names) > 1 else 0
    return [" ".join(own[start:]) or name for own, name in zip(words, names, strict=True)]
