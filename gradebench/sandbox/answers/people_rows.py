"""Users and enrollments as JSON, with the keys that the caller's permissions open."""

from __future__ import annotations

from collections.abc import Collection

from gradebench.sandbox.answers.grades import course_scores
from gradebench.sandbox.answers.show import ROOT_ACCOUNT, base36, moment, page_url
from gradebench.sandbox.world.permissions import TAG_RIGHTS, Rights
from gradebench.sandbox.world.rows import (
    ASSISTANT,
    DESIGNER,
    OBSERVER,
    STUDENT,
    TEACHER,
    TEST_STUDENT,
    UNCONFIRMED,
    Enrollment,
    User,
)
from gradebench.sandbox.world.world import World

Json = dict[str, object]

ROLE_IDS = {STUDENT: 3, TEST_STUDENT: 3, TEACHER: 4, ASSISTANT: 5, DESIGNER: 6, OBSERVER: 7}
SHORT_TYPES = {
    STUDENT: "student",
    TEST_STUDENT: "student_view",
    TEACHER: "teacher",
    ASSISTANT: "ta",
    DESIGNER: "designer",
    OBSERVER: "observer",
}


def role_name(enrollment_type: str) -> str:
    """The role of an enrollment; the test student plays a student."""
    return STUDENT if enrollment_type == TEST_STUDENT else enrollment_type


def is_unconfirmed(world: World, user: User, course_id: int) -> bool:
    """Whether the person has only invited or rejected places, which hides login, e-mail and SIS."""
    places = world.enrollments_in(course_id, user.id)
    return bool(places) and all(row.state in UNCONFIRMED for row in places)


def base_user(user: User) -> Json:
    """The keys that every user object has."""
    return {
        "id": user.id,
        "name": user.name,
        "created_at": moment(user.created_at),
        "sortable_name": user.sortable_name,
        "short_name": user.short_name,
    }


def user_row(world: World, user: User, rights: Rights, includes: Collection[str] = ()) -> Json:
    """A user in the context of a course."""
    row = base_user(user)
    hidden = is_unconfirmed(world, user, rights.course_id)
    if user.pronouns:
        row["pronouns"] = user.pronouns
    if rights.can("read_sis"):
        row["sis_user_id"] = None if hidden else user.sis_user_id
        row["integration_id"] = None if hidden else user.integration_id
    if rights.can("manage_sis"):
        row["sis_import_id"] = None
    if rights.can("view_user_logins") and not hidden and user.login_id is not None:
        row["login_id"] = user.login_id
    if "email" in includes and rights.can("read_email_addresses") and not hidden:
        row["email"] = user.email
    if "avatar_url" in includes:
        row["avatar_url"] = page_url(world, "images/messages/avatar-50.png")
    if "uuid" in includes:
        row["uuid"] = f"user-{user.id}"
    if "group_ids" in includes:
        row["group_ids"] = group_ids(world, user.id, rights)
        if rights.can(*TAG_RIGHTS):
            row["has_non_collaborative_groups"] = has_tags(world, user.id, rights.course_id)
    return row


def group_ids(world: World, user_id: int, rights: Rights) -> list[int]:
    """The person's groups in the course, tags not among them."""
    places = world.places(user_id, rights.course_id)
    return [row.group_id for row in places if not _is_tag(world, row.group_id)]


def has_tags(world: World, user_id: int, course_id: int) -> bool:
    return any(_is_tag(world, row.group_id) for row in world.places(user_id, course_id))


def _is_tag(world: World, group_id: int) -> bool:
    return world.categories[world.groups[group_id].category_id].non_collaborative


def mini_user(world: World, user: User) -> Json:
    """The short form, as in a group's leader."""
    row: Json = {
        "id": user.id,
        "anonymous_id": base36(user.id),
        "display_name": user.short_name,
        "avatar_image_url": page_url(world, "images/messages/avatar-50.png"),
        "html_url": page_url(world, f"users/{user.id}"),
        "pronouns": user.pronouns,
    }
    if user.is_test_student:
        row["fake_student"] = True
    return row


def enrollment_state(world: World, enrollment: Enrollment) -> str:
    """The workflow state; a deleted course takes its enrollments with it."""
    is_gone = world.courses[enrollment.course_id].workflow_state == "deleted"
    return "deleted" if is_gone else enrollment.state


def enrollment_row(
    world: World,
    enrollment: Enrollment,
    rights: Rights,
    includes: Collection[str] = (),
    *,
    with_user: bool = True,
) -> Json:
    """An enrollment of section 9.1's shape."""
    user = world.users[enrollment.user_id]
    row: Json = {
        "id": enrollment.id,
        "root_account_id": ROOT_ACCOUNT,
        "user_id": enrollment.user_id,
        "course_id": enrollment.course_id,
        "course_section_id": enrollment.section_id,
        "associated_user_id": enrollment.associated_user_id,
        "limit_privileges_to_course_section": enrollment.limited_to_section,
        "updated_at": moment(enrollment.updated_at),
        "created_at": moment(enrollment.created_at),
        "start_at": None,
        "end_at": None,
        "type": enrollment.type,
        "enrollment_state": enrollment_state(world, enrollment),
        "role": role_name(enrollment.type),
        "role_id": ROLE_IDS[enrollment.type],
        "html_url": page_url(world, f"courses/{enrollment.course_id}/users/{user.id}"),
    }
    if rights.can("read_reports") or rights.user_id == user.id:
        row["last_activity_at"] = moment(enrollment.last_activity_at)
        row["last_attended_at"] = None
        row["total_activity_time"] = enrollment.total_activity_time
    if rights.can("read_sis"):
        row |= _sis_keys(world, enrollment, user)
    if enrollment.is_student:
        row["grades"] = _grades(world, enrollment, rights)
    if with_user:
        row["user"] = user_row(world, user, rights, set(includes) & {"email", "group_ids", "uuid"})
    return row


def _sis_keys(world: World, enrollment: Enrollment, user: User) -> Json:
    hidden = is_unconfirmed(world, user, enrollment.course_id)
    return {
        "sis_account_id": None,
        "sis_course_id": world.courses[enrollment.course_id].sis_course_id,
        "course_integration_id": None,
        "sis_section_id": world.sections[enrollment.section_id].sis_section_id,
        "section_integration_id": None,
        "sis_user_id": None if hidden else user.sis_user_id,
    }


def _grades(world: World, enrollment: Enrollment, rights: Rights) -> Json:
    course_id, user_id = enrollment.course_id, enrollment.user_id
    row: Json = {"html_url": page_url(world, f"courses/{course_id}/grades/{user_id}")}
    if not (rights.can("view_all_grades", "manage_grades") or rights.user_id == user_id):
        return row
    current, final = course_scores(world, course_id, user_id)
    for prefix in ("", "unposted_"):
        row |= {
            f"{prefix}current_score": current,
            f"{prefix}current_grade": None,
            f"{prefix}final_score": final,
            f"{prefix}final_grade": None,
        }
    return row
