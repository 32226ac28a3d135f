"""Two kinds of rows, never mixed.

*Mirror* rows say what Canvas has; `mirror.py` alone writes them, in Canvas's own words. *Our* rows
say what people want and did. A mirror belongs to one integration, because two tokens see different
things. Canvas's ids are 64-bit and unique within an integration or course, never globally.
"""

from typing import Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gradebench.core.async_utils import AsyncModelMixin
from gradebench.core.models import Student, Team, TeamSet
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


_Row = TypeVar("_Row", bound="MirrorRow", covariant=True)


class PresentRows(models.QuerySet[_Row]):
    """Rows of a mirror, with the question that is asked most."""

    def present(self) -> Self:
        """Only what Canvas still has."""
        return self.filter(gone_at=None)


class MirrorRow(AsyncModelMixin):
    """One entity as Canvas last showed it; `gone_at` tells since when Canvas has it no more."""

    gone_at = models.DateTimeField(null=True, blank=True)

    objects = PresentRows.as_manager()

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


class CanvasGroupCategory(CourseRow):
    """A group set: https://canvas.instructure.com/doc/api/group_categories.html"""

    course = models.ForeignKey(
        CanvasCourse, on_delete=models.CASCADE, related_name="group_categories"
    )
    name = models.CharField(max_length=255)
    role = models.CharField(max_length=50, null=True, blank=True)
    self_signup = models.CharField(max_length=50, null=True, blank=True)
    self_signup_end_at = models.DateTimeField(null=True, blank=True)
    group_limit = models.IntegerField(null=True, blank=True)
    auto_leader = models.CharField(max_length=50, null=True, blank=True)
    protected = models.BooleanField(default=False)
    allows_multiple_memberships = models.BooleanField(default=False)
    non_collaborative = models.BooleanField(default=False, help_text="Differentiation tags")
    sis_group_category_id = models.CharField(max_length=255, null=True, blank=True)
    created_at = models.DateTimeField(null=True, blank=True)
    # Ours: written by teams.py.
    team_set = models.OneToOneField(
        TeamSet, on_delete=models.SET_NULL, null=True, blank=True, related_name="group_category"
    )

    class Meta(CourseRow.Meta):
        ordering = ["name", "canvas_id"]
        verbose_name_plural = "canvas group categories"

    def __str__(self) -> str:
        return self.name

    @property
    def forms_teams(self) -> bool:
        """Tags, and sets in which a student may be in many groups, are mirrored and left alone."""
        return not (self.non_collaborative or self.allows_multiple_memberships)


class CanvasGroup(CourseRow):
    """A group of a set: https://canvas.instructure.com/doc/api/groups.html"""

    course = models.ForeignKey(CanvasCourse, on_delete=models.CASCADE, related_name="groups")
    category = models.ForeignKey(
        CanvasGroupCategory, on_delete=models.CASCADE, related_name="groups"
    )
    name = models.CharField(max_length=255)
    description = models.TextField(null=True, blank=True)
    max_membership = models.IntegerField(null=True, blank=True)
    members_count = models.IntegerField(null=True, blank=True)
    leader_id = models.BigIntegerField(null=True, blank=True)
    join_level = models.CharField(max_length=50, null=True, blank=True)
    is_public = models.BooleanField(null=True)
    non_collaborative = models.BooleanField(default=False)
    sis_group_id = models.CharField(max_length=255, null=True, blank=True)
    created_at = models.DateTimeField(null=True, blank=True)
    # Ours: written by teams.py.
    team = models.OneToOneField(
        Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="canvas_group"
    )

    class Meta(CourseRow.Meta):
        ordering = ["name", "canvas_id"]

    def __str__(self) -> str:
        return self.name


class CanvasGroupMembership(MirrorRow):
    """A person in a group. Canvas's own membership id changes when someone leaves and returns,
    and lists of people do not show it: a membership is known by its group and its person.

    https://canvas.instructure.com/doc/api/groups.html#GroupMembership
    """

    course = models.ForeignKey(CanvasCourse, on_delete=models.CASCADE, related_name="memberships")
    group = models.ForeignKey(CanvasGroup, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(CanvasUser, on_delete=models.CASCADE, related_name="memberships")
    canvas_id = models.BigIntegerField(null=True, blank=True)
    workflow_state = models.CharField(max_length=50, default="accepted")
    moderator = models.BooleanField(default=False)

    class Meta:
        ordering = ["group", "user"]
        constraints = [
            models.UniqueConstraint(fields=["group", "user"], name="one_membership_per_group")
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.group}"


class Placement(AsyncModelMixin):
    """Where a person was in a set when both sides last matched; no row: in no team.

    What the instructor wants is the core's TeamMembership, what Canvas has is CanvasGroupMembership.
    """

    category = models.ForeignKey(
        CanvasGroupCategory, on_delete=models.CASCADE, related_name="placements"
    )
    user = models.ForeignKey(CanvasUser, on_delete=models.CASCADE, related_name="placements")
    agreed_team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    agreed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["category", "user"], name="one_placement_per_set")
        ]

    def __str__(self) -> str:
        return f"{self.user} agreed in {self.agreed_team}"


class AgreedTeam(AsyncModelMixin):
    """How a team was when both sides last matched; no row: it did not exist on both sides."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="agreed")
    name = models.CharField(max_length=255)
    leader_id = models.BigIntegerField(null=True, blank=True, help_text="Canvas's id of the person")
    agreed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"agreed: {self.name}"


class SyncRun(AsyncModelMixin):
    """One piece of long work on a course: who asked for what, when, and what came of it.

    `counts`: {kind: {new, changed, gone, failed, total}}. `errors`: [{part, id, reason, todo}].
    `held`: {kind: [Canvas ids]} that would have been marked gone, had the brake not stopped it.
    `done_parts`: what a run that died had finished reading, so that the next attempt goes on there.
    """

    class Kind(models.TextChoices):
        SYNC = "sync", "Sync"
        PUSH = "push", "Push"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting for a worker"
        RUNNING = "running", "Running"
        COMPLETE = "complete", "Complete"
        PARTLY = "partly", "Partly done"
        WAITS = "waits", "Waits for your yes"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    UNFINISHED = (State.QUEUED, State.RUNNING)
    # The kinds of `counts` in the order in which a person wants to read them.
    KINDS = (
        "course",
        "sections",
        "users",
        "enrollments",
        "assignments",
        "rubrics",
        "quizzes",
        "submissions",
        "group_categories",
        "groups",
        "memberships",
    )

    course = models.ForeignKey(CanvasCourse, on_delete=models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.SYNC)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    full = models.BooleanField(default=False, help_text="Read every submission again")
    yes = models.BooleanField(default=False, help_text="All removals were agreed to beforehand")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=100, blank=True)
    attempts = models.IntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    summary = models.TextField(blank=True, help_text="One sentence on how it ended")
    counts = models.JSONField(default=dict)
    errors = models.JSONField(default=list)
    held = models.JSONField(default=dict)
    approved = models.JSONField(default=dict, help_text="Removals that a person agreed to")
    done_parts = models.JSONField(default=list)
    requests = models.IntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "kind"],
                condition=Q(state__in=("queued", "running")),
                name="one_unfinished_run_per_course_and_kind",
            )
        ]
        indexes = [models.Index(F("course"), F("id").desc(), name="runs_of_course")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.course}: {self.get_state_display()}"

    @property
    def finished(self) -> bool:
        """Whether it has ended, well or not."""
        return self.state not in self.UNFINISHED

    @property
    def ordered_counts(self) -> dict[str, dict[str, int]]:
        """`counts` in the order of `KINDS`: PostgreSQL keeps none."""
        return {kind: self.counts[kind] for kind in self.KINDS if kind in self.counts}

    @property
    def seconds(self) -> float | None:
        """How long it took, or None while it has not ended."""
        if self.started_at is None or self.finished_at is None:
            return None
        return round((self.finished_at - self.started_at).total_seconds(), 2)


class GroupPlan(AsyncModelMixin):
    """A plan to bring one set in Canvas to what is wanted: stored, reviewed, applied, verified.

    `body` is a `gradebench.canvas.push.plan.Plan`, `report` what came of it, both as JSON text.
    `differences`: how Canvas had changed meanwhile, as sentences, when that stopped the plan.
    """

    class State(models.TextChoices):
        READY = "ready", "Ready to be applied"
        APPLYING = "applying", "Being applied"
        VERIFIED = "verified", "Applied and verified"
        REMAINDER = "remainder", "Applied in part"
        FAILED = "failed", "Failed"
        STALE = "stale", "Canvas changed; plan again"
        DROPPED = "dropped", "Dropped"

    category = models.ForeignKey(
        CanvasGroupCategory, on_delete=models.CASCADE, related_name="plans"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.READY)
    because = models.CharField(max_length=200, blank=True, help_text="Why it was made")
    undoes = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="undone_by"
    )
    body = models.TextField()
    report = models.TextField(blank=True)
    differences = models.JSONField(default=list)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    yes = models.BooleanField(default=False, help_text="Many removals were agreed to")
    run = models.ForeignKey(
        SyncRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="group_plans"
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Plan {self.pk} for {self.category}: {self.get_state_display()}"


class PlannedWrite(AsyncModelMixin):
    """One write of a plan, noted before it is sent and after its answer: the journal.

    `write` is what was to be done and `effect` what Canvas did, as JSON text of
    `gradebench.canvas.push.writes.Write`. `made`: {team: Canvas id of the group made for it}.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "Not sent yet"
        SENT = "sent", "Sent, no answer noted"
        APPLIED = "applied", "Applied"
        FAILED = "failed", "Refused"
        UNCERTAIN = "uncertain", "The answer was lost"

    plan = models.ForeignKey(GroupPlan, on_delete=models.CASCADE, related_name="journal")
    position = models.IntegerField()
    write = models.TextField()
    effect = models.TextField(blank=True)
    made = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    problem = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["plan", "position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="one_write_per_position")
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}.{self.position}: {self.get_state_display()}"
