"""Adding and removing single members."""

from __future__ import annotations

from gradebench.sandbox.answers.find import find_user, group_named
from gradebench.sandbox.answers.group_rows import membership_row
from gradebench.sandbox.answers.group_writes import manage_rights, refusal
from gradebench.sandbox.answers.groups import membership_named
from gradebench.sandbox.answers.invalid import invalid
from gradebench.sandbox.wire.exchange import Answer, Request, in_json, not_found, refuse
from gradebench.sandbox.wire.routes import route
from gradebench.sandbox.world.changes import join, leave
from gradebench.sandbox.world.permissions import Rights
from gradebench.sandbox.world.rows import Group, Membership, User


@route("POST", "/api/v1/groups/:group_id/memberships")
def create_membership(request: Request) -> Answer:
    """Add one person, moving them within the set; students may add themselves at sign-up."""
    group = group_named(request)
    params = request.params
    if params.has("members") or params.has("all_in_group_course"):
        return _add_tagged(request, group)
    user = find_user(request, params.text("user_id") or "")
    if user is None:
        not_found()
    rights = _joining_rights(request, group, user)
    row, is_new = _existing(request, group, user), False
    if row is None:
        reason = refusal(request.world, group, user.id)
        if reason is not None:
            invalid(*reason)
        row, is_new = join(request.world, group, user.id)
    return in_json(membership_row(request.world, row, rights, just_created=is_new))


def _joining_rights(request: Request, group: Group, user: User) -> Rights:
    world = request.world
    places = world.enrollments_in(group.course_id, user.id)
    if user.is_test_student or not places:
        request.forbid()
    category = world.categories[group.category_id]
    if user.id == request.user.id and category.self_signup is not None:
        return request.rights(world.courses[group.course_id])
    return manage_rights(request, group)


def _existing(request: Request, group: Group, user: User) -> Membership | None:
    rows = request.world.members(group.id)
    return next((row for row in rows if row.user_id == user.id), None)


def _add_tagged(request: Request, group: Group) -> Answer:
    """Many at once, for differentiation tags only."""
    manage_rights(request, group)
    if not request.world.categories[group.category_id].non_collaborative:
        return Answer(400, b"")
    ids = set(request.params.integers("members"))
    if request.params.flag("all_in_group_course"):
        ids |= request.world.current_students(group.course_id)
    ids -= set(request.params.integers("exclude_user_ids"))
    strangers = [
        user_id for user_id in ids if not request.world.enrollments_in(group.course_id, user_id)
    ]
    for user_id in sorted(ids.difference(strangers)):
        join(request.world, group, user_id)
    if not strangers:
        return Answer(200, b"")
    message = {"message": "Partial failure encountered", "membership_errors": []}
    return in_json({**message, "invalid_user_ids": strangers})


@route(
    "PUT",
    "/api/v1/groups/:group_id/memberships/:membership_id",
    "/api/v1/groups/:group_id/users/:user_id",
)
def update_membership(request: Request) -> Answer:
    """Only `moderator` and acceptance can change."""
    group = group_named(request)
    rights = manage_rights(request, group)
    row = membership_named(request, group)
    if request.params.has("moderator"):
        row.moderator = request.params.flag("moderator")
    if request.params.text("workflow_state") == "accepted":
        row.workflow_state = "accepted"
    return in_json(membership_row(request.world, row, rights))


@route(
    "DELETE",
    "/api/v1/groups/:group_id/memberships/:membership_id",
    "/api/v1/groups/:group_id/users/:user_id",
)
def delete_membership(request: Request) -> Answer:
    """Remove one member; students may leave only while sign-up is open or in their own groups."""
    group = group_named(request)
    row = membership_named(request, group)
    category = request.world.categories[group.category_id]
    may_leave = category.self_signup is not None or category.role == "student_organized"
    if not (row.user_id == request.user.id and may_leave):
        manage_rights(request, group)
    leave(request.world, row)
    return in_json({"ok": True})


@route("DELETE", "/api/v1/groups/:group_id/users")
def delete_members(request: Request) -> Answer:
    """Remove many; ids that are no members are in neither list of the answer."""
    group = group_named(request)
    manage_rights(request, group)
    if not request.params.has("user_ids"):
        refuse(400, {"errors": [{"message": "user_ids is missing"}]})
    wanted = set(request.params.integers("user_ids"))
    gone = [row for row in request.world.members(group.id) if row.user_id in wanted]
    for row in gone:
        leave(request.world, row)
    ids = [row.user_id for row in gone]
    message = {"message": "Bulk delete completed", "unauthorized_user_ids": []}
    return in_json({**message, "deleted_user_ids": ids})
