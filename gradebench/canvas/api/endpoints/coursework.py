"""Assignments, quizzes, submissions and grades."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import attrgetter

from msgspec import UNSET, UnsetType

from gradebench.canvas.api.calls import Asked, Call, Json, Listing, asked, given
from gradebench.canvas.api.payloads import (
    Assignment,
    AssignmentGroup,
    GradedSubmission,
    Progress,
    Quiz,
    QuizGroup,
    QuizQuestion,
    StudentSubmissions,
    Submission,
)

MOST_STUDENTS = 100
"""More `student_ids` than this in one request are refused by Canvas."""


def list_assignments(
    course_id: int, *, include: Sequence[str] = (), base_dates: bool = True
) -> Listing[Assignment]:
    """https://canvas.instructure.com/doc/api/assignments.html#method.assignments_api.index

    `base_dates` asks for everybody's dates, not those that hold for the token's owner.
    """
    query = asked(include=include, override_assignment_dates=not base_dates)
    return Listing(f"courses/{course_id}/assignments", Assignment, query=query)


def get_assignment(
    course_id: int, assignment_id: int, *, base_dates: bool = True
) -> Call[Assignment]:
    """https://canvas.instructure.com/doc/api/assignments.html#method.assignments_api.show"""
    path = f"courses/{course_id}/assignments/{assignment_id}"
    return Call("GET", path, Assignment, query=asked(override_assignment_dates=not base_dates))


def list_assignment_groups(
    course_id: int, *, include: Sequence[str] = ()
) -> Listing[AssignmentGroup]:
    """https://canvas.instructure.com/doc/api/assignment_groups.html#method.assignment_groups.index"""
    path = f"courses/{course_id}/assignment_groups"
    return Listing(path, AssignmentGroup, query=asked(include=include))


def list_quizzes(course_id: int) -> Listing[Quiz]:
    """https://canvas.instructure.com/doc/api/quizzes.html#method.quizzes/quizzes_api.index

    Classic quizzes only; New Quizzes show as assignments.
    """
    return Listing(f"courses/{course_id}/quizzes", Quiz)


def list_quiz_questions(course_id: int, quiz_id: int) -> Listing[QuizQuestion]:
    """https://canvas.instructure.com/doc/api/quiz_questions.html#method.quizzes/quiz_questions.index"""
    return Listing(f"courses/{course_id}/quizzes/{quiz_id}/questions", QuizQuestion)


def list_quiz_groups(course_id: int, quiz_id: int) -> Listing[QuizGroup]:
    """https://canvas.instructure.com/doc/api/quiz_question_groups.html

    Wrapped in an object, as a real Canvas was seen to answer.
    """
    path = f"courses/{course_id}/quizzes/{quiz_id}/groups"
    return Listing(path, QuizGroup, envelope="quiz_groups")


def list_submissions(
    course_id: int, assignment_id: int, *, include: Sequence[str] = ()
) -> Listing[Submission]:
    """https://canvas.instructure.com/doc/api/submissions.html#method.submissions_api.index

    Current students and the test student, by user id. `include=("group",)` names the group.
    """
    path = f"courses/{course_id}/assignments/{assignment_id}/submissions"
    return Listing(path, Submission, query=asked(include=include))


def list_student_submissions(
    course_id: int,
    *,
    student_ids: Sequence[int] | None = None,
    assignment_ids: Sequence[int] = (),
    submitted_since: datetime | None = None,
    graded_since: datetime | None = None,
    workflow_state: str | None = None,
    include: Sequence[str] = (),
) -> Listing[Submission]:
    """https://canvas.instructure.com/doc/api/submissions.html#method.submissions_api.for_students

    All students when `student_ids` is None, concluded ones and the test student too; at most 100
    otherwise. One unpublished id in `assignment_ids` refuses the whole request. Rows hidden from
    the caller are taken out after paging.
    """
    query = _students(student_ids) | asked(
        assignment_ids=assignment_ids,
        submitted_since=submitted_since,
        graded_since=graded_since,
        workflow_state=workflow_state,
        include=include,
    )
    path = f"courses/{course_id}/students/submissions"
    return Listing(path, Submission, query=query, ragged=True)


def list_submissions_by_student(
    course_id: int,
    *,
    student_ids: Sequence[int] | None = None,
    assignment_ids: Sequence[int] = (),
    include: Sequence[str] = (),
    per_page: int = 20,
) -> Listing[StudentSubmissions]:
    """https://canvas.instructure.com/doc/api/submissions.html#method.submissions_api.for_students

    The grouped form: pages count students, each with all of their submissions, so that pages may
    be read several at once. A page of 100 students of a large course is slow for Canvas to make.
    """
    query = _students(student_ids) | asked(
        grouped=True,
        assignment_ids=assignment_ids,
        include=include,
    )
    path = f"courses/{course_id}/students/submissions"
    key = attrgetter("user_id", "section_id")
    return Listing(path, StudentSubmissions, query=query, key=key, ragged=True, per_page=per_page)


def grade_submission(
    course_id: int,
    assignment_id: int,
    user_id: int,
    *,
    posted_grade: str | UnsetType = UNSET,
    excuse: bool | UnsetType = UNSET,
    late_policy_status: str | UnsetType = UNSET,
    comment: str | None = None,
    comment_to_group: bool = False,
) -> Call[GradedSubmission]:
    """https://canvas.instructure.com/doc/api/submissions.html#method.submissions_api.update

    `posted_grade` is points, a percentage, a letter or pass/fail; an empty text clears it. One
    grade counts for the whole group unless the assignment is graded individually.
    """
    path = f"courses/{course_id}/assignments/{assignment_id}/submissions/{user_id}"
    submission = given(
        posted_grade=posted_grade, excuse=excuse, late_policy_status=late_policy_status
    )
    body: dict[str, Json] = {"submission": submission}
    if comment is not None:
        body["comment"] = {"text_comment": comment, "group_comment": comment_to_group}
    return Call("PUT", path, GradedSubmission, body=body)


def update_grades(course_id: int, assignment_id: int, grades: Mapping[int, str]) -> Call[Progress]:
    """https://canvas.instructure.com/doc/api/submissions.html#method.submissions_api.bulk_update

    `grades` by user id, as in `grade_submission`. A background job: rows that fail show only in
    the message of its Progress.
    """
    path = f"courses/{course_id}/assignments/{assignment_id}/submissions/update_grades"
    data: dict[str, Json] = {
        str(user_id): {"posted_grade": grade} for user_id, grade in grades.items()
    }
    return Call("POST", path, Progress, body={"grade_data": data})


def _students(student_ids: Sequence[int] | None) -> dict[str, Asked]:
    if student_ids is None:
        return {"student_ids": ("all",)}
    if not 1 <= len(student_ids) <= MOST_STUDENTS:
        # Without any id Canvas would answer about the token's owner instead.
        raise ValueError(f"Ask for 1 to {MOST_STUDENTS} students, not {len(student_ids)}.")
    return {"student_ids": student_ids}
