"""Courses, their sections, and what the caller may do there."""

from msgspec import UNSET, UnsetType

from gradebench.canvas.api.payloads.base import Answer, Maybe, When


class Term(Answer, frozen=True):
    """https://canvas.instructure.com/doc/api/courses.html#Term"""

    id: int
    name: Maybe[str] = UNSET
    start_at: Maybe[When] = UNSET
    end_at: Maybe[When] = UNSET


class OwnEnrollment(Answer, frozen=True):
    """The caller's role in a course: the short form, whose `type` is `teacher`, `student`, …"""

    type: Maybe[str] = UNSET
    role: Maybe[str] = UNSET
    role_id: Maybe[int] = UNSET
    user_id: Maybe[int] = UNSET
    enrollment_state: Maybe[str] = UNSET
    limit_privileges_to_course_section: Maybe[bool] = UNSET


class Course(Answer, frozen=True):
    """A course. A stub has `id` and `access_restricted_by_date` and nothing else.

    `name` may be the caller's own nickname; then `original_name` has the real one.
    https://canvas.instructure.com/doc/api/courses.html#Course
    """

    id: int
    name: Maybe[str] = UNSET
    original_name: Maybe[str] = UNSET
    course_code: Maybe[str] = UNSET
    workflow_state: Maybe[str] = UNSET
    account_id: Maybe[int] = UNSET
    enrollment_term_id: Maybe[int] = UNSET
    sis_course_id: Maybe[str] = UNSET
    integration_id: Maybe[str] = UNSET
    start_at: Maybe[When] = UNSET
    end_at: Maybe[When] = UNSET
    created_at: Maybe[When] = UNSET
    time_zone: Maybe[str] = UNSET
    is_public: Maybe[bool] = UNSET
    blueprint: Maybe[bool] = UNSET
    template: Maybe[bool] = UNSET
    restrict_enrollments_to_course_dates: Maybe[bool] = UNSET
    apply_assignment_group_weights: Maybe[bool] = UNSET
    access_restricted_by_date: Maybe[bool] = UNSET
    concluded: Maybe[bool] = UNSET
    syllabus_body: Maybe[str] = UNSET
    term: Maybe[Term] = UNSET
    enrollments: Maybe[list[OwnEnrollment]] = UNSET
    total_students: Maybe[int] = UNSET

    @property
    def is_stub(self) -> bool:
        """True when the dates hide the course from the caller."""
        return self.access_restricted_by_date is True and isinstance(self.name, UnsetType)


class CoursePermissions(Answer, frozen=True):
    """Which of the asked permissions the caller has; those not asked for are UNSET.

    https://canvas.instructure.com/doc/api/courses.html#method.courses.permissions
    """

    read: Maybe[bool] = UNSET
    update: Maybe[bool] = UNSET
    read_as_admin: Maybe[bool] = UNSET
    read_roster: Maybe[bool] = UNSET
    read_sis: Maybe[bool] = UNSET
    read_reports: Maybe[bool] = UNSET
    read_email_addresses: Maybe[bool] = UNSET
    view_user_logins: Maybe[bool] = UNSET
    view_all_grades: Maybe[bool] = UNSET
    manage_grades: Maybe[bool] = UNSET
    manage_sis: Maybe[bool] = UNSET
    manage_students: Maybe[bool] = UNSET
    manage_assignments_edit: Maybe[bool] = UNSET
    manage_groups_add: Maybe[bool] = UNSET
    manage_groups_manage: Maybe[bool] = UNSET
    manage_groups_delete: Maybe[bool] = UNSET
    manage_tags_add: Maybe[bool] = UNSET
    manage_tags_manage: Maybe[bool] = UNSET
    manage_tags_delete: Maybe[bool] = UNSET


class Section(Answer, frozen=True):
    """https://canvas.instructure.com/doc/api/sections.html#Section"""

    id: int
    course_id: int
    name: Maybe[str] = UNSET
    nonxlist_course_id: Maybe[int] = UNSET
    sis_section_id: Maybe[str] = UNSET
    integration_id: Maybe[str] = UNSET
    start_at: Maybe[When] = UNSET
    end_at: Maybe[When] = UNSET
    created_at: Maybe[When] = UNSET
    restrict_enrollments_to_section_dates: Maybe[bool] = UNSET
    total_students: Maybe[int] = UNSET
