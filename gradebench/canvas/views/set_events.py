"""The history of a set, a page at a time: the database says which events these are.

The events are those of `push.history.history`, which reads all of a course for files and programs.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, overload

from django.db.models import BooleanField, Exists, F, OuterRef, QuerySet, Value

from gradebench.canvas.push.history import Event
from gradebench.core.models import TeamMembership, TeamSet

CAME = Value(True, output_field=BooleanField())  # noqa: FBT003 - a value of the query
LEFT = Value(False, output_field=BooleanField())  # noqa: FBT003


class _Key(NamedTuple):
    """An event: a place that began (`came`), or that ended without another one."""

    at: datetime
    place: int
    came: bool


class SetEvents(Sequence[Event]):
    """Every change of who is in which team of the set, the latest first; read as far as asked for."""

    def __init__(self, team_set: TeamSet) -> None:
        self._team_set = team_set
        self._places = TeamMembership.objects.filter(team_set=team_set).order_by()

    def __len__(self) -> int:
        return self._came().count() + self._left().count()

    @overload
    def __getitem__(self, index: int) -> Event: ...

    @overload
    def __getitem__(self, index: slice) -> list[Event]: ...

    def __getitem__(self, index: int | slice) -> Event | list[Event]:
        if isinstance(index, int):
            return self[index : index + 1][0]
        events = self._came().values_list("since", "pk", CAME)
        left = self._left().values_list("until", "pk", LEFT)
        latest_first = events.union(left, all=True).order_by("-since", "-pk")
        return self._told([_Key._make(row) for row in latest_first[index]])

    def _came(self) -> QuerySet[TeamMembership]:
        return self._places

    def _left(self) -> QuerySet[TeamMembership]:
        """The places that ended while no other began at that moment."""
        # By way of the team, for then a database looks the student up first, who has few places.
        next_one = TeamMembership.objects.filter(
            student=OuterRef("student"), since=OuterRef("until"), team__team_set=self._team_set
        )
        ended = self._places.filter(until__isnull=False)
        return ended.filter(~Exists(next_one.exclude(pk=OuterRef("pk"))))

    def _told(self, keys: list[_Key]) -> list[Event]:
        shown = self._places.filter(pk__in={key.place for key in keys})
        places = shown.select_related(
            "team", "team_set", "student__canvas_user", "began_by", "ended_by"
        ).in_bulk()
        before = self._teams_before(places.values())
        return [_event(key, places[key.place], before) for key in keys]

    def _teams_before(self, places: Iterable[TeamMembership]) -> dict[tuple[int, datetime], str]:
        """The team that a student left at a moment."""
        moments = {(one.student_id, one.since) for one in places}
        ended = self._places.filter(
            student__in={student for student, _at in moments},
            until__in={at for _student, at in moments},
        )
        rows = ended.exclude(since=F("until")).values_list("student", "until", "team__name")
        return {(student, until): name for student, until, name in rows if until is not None}


def _event(key: _Key, place: TeamMembership, before: dict[tuple[int, datetime], str]) -> Event:
    by = place.began_by if key.came else place.ended_by
    person = getattr(place.student, "canvas_user", None)
    team = place.team.name
    return Event(
        at=key.at,
        set_name=place.team_set.name,
        student=place.student.name,
        user_id=person.canvas_id if person else None,
        from_team=before.get((place.student_id, place.since)) if key.came else team,
        to_team=team if key.came else None,
        by=by.get_username() if by else None,
        because=place.began_because if key.came else place.ended_because,
    )
