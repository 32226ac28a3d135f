"""How far the sets of courses are from Canvas: counted for many courses at once.

The same answers as `teams.places_of`, but only for the students whose place here is another than in
Canvas: a list of thirty courses is not to read thirty rosters.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value

from gradebench.canvas.compare import Verdict, settle
from gradebench.canvas.models import CanvasCourse, CanvasGroupMembership, Placement
from gradebench.core.models import Team, TeamMembership

# One row of the query: the course, the set and its name, and the three answers for a student by the
# keys of teams; no answer at all stands for a team that Canvas has otherwise.
COLUMNS = ("of_course", "of_set", "set_name", "agreed_in", "wanted_in", "live_in")
NOBODY = Value(None, output_field=IntegerField(null=True))


@dataclass(frozen=True, kw_only=True)
class SetDrift:
    """A set, by key and name, and how many changes of people and teams Canvas does not have yet.

    `conflicts`: how many of the people Canvas put elsewhere meanwhile; a person settles those.
    """

    pk: int
    name: str
    changes: int
    conflicts: int


@dataclass(frozen=True, kw_only=True)
class CourseDrift:
    """A course's sets that differ from Canvas."""

    sets: tuple[SetDrift, ...]

    @property
    def changes(self) -> int:
        """How many changes wait, over all sets."""
        return sum(one.changes for one in self.sets)

    @property
    def conflicts(self) -> int:
        """How many of them are conflicts."""
        return sum(one.conflicts for one in self.sets)

    @property
    def first(self) -> SetDrift:
        """The set to look at first: one with conflicts, else the one with the most changes."""
        return max(self.sets, key=lambda one: (one.conflicts, one.changes))


def drift_of(courses: Iterable[CanvasCourse]) -> dict[int, CourseDrift]:
    """The courses that differ from Canvas, by primary key: one query, however many there are."""
    keys = [one.pk for one in courses]
    unlike = _wanted_elsewhere(keys).union(_wanted_nowhere(keys), _unlike_teams(keys), all=True)
    changes: Counter[tuple[int, int, str]] = Counter()
    conflicts: Counter[int] = Counter()
    for course, category, name, agreed, wanted, live in unlike:
        changes[course, category, name] += 1
        verdict = settle(agreed=agreed, wanted=wanted, live=live)
        conflicts[category] += verdict is Verdict.CONFLICT
    found: dict[int, list[SetDrift]] = {}
    for (course, category, name), count in changes.items():
        drift = SetDrift(pk=category, name=name, changes=count, conflicts=conflicts[category])
        found.setdefault(course, []).append(drift)
    return {course: CourseDrift(sets=tuple(drifts)) for course, drifts in found.items()}


def _wanted_elsewhere(courses: list[int]) -> "QuerySet[TeamMembership, Any]":
    """Whoever is wanted in a team that Canvas has them not in."""
    here = {"user__student": OuterRef("student")}
    live = _live().filter(group__category=OuterRef("team_set__group_category"), **here)
    agreed = Placement.objects.filter(category=OuterRef("team_set__group_category"), **here)
    wanted = TeamMembership.objects.order_by().filter(
        ~Exists(live.filter(group__team=OuterRef("team"))), _in(courses), until=None
    )
    answers = {
        "agreed_in": Subquery(agreed.values("agreed_team")[:1]),
        "wanted_in": F("team"),
        "live_in": Subquery(live.order_by("group__canvas_id").values("group__team")[:1]),
    }
    return wanted.annotate(**_set("team_set__group_category"), **answers).values_list(*COLUMNS)


def _wanted_nowhere(courses: list[int]) -> "QuerySet[CanvasGroupMembership, Any]":
    """Whoever Canvas has in a team, and nobody here wants in any."""
    wanted = TeamMembership.objects.filter(
        until=None,
        team_set=OuterRef("group__category__team_set"),
        student=OuterRef("user__student"),
    )
    agreed = Placement.objects.filter(category=OuterRef("group__category"), user=OuterRef("user"))
    placed = (
        _live()
        .order_by()
        .filter(
            ~Exists(wanted),
            course__in=courses,
            group__category__gone_at=None,
            group__category__team_set__isnull=False,
            user__student__isnull=False,
        )
    )
    answers = {
        "agreed_in": Subquery(agreed.values("agreed_team")[:1]),
        "wanted_in": NOBODY,
        "live_in": F("group__team"),
    }
    return placed.annotate(**_set("group__category"), **answers).values_list(*COLUMNS)


def _unlike_teams(courses: list[int]) -> "QuerySet[Team, Any]":
    """The teams that Canvas has not, or has otherwise."""
    never_there = Q(gone_at__isnull=False) & (
        Q(canvas_group=None) | Q(canvas_group__gone_at__isnull=False)
    )
    unlike = Team.objects.order_by().filter(_in(courses), confirmed=False).exclude(never_there)
    answers = {"agreed_in": NOBODY, "wanted_in": NOBODY, "live_in": NOBODY}
    return unlike.annotate(**_set("team_set__group_category"), **answers).values_list(*COLUMNS)


def _set(path: str) -> dict[str, F]:
    """The columns of the set that stands at the end of the path."""
    return {"of_course": F(f"{path}__course"), "of_set": F(path), "set_name": F(f"{path}__name")}


def _live() -> QuerySet[CanvasGroupMembership]:
    return CanvasGroupMembership.objects.filter(
        gone_at=None, group__gone_at=None, group__team__isnull=False
    )


def _in(courses: list[int]) -> Q:
    """Of sets of these courses that Canvas still has."""
    return Q(team_set__group_category__course__in=courses, team_set__group_category__gone_at=None)
