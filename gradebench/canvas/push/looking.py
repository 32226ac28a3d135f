"""Reads one set from Canvas as it is now, and keeps what was read in the mirror."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from gradebench.canvas import teams
from gradebench.canvas.api import endpoints, payloads
from gradebench.canvas.api.payloads import known
from gradebench.canvas.edits.refusals import SetGone, explained
from gradebench.canvas.edits.talk import Talk, read, say
from gradebench.canvas.mirror.saving import (
    end_memberships,
    save_group_categories,
    save_groups,
    save_memberships,
    save_people,
)
from gradebench.canvas.mirror.sweeping import mark_gone, missing, too_many
from gradebench.canvas.models import CanvasGroupCategory, CanvasUser
from gradebench.canvas.push.reading import GroupReading, SetReading
from gradebench.canvas.push.trouble import ManyGone


@dataclass(frozen=True)
class Look:
    """What Canvas answered about one set; `reading` is the part that plans are made from."""

    reading: SetReading
    category: payloads.GroupCategory
    groups: list[payloads.Group]
    people: list[payloads.User]


def look_at(category: CanvasGroupCategory) -> Talk[Look]:
    """Read the set, its groups and who is in them: two or three requests. Raises SetGone, MayNot."""
    with explained(
        doing=f"read the group set “{category.name}”",
        permission="manage_groups_manage",
        gone=SetGone,
    ):
        answer = yield from say(endpoints.get_group_category(category.canvas_id))
        course_id = category.course.canvas_id
        listed = yield from read(endpoints.list_course_groups(course_id, include=("users",)))
        groups = [one for one in listed if one.group_category_id == category.canvas_id]
        users: dict[int, list[payloads.User]] = {}
        for group in groups:
            users[group.id] = yield from _users_of(
                group, certain=not category.course.section_limited
            )
    everybody = {user.id: user for some in users.values() for user in some}
    return Look(_reading(answer, groups, users), answer, groups, list(everybody.values()))


def _users_of(group: payloads.Group, *, certain: bool) -> Talk[list[payloads.User]]:
    """The group's users as the listing told them; where the count differs, as the group tells."""
    listed, count = known(group.users), known(group.members_count)
    if listed is not None and (not certain or count in (None, len(listed))):
        return listed
    return (yield from read(endpoints.list_group_users(group.id)))


def _reading(
    answer: payloads.GroupCategory,
    groups: Iterable[payloads.Group],
    users: dict[int, list[payloads.User]],
) -> SetReading:
    return SetReading(
        category_id=answer.id,
        name=known(answer.name) or "",
        limit=known(answer.group_limit),
        self_signup=known(answer.self_signup),
        auto_leader=known(answer.auto_leader),
        protected=bool(known(answer.protected)),
        groups={
            group.id: group_reading(group, users[group.id])
            for group in sorted(groups, key=lambda group: group.id)
        },
    )


def group_reading(group: payloads.Group, users: Iterable[payloads.User]) -> GroupReading:
    """One group as plans see it."""
    leader = known(group.leader)
    return GroupReading(
        name=known(group.name) or "",
        members=tuple(sorted({user.id for user in users})),
        leader=leader.id if leader else None,
        limit=known(group.max_membership),
    )


def keep(look: Look, category: CanvasGroupCategory) -> None:
    """Save what was read, and let the teams follow where Canvas alone moved.

    Raises ManyGone, and saves nothing, when more people lost their group than is believed unasked.
    """
    course, at = category.course, timezone.now()
    with transaction.atomic():
        save_group_categories(course, [look.category])
        save_groups(course, look.groups)
        save_people(course.integration, look.people)
        _keep_memberships(look, category)
        gone = missing(category.groups.all(), look.reading.groups)
        mark_gone(category.groups.all(), gone, at)
        if category.team_set is None or _has_strangers(look, category):
            teams.follow(course, at=at)
        else:
            teams.follow_set(category, at=at)
    category.refresh_from_db()


def _has_strangers(look: Look, category: CanvasGroupCategory) -> bool:
    """Whether somebody in the groups is no student of the core yet."""
    people = CanvasUser.objects.filter(integration=category.course.integration, student=None)
    return people.filter(canvas_id__in=[user.id for user in look.people]).exists()


def _keep_memberships(look: Look, category: CanvasGroupCategory) -> None:
    course = category.course
    groups = dict(category.groups.values_list("canvas_id", "pk"))
    ids = [user.id for user in look.people]
    rows = CanvasUser.objects.filter(integration=course.integration, canvas_id__in=ids)
    users = dict(rows.values_list("canvas_id", "pk"))
    now = {
        (groups[id_], users[user])
        for id_, group in look.reading.groups.items()
        for user in group.members
    }
    present = course.memberships.filter(group__category=category, gone_at=None)
    before = set(present.values_list("group_id", "user_id"))
    placed = {user for _group, user in now}
    removed = {user for _group, user in before - now if user not in placed}
    if too_many(len(removed), present=len(before)):
        names = CanvasUser.objects.filter(pk__in=removed).values_list("name", flat=True)
        raise ManyGone(sorted(names))
    save_memberships(course, now)
    end_memberships(course, before - now, timezone.now())
