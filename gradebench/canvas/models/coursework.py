"""The mirror of what students are asked to do, and did."""

from django.db import models

from gradebench.canvas.models.course import CanvasCourse, CanvasUser, CourseRow
from gradebench.core.async_utils import AsyncModelMixin


class CanvasAssignment(CourseRow):
    """An assignment: https://canvas.instructure.com/doc/api/assignments.html"""

    course = models.ForeignKey(CanvasCourse, on_delete=models.CASCADE, related_name="assignments")
    name = models.CharField(max_length=255)
    description = models.TextField(null=True, blank=True)
    position = models.IntegerField(null=True, blank=True)
    points_possible = models.FloatField(null=True, blank=True)
    grading_type = models.CharField(max_length=50, null=True, blank=True)
    submission_types = models.JSONField(default=list)
    due_at = models.DateTimeField(null=True, blank=True)
    unlock_at = models.DateTimeField(null=True, blank=True)
    lock_at = models.DateTimeField(null=True, blank=True)
    published = models.BooleanField(default=True)
    workflow_state = models.CharField(max_length=50, null=True, blank=True)
    assignment_group_id = models.BigIntegerField(null=True, blank=True)
    group_category_id = models.BigIntegerField(null=True, blank=True)
    grade_group_students_individually = models.BooleanField(default=False)
    omit_from_final_grade = models.BooleanField(default=False)
    anonymous_grading = models.BooleanField(default=False)
    needs_grading_count = models.IntegerField(null=True, blank=True)
    has_submitted_submissions = models.BooleanField(default=False)
    graded_submissions_exist = models.BooleanField(default=False)
    quiz_id = models.BigIntegerField(null=True, blank=True)
    html_url = models.CharField(max_length=500, null=True, blank=True)
    created_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(null=True, blank=True)

    class Meta(CourseRow.Meta):
        ordering = ["position", "canvas_id"]

    def __str__(self) -> str:
        return self.name


class CanvasRubric(CourseRow):
    """The rubric embedded in an assignment; `canvas_id` is the assignment's.

    A rubric may serve several assignments, each with its own settings: hence one row for each.
    `criteria`: list of {id, description, points, ratings: [{id, description, points}]}.
    """

    course = models.ForeignKey(CanvasCourse, on_delete=models.CASCADE, related_name="rubrics")
    assignment = models.OneToOneField(
        CanvasAssignment, on_delete=models.CASCADE, related_name="rubric"
    )
    rubric_id = models.BigIntegerField(null=True, blank=True)
    title = models.CharField(max_length=255, blank=True)
    points_possible = models.FloatField(null=True, blank=True)
    use_for_grading = models.BooleanField(default=False)
    criteria = models.JSONField(default=list)

    class Meta(CourseRow.Meta):
        ordering = ["assignment"]

    def __str__(self) -> str:
        return self.title


class CanvasQuiz(CourseRow):
    """A classic quiz: https://canvas.instructure.com/doc/api/quizzes.html"""

    course = models.ForeignKey(CanvasCourse, on_delete=models.CASCADE, related_name="quizzes")
    title = models.CharField(max_length=255)
    quiz_type = models.CharField(max_length=50, null=True, blank=True)
    assignment_id = models.BigIntegerField(null=True, blank=True)
    points_possible = models.FloatField(null=True, blank=True)
    question_count = models.IntegerField(null=True, blank=True)
    time_limit = models.IntegerField(null=True, blank=True, help_text="Minutes")
    allowed_attempts = models.IntegerField(null=True, blank=True, help_text="-1: unlimited")
    published = models.BooleanField(default=True)
    due_at = models.DateTimeField(null=True, blank=True)
    unlock_at = models.DateTimeField(null=True, blank=True)
    lock_at = models.DateTimeField(null=True, blank=True)
    html_url = models.CharField(max_length=500, null=True, blank=True)

    class Meta(CourseRow.Meta):
        ordering = ["title", "canvas_id"]
        verbose_name_plural = "canvas quizzes"

    def __str__(self) -> str:
        return self.title


class CanvasSubmission(CourseRow):
    """A student's work on an assignment: https://canvas.instructure.com/doc/api/submissions.html

    Canvas keeps an `unsubmitted` row for every student whom the assignment is assigned to.
    """

    course = models.ForeignKey(CanvasCourse, on_delete=models.CASCADE, related_name="submissions")
    assignment = models.ForeignKey(
        CanvasAssignment, on_delete=models.CASCADE, related_name="submissions"
    )
    user = models.ForeignKey(CanvasUser, on_delete=models.CASCADE, related_name="submissions")
    workflow_state = models.CharField(max_length=50)
    score = models.FloatField(null=True, blank=True)
    grade = models.CharField(max_length=255, null=True, blank=True)
    entered_score = models.FloatField(null=True, blank=True)
    entered_grade = models.CharField(max_length=255, null=True, blank=True)
    # Canvas answers null, false or true; null is kept as null.
    excused = models.BooleanField(null=True)
    late = models.BooleanField(default=False)
    missing = models.BooleanField(default=False)
    attempt = models.IntegerField(null=True, blank=True)
    submission_type = models.CharField(max_length=50, null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    graded_at = models.DateTimeField(null=True, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)
    cached_due_date = models.DateTimeField(null=True, blank=True)
    late_policy_status = models.CharField(max_length=50, null=True, blank=True)
    points_deducted = models.FloatField(null=True, blank=True)
    seconds_late = models.FloatField(null=True, blank=True)
    grader_id = models.BigIntegerField(null=True, blank=True)
    grade_matches_current_submission = models.BooleanField(null=True)

    class Meta(CourseRow.Meta):
        ordering = ["assignment", "user"]
        indexes = [models.Index(fields=["assignment", "user"], name="submission_of")]

    def __str__(self) -> str:
        return f"{self.user}: {self.assignment}"


class Regrade(AsyncModelMixin):
    """A score or grade that a sync found other than it was before; the first one leaves no row.

    Canvas keeps who changed it when only in its own gradebook history, so `seen_at` is the sync's time.
    """

    submission = models.ForeignKey(
        CanvasSubmission, on_delete=models.CASCADE, related_name="regrades"
    )
    seen_at = models.DateTimeField()
    score_before = models.FloatField(null=True)
    score_after = models.FloatField(null=True)
    grade_before = models.CharField(max_length=255, null=True)
    grade_after = models.CharField(max_length=255, null=True)

    class Meta:
        ordering = ["-seen_at", "-id"]

    def __str__(self) -> str:
        return f"{self.submission}: {self.grade_before} became {self.grade_after}"
