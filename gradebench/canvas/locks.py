"""Locks on a set's students and teams: kept here, seen by every window, honoured by every assignment.

A locked student stays where they are; nobody comes into a locked team or leaves it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone

from gradebench.canvas.models import BoardLock, CanvasGroupCategory

BATCH = 500


@dataclass(frozen=True)
class Held:
    """Who locked it, and when."""

    by: str
    at: datetime


@dataclass(frozen=True)
class Locks:
    """The locks of a set: by students, and by teams."""

    people: Mapping[int, Held] = field(default_factory=dict)
    teams: Mapping[int, Held] = field(default_factory=dict)

    def why_not(self, student: int, *, out_of: int | None, into: int | None) -> str:
        """Why the student does not make this move, as a sentence, or nothing."""
        if out_of == into:
            return ""
        held = self.people.get(student)
        if held is not None:
            return f"Locked on the board by {held.by}."
        shut = next((one for team in (out_of, into) if (one := self.teams.get(team or 0))), None)
        return f"The team is locked on the board by {shut.by}." if shut else ""


def locks_of(category: CanvasGroupCategory) -> Locks:
    """Read the locks of a set."""
    people: dict[int, Held] = {}
    teams: dict[int, Held] = {}
    for row in BoardLock.objects.filter(category=category).select_related("by").order_by("pk"):
        held = Held(by=row.by.get_username() if row.by else "somebody", at=row.at)
        if row.student_id is not None:
            people[row.student_id] = held
        elif row.team_id is not None:
            teams[row.team_id] = held
    return Locks(people=people, teams=teams)


def lock(
    category: CanvasGroupCategory,
    *,
    students: Collection[int] = (),
    teams: Collection[int] = (),
    by: User | None,
) -> None:
    """Lock these students and teams; whoever is locked already stays locked by the same person."""
    now = timezone.now()
    rows = [BoardLock(category=category, student_id=one, by=by, at=now) for one in students]
    rows += [BoardLock(category=category, team_id=one, by=by, at=now) for one in teams]
    BoardLock.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)


def unlock(
    category: CanvasGroupCategory, *, students: Collection[int] = (), teams: Collection[int] = ()
) -> None:
    """Unlock these students and teams, whoever locked them."""
    of_set = BoardLock.objects.filter(category=category)
    everybody = list(students)
    for start in range(0, len(everybody), BATCH):
        of_set.filter(student__in=everybody[start : start + BATCH]).delete()
    of_set.filter(team__in=list(teams)).delete()
