"""Every write to people and teams. Functions take many rows, and say why the change was made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from gradebench.core.models import Student, Team, TeamMembership, TeamSet

# Parameters of one statement are limited in SQLite.
BATCH = 500
STUDENT_FIELDS = ("name", "sortable_name", "email", "login", "sis_id")


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Who made a change, when, and why: what the history shows."""

    because: str
    by: User | None = None
    at: datetime | None = None

    @property
    def when(self) -> datetime:
        """The moment of the change; now, unless it was another."""
        return self.at or timezone.now()


def create_students(students: Sequence[Student]) -> list[Student]:
    """Add people."""
    return Student.objects.bulk_create(students, batch_size=BATCH)


def update_students(students: Sequence[Student]) -> None:
    """Save changed names and addresses."""
    Student.objects.bulk_update(students, STUDENT_FIELDS, batch_size=BATCH)


def create_team_sets(team_sets: Sequence[TeamSet]) -> list[TeamSet]:
    """Add sets of teams."""
    return TeamSet.objects.bulk_create(team_sets, batch_size=BATCH)


def update_team_sets(team_sets: Sequence[TeamSet]) -> None:
    """Save changed names, and which sets are gone."""
    TeamSet.objects.bulk_update(team_sets, ["name", "course_name", "gone_at"], batch_size=BATCH)


def let_edits_wait(team_set: TeamSet, *, wait: bool) -> None:
    """Choose whether single edits of the set wait for a review or go out at once."""
    team_set.edits_wait = wait
    team_set.save(update_fields=["edits_wait"])


def create_teams(teams: Sequence[Team]) -> list[Team]:
    """Add teams."""
    _note_waiting(teams)
    return Team.objects.bulk_create(teams, batch_size=BATCH)


def update_teams(teams: Sequence[Team]) -> None:
    """Save changed names, leaders, marks, and which teams are gone."""
    _note_waiting(teams)
    fields = ["name", "leader", "confirmed", "waits_since", "gone_at"]
    Team.objects.bulk_update(teams, fields, batch_size=BATCH)


def current_places(team_set: TeamSet) -> dict[int, int]:
    """Which team each student of the set is in today: student → team, by primary key."""
    rows = TeamMembership.objects.filter(team_set=team_set, until=None)
    return dict(rows.values_list("student_id", "team_id"))


def place(
    team_set: TeamSet, places: Mapping[int, int | None], *, reason: Reason, confirmed: bool
) -> int:
    """Put students into teams (None: out of all), by primary key; ends the places they leave.

    Whoever already is where they are to be keeps their place and its history. Returns how many moved.
    """
    reason = replace(reason, at=reason.when)  # who leaves one team comes into another at once
    with transaction.atomic():
        now = current_places(team_set)
        moves = {one: team for one, team in places.items() if now.get(one) != team}
        for students in _batches(one for one in moves if one in now):
            TeamMembership.objects.filter(
                team_set=team_set, student__in=students, until=None
            ).update(until=reason.when, ended_by=reason.by, ended_because=reason.because)
        TeamMembership.objects.bulk_create(
            [
                TeamMembership(
                    team_set=team_set,
                    team_id=team,
                    student_id=student,
                    since=reason.when,
                    began_by=reason.by,
                    began_because=reason.because,
                    confirmed=confirmed,
                )
                for student, team in moves.items()
                if team is not None
            ],
            batch_size=BATCH,
        )
        return len(moves)


def mark_places(team_set: TeamSet, students: Iterable[int], *, confirmed: bool) -> None:
    """Note whether the system of record has the students' places like this."""
    for some in _batches(students):
        TeamMembership.objects.filter(
            team_set=team_set, student__in=some, until=None, confirmed=not confirmed
        ).update(confirmed=confirmed)


def members_on(team: Team, moment: datetime) -> list[Student]:
    """Who was in the team at that moment."""
    rows = TeamMembership.objects.filter(team=team, since__lte=moment).exclude(until__lte=moment)
    return [row.student for row in rows.select_related("student").order_by("student")]


def end_teams(teams: Iterable[Team], *, reason: Reason, confirmed: bool = True) -> None:
    """Close teams: nobody is in them from now on. `confirmed`: the system of record did so too."""
    keys = [team.pk for team in teams]
    reason = replace(reason, at=reason.when)
    with transaction.atomic():
        for some in _batches(keys):
            Team.objects.filter(pk__in=some, gone_at=None).update(
                gone_at=reason.when,
                confirmed=confirmed,
                waits_since=None if confirmed else reason.when,
            )
            TeamMembership.objects.filter(team__in=some, until=None).update(
                until=reason.when, ended_by=reason.by, ended_because=reason.because
            )


def _note_waiting(teams: Iterable[Team]) -> None:
    """Since when each differs from the system of record; a second change does not begin anew."""
    now = timezone.now()
    for team in teams:
        team.waits_since = None if team.confirmed else team.waits_since or now


def _batches(items: Iterable[int]) -> Iterable[list[int]]:
    everything = list(items)
    return (everything[start : start + BATCH] for start in range(0, len(everything), BATCH))
