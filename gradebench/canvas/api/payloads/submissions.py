"""What students did, and their grades."""

from msgspec import UNSET

from gradebench.canvas.api.payloads.base import Answer, Maybe, When


class SubmissionGroup(Answer, frozen=True):
    """The group a submission belongs to: `id` is None for somebody in no group."""

    id: int | None
    name: Maybe[str] = UNSET


class Submission(Answer, frozen=True):
    """One student's row for one assignment; there is one before anything is handed in.

    `excused` may be None for False; `score` is None until graded; `seconds_late` in seconds.
    https://canvas.instructure.com/doc/api/submissions.html#Submission
    """

    id: int
    user_id: int
    assignment_id: int
    workflow_state: str
    score: Maybe[float] = UNSET
    grade: Maybe[str] = UNSET
    entered_score: Maybe[float] = UNSET
    entered_grade: Maybe[str] = UNSET
    excused: Maybe[bool] = UNSET
    late: Maybe[bool] = UNSET
    missing: Maybe[bool] = UNSET
    seconds_late: Maybe[float] = UNSET
    late_policy_status: Maybe[str] = UNSET
    points_deducted: Maybe[float] = UNSET
    attempt: Maybe[int] = UNSET
    submission_type: Maybe[str] = UNSET
    submitted_at: Maybe[When] = UNSET
    graded_at: Maybe[When] = UNSET
    posted_at: Maybe[When] = UNSET
    cached_due_date: Maybe[When] = UNSET
    grader_id: Maybe[int] = UNSET
    grade_matches_current_submission: Maybe[bool] = UNSET
    redo_request: Maybe[bool] = UNSET
    extra_attempts: Maybe[int] = UNSET
    grading_period_id: Maybe[int] = UNSET
    group: Maybe[SubmissionGroup] = UNSET


class GradedSubmission(Submission, frozen=True):
    """The answer to a grade: `all_submissions` has every row it changed (all group members)."""

    all_submissions: Maybe[list[Submission]] = UNSET


class StudentSubmissions(Answer, frozen=True):
    """One student's submissions, from the grouped listing."""

    user_id: int
    section_id: Maybe[int] = UNSET
    sis_user_id: Maybe[str] = UNSET
    submissions: Maybe[list[Submission]] = UNSET
