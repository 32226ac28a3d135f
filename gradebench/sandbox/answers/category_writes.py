"""Creating, changing, deleting and filling group sets."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, datetime

from gradebench.sandbox.answers.find import category_named, course_named
from gradebench.sandbox.answers.group_rows import (
    category_row,
    is_full,
    progress_row,
    running_job,
    unassigned,
)
from gradebench.sandbox.answers.groups import category_includes, category_rights
from gradebench.sandbox.answers.invalid import invalid, refuse_protected, refuse_sis
from gradebench.sandbox.answers.jobs import new_job
from gradebench.sandbox.wire.exchange import Answer, Request, in_json, refuse
from gradebench.sandbox.wire.params import Params
from gradebench.sandbox.wire.routes import route
from gradebench.sandbox.world.changes import join, remove_category
from gradebench.sandbox.world.jobs import JobFailed
from gradebench.sandbox.world.permissions import Rights
from gradebench.sandbox.world.rows import Course, Group, GroupCategory
from gradebench.sandbox.world.world import World

RESERVED = {"student groups", "imported groups"}
MOST_GROUPS = 200


@route("POST", "/api/v1/courses/:course_id/group_categories")
def create_category(request: Request) -> Answer:
    """A new set, perhaps with groups, and then perhaps with everybody spread over them."""
    course = course_named(request)
    tags = request.params.flag("non_collaborative")
    rights = request.require(course, "manage_tags_add" if tags else "manage_groups_add")
    name = _checked_name(request, course, tags=tags)
    row = GroupCategory(
        id=request.world.new_id("category"),
        course_id=course.id,
        name=name,
        created_at=request.world.now(),
        non_collaborative=tags,
    )
    _take_settings(request.params, row)
    request.world.categories.add(row)
    _populate(request, row)
    _take_sis_id(request, row, rights)
    return in_json(_shown(request, row, rights, "groups_count", "unassigned_users_count"))


def _shown(request: Request, row: GroupCategory, rights: Rights, *extra: str) -> dict[str, object]:
    return category_row(request.world, row, rights, category_includes(request) | set(extra))


def _checked_name(
    request: Request, course: Course, *, tags: bool, of: GroupCategory | None = None
) -> str:
    if of is not None and not request.params.has("name"):
        return of.name
    name = (request.params.text("name") or "").strip()
    if not name:
        invalid("name", "Name is required")
    if len(name) > 255:
        invalid("name", "Enter a shorter category name")
    if name.lower() in RESERVED:
        invalid("name", f"{name} is a reserved name.")
    others = [row for row in request.world.sets_of_course(course.id) if row is not of]
    if not tags and any(row.name == name and not row.non_collaborative for row in others):
        invalid("name", f"{name} is already in use.")
    return name


def _take_settings(params: Params, row: GroupCategory) -> None:
    """Not a patch: what is not sent is reset, as in Canvas."""
    signup, leader, limit = (
        _self_signup(params),
        _auto_leader(params),
        params.integer("group_limit"),
    )
    if limit is not None and limit <= 1:
        invalid("group_limit", "Must be greater than 1")
    row.self_signup, row.auto_leader, row.group_limit = signup, leader, limit
    row.self_signup_end_at = _sign_up_end(params) if signup == "enabled" else None


def _self_signup(params: Params) -> str | None:
    word = (params.text("self_signup") or "").lower()
    if word in {"enabled", "restricted"}:
        return word
    if params.flag("enable_self_signup"):
        return "restricted" if params.flag("restrict_self_signup") else "enabled"
    return None


def _auto_leader(params: Params) -> str | None:
    word = (params.text("auto_leader") or "").lower()
    if params.flag("enable_auto_leader"):
        word = (params.text("auto_leader_type") or "").lower()
        if word not in {"first", "random"}:
            error = {"message": "An error occurred.", "error_code": "internal_server_error"}
            refuse(500, {"errors": [error], "error_report_id": 8})
    return word if word in {"first", "random"} else None


def _sign_up_end(params: Params) -> datetime | None:
    text = params.text("self_signup_end_at")
    if not text:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)


def _take_sis_id(request: Request, row: GroupCategory, rights: Rights) -> None:
    """The refusal comes late: a set that was just created stays."""
    if not request.params.has("sis_group_category_id"):
        return
    if not rights.can("manage_sis"):
        refuse_sis()
    row.sis_group_category_id = request.params.text("sis_group_category_id")


def _populate(request: Request, row: GroupCategory) -> None:
    groups = _create_groups(request.world, row, _group_count(request, row))
    if not groups or row.self_signup is not None or request.params.flag("assign_async"):
        return
    by_section = request.params.flag("group_by_section")
    spread(request.world, row, groups, by_section=by_section)


def _group_count(request: Request, row: GroupCategory) -> int:
    params = request.params
    split = params.text("split_groups")
    count = params.integer("create_group_count") or 0
    if split == "0":
        count = 0
    elif split == "2":
        size = max(1, params.integer("create_group_member_count") or 1)
        count = -(-len(unassigned(request.world, row)) // size)
    elif not count and row.self_signup is None:
        count = params.integer("split_group_count") or 0
    return max(0, min(MOST_GROUPS, count))


def _create_groups(world: World, row: GroupCategory, count: int) -> list[Group]:
    stem = row.name.removesuffix("s") if not row.name.endswith("ss") else row.name
    start = len(world.groups_of_set(row.id))
    return [
        world.groups.add(
            Group(
                id=world.new_id("group"),
                course_id=row.course_id,
                category_id=row.id,
                name=f"{stem} {start + number}",
                created_at=world.now(),
                max_membership=row.group_limit,
            )
        )
        for number in range(1, count + 1)
    ]


def spread(
    world: World, category: GroupCategory, groups: list[Group], *, by_section: bool = False
) -> dict[int, list[int]]:
    """Spread the unassigned students evenly: group id to new members. Full groups take nobody.

    The order is random but the same for the same set, so that a test can repeat it.
    """
    waiting = sorted(unassigned(world, category))
    random.Random(category.id).shuffle(waiting)
    if by_section:
        waiting.sort(key=lambda user_id: _section_of(world, category, user_id))
    placed: dict[int, list[int]] = {group.id: [] for group in groups}
    for index, user_id in enumerate(waiting):
        free = [group for group in groups if not is_full(world, group)]
        if not free:
            break
        if by_section:
            group = groups[index * len(groups) // len(waiting)]
        else:
            group = min(free, key=lambda each: (len(world.members(each.id)), each.id))
        join(world, group, user_id)
        placed[group.id].append(user_id)
    return placed


def _section_of(world: World, category: GroupCategory, user_id: int) -> int:
    places = world.enrollments_in(category.course_id, user_id)
    return min((row.section_id for row in places), default=0)


@route("PUT", "/api/v1/group_categories/:category_id")
def update_category(request: Request) -> Answer:
    """The name stays when it is not sent; every other setting is reset."""
    category = category_named(request)
    rights = category_rights(request, category, "manage")
    if category.is_protected:
        refuse_protected()
    course = request.world.courses[category.course_id]
    name = _checked_name(request, course, tags=category.non_collaborative, of=category)
    limit = category.group_limit
    _take_settings(request.params, category)
    category.name = name
    if category.group_limit != limit:
        for group in request.world.groups_of_set(category.id):
            group.max_membership = category.group_limit
    _populate(request, category)
    _take_sis_id(request, category, rights)
    return in_json(_shown(request, category, rights))


@route("DELETE", "/api/v1/group_categories/:category_id")
def delete_category(request: Request) -> Answer:
    """Soft, with all groups."""
    category = category_named(request)
    rights = category_rights(request, category, "delete")
    if category.is_protected:
        refuse_protected()
    remove_category(request.world, category)
    return in_json(_shown(request, category, rights))


@route("POST", "/api/v1/group_categories/:category_id/assign_unassigned_members")
def assign_unassigned(request: Request) -> Answer:
    """Spread those without a group, in a job or with `sync` at once."""
    category = category_named(request)
    category_rights(request, category, "manage")
    if category.role == "student_organized" or category.self_signup == "restricted":
        refuse(400, {})
    world, by_section = request.world, request.params.flag("group_by_section")

    def work() -> dict[int, list[int]]:
        groups = world.groups_of_set(category.id)
        if by_section:
            _check_by_section(world, category, groups)
        return spread(world, category, groups, by_section=by_section)

    if request.params.flag("sync"):
        try:
            return in_json(_new_members(world, category, work().items()))
        except JobFailed as error:
            refuse(400, {"error": str(error)})
    job = running_job(world, category)
    if job is None:
        context = ("GroupCategory", category.id)
        job = new_job(
            request,
            "assign_unassigned_members",
            context=context,
            course_id=category.course_id,
            state="running",
        )
        job.completion = 0.0
        request.jobs.start(world, job, lambda: _quietly(work()))
    return in_json(progress_row(world, job))


def _check_by_section(world: World, category: GroupCategory, groups: list[Group]) -> None:
    if any(world.members(group.id) for group in groups):
        raise JobFailed("Groups must be empty to assign by section")
    if any(group.max_membership for group in groups):
        raise JobFailed("Groups must not be limited to assign by section")
    if len(groups) < len(world.sections.of("course", category.course_id)):
        raise JobFailed("There must be at least as many groups as sections")


def _quietly(_: object) -> None:
    """A job without a message."""


def _new_members(
    world: World, category: GroupCategory, placed: Iterable[tuple[int, list[int]]]
) -> list[dict[str, object]]:
    def member(user_id: int) -> dict[str, object]:
        user = world.users[user_id]
        sections = [
            {"section_id": row.section_id, "section_code": world.sections[row.section_id].name}
            for row in world.enrollments_in(category.course_id, user_id)
        ]
        names = {"name": user.name, "display_name": user.short_name}
        return {"user_id": user_id, **names, "sections": sections}

    return [
        {"id": group_id, "new_members": [member(user_id) for user_id in members]}
        for group_id, members in placed
    ]
