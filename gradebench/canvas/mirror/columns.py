"""Which field of Canvas's answer becomes which column of the mirror. Pure.

Each function gives only the columns that Canvas answered: a field that is absent (for want of a
permission) must not clear what is known, while null does.
"""

from msgspec import UNSET, Struct

from gradebench.canvas.api import payloads
from gradebench.canvas.api.payloads import known

Columns = dict[str, object]

USER = ("name", "sortable_name", "short_name", "pronouns", "login_id", "email", "sis_user_id")
COURSE = (
    "name",
    "original_name",
    "course_code",
    "workflow_state",
    "sis_course_id",
    "enrollment_term_id",
    "start_at",
    "end_at",
    "time_zone",
    "total_students",
    "access_restricted_by_date",
)
SECTION = ("name", "sis_section_id", "nonxlist_course_id", "start_at", "end_at")
ENROLLMENT = (
    "course_section_id",
    "type",
    "role",
    "role_id",
    "enrollment_state",
    "associated_user_id",
    "limit_privileges_to_course_section",
    "last_activity_at",
    "created_at",
    "updated_at",
)
GRADES = ("current_score", "final_score", "current_grade", "final_grade")
ASSIGNMENT = (
    "name",
    "description",
    "position",
    "points_possible",
    "grading_type",
    "submission_types",
    "due_at",
    "unlock_at",
    "lock_at",
    "published",
    "workflow_state",
    "assignment_group_id",
    "group_category_id",
    "grade_group_students_individually",
    "omit_from_final_grade",
    "anonymous_grading",
    "needs_grading_count",
    "has_submitted_submissions",
    "graded_submissions_exist",
    "quiz_id",
    "html_url",
    "created_at",
    "updated_at",
)
QUIZ = (
    "title",
    "quiz_type",
    "assignment_id",
    "points_possible",
    "question_count",
    "time_limit",
    "allowed_attempts",
    "published",
    "due_at",
    "unlock_at",
    "lock_at",
    "html_url",
)
SUBMISSION = (
    "workflow_state",
    "score",
    "grade",
    "entered_score",
    "entered_grade",
    "excused",
    "late",
    "missing",
    "attempt",
    "submission_type",
    "submitted_at",
    "graded_at",
    "posted_at",
    "cached_due_date",
    "late_policy_status",
    "points_deducted",
    "seconds_late",
    "grader_id",
    "grade_matches_current_submission",
)
GROUP_CATEGORY = (
    "name",
    "role",
    "self_signup",
    "self_signup_end_at",
    "group_limit",
    "auto_leader",
    "protected",
    "allows_multiple_memberships",
    "sis_group_category_id",
    "created_at",
)
GROUP = (
    "name",
    "description",
    "max_membership",
    "members_count",
    "join_level",
    "is_public",
    "sis_group_id",
    "created_at",
)

# Canvas answers null for these where it means "no" or "nothing".
EMPTY_FOR_NULL: dict[str, object] = {
    "name": "",
    "sortable_name": "",
    "short_name": "",
    "submission_types": [],
    "limit_privileges_to_course_section": False,
    "published": True,
    "late": False,
    "missing": False,
    "protected": False,
    "allows_multiple_memberships": False,
    "omit_from_final_grade": False,
    "anonymous_grading": False,
    "has_submitted_submissions": False,
    "graded_submissions_exist": False,
    "grade_group_students_individually": False,
    "access_restricted_by_date": False,
}


def given(payload: Struct, names: tuple[str, ...]) -> Columns:
    """Take the named fields that Canvas answered."""
    columns: Columns = {}
    for name in names:
        value = getattr(payload, name)
        if value is not UNSET:
            columns[name] = EMPTY_FOR_NULL.get(name) if value is None else value
    return columns


def of_user(user: payloads.User) -> Columns:
    """A person, as listed anywhere."""
    return given(user, USER)


def of_course(course: payloads.Course) -> Columns:
    """A course; a stub that its dates close to the caller gives almost nothing."""
    columns = given(course, COURSE)
    if course.term is not UNSET:
        term = known(course.term)
        columns["term_name"] = known(term.name) if term else None
    if course.enrollments is not UNSET:
        own = known(course.enrollments) or []
        columns["own_roles"] = sorted({known(enrollment.type) or "" for enrollment in own})
        columns["section_limited"] = bool(own) and all(
            enrollment.limit_privileges_to_course_section is True for enrollment in own
        )
    return columns


def of_section(section: payloads.Section) -> Columns:
    """A section."""
    return given(section, SECTION)


def of_enrollment(enrollment: payloads.Enrollment) -> Columns:
    """An enrollment with the grades of its row; the person and the section are added by saving."""
    columns = given(enrollment, ENROLLMENT)
    grades = known(enrollment.grades)
    return columns | given(grades, GRADES) if grades else columns


def of_assignment(assignment: payloads.Assignment) -> Columns:
    """An assignment without its rubric."""
    return given(assignment, ASSIGNMENT)


def of_rubric(assignment: payloads.Assignment) -> Columns | None:
    """The rubric embedded in an assignment, or None where there is none."""
    if not known(assignment.rubric):
        return None
    settings = known(assignment.rubric_settings) or payloads.RubricSettings()
    return {
        "rubric_id": known(settings.id),
        "title": known(settings.title) or "",
        "points_possible": known(settings.points_possible),
        "use_for_grading": assignment.use_rubric_for_grading is True,
        "criteria": [_criterion(criterion) for criterion in known(assignment.rubric) or []],
    }


def _criterion(criterion: payloads.RubricCriterion) -> dict[str, object]:
    return {
        "id": criterion.id,
        "description": known(criterion.description) or "",
        "points": known(criterion.points),
        "ratings": [
            {
                "id": rating.id,
                "description": known(rating.description) or "",
                "points": known(rating.points),
            }
            for rating in known(criterion.ratings) or []
        ],
    }


def of_quiz(quiz: payloads.Quiz) -> Columns:
    """A classic quiz."""
    return given(quiz, QUIZ)


def of_submission(submission: payloads.Submission) -> Columns:
    """A submission; its assignment and person are added by saving."""
    return given(submission, SUBMISSION)


def of_group_category(category: payloads.GroupCategory, *, non_collaborative: bool) -> Columns:
    """A group set; Canvas does not say itself whether it is a set of tags, only which list has it."""
    return given(category, GROUP_CATEGORY) | {"non_collaborative": non_collaborative}


def of_group(group: payloads.Group) -> Columns:
    """A group; its set is added by saving."""
    columns = given(group, GROUP)
    if group.leader is not UNSET:
        leader = known(group.leader)
        columns["leader_id"] = leader.id if leader else None
    if group.non_collaborative is not UNSET:
        columns["non_collaborative"] = bool(group.non_collaborative)
    return columns
