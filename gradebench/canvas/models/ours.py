"""Our rows: what both sides agreed on, runs, plans and the journal of their writes."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gradebench.canvas.models.course import CanvasCourse, CanvasUser
from gradebench.canvas.models.groups import CanvasGroupCategory
from gradebench.core.async_utils import AsyncModelMixin
from gradebench.core.models import Student, Team


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


class BoardLock(AsyncModelMixin):
    """Somebody wants a student of a set, or one of its teams, to stay as it is: exactly one of both.

    A lock holds against moves on the board, in batches and at random; Canvas does not know of it.
    """

    category = models.ForeignKey(
        CanvasGroupCategory, on_delete=models.CASCADE, related_name="locks"
    )
    student = models.ForeignKey(
        Student, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["category", "id"]
        constraints = [
            models.UniqueConstraint(fields=["category", "student"], name="one_lock_per_student"),
            models.UniqueConstraint(fields=["category", "team"], name="one_lock_per_team"),
            models.CheckConstraint(
                condition=Q(student__isnull=False, team=None) | Q(student=None, team__isnull=False),
                name="a_lock_is_of_a_student_or_a_team",
            ),
        ]

    def __str__(self) -> str:
        return f"locked: {self.student or self.team}"


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
        """`counts` in the order of `KINDS`, then any others: PostgreSQL keeps none."""
        kinds = [kind for kind in self.KINDS if kind in self.counts]
        return {kind: self.counts[kind] for kind in dict.fromkeys([*kinds, *self.counts])}

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
