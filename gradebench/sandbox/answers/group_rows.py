"""Group sets, groups, memberships and jobs as JSON."""

from __future__ import annotations

from collections.abc import Collection

from gradebench.sandbox.answers.people_rows import Json, mini_user, user_row
from gradebench.sandbox.answers.show import moment, page_url
from gradebench.sandbox.world.permissions import Rights
from gradebench.sandbox.world.rows import Group, GroupCategory, Membership, Progress
from gradebench.sandbox.world.world import World


def category_row(
    world: World, category: GroupCategory, rights: Rights, includes: Collection[str] = ()
) -> Json:
    """A group set of section 12.2's shape; a running job shows itself."""
    groups = world.groups_of_set(category.id)
    row: Json = {
        "id": category.id,
        "name": category.name,
        "role": category.role,
        "self_signup": category.self_signup,
        "self_signup_end_at": moment(category.self_signup_end_at),
        "group_limit": category.group_limit,
        "auto_leader": category.auto_leader,
        "created_at": moment(category.created_at),
        "context_type": "Course",
        "course_id": category.course_id,
        "protected": category.is_protected,
        "allows_multiple_memberships": category.allows_multiple_memberships,
        "is_member": any(
            member.user_id == rights.user_id
            for group in groups
            for member in world.members(group.id)
        ),
    }
    if rights.can("read_sis", "manage_sis"):
        row["sis_group_category_id"] = category.sis_group_category_id
    if rights.can("manage_sis"):
        row["sis_import_id"] = None
    if "groups_count" in includes:
        row["groups_count"] = len(groups)
    if "unassigned_users_count" in includes:
        row["unassigned_users_count"] = len(unassigned(world, category))
    if "groups" in includes:
        row["groups"] = [group_row(world, group, rights) for group in groups]
    job = running_job(world, category)
    if job is not None:
        row["progress"] = progress_row(world, job)
    return row


def unassigned(world: World, category: GroupCategory) -> set[int]:
    """Current students in none of the set's groups."""
    return world.current_students(category.course_id) - set(placed(world, category))


def placed(world: World, category: GroupCategory) -> dict[int, int]:
    """Who is where in a set: user id to group id."""
    return {
        member.user_id: group.id
        for group in world.groups_of_set(category.id)
        for member in world.members(group.id)
    }


def running_job(world: World, category: GroupCategory) -> Progress | None:
    """The set's unfinished job."""
    for job in world.progresses:
        is_its = job.context_type == "GroupCategory" and job.context_id == category.id
        if is_its and job.workflow_state in {"queued", "running"}:
            return job
    return None


def group_row(world: World, group: Group, rights: Rights, includes: Collection[str] = ()) -> Json:
    """A group of section 13.1's shape."""
    category = world.categories[group.category_id]
    course = world.courses[group.course_id]
    row: Json = {
        "id": group.id,
        "name": group.name,
        "description": group.description,
        "is_public": group.is_public,
        "join_level": group.join_level,
        "group_category_id": group.category_id,
        "max_membership": group.max_membership,
        "created_at": moment(group.created_at),
        "members_count": len(visible_members(world, group, rights)),
        "storage_quota_mb": 50,
        "context_type": "Course",
        "course_id": group.course_id,
        "context_name": course.name,
        "avatar_url": None,
        "role": category.role,
        "leader": _leader(world, group),
        "is_full": is_full(world, group),
        "has_submission": _has_submission(world, group),
        "concluded": course.workflow_state in {"completed", "deleted"},
        "non_collaborative": category.non_collaborative,
    }
    if rights.can("read_sis"):
        row["sis_group_id"] = group.sis_group_id
    if rights.can("manage_sis"):
        row["sis_import_id"] = None
    return row | _group_includes(world, group, rights, includes)


def _group_includes(world: World, group: Group, rights: Rights, includes: Collection[str]) -> Json:
    row: Json = {}
    if "users" in includes:
        members = visible_members(world, group, rights)
        if not rights.can("read_as_admin"):
            members = [member for member in members if is_active(world, member, rights)]
        people = [world.users[member.user_id] for member in members]
        row["users"] = [user_row(world, user, rights) for user in people]
    if "group_category" in includes:
        row["group_category"] = category_row(world, world.categories[group.category_id], rights)
    if "permissions" in includes:
        names = ("create_discussion_topic", "join", "create_announcement")
        row["permissions"] = dict.fromkeys(names, rights.is_staff) | {"join": False}
    if "favorites" in includes:
        row["is_favorite"] = False
    if "html_url" in includes:
        row["html_url"] = page_url(world, f"groups/{group.id}")
    return row


def visible_members(world: World, group: Group, rights: Rights) -> list[Membership]:
    """The members that a caller sees: section-limited staff see their own sections."""
    members = world.members(group.id)
    if rights.sections is None:
        return members
    return [row for row in members if _is_visible(world, row.user_id, rights)]


def _is_visible(world: World, user_id: int, rights: Rights) -> bool:
    return any(rights.sees(row) for row in world.enrollments_in(rights.course_id, user_id))


def is_active(world: World, member: Membership, rights: Rights) -> bool:
    """Whether a member is actively enrolled in the course."""
    places = world.enrollments_in(rights.course_id, member.user_id)
    return any(row.state == "active" for row in places)


def is_full(world: World, group: Group) -> bool:
    """Whether another member would be refused; student groups never are full."""
    category = world.categories[group.category_id]
    limit = group.max_membership or category.group_limit
    if limit is None or category.role == "student_organized":
        return False
    return len(world.members(group.id)) >= limit


def _leader(world: World, group: Group) -> Json | None:
    return None if group.leader_id is None else mini_user(world, world.users[group.leader_id])


def _has_submission(world: World, group: Group) -> bool:
    """Whether group work of this group was handed in."""
    for assignment in world.assignments.of("course", group.course_id):
        if assignment.group_category_id != group.category_id:
            continue
        for member in world.members(group.id):
            row = world.cell(assignment.id, member.user_id)
            if row and row.group_id == group.id and row.submitted_at is not None:
                return True
    return False


def membership_row(
    world: World, membership: Membership, rights: Rights, *, just_created: bool | None = None
) -> Json:
    """A membership; `just_created` only in the answer to a POST."""
    row: Json = {
        "id": membership.id,
        "group_id": membership.group_id,
        "user_id": membership.user_id,
        "workflow_state": membership.workflow_state,
        "moderator": membership.moderator,
        "created_at": moment(membership.created_at),
    }
    if just_created is not None:
        row["just_created"] = just_created
    if rights.can("read_sis"):
        row["sis_group_id"] = world.groups[membership.group_id].sis_group_id
    if rights.can("manage_sis"):
        row["sis_import_id"] = None
    return row


def progress_row(world: World, job: Progress) -> Json:
    """A background job."""
    return {
        "id": job.id,
        "context_id": job.context_id,
        "context_type": job.context_type,
        "user_id": job.user_id,
        "tag": job.tag,
        "completion": job.completion,
        "workflow_state": job.workflow_state,
        "created_at": moment(job.created_at),
        "updated_at": moment(job.updated_at),
        "message": job.message,
        "url": page_url(world, f"api/v1/progress/{job.id}"),
    }
