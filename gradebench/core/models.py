"""People and teams, whatever system they came from.

A team's memberships say what the instructor *wants*. Whether the system of record has it yet is told
by `TeamMembership.confirmed` and `Team.confirmed`; who writes these rows is `people.py` alone.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from gradebench.core.async_utils import AsyncModelMixin


class Student(AsyncModelMixin):
    """A person who can be in teams, as their instructor knows them."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="students"
    )
    name = models.CharField(max_length=255)
    sortable_name = models.CharField(max_length=255, blank=True)
    email = models.CharField(max_length=255, blank=True)
    login = models.CharField(max_length=255, blank=True)
    sis_id = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["sortable_name", "name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def teams(self) -> models.QuerySet["Team"]:
        """The teams the student is in today, over all courses and sets."""
        return Team.objects.filter(memberships__student=self, memberships__until=None)


class TeamSet(AsyncModelMixin):
    """A set of teams in which a student has at most one place, such as a course's project teams."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="team_sets"
    )
    course_name = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    edits_wait = models.BooleanField(
        default=False, help_text="Edits wait for a review instead of going out at once"
    )
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["course_name", "name", "id"]

    def __str__(self) -> str:
        return f"{self.course_name}: {self.name}"


class Team(AsyncModelMixin):
    """A team of students within one set."""

    team_set = models.ForeignKey(TeamSet, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=255)
    leader = models.ForeignKey(
        Student, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    confirmed = models.BooleanField(default=True, help_text="The system of record has it like this")
    waits_since = models.DateTimeField(
        null=True, blank=True, help_text="Since when the system of record has it otherwise"
    )
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["team_set", "name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def students(self) -> models.QuerySet[Student]:
        """Who is in the team today."""
        return Student.objects.filter(memberships__team=self, memberships__until=None)


class TeamMembership(AsyncModelMixin):
    """A student's place in a team, from `since` until `until` (None: today)."""

    team_set = models.ForeignKey(TeamSet, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="memberships")
    confirmed = models.BooleanField(default=True, help_text="The system of record has it like this")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    began_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    began_because = models.CharField(max_length=200, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    ended_because = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["team", "student"]
        constraints = [
            models.UniqueConstraint(
                fields=["team_set", "student"], condition=Q(until=None), name="one_team_per_set"
            )
        ]
        indexes = [models.Index(fields=["team", "until"], name="team_members")]

    def __str__(self) -> str:
        return f"{self.student} in {self.team}"
