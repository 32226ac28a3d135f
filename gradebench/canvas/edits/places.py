"""Keeps the mirror and what is agreed in step with where Canvas says that people are."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from gradebench.canvas import teams
from gradebench.canvas.mirror.saving import end_memberships, save_memberships
from gradebench.canvas.models import CanvasGroupCategory, CanvasUser


def keep_places(
    category: CanvasGroupCategory,
    places: Mapping[int, int | None],
    *,
    at: datetime,
    within: int | None = None,
) -> None:
    """Note where people of the set are in Canvas now: person → group or None, by Canvas's ids.

    The teams of the groups are what both sides agree on for these people; what is wanted is left.
    `within`: the one group that this is about, where a person may be in several of a set.
    """
    users = _keys_of_users(category, places)
    groups = dict(category.groups.values_list("canvas_id", "pk"))
    now = {
        (groups[group], users[user])
        for user, group in places.items()
        if group is not None and user in users
    }
    rows = category.course.memberships.filter(
        group__category=category, user__in=users.values(), gone_at=None
    )
    before = set(rows.values_list("group_id", "user_id"))
    if not category.forms_teams:  # there a person is in as many groups as they like
        before = {(group, user) for group, user in before if group == groups.get(within or 0)}
    with transaction.atomic():
        end_memberships(category.course, before - now, at)
        save_memberships(category.course, now)
        if category.forms_teams:
            _agree(category, places, at)


def _agree(category: CanvasGroupCategory, places: Mapping[int, int | None], at: datetime) -> None:
    team_of = dict(category.groups.values_list("canvas_id", "team_id"))
    agreed: dict[int, int | None] = {}
    for user, student in students_of(category, places).items():
        group = places[user]
        team = None if group is None else team_of.get(group)
        if group is None or team is not None:
            agreed[student] = team
    teams.agree_on_places(category, agreed, at=at)


def students_of(category: CanvasGroupCategory, users: Iterable[int]) -> dict[int, int]:
    """Students of the core by Canvas's ids of people."""
    rows = CanvasUser.objects.filter(
        integration=category.course.integration, student__isnull=False
    ).values_list("canvas_id", "student_id")
    wanted = set(users)
    return {user: student for user, student in rows if user in wanted and student is not None}


def _keys_of_users(category: CanvasGroupCategory, users: Iterable[int]) -> dict[int, int]:
    rows = CanvasUser.objects.filter(integration=category.course.integration)
    wanted = set(users)
    return {one: key for one, key in rows.values_list("canvas_id", "pk") if one in wanted}
