"""Reading group sets, groups, members and memberships."""

from __future__ import annotations

from gradebench.sandbox.answers.find import (
    category_named,
    course_named,
    group_named,
    person_named,
)
from gradebench.sandbox.answers.group_rows import (
    category_row,
    group_row,
    is_active,
    membership_row,
    unassigned,
    visible_members,
)
from gradebench.sandbox.answers.people import matching
from gradebench.sandbox.answers.people_rows import Json, user_row
from gradebench.sandbox.wire.exchange import Answer, Request, in_json, not_found, refuse
from gradebench.sandbox.wire.paging import numeric
from gradebench.sandbox.wire.params import ruby_integer
from gradebench.sandbox.wire.routes import route
from gradebench.sandbox.world.permissions import GROUP_RIGHTS, TAG_RIGHTS, Rights
from gradebench.sandbox.world.rows import Group, GroupCategory, Membership, User

STATES = ("accepted", "invited", "requested")


def category_rights(request: Request, category: GroupCategory, *verbs: str) -> Rights:
    """The caller's rights if any of manage_groups_<verb> is held (manage_tags_<verb> for tags)."""
    kind = "manage_tags_" if category.non_collaborative else "manage_groups_"
    course = request.world.courses[category.course_id]
    return request.require(course, *(kind + verb for verb in verbs))


@route("GET", "/api/v1/courses/:course_id/group_categories")
def list_categories(request: Request) -> Answer:
    """The group sets of a course by id; tags only when `collaboration_state` asks for them."""
    course = course_named(request)
    rights = request.require(course, *GROUP_RIGHTS, *TAG_RIGHTS)
    state = _collaboration_state(request)
    _check_collaboration(state, rights)
    rows = [row for row in request.world.sets_of_course(course.id) if _in_state(row, state)]
    rows.sort(key=lambda row: row.id)
    return numeric(request, rows, lambda row: _category(request, row, rights))


def _collaboration_state(request: Request) -> str:
    if not request.world.knows_tags:
        return "collaborative"
    state = request.params.text("collaboration_state") or "collaborative"
    if state not in {"collaborative", "non_collaborative", "all"}:
        refuse(400, {"error": "Invalid collaboration_state parameter"})
    return state


def _check_collaboration(state: str, rights: Rights) -> None:
    if state == "collaborative" and not rights.can(*GROUP_RIGHTS):
        refuse(403, {"error": "user not authorized to perform that action"})
    if state == "non_collaborative" and not rights.can(*TAG_RIGHTS):
        refuse(403, {"error": "Unauthorized to view non-collaborative group categories"})


def _in_state(category: GroupCategory, state: str) -> bool:
    return state == "all" or category.non_collaborative == (state == "non_collaborative")


def _category(request: Request, category: GroupCategory, rights: Rights) -> Json:
    return category_row(request.world, category, rights, category_includes(request))


def category_includes(request: Request) -> frozenset[str]:
    """The set endpoints read `includes`, in the plural; a scalar breaks Canvas."""
    value = request.params.raw("includes")
    if value is not None and not isinstance(value, list):
        error = {"message": "An error occurred.", "error_code": "internal_server_error"}
        refuse(500, {"errors": [error], "error_report_id": 7})
    return frozenset(request.params.texts("includes"))


@route("GET", "/api/v1/group_categories/:category_id")
def show_category(request: Request) -> Answer:
    """One group set."""
    category = category_named(request)
    rights = category_rights(request, category, "add", "manage", "delete")
    return in_json(_category(request, category, rights))


@route("GET", "/api/v1/group_categories/:category_id/groups")
def list_category_groups(request: Request) -> Answer:
    """The groups of a set, by name."""
    category = category_named(request)
    rights = category_rights(request, category, "add", "manage", "delete")
    rows = sorted(request.world.groups_of_set(category.id), key=_by_name)
    return numeric(request, rows, lambda row: group_row(request.world, row, rights))


def _by_name(group: Group) -> tuple[str, int]:
    return group.name.casefold(), group.id


@route("GET", "/api/v1/group_categories/:category_id/users")
def list_category_users(request: Request) -> Answer:
    """The course's current students; `unassigned` leaves those without a group in the set."""
    category = category_named(request)
    rights = request.require(request.world.courses[category.course_id], "read_roster")
    world = request.world
    ids = world.current_students(category.course_id)
    if request.params.flag("unassigned"):
        ids &= unassigned(world, category)
    visible = [
        world.users[user_id]
        for user_id in ids
        if any(rights.sees(row) for row in world.enrollments_in(category.course_id, user_id))
    ]
    return _users(request, visible, rights)


def _users(request: Request, users: list[User], rights: Rights) -> Answer:
    rows = sorted(
        matching(request, users), key=lambda user: (user.sortable_name.casefold(), user.id)
    )
    return numeric(
        request, rows, lambda user: user_row(request.world, user, rights, request.includes)
    )


@route("GET", "/api/v1/courses/:course_id/groups")
def list_course_groups(request: Request) -> Answer:
    """The groups of all sets, by the set's name and their own."""
    course = course_named(request)
    rights = request.require(course, "read_roster")
    world, state = request.world, _collaboration_state(request)
    if state != "collaborative" and not rights.can(*TAG_RIGHTS):
        request.forbid()
    found = [
        (category.name.casefold(), group.name.casefold(), group.id, group)
        for category in world.sets_of_course(course.id)
        if _in_state(category, state)
        for group in world.groups_of_set(category.id)
        if _is_wanted(request, group)
    ]
    rows = [group for *_, group in sorted(found, key=lambda item: item[:3])]
    return numeric(request, rows, lambda row: group_row(world, row, rights, request.includes))


def _is_wanted(request: Request, group: Group) -> bool:
    word = request.params.text("filter")
    if word is not None and word.casefold() not in group.name.casefold():
        return False
    if not request.params.flag("only_own_groups"):
        return True
    return any(row.user_id == request.user.id for row in request.world.members(group.id))


@route("GET", "/api/v1/users/:user_id/groups")
def list_own_groups(request: Request) -> Answer:
    """The groups in which the token's person is."""
    user = person_named(request)
    if user.id != request.user.id:
        request.forbid()
    world = request.world
    groups = [
        world.groups[row.group_id]
        for row in world.memberships.of("user", user.id)
        if row.workflow_state == "accepted" and not world.groups[row.group_id].deleted
    ]

    def show(group: Group) -> Json:
        rights = request.rights(world.courses[group.course_id])
        return group_row(world, group, rights, request.includes)

    return numeric(request, groups, show)


def group_rights(request: Request, group: Group) -> Rights:
    """The caller's rights if they may read the group: staff and members; classmates may not."""
    rights = request.rights(request.world.courses[group.course_id])
    is_member = any(row.user_id == request.user.id for row in request.world.members(group.id))
    if not (is_member or rights.can(*GROUP_RIGHTS, "read_as_admin")):
        request.forbid()
    return rights


@route("GET", "/api/v1/groups/:group_id")
def show_group(request: Request) -> Answer:
    """One group."""
    group = group_named(request)
    rights = group_rights(request, group)
    return in_json(group_row(request.world, group, rights, request.includes | {"permissions"}))


@route("GET", "/api/v1/groups/:group_id/users")
def list_group_users(request: Request) -> Answer:
    """The members of a group."""
    group = group_named(request)
    rights = group_rights(request, group)
    members = visible_members(request.world, group, rights)
    if request.params.flag("exclude_inactive"):
        members = [row for row in members if is_active(request.world, row, rights)]
    return _users(request, [request.world.users[row.user_id] for row in members], rights)


@route("GET", "/api/v1/groups/:group_id/memberships")
def list_memberships(request: Request) -> Answer:
    """The memberships of a group, by id."""
    group = group_named(request)
    rights = group_rights(request, group)
    states = set(STATES)
    if request.params.has("filter_states"):
        states &= set(request.params.texts("filter_states"))
    rows = [
        row
        for row in request.world.memberships.of("group", group.id)
        if row.workflow_state in states
    ]
    return numeric(request, rows, lambda row: membership_row(request.world, row, rights))


def membership_named(request: Request, group: Group) -> Membership:
    """The membership in the path, by its own id or its person's."""
    rows = request.world.memberships.of("group", group.id)
    if "user_id" in request.segments:
        user = person_named(request)
        found = [row for row in rows if row.user_id == user.id]
    elif request.segment("membership_id") == "self":
        found = [row for row in rows if row.user_id == request.user.id]
    else:
        wanted = ruby_integer(request.segment("membership_id"))
        found = [row for row in rows if row.id == wanted]
    found = [row for row in found if row.workflow_state in STATES]
    if not found:
        not_found()
    return found[0]


@route(
    "GET",
    "/api/v1/groups/:group_id/memberships/:membership_id",
    "/api/v1/groups/:group_id/users/:user_id",
)
def show_membership(request: Request) -> Answer:
    """One membership."""
    group = group_named(request)
    rights = group_rights(request, group)
    row = membership_named(request, group)
    return in_json(membership_row(request.world, row, rights))
