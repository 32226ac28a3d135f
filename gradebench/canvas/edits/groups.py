"""Making, changing and deleting groups, and setting who is in one."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial

from django.db import transaction
from django.utils import timezone
from msgspec import UNSET, UnsetType

from gradebench.canvas import teams
from gradebench.canvas.api import endpoints, payloads
from gradebench.canvas.api.errors import NotFound
from gradebench.canvas.api.payloads import known
from gradebench.canvas.edits.find import find_group, find_set, keep_group
from gradebench.canvas.edits.members import GroupMembers, replace_members
from gradebench.canvas.edits.refusals import GroupGone, SetGone, check_name, explained
from gradebench.canvas.edits.talk import Edit, Talk, read, say, surely
from gradebench.canvas.mirror.sweeping import mark_gone, sweep_below
from gradebench.canvas.models import CanvasGroup, CanvasGroupCategory, CanvasIntegration
from gradebench.core import people


def create_group(
    integration: CanvasIntegration, category_id: int, name: str, description: str | None = None
) -> Edit[CanvasGroup]:
    """Make an empty group in a set. Names need not be unique.

    Raises NameBlank, NameTooLong, SetGone, SetProtected, MayNot.
    """

    def talk() -> Talk[CanvasGroup]:
        checked = check_name(name)
        category = yield from find_set(integration, category_id)
        call = endpoints.create_group(
            category_id, name=checked, description=UNSET if description is None else description
        )
        with explained(
            doing=f"create the group “{checked}” in “{category.name}”",
            permission="manage_groups_add",
            gone=SetGone,
            protected=category.protected,
        ):
            answer = yield from surely(call, partial(_look_for_new_group, category, checked))
        return keep_group(category, answer)

    return Edit(talk)


def _look_for_new_group(category: CanvasGroupCategory, name: str) -> Talk[payloads.Group | None]:
    """The newest empty group of that name that was not known before."""
    listed = yield from read(endpoints.list_category_groups(category.canvas_id))
    before = set(category.groups.filter(gone_at=None).values_list("canvas_id", flat=True))
    new = [one for one in listed if one.name == name and one.id not in before]
    empty = [one for one in new if not known(one.members_count)]
    return max(empty, key=lambda one: one.id, default=None)


def update_group(
    integration: CanvasIntegration,
    group_id: int,
    name: str | UnsetType = UNSET,
    description: str | UnsetType | None = UNSET,
    members: Sequence[int] | UnsetType = UNSET,
) -> Edit[CanvasGroup]:
    """Change a group; what is not given stays as it is. `members` replaces everybody in it.

    Raises NameBlank, NameTooLong, GroupGone, MayNot; MembersLeftOut when Canvas passed over some.
    """

    def talk() -> Talk[CanvasGroup]:
        given: dict[str, str | None] = {}
        if not isinstance(name, UnsetType):
            given["name"] = check_name(name)
        if not isinstance(description, UnsetType):
            given["description"] = description
        group = yield from find_group(integration, group_id)
        if given:
            group = yield from _change(group, given)
        if not isinstance(members, UnsetType):
            outcome = yield from replace_members(group, members)
            outcome.raise_if_left_out()
            group.refresh_from_db()
        return group

    return Edit(talk)


def _change(group: CanvasGroup, given: Mapping[str, str | None]) -> Talk[CanvasGroup]:
    call = endpoints.update_group(
        group.canvas_id,
        name=given.get("name") or UNSET,
        description=given.get("description", UNSET),
    )
    with _explained(group, doing="change", permission="manage_groups_manage"):
        answer = yield from surely(call, partial(_look_whether_group_is, group.canvas_id, given))
    with transaction.atomic():
        name = known(answer.name)
        if group.team is not None and name:
            group.team.name = name
            people.update_teams([group.team])
        return keep_group(group.category, answer)


def _look_whether_group_is(
    group_id: int, given: Mapping[str, str | None]
) -> Talk[payloads.Group | None]:
    now = yield from say(endpoints.get_group(group_id))
    same = all((getattr(now, field) or None) == (given[field] or None) for field in given)
    return now if same else None


def delete_group(integration: CanvasIntegration, group_id: int) -> Edit[CanvasGroup]:
    """Delete a group; whoever was in it is in no group of the set then. Returns the gone row.

    Raises GroupGone, MayNot.
    """

    def talk() -> Talk[CanvasGroup]:
        group = yield from find_group(integration, group_id)
        call = endpoints.delete_group(group_id)
        with _explained(group, doing="delete", permission="manage_groups_delete"):
            yield from surely(call, partial(_look_whether_group_is_gone, group_id))
        _forget(group, by=integration)
        return group

    return Edit(talk)


def _look_whether_group_is_gone(group_id: int) -> Talk[payloads.Group | None]:
    try:
        yield from say(endpoints.get_group(group_id))
    except NotFound:
        return payloads.Group(id=group_id)
    return None


def _forget(group: CanvasGroup, *, by: CanvasIntegration) -> None:
    at = timezone.now()
    with transaction.atomic():
        mark_gone(group.course.groups.all(), [group.canvas_id], at)
        sweep_below(group.course, at)
        if group.team is not None:
            reason = people.Reason(because="The group was deleted", by=by.user, at=at)
            people.end_teams([group.team], reason=reason)
        if group.category.forms_teams and group.category.team_set is not None:
            teams.follow_set(group.category, at=at)
    group.refresh_from_db()


def set_group_members(
    integration: CanvasIntegration, group_id: int, user_ids: Sequence[int]
) -> Edit[GroupMembers]:
    """Replace who is in a group; people of other groups of the set are moved. Canvas ids.

    Returns who is in it now by Canvas's own answer, and whom Canvas left out and why. A token that
    sees some sections only adds and removes the people it sees one by one, and leaves the others.
    Raises GroupGone, MayNot.
    """

    def talk() -> Talk[GroupMembers]:
        group = yield from find_group(integration, group_id)
        return (yield from replace_members(group, user_ids))

    return Edit(talk)


def _explained(group: CanvasGroup, *, doing: str, permission: str) -> AbstractContextManager[None]:
    return explained(
        doing=f"{doing} the group “{group.name}”", permission=permission, gone=GroupGone
    )
