"""A connection to a Canvas, and what it mirrors of courses and the people in them."""

from django.conf import settings
from django.db import models

from gradebench.core.async_utils import AsyncModelMixin
from gradebench.core.models import Student
from gradebench.core.vault import EncryptedTextField


class CanvasIntegration(AsyncModelMixin):
    """A person's connection to one Canvas: its address and their token, encrypted at rest."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="canvas_integrations"
    )
    name = models.CharField(max_length=200, blank=True, help_text="What the owner calls it")
    canvas_url = models.CharField(max_length=255, help_text="https://canvas.example.edu")
    api_key = EncryptedTextField(help_text="The access token, encrypted")
    canvas_user_id = models.BigIntegerField(null=True, blank=True)
    canvas_user_name = models.CharField(max_length=255, blank=True)
    problem = models.TextField(blank=True, help_text="What was wrong when it was last used")
    checked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name or self.canvas_url.removeprefix("https://").removeprefix("http://")


class MirrorRow(AsyncModelMixin):
    """One entity as Canvas last showed it; `gone_at` tells since when Canvas has it no more."""

    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class CanvasUser(MirrorRow):
    """A person on one Canvas: https://canvas.instructure.com/doc/api/users.html#User"""

    integration = models.ForeignKey(
        CanvasIntegration, on_delete=models.CASCADE, related_name="people"
    )
    canvas_id = models.BigIntegerField()
    name = models.CharField(max_length=255)
    sortable_name = models.CharField(max_length=255, blank=True)
    short_name = models.CharField(max_length=255, blank=True)
    pronouns = models.CharField(max_length=100, null=True, blank=True)
    login_id = models.CharField(max_length=255, null=True, blank=True)
    email = models.CharField(max_length=255, null=True, blank=True)
    sis_user_id = models.CharField(max_length=255, null=True, blank=True)
    # Ours: written by teams.py.
    student = models.OneToOneField(
        Student, on_delete=models.SET_NULL, null=True, blank=True, related_name="canvas_user"
    )

    class Meta:
        ordering = ["sortable_name", "name", "canvas_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["integration", "canvas_id"], name="one_person_per_integration"
            )
        ]

    def __str__(self) -> str:
        return self.name


class CanvasCourse(MirrorRow):
    """A course that the token's owner sees: https://canvas.instructure.com/doc/api/courses.html"""

    integration = models.ForeignKey(
        CanvasIntegration, on_delete=models.CASCADE, related_name="courses"
    )
    canvas_id = models.BigIntegerField()
    # Canvas gives a name and a state to all but the courses that their dates close to the caller.
    name = models.CharField(max_length=255, blank=True)
    original_name = models.CharField(max_length=255, null=True, blank=True)
    course_code = models.CharField(max_length=255, null=True, blank=True)
    workflow_state = models.CharField(max_length=50, null=True, blank=True)
    sis_course_id = models.CharField(max_length=255, null=True, blank=True)
    enrollment_term_id = models.BigIntegerField(null=True, blank=True)
    term_name = models.CharField(max_length=255, null=True, blank=True)
    start_at = models.DateTimeField(null=True, blank=True)
    end_at = models.DateTimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, null=True, blank=True)
    total_students = models.IntegerField(null=True, blank=True)
    access_restricted_by_date = models.BooleanField(default=False)
    own_roles = models.JSONField(default=list, help_text="The owner's roles: teacher, ta, …")
    section_limited = models.BooleanField(
        default=False, help_text="The owner sees their own sections only"
    )
    # Ours.
    chosen = models.BooleanField(default=False, help_text="Synced with “all”")
    synced_at = models.DateTimeField(null=True, blank=True, help_text="Last complete sync")
    fully_synced_at = models.DateTimeField(null=True, blank=True, help_text="Last full, complete")
    changes_read_until = models.DateTimeField(
        null=True, blank=True, help_text="Canvas's time up to which submissions are known"
    )
    abilities = models.JSONField(
        default=dict, blank=True, help_text="What Canvas said the token may do here"
    )
    abilities_at = models.DateTimeField(null=True, blank=True, help_text="When it was asked")

    class Meta:
        ordering = ["name", "canvas_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["integration", "canvas_id"], name="one_course_per_integration"
            )
        ]

    def __str__(self) -> str:
        return self.name or f"Course {self.canvas_id}"


class CourseRow(MirrorRow):
    """An entity that Canvas numbers within one of its courses."""

    course = models.ForeignKey(CanvasCourse, on_delete=models.CASCADE, related_name="%(class)ss")
    canvas_id = models.BigIntegerField()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["course", "canvas_id"], name="one_%(class)s_per_course")
        ]


class CanvasSection(CourseRow):
    """A section of a course: https://canvas.instructure.com/doc/api/sections.html"""

    course = models.ForeignKey(CanvasCourse, on_delete=models.CASCADE, related_name="sections")
    name = models.CharField(max_length=255)
    sis_section_id = models.CharField(max_length=255, null=True, blank=True)
    nonxlist_course_id = models.BigIntegerField(null=True, blank=True)
    start_at = models.DateTimeField(null=True, blank=True)
    end_at = models.DateTimeField(null=True, blank=True)

    class Meta(CourseRow.Meta):
        ordering = ["name", "canvas_id"]

    def __str__(self) -> str:
        return self.name


# A student, and the test student of Canvas's student view, who has submissions too.
STUDENT_TYPES = ("StudentEnrollment", "StudentViewEnrollment")


class CanvasEnrollment(CourseRow):
    """A person's role in one section, student or staff: a person in two sections has two.

    https://canvas.instructure.com/doc/api/enrollments.html
    """

    course = models.ForeignKey(CanvasCourse, on_delete=models.CASCADE, related_name="enrollments")
    user = models.ForeignKey(CanvasUser, on_delete=models.CASCADE, related_name="enrollments")
    section = models.ForeignKey(
        CanvasSection, on_delete=models.SET_NULL, null=True, related_name="enrollments"
    )
    course_section_id = models.BigIntegerField(null=True, blank=True)
    type = models.CharField(max_length=50)
    role = models.CharField(max_length=255, null=True, blank=True)
    role_id = models.BigIntegerField(null=True, blank=True)
    enrollment_state = models.CharField(max_length=50)
    associated_user_id = models.BigIntegerField(null=True, blank=True)
    limit_privileges_to_course_section = models.BooleanField(default=False)
    current_score = models.FloatField(null=True, blank=True)
    final_score = models.FloatField(null=True, blank=True)
    current_grade = models.CharField(max_length=50, null=True, blank=True)
    final_grade = models.CharField(max_length=50, null=True, blank=True)
    last_activity_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(null=True, blank=True)

    class Meta(CourseRow.Meta):
        ordering = ["course", "type", "user"]

    def __str__(self) -> str:
        return f"{self.user}: {self.type} ({self.enrollment_state})"
