"""Who was in which team when, and by whose hand; also what was seen in Canvas."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from gradebench.canvas.models import CanvasCourse
from gradebench.core.models import TeamMembership, TeamSet


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody came into a team, left one, or went from one to another, within one set.

    `because`: the plan, the edit, or that it was seen in Canvas; `by`: None for Canvas.
    """

    at: datetime
    set_name: str
    student: str
    user_id: int | None
    from_team: str | None
    to_team: str | None
    by: str | None
    because: str


def history(
    course: CanvasCourse, *, since: datetime | None = None, of: TeamSet | None = None
) -> list[Event]:
    """Every change of who is in which team of the course (or of one set), the latest first."""
    sets = TeamSet.objects.filter(group_category__course=course)
    if of is not None:
        sets = sets.filter(pk=of.pk)
    rows = TeamMembership.objects.filter(team_set__in=sets).select_related(
        "team", "team_set", "student", "student__canvas_user", "began_by", "ended_by"
    )
    events = [event for one in _by_student(rows) for event in _events(one)]
    wanted = [event for event in events if since is None or event.at >= since]
    return sorted(wanted, key=lambda event: event.at, reverse=True)


def _by_student(rows: Iterable[TeamMembership]) -> Iterator[list[TeamMembership]]:
    """The places of each student in each set, in the order of time."""
    places: dict[tuple[int, int], list[TeamMembership]] = {}
    for row in rows:
        places.setdefault((row.team_set_id, row.student_id), []).append(row)
    for one in places.values():
        yield sorted(one, key=lambda row: (row.since, row.until is None))


def _events(places: list[TeamMembership]) -> Iterator[Event]:
    left: TeamMembership | None = None
    for place in places:
        if left is not None and left.until != place.since:
            yield _left(left)
            left = None
        yield _came(place, left)
        left = place if place.until else None
    if left is not None:
        yield _left(left)


def _came(place: TeamMembership, before: TeamMembership | None) -> Event:
    return Event(
        at=place.since,
        set_name=place.team_set.name,
        student=place.student.name,
        user_id=_user_id(place),
        from_team=before.team.name if before else None,
        to_team=place.team.name,
        by=place.began_by.get_username() if place.began_by else None,
        because=place.began_because,
    )


def _left(place: TeamMembership) -> Event:
    return Event(
        at=place.until or place.since,
        set_name=place.team_set.name,
        student=place.student.name,
        user_id=_user_id(place),
        from_team=place.team.name,
        to_team=None,
        by=place.ended_by.get_username() if place.ended_by else None,
        because=place.ended_because,
    )


def _user_id(place: TeamMembership) -> int | None:
    user = getattr(place.student, "canvas_user", None)
    return user.canvas_id if user else None
