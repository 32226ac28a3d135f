"""Creating, changing and deleting groups; replacing their members."""

from __future__ import annotations

import uuid

from gradebench.sandbox.answers.find import category_named, group_named
from gradebench.sandbox.answers.group_rows import group_row, is_full
from gradebench.sandbox.answers.groups import category_rights
from gradebench.sandbox.answers.invalid import invalid, refuse_sis
from gradebench.sandbox.wire.exchange import Answer, Request, in_json, refuse
from gradebench.sandbox.wire.params import ruby_integer
from gradebench.sandbox.wire.routes import route
from gradebench.sandbox.world.changes import join, leave, remove_group, sections_of
from gradebench.sandbox.world.permissions import Rights
from gradebench.sandbox.world.rows import Group, GroupCategory
from gradebench.sandbox.world.world import World

REPLY = frozenset({"users", "group_category", "permissions"})
JOIN_LEVELS = {"invitation_only", "parent_context_request", "parent_context_auto_join"}


@route("POST", "/api/v1/group_categories/:category_id/groups")
def create_group(request: Request) -> Answer:
    """A group in a set; without a name it gets a random one, and never members."""
    category = _category_for_group(request)
    rights = category_rights(request, category, "add")
    if request.params.has("sis_group_id") and not rights.can("manage_sis"):
        refuse_sis()
    name = request.params.text("name")
    group = Group(
        id=0,
        course_id=category.course_id,
        category_id=category.id,
        name=uuid.uuid4().hex[:12] if name is None else name,
        created_at=request.world.now(),
        max_membership=category.group_limit,
    )
    _take_attributes(request, group)
    group.id = request.world.new_id("group")
    request.world.groups.add(group)
    return in_json(group_row(request.world, group, rights, REPLY))


def _category_for_group(request: Request) -> GroupCategory:
    category = request.world.categories.find(ruby_integer(request.segment("category_id")))
    if category is None or category.deleted_at is not None:
        refuse(404, {"errors": [{"message": "The specified resource does not exist."}]})
    return category_named(request)


def _take_attributes(request: Request, group: Group) -> None:
    """Everything is checked before anything is taken."""
    params = request.params
    name = params.text("name") if params.has("name") else group.name
    if not (name or "").strip():
        invalid("name", "Name is required")
    if len(name or "") > 255:
        invalid("name", "Enter a shorter group name")
    limit = params.integer("max_membership")
    if limit is not None and limit <= 1:
        invalid("max_membership", "Must be greater than 1")
    group.name = name or group.name
    if params.has("max_membership"):
        group.max_membership = limit
    if params.has("description"):
        group.description = params.text("description")
    if params.text("join_level") in JOIN_LEVELS:
        group.join_level = params.text("join_level") or group.join_level
    group.is_public = group.is_public or params.flag("is_public")


def manage_rights(request: Request, group: Group) -> Rights:
    """Those who may change the group: managers, its leader, its moderators."""
    category = request.world.categories[group.category_id]
    rights = request.rights(request.world.courses[group.course_id])
    own = [row for row in request.world.members(group.id) if row.user_id == request.user.id]
    is_leader = group.leader_id == request.user.id or any(row.moderator for row in own)
    right = "manage_tags_manage" if category.non_collaborative else "manage_groups_manage"
    if not (rights.can(right) or is_leader):
        request.forbid()
    return rights


@route("PUT", "/api/v1/groups/:group_id")
def update_group(request: Request) -> Answer:
    """A true patch; with `members` a full replacement, which a refused attribute does not stop."""
    group = group_named(request)
    rights = manage_rights(request, group)
    params = request.params
    if params.has("sis_group_id") and not rights.can("manage_sis"):
        refuse_sis("update")
    if params.raw("members") is not None:
        replace_members(request.world, group, set(params.integers("members")))
    _take_attributes(request, group)
    _take_leader(request, group)
    return in_json(group_row(request.world, group, rights, REPLY))


def _take_leader(request: Request, group: Group) -> None:
    if not request.params.has("leader"):
        return
    value = request.params.inside("leader").raw("id")
    if value in {None, ""}:
        group.leader_id = None
        return
    members = {row.user_id for row in request.world.members(group.id)}
    if ruby_integer(value) not in members:
        refuse(400, {})
    group.leader_id = ruby_integer(value)


def replace_members(world: World, group: Group, wanted: set[int]) -> None:
    """Canvas's `members[]`: unknown ids are ignored, those that do not fit skipped, silently.

    Who is not wanted leaves first, so room made by that counts; the rest join in order of their ids.
    """
    in_course = {
        row.user_id
        for row in world.enrollments.of("course", group.course_id)
        if row.state != "deleted"
    }
    accepted = sorted(wanted & in_course)
    for row in world.members(group.id):
        if row.user_id not in accepted:
            leave(world, row)
    present = {row.user_id for row in world.members(group.id)}
    for user_id in accepted:
        if user_id not in present and refusal(world, group, user_id) is None:
            join(world, group, user_id)


def refusal(world: World, group: Group, user_id: int) -> tuple[str, str] | None:
    """Why somebody cannot join: (attribute, message)."""
    if is_full(world, group):
        return "group_id", "The group is full."
    category = world.categories[group.category_id]
    if category.self_signup == "restricted" and not _shares_section(world, group, user_id):
        name = world.users[user_id].name
        reason = f"{name} does not share a section with the other members of {group.name}."
        return "user_id", reason
    return None


def _shares_section(world: World, group: Group, user_id: int) -> bool:
    course_id = group.course_id
    own = sections_of(world, course_id, user_id)
    others = [sections_of(world, course_id, row.user_id) for row in world.members(group.id)]
    return not others or bool(own.intersection(*others))


@route("DELETE", "/api/v1/groups/:group_id")
def delete_group(request: Request) -> Answer:
    """Soft; the members count as unassigned again."""
    group = group_named(request)
    rights = category_rights(request, request.world.categories[group.category_id], "delete")
    remove_group(group)
    return in_json(group_row(request.world, group, rights, {"permissions"}))
