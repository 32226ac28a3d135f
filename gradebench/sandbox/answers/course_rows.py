"""Courses and sections as JSON."""

from __future__ import annotations

from collections.abc import Collection

from gradebench.sandbox.answers.grades import course_scores
from gradebench.sandbox.answers.people_rows import (
    ROLE_IDS,
    SHORT_TYPES,
    Json,
    mini_user,
    role_name,
)
from gradebench.sandbox.answers.show import ROOT_ACCOUNT, moment, page_url
from gradebench.sandbox.world.permissions import Rights
from gradebench.sandbox.world.rows import TEACHER, Course, Enrollment, Section, User
from gradebench.sandbox.world.world import World

TERM_ID = 1


def stub_row(course: Course) -> Json:
    """What is left of a course outside its dates."""
    return {"id": course.id, "access_restricted_by_date": True}


def course_row(
    world: World, course: Course, viewer: User, rights: Rights, includes: Collection[str]
) -> Json:
    """A course of section 7.2's shape, as `viewer` sees it."""
    row = _plain_course(world, course)
    nickname = viewer.nicknames.get(course.id)
    if nickname:
        row |= {"name": nickname, "original_name": course.name}
    if rights.can("read_sis"):
        row |= {"sis_course_id": course.sis_course_id, "integration_id": None}
    own = [
        place
        for place in world.enrollments_in(course.id, viewer.id)
        if place.state in {"active", "invited"}
    ]
    row["enrollments"] = [_own_enrollment(world, place, includes) for place in own]
    return row | _included(world, course, own, includes)


def _plain_course(world: World, course: Course) -> Json:
    return {
        "id": course.id,
        "name": course.name,
        "course_code": course.course_code,
        "account_id": ROOT_ACCOUNT,
        "created_at": moment(course.created_at),
        "start_at": moment(course.start_at),
        "end_at": moment(course.end_at),
        "default_view": "modules",
        "enrollment_term_id": TERM_ID,
        "is_public": False,
        "grading_standard_id": None,
        "root_account_id": ROOT_ACCOUNT,
        "uuid": course.uuid,
        "license": "private",
        "grade_passback_setting": None,
        "public_syllabus": False,
        "public_syllabus_to_auth": False,
        "storage_quota_mb": 500,
        "is_public_to_auth_users": False,
        "homeroom_course": False,
        "course_color": None,
        "friendly_name": None,
        "apply_assignment_group_weights": False,
        "calendar": {"ics": page_url(world, f"feeds/calendars/course_{course.uuid}.ics")},
        "time_zone": course.time_zone,
        "blueprint": False,
        "template": False,
        "hide_final_grades": False,
        "workflow_state": course.workflow_state,
        "restrict_enrollments_to_course_dates": False,
    }


def _own_enrollment(world: World, place: Enrollment, includes: Collection[str]) -> Json:
    row: Json = {
        "type": SHORT_TYPES[place.type],
        "role": role_name(place.type),
        "role_id": ROLE_IDS[place.type],
        "user_id": place.user_id,
        "enrollment_state": place.state,
        "limit_privileges_to_course_section": place.limited_to_section,
    }
    if "total_scores" in includes and place.is_student:
        current, final = course_scores(world, place.course_id, place.user_id)
        row |= {"computed_current_score": current, "computed_final_score": final}
    return row


def _included(
    world: World, course: Course, own: list[Enrollment], includes: Collection[str]
) -> Json:
    row: Json = {}
    if "term" in includes:
        row["term"] = {
            "id": TERM_ID,
            "name": "Default Term",
            "start_at": None,
            "end_at": None,
            "created_at": moment(course.created_at),
            "workflow_state": "active",
            "grading_period_group_id": None,
        }
    if "total_students" in includes:
        row["total_students"] = len(world.current_students(course.id))
    if "teachers" in includes:
        teachers = dict.fromkeys(
            place.user_id
            for place in world.enrollments.of("course", course.id)
            if place.type == TEACHER and place.state == "active"
        )
        row["teachers"] = [mini_user(world, world.users[user_id]) for user_id in teachers]
    if "sections" in includes:
        row["sections"] = [_own_section(world, place) for place in own]
    if "syllabus_body" in includes:
        row["syllabus_body"] = course.syllabus_body
    if "concluded" in includes:
        row["concluded"] = course.workflow_state == "completed"
    if "favorites" in includes:
        row["is_favorite"] = True
    return row


def _own_section(world: World, place: Enrollment) -> Json:
    return {
        "id": place.section_id,
        "name": world.sections[place.section_id].name,
        "start_at": None,
        "end_at": None,
        "enrollment_role": role_name(place.type),
    }


def section_row(world: World, section: Section, rights: Rights) -> Json:
    """A section of section 8's shape."""
    row: Json = {
        "id": section.id,
        "name": section.name,
        "course_id": section.course_id,
        "nonxlist_course_id": None,
        "start_at": None,
        "end_at": None,
        "created_at": moment(section.created_at),
        "restrict_enrollments_to_section_dates": None,
    }
    if rights.can("read_sis"):
        row |= {
            "sis_section_id": section.sis_section_id,
            "sis_course_id": world.courses[section.course_id].sis_course_id,
            "integration_id": None,
        }
    return row
