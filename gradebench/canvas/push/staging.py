"""What an instructor wants of a set's teams: noted here, before Canvas hears of it.

Teams and students are the core's rows; every function says who wants it and why.
"""

from collections.abc import Mapping, Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from gradebench.canvas import teams
from gradebench.canvas.edits.refusals import check_name
from gradebench.canvas.models import CanvasGroupCategory
from gradebench.canvas.push.storing import check_forms_teams
from gradebench.canvas.push.trouble import NotATeamSet
from gradebench.core import people
from gradebench.core.models import Student, Team, TeamSet

EDITED = "Edited here"


def stage_places(
    category: CanvasGroupCategory,
    places: Mapping[Student, Team | None],
    *,
    by: User | None,
    because: str = EDITED,
) -> int:
    """Want these students in these teams (None: in none); returns how many that moves."""
    team_set = team_set_of(category)
    wanted = {student.pk: team.pk if team else None for student, team in places.items()}
    with transaction.atomic():
        reason = people.Reason(because=because, by=by)
        moved = people.place(team_set, wanted, reason=reason, confirmed=False)
        _mark(category)
    return moved


def stage_new_teams(category: CanvasGroupCategory, names: Sequence[str]) -> list[Team]:
    """Want teams of these names. Raises NameBlank, NameTooLong."""
    team_set = team_set_of(category)
    return people.create_teams(
        [Team(team_set=team_set, name=check_name(name), confirmed=False) for name in names]
    )


def stage_name(category: CanvasGroupCategory, team: Team, name: str) -> Team:
    """Want another name for the team. Raises NameBlank, NameTooLong."""
    team.name = check_name(name)
    with transaction.atomic():
        people.update_teams([team])
        _mark(category)
    team.refresh_from_db()
    return team


def stage_leader(category: CanvasGroupCategory, team: Team, leader: Student | None) -> Team:
    """Want this student to lead the team, or nobody."""
    team.leader = leader
    with transaction.atomic():
        people.update_teams([team])
        _mark(category)
    team.refresh_from_db()
    return team


def stage_deletion(
    category: CanvasGroupCategory, doomed: Sequence[Team], *, by: User | None, because: str = EDITED
) -> None:
    """Want the teams away; whoever is in them is wanted in no team then."""
    with transaction.atomic():
        reason = people.Reason(because=because, by=by)
        people.end_teams(doomed, reason=reason, confirmed=False)
        for team in doomed:
            team.refresh_from_db()
        _mark(category)


def stage_return(category: CanvasGroupCategory, returned: Sequence[Team]) -> None:
    """Want teams again that were wanted away; one whose group Canvas deleted gets a new one."""
    with transaction.atomic():
        there = category.groups.filter(team__in=returned, gone_at=None)
        linked = set(there.values_list("team_id", flat=True))
        for team in returned:
            if team.pk not in linked:
                teams.unlink_team(team)
            team.gone_at, team.confirmed = None, False
        people.update_teams(returned)
        _mark(category)


def team_set_of(category: CanvasGroupCategory) -> TeamSet:
    """The core's set. Raises NotATeamSet for tags, and sets with several groups a person."""
    check_forms_teams(category)
    if category.team_set is None:
        raise NotATeamSet(f"“{category.name}” has not been synced yet.")
    return category.team_set


def _mark(category: CanvasGroupCategory) -> None:
    """Mark what Canvas has and what it does not."""
    teams.follow_set(category, at=timezone.now())
