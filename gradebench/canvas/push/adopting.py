"""What a person settled for Canvas's side becomes what is wanted here."""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from gradebench.canvas import teams
from gradebench.canvas.edits.places import students_of
from gradebench.canvas.models import CanvasGroupCategory
from gradebench.canvas.push.plan import Conflict, Plan, Side
from gradebench.core import people
from gradebench.core.models import Team

SETTLED = "A conflict was settled for Canvas"


def adopt_canvas_side(plan: Plan, category: CanvasGroupCategory, *, by: User | None) -> None:
    """Want what Canvas has, for every conflict of the plan that was settled so."""
    settled = [one for one in plan.conflicts if one.settled is Side.CANVAS]
    if not settled or category.team_set is None:
        return
    reason = people.Reason(because=SETTLED, by=by)
    with transaction.atomic():
        live = teams.places_of(category).live
        _adopt_places(settled, category, live, reason)
        keys = [one.team for one in settled if one.team is not None]
        found = Team.objects.in_bulk(keys)
        for conflict in settled:
            if conflict.team is not None:
                _adopt_team(conflict, found[conflict.team], category, live, reason)
        teams.follow_set(category, at=timezone.now())


def _adopt_places(
    settled: list[Conflict],
    category: CanvasGroupCategory,
    live: Mapping[int, int],
    reason: people.Reason,
) -> None:
    users = [one.user_id for one in settled if one.user_id is not None]
    students = students_of(category, users).values()
    _want(category, {student: live.get(student) for student in students}, reason)


def _adopt_team(
    conflict: Conflict,
    team: Team,
    category: CanvasGroupCategory,
    live: Mapping[int, int],
    reason: people.Reason,
) -> None:
    group = category.groups.get(team=team)
    if conflict.row.startswith("leader:"):
        leader = students_of(category, [group.leader_id or 0])
        team.leader_id = leader.get(group.leader_id or 0)
    elif group.gone_at is not None:
        here = people.current_places(team.team_set)
        waiting = [student for student, place in here.items() if place == team.pk]
        _want(category, {student: live.get(student) for student in waiting}, reason)
        team.gone_at = reason.when
    else:
        if team.gone_at is not None:
            back = {student: place for student, place in live.items() if place == team.pk}
            _want(category, back, reason)
        team.name, team.gone_at = group.name, None
    people.update_teams([team])


def _want(
    category: CanvasGroupCategory, places: Mapping[int, int | None], reason: people.Reason
) -> None:
    """Both sides have these people there now."""
    if category.team_set is not None and places:
        people.place(category.team_set, places, reason=reason, confirmed=True)
        teams.agree_on_places(category, places, at=reason.when)
