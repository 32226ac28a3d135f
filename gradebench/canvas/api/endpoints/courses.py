"""Courses, sections, and the people in them."""

from collections.abc import Sequence

from gradebench.canvas.api.calls import Call, Listing, asked
from gradebench.canvas.api.payloads import (
    Course,
    CoursePermissions,
    Enrollment,
    Person,
    Section,
)

COURSE_INCLUDES = ("term", "total_students", "concluded")
ALL_STATES = ("active", "invited", "creation_pending", "inactive", "completed", "rejected")
"""Every enrollment state except deleted; without `state[]` Canvas hides some by the role."""


def list_courses(
    *,
    enrollment_type: str | None = None,
    states: Sequence[str] = (),
    include: Sequence[str] = COURSE_INCLUDES,
) -> Listing[Course]:
    """https://canvas.instructure.com/doc/api/courses.html#method.courses.index

    Only courses in which the token's owner is enrolled, whatever else they may administer.
    """
    query = asked(enrollment_type=enrollment_type, state=states, include=include)
    return Listing("courses", Course, query=query)


def get_course(course_id: int, *, include: Sequence[str] = COURSE_INCLUDES) -> Call[Course]:
    """https://canvas.instructure.com/doc/api/courses.html#method.courses.show

    404 when the course was deleted, not permitted when the owner was removed from it.
    """
    return Call("GET", f"courses/{course_id}", Course, query=asked(include=include))


def get_course_permissions(course_id: int, *, names: Sequence[str]) -> Call[CoursePermissions]:
    """https://canvas.instructure.com/doc/api/courses.html#method.courses.permissions

    `names` are permissions such as `manage_groups_add`; each answer is true or false.
    """
    path = f"courses/{course_id}/permissions"
    return Call("GET", path, CoursePermissions, query=asked(permissions=names))


def list_sections(
    course_id: int, *, include: Sequence[str] = ("total_students",)
) -> Listing[Section]:
    """https://canvas.instructure.com/doc/api/sections.html#method.sections.index

    Includes are dropped silently for callers without roster or grade rights.
    """
    return Listing(f"courses/{course_id}/sections", Section, query=asked(include=include))


def list_enrollments(
    course_id: int,
    *,
    types: Sequence[str] = (),
    states: Sequence[str] = ALL_STATES,
    include: Sequence[str] = ("email", "group_ids"),
    user_id: int | None = None,
) -> Listing[Enrollment]:
    """https://canvas.instructure.com/doc/api/enrollments.html#method.enrollments_api.index

    One row per person, role and section, the test student included. Section-limited callers see
    their sections only.
    """
    query = asked(type=types, state=states, include=include, user_id=user_id)
    return Listing(f"courses/{course_id}/enrollments", Enrollment, query=query)


def list_section_enrollments(
    section_id: int,
    *,
    types: Sequence[str] = (),
    states: Sequence[str] = ALL_STATES,
    include: Sequence[str] = ("email", "group_ids"),
) -> Listing[Enrollment]:
    """https://canvas.instructure.com/doc/api/enrollments.html#method.enrollments_api.index"""
    query = asked(type=types, state=states, include=include)
    return Listing(f"sections/{section_id}/enrollments", Enrollment, query=query)


def list_course_users(
    course_id: int,
    *,
    types: Sequence[str] = (),
    states: Sequence[str] = (),
    include: Sequence[str] = ("enrollments", "group_ids", "email"),
    user_ids: Sequence[int] = (),
) -> Listing[Person]:
    """https://canvas.instructure.com/doc/api/courses.html#method.courses.users

    One row per person. `types` are the short words (`student`, `ta`). The test student is taken
    out after paging, so a page may be short; there is no total.
    """
    query = asked(
        enrollment_type=types,
        enrollment_state=states,
        include=include,
        user_ids=user_ids,
    )
    return Listing(f"courses/{course_id}/users", Person, query=query, ragged=True)
