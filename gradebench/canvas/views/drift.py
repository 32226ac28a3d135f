"""How far the sets of courses are from Canvas: counted for many courses at once.

The same answers as `teams.places_of`, but only for the students whose place here is another than in
Canvas: a list of thirty courses is not to read thirty rosters.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from gradebench.canvas.compare import Verdict, settle
from gradebench.canvas.models import CanvasCourse, CanvasGroupMembership, Placement
from gradebench.core.models import Team, TeamMembership


class _Unlike(NamedTuple):
    """One person or team that Canvas has otherwise: a row of the query.

    The answers are keys of teams. Of a person they say where they are; of a team, whether it is
    there at all. `clash`: both sides changed the team itself, and differently.
    """

    course: int
    category: int
    set_name: str
    is_team: bool
    agreed: int | None
    wanted: int | None
    live: int | None
    clash: bool
    since: datetime | None

    @property
    def verdict(self) -> Verdict:
        """What follows for a person."""
        return settle(agreed=self.agreed, wanted=self.wanted, live=self.live)


NO = Value(False, output_field=BooleanField())  # noqa: FBT003 - a value of the query
YES = Value(True, output_field=BooleanField())  # noqa: FBT003
NOBODY = Value(None, output_field=IntegerField(null=True))


@dataclass(frozen=True, kw_only=True)
class SetDrift:
    """A set, by key and name, and how many changes of people and teams Canvas does not have yet.

    `conflicts`: how many of them Canvas changed otherwise meanwhile; a person settles those.
    `since`: when the oldest of them was made here, as far as that is known.
    """

    pk: int
    name: str
    changes: int
    conflicts: int
    since: datetime | None = None


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

    def of(self, category: int) -> SetDrift | None:
        """The set of this key, if it differs."""
        return next((one for one in self.sets if one.pk == category), None)


def drift_of(courses: Iterable[CanvasCourse]) -> dict[int, CourseDrift]:
    """The courses that differ from Canvas, by primary key: one query, however many there are."""
    by_set: dict[int, list[_Unlike]] = defaultdict(list)
    for row in _unlike(tuple(sorted(one.pk for one in courses))):
        by_set[row.category].append(row)
    found: dict[int, list[SetDrift]] = defaultdict(list)
    for rows in by_set.values():
        found[rows[0].course].append(_summed(rows))
    return {course: CourseDrift(sets=tuple(drifts)) for course, drifts in found.items()}


def _unlike(courses: tuple[int, ...]) -> list[_Unlike]:
    if not courses:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*_statement(courses))
        return [_Unlike._make((*row[:-1], _time(row[-1]))) for row in cursor.fetchall()]


@lru_cache(maxsize=64)
def _statement(courses: tuple[int, ...]) -> tuple[str, tuple[Any, ...]]:
    """The query as SQL. Every page of a course asks it, and Django takes longer to write it than a
    database to answer; the text hangs on nothing but the keys.
    """
    keys = list(courses)
    unlike = _wanted_elsewhere(keys).union(_wanted_nowhere(keys), _unlike_teams(keys), all=True)
    return unlike.query.sql_with_params()


def _time(value: datetime | str | None) -> datetime | None:
    """SQLite has no times: it keeps them in UTC, and gives them as text or without a zone."""
    time = datetime.fromisoformat(value) if isinstance(value, str) else value
    return time.replace(tzinfo=time.tzinfo or UTC) if time else None


def _summed(rows: Sequence[_Unlike]) -> SetDrift:
    # Canvas put them there, and nobody here has seen it: that team is not simply deleted.
    joined = {row.live for row in rows if not row.is_team and row.verdict is Verdict.FOLLOW}
    times = [row.since for row in rows if row.since and _is_ours(row)]
    return SetDrift(
        pk=rows[0].category,
        name=rows[0].set_name,
        changes=len(rows),
        conflicts=sum(_is_conflict(row, joined) for row in rows),
        since=min(times, default=None),
    )


def _is_ours(row: _Unlike) -> bool:
    return row.is_team or row.verdict is not Verdict.FOLLOW


def _is_conflict(row: _Unlike, joined: set[int | None]) -> bool:
    if not row.is_team:
        return row.verdict is Verdict.CONFLICT
    return row.clash or (row.wanted is None and row.live in joined)


def _wanted_elsewhere(courses: list[int]) -> "QuerySet[TeamMembership, Any]":
    """Whoever is wanted in a team that Canvas has them not in."""
    here = {"user__student": OuterRef("student")}
    live = _live().filter(group__category=OuterRef("team_set__group_category"), **here)
    agreed = Placement.objects.filter(category=OuterRef("team_set__group_category"), **here)
    wanted = TeamMembership.objects.order_by().filter(
        ~Exists(live.filter(group__team=OuterRef("team"))), _in(courses), until=None
    )
    return wanted.values_list(
        *_set("team_set__group_category"),
        NO,
        Subquery(agreed.values("agreed_team")[:1]),
        "team",
        Subquery(live.order_by("group__canvas_id").values("group__team")[:1]),
        NO,
        "since",
    )


def _wanted_nowhere(courses: list[int]) -> "QuerySet[CanvasGroupMembership, Any]":
    """Whoever Canvas has in a team, and nobody here wants in any."""
    places = TeamMembership.objects.filter(
        team_set=OuterRef("group__category__team_set"), student=OuterRef("user__student")
    )
    agreed = Placement.objects.filter(category=OuterRef("group__category"), user=OuterRef("user"))
    placed = (
        _live()
        .order_by()
        .filter(
            ~Exists(places.filter(until=None)),
            course__in=courses,
            group__category__gone_at=None,
            group__category__team_set__isnull=False,
            user__student__isnull=False,
        )
    )
    return placed.values_list(
        *_set("group__category"),
        NO,
        Subquery(agreed.values("agreed_team")[:1]),
        NOBODY,
        "group__team",
        NO,
        Subquery(places.order_by("-until").values("until")[:1]),
    )


def _unlike_teams(courses: list[int]) -> "QuerySet[Team, Any]":
    """The teams that Canvas has not, or has otherwise."""
    never_there = Q(gone_at__isnull=False) & (
        Q(canvas_group=None) | Q(canvas_group__gone_at__isnull=False)
    )
    unlike = Team.objects.order_by().filter(_in(courses), confirmed=False).exclude(never_there)
    there = Q(canvas_group__isnull=False, canvas_group__gone_at=None)
    return unlike.annotate(**_names_and_leaders(there)).values_list(
        *_set("team_set__group_category"),
        YES,
        NOBODY,
        Case(When(gone_at=None, then=F("pk")), default=NOBODY),
        Case(When(there, then=F("pk")), default=NOBODY),
        Case(When(_both_changed(), then=YES), default=NO),
        "waits_since",
    )


def _names_and_leaders(there: Q) -> dict[str, Any]:
    """The three answers for the name ("": the team is not there) and the leader (0: nobody)."""
    nobody = Value(0, output_field=IntegerField())
    # Who leaves a team leads it no more.
    leads = TeamMembership.objects.filter(
        team=OuterRef("pk"), student=OuterRef("leader"), until=None
    )
    wanted = Case(When(Exists(leads), then=F("leader__canvas_user__canvas_id")), default=nobody)
    return {
        "agreed_name": Coalesce("agreed__name", Value("")),
        "wanted_name": Case(When(gone_at=None, then=F("name")), default=Value("")),
        "live_name": Case(When(there, then=F("canvas_group__name")), default=Value("")),
        "agreed_leader": Coalesce("agreed__leader_id", nobody),
        "wanted_leader": Coalesce(wanted, nobody),
        "live_leader": Coalesce("canvas_group__leader_id", nobody),
    }


def _both_changed() -> Q:
    """Name or leader were changed on both sides, or Canvas lost a team that was edited here."""
    lost = ~Q(agreed_name="") & ~Q(wanted_name="") & Q(live_name="")
    on_both_sides = ~Q(wanted_name="") & ~Q(live_name="")
    return lost | _conflict("name") | (on_both_sides & _conflict("leader"))


def _conflict(what: str) -> Q:
    """No two of the three answers are the same."""
    agreed, live = (F(f"{side}_{what}") for side in ("agreed", "live"))
    same = (
        Q(**{f"wanted_{what}": live})
        | Q(**{f"wanted_{what}": agreed})
        | Q(**{f"live_{what}": agreed})
    )
    return ~same


def _set(path: str) -> tuple[str, str, str]:
    """The columns of the set that stands at the end of the path."""
    return f"{path}__course", path, f"{path}__name"


def _live() -> QuerySet[CanvasGroupMembership]:
    return CanvasGroupMembership.objects.filter(
        gone_at=None, group__gone_at=None, group__team__isnull=False
    )


def _in(courses: list[int]) -> Q:
    """Of sets of these courses that Canvas still has."""
    return Q(team_set__group_category__course__in=courses, team_set__group_category__gone_at=None)
