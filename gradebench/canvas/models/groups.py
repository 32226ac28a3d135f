"""The mirror of group sets, groups, and who is in them."""

from django.db import models

from gradebench.canvas.models.course import CanvasCourse, CanvasUser, CourseRow, MirrorRow
from gradebench.core.models import Team, TeamSet


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
