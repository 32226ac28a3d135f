"""People and their roles."""

from msgspec import UNSET

from gradebench.canvas.api.payloads.base import Answer, Maybe, When


class User(Answer, frozen=True):
    """A person as every endpoint shows one. Names may be absent for somebody just invited.

    https://canvas.instructure.com/doc/api/users.html#User
    """

    id: int
    name: Maybe[str] = UNSET
    sortable_name: Maybe[str] = UNSET
    short_name: Maybe[str] = UNSET
    created_at: Maybe[When] = UNSET
    sis_user_id: Maybe[str] = UNSET
    integration_id: Maybe[str] = UNSET
    login_id: Maybe[str] = UNSET
    email: Maybe[str] = UNSET
    pronouns: Maybe[str] = UNSET
    avatar_url: Maybe[str] = UNSET
    locale: Maybe[str] = UNSET
    effective_locale: Maybe[str] = UNSET
    time_zone: Maybe[str] = UNSET
    group_ids: Maybe[list[int]] = UNSET


class Profile(Answer, frozen=True):
    """https://canvas.instructure.com/doc/api/users.html#Profile"""

    id: int
    name: Maybe[str] = UNSET
    short_name: Maybe[str] = UNSET
    sortable_name: Maybe[str] = UNSET
    login_id: Maybe[str] = UNSET
    sis_user_id: Maybe[str] = UNSET
    primary_email: Maybe[str] = UNSET
    time_zone: Maybe[str] = UNSET
    locale: Maybe[str] = UNSET
    avatar_url: Maybe[str] = UNSET


class Grades(Answer, frozen=True):
    """https://canvas.instructure.com/doc/api/enrollments.html#Grade"""

    html_url: Maybe[str] = UNSET
    current_score: Maybe[float] = UNSET
    current_grade: Maybe[str] = UNSET
    final_score: Maybe[float] = UNSET
    final_grade: Maybe[str] = UNSET
    unposted_current_score: Maybe[float] = UNSET
    unposted_current_grade: Maybe[str] = UNSET
    unposted_final_score: Maybe[float] = UNSET
    unposted_final_grade: Maybe[str] = UNSET
    override_score: Maybe[float] = UNSET
    override_grade: Maybe[str] = UNSET


class Enrollment(Answer, frozen=True):
    """One person's role in one section; `user` is absent inside a Person.

    https://canvas.instructure.com/doc/api/enrollments.html#Enrollment
    """

    id: int
    user_id: int
    course_id: int
    type: str
    enrollment_state: str
    course_section_id: Maybe[int] = UNSET
    role: Maybe[str] = UNSET
    role_id: Maybe[int] = UNSET
    associated_user_id: Maybe[int] = UNSET
    limit_privileges_to_course_section: Maybe[bool] = UNSET
    created_at: Maybe[When] = UNSET
    updated_at: Maybe[When] = UNSET
    start_at: Maybe[When] = UNSET
    end_at: Maybe[When] = UNSET
    last_activity_at: Maybe[When] = UNSET
    total_activity_time: Maybe[int] = UNSET
    sis_user_id: Maybe[str] = UNSET
    sis_section_id: Maybe[str] = UNSET
    sis_course_id: Maybe[str] = UNSET
    html_url: Maybe[str] = UNSET
    grades: Maybe[Grades] = UNSET
    user: Maybe[User] = UNSET


class Person(User, frozen=True):
    """A person of a course with all of their roles there.

    https://canvas.instructure.com/doc/api/courses.html#method.courses.users
    """

    enrollments: Maybe[list[Enrollment]] = UNSET
    has_non_collaborative_groups: Maybe[bool] = UNSET
