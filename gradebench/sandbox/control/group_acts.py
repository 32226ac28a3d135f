"""Acts on group sets, groups and memberships."""

from __future__ import annotations

import msgspec

from gradebench.sandbox.answers.people_rows import Json
from gradebench.sandbox.control.acts import ActError, act
from gradebench.sandbox.world.changes import (
    group_of,
    join,
    leave,
    leave_set,
    remove_category,
    remove_group,
)
from gradebench.sandbox.world.rows import Group, GroupCategory
from gradebench.sandbox.world.world import World


class Move(msgspec.Struct, forbid_unknown_fields=True):
    """Somebody and a group."""

    user: int
    group: int


class Leaving(msgspec.Struct, forbid_unknown_fields=True):
    """Somebody and the set that they leave."""

    user: int
    category: int


class NewSet(msgspec.Struct, forbid_unknown_fields=True):
    """A group set to be made."""

    course: int
    name: str
    group_limit: int | None = None
    self_signup: str | None = None
    auto_leader: str | None = None
    tags: bool = False


class ChangedSet(msgspec.Struct, forbid_unknown_fields=True):
    """A group set, and what changes; absent fields stay."""

    category: int
    name: str | None = None
    group_limit: int | msgspec.UnsetType | None = msgspec.UNSET
    self_signup: str | msgspec.UnsetType | None = msgspec.UNSET


class NewGroup(msgspec.Struct, forbid_unknown_fields=True):
    """A group to be made."""

    category: int
    name: str
    max_membership: int | None = None


class ChangedGroup(msgspec.Struct, forbid_unknown_fields=True):
    """A group, and what changes; absent fields stay."""

    group: int
    name: str | None = None
    leader: int | None = None
    max_membership: int | msgspec.UnsetType | None = msgspec.UNSET


@act("switch_group", Move)
def switch_group(world: World, what: Move) -> Json:
    """The student moves into `group`, whatever its limit says."""
    row, is_new = join(world, world.groups[what.group], what.user)
    return {"membership": row.id, "user": what.user, "group": what.group, "moved": is_new}


@act("double_membership", Move)
def double_membership(world: World, what: Move) -> Json:
    """The student is in `group` without leaving the other group of the set (a race in Canvas)."""
    group = world.groups[what.group]
    category = world.categories[group.category_id]
    others = group_of(world, category.id, what.user)
    old = [row for row in world.members(others.id) if row.user_id == what.user] if others else []
    row, _ = join(world, group, what.user)
    for other in old:
        other.workflow_state = "accepted"
    return {"membership": row.id, "user": what.user, "group": what.group}


@act("leave_group", Move)
def leave_group(world: World, what: Move) -> Json:
    """The student leaves `group`."""
    for row in world.members(what.group):
        if row.user_id == what.user:
            leave(world, row)
            return {"membership": row.id}
    raise ActError(f"{what.user} is not in group {what.group}")


@act("leave_set", Leaving)
def leave_all_groups(world: World, what: Leaving) -> Json:
    """The student leaves every group of a set."""
    leave_set(world, world.categories[what.category], what.user)
    return {"user": what.user}


@act("create_set", NewSet)
def create_set(world: World, what: NewSet) -> Json:
    """An instructor makes a group set."""
    row = GroupCategory(
        id=world.new_id("category"),
        course_id=world.courses[what.course].id,
        name=what.name,
        created_at=world.now(),
        self_signup=what.self_signup,
        group_limit=what.group_limit,
        auto_leader=what.auto_leader,
        non_collaborative=what.tags,
    )
    return {"category": world.categories.add(row).id}


@act("change_set", ChangedSet)
def change_set(world: World, what: ChangedSet) -> Json:
    """An instructor renames a set or changes its settings."""
    row = world.categories[what.category]
    row.name = what.name or row.name
    if what.self_signup is not msgspec.UNSET:
        row.self_signup = what.self_signup
    if what.group_limit is not msgspec.UNSET:
        row.group_limit = what.group_limit
        for group in world.groups_of_set(row.id):
            group.max_membership = row.group_limit
    return {"category": row.id, "name": row.name}


@act("delete_set", ChangedSet)
def delete_set(world: World, what: ChangedSet) -> Json:
    """An instructor deletes a set with its groups."""
    remove_category(world, world.categories[what.category])
    return {"category": what.category}


@act("create_group", NewGroup)
def create_group(world: World, what: NewGroup) -> Json:
    """An instructor makes a group."""
    category = world.categories[what.category]
    row = Group(
        id=world.new_id("group"),
        course_id=category.course_id,
        category_id=category.id,
        name=what.name,
        created_at=world.now(),
        max_membership=what.max_membership or category.group_limit,
    )
    return {"group": world.groups.add(row).id}


@act("change_group", ChangedGroup)
def change_group(world: World, what: ChangedGroup) -> Json:
    """An instructor renames a group, or changes its leader or limit."""
    row = world.groups[what.group]
    row.name = what.name or row.name
    row.leader_id = what.leader or row.leader_id
    if what.max_membership is not msgspec.UNSET:
        row.max_membership = what.max_membership
    return {"group": row.id, "name": row.name}


@act("delete_group", ChangedGroup)
def delete_group(world: World, what: ChangedGroup) -> Json:
    """An instructor deletes a group."""
    remove_group(world.groups[what.group])
    return {"group": what.group}
