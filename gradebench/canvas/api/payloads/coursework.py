"""What students are asked to do."""

from msgspec import UNSET

from gradebench.canvas.api.payloads.base import Answer, Maybe, When


class RubricRating(Answer, frozen=True):
    """https://canvas.instructure.com/doc/api/assignments.html#RubricRating"""

    id: str
    points: Maybe[float] = UNSET
    description: Maybe[str] = UNSET
    long_description: Maybe[str] = UNSET


class RubricCriterion(Answer, frozen=True):
    """https://canvas.instructure.com/doc/api/assignments.html#RubricCriteria"""

    id: str
    points: Maybe[float] = UNSET
    description: Maybe[str] = UNSET
    long_description: Maybe[str] = UNSET
    criterion_use_range: Maybe[bool] = UNSET
    ignore_for_scoring: Maybe[bool] = UNSET
    ratings: Maybe[list[RubricRating]] = UNSET


class RubricSettings(Answer, frozen=True):
    """Which rubric an assignment uses, and how."""

    id: Maybe[int] = UNSET
    title: Maybe[str] = UNSET
    points_possible: Maybe[float] = UNSET
    free_form_criterion_comments: Maybe[bool] = UNSET
    hide_score_total: Maybe[bool] = UNSET
    hide_points: Maybe[bool] = UNSET


class Assignment(Answer, frozen=True):
    """https://canvas.instructure.com/doc/api/assignments.html#Assignment

    `group_category_id` may name a deleted set. `due_at` is the caller's own date unless the
    listing was asked for base dates.
    """

    id: int
    course_id: int
    name: Maybe[str] = UNSET
    description: Maybe[str] = UNSET
    position: Maybe[int] = UNSET
    points_possible: Maybe[float] = UNSET
    grading_type: Maybe[str] = UNSET
    due_at: Maybe[When] = UNSET
    unlock_at: Maybe[When] = UNSET
    lock_at: Maybe[When] = UNSET
    created_at: Maybe[When] = UNSET
    updated_at: Maybe[When] = UNSET
    assignment_group_id: Maybe[int] = UNSET
    group_category_id: Maybe[int] = UNSET
    grade_group_students_individually: Maybe[bool] = UNSET
    published: Maybe[bool] = UNSET
    workflow_state: Maybe[str] = UNSET
    submission_types: Maybe[list[str]] = UNSET
    allowed_attempts: Maybe[int] = UNSET
    omit_from_final_grade: Maybe[bool] = UNSET
    hide_in_gradebook: Maybe[bool] = UNSET
    anonymous_grading: Maybe[bool] = UNSET
    anonymize_students: Maybe[bool] = UNSET
    moderated_grading: Maybe[bool] = UNSET
    peer_reviews: Maybe[bool] = UNSET
    post_manually: Maybe[bool] = UNSET
    only_visible_to_overrides: Maybe[bool] = UNSET
    has_overrides: Maybe[bool] = UNSET
    has_submitted_submissions: Maybe[bool] = UNSET
    graded_submissions_exist: Maybe[bool] = UNSET
    needs_grading_count: Maybe[int] = UNSET
    in_closed_grading_period: Maybe[bool] = UNSET
    is_quiz_assignment: Maybe[bool] = UNSET
    quiz_id: Maybe[int] = UNSET
    sis_assignment_id: Maybe[str] = UNSET
    html_url: Maybe[str] = UNSET
    use_rubric_for_grading: Maybe[bool] = UNSET
    rubric: Maybe[list[RubricCriterion]] = UNSET
    rubric_settings: Maybe[RubricSettings] = UNSET


class AssignmentGroup(Answer, frozen=True):
    """https://canvas.instructure.com/doc/api/assignment_groups.html#AssignmentGroup"""

    id: int
    name: Maybe[str] = UNSET
    position: Maybe[int] = UNSET
    group_weight: Maybe[float] = UNSET
    sis_source_id: Maybe[str] = UNSET
    assignments: Maybe[list[Assignment]] = UNSET


class Quiz(Answer, frozen=True):
    """A classic quiz. https://canvas.instructure.com/doc/api/quizzes.html#Quiz"""

    id: int
    title: Maybe[str] = UNSET
    description: Maybe[str] = UNSET
    quiz_type: Maybe[str] = UNSET
    assignment_id: Maybe[int] = UNSET
    assignment_group_id: Maybe[int] = UNSET
    points_possible: Maybe[float] = UNSET
    question_count: Maybe[int] = UNSET
    time_limit: Maybe[int] = UNSET
    allowed_attempts: Maybe[int] = UNSET
    scoring_policy: Maybe[str] = UNSET
    published: Maybe[bool] = UNSET
    due_at: Maybe[When] = UNSET
    unlock_at: Maybe[When] = UNSET
    lock_at: Maybe[When] = UNSET
    html_url: Maybe[str] = UNSET


class QuizGroup(Answer, frozen=True):
    """A pool of questions in a quiz.

    https://canvas.instructure.com/doc/api/quiz_question_groups.html#QuizGroup
    """

    id: int
    quiz_id: Maybe[int] = UNSET
    name: Maybe[str] = UNSET
    pick_count: Maybe[int] = UNSET
    question_points: Maybe[float] = UNSET
    position: Maybe[int] = UNSET


class QuizQuestion(Answer, frozen=True):
    """https://canvas.instructure.com/doc/api/quiz_questions.html#QuizQuestion"""

    id: int
    quiz_id: Maybe[int] = UNSET
    quiz_group_id: Maybe[int] = UNSET
    question_name: Maybe[str] = UNSET
    question_type: Maybe[str] = UNSET
    question_text: Maybe[str] = UNSET
    points_possible: Maybe[float] = UNSET
    position: Maybe[int] = UNSET
