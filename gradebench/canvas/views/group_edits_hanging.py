"""What hangs on a group set or a group: what a person should know before it is deleted."""

from dataclasses import dataclass

from django.db.models import Count, Q

from gradebench.canvas.models import (
    CanvasAssignment,
    CanvasGroupCategory,
    CanvasSubmission,
)
from gradebench.core.models import Student, Team, TeamMembership

HANDED_IN = Q(submitted_at__isnull=False) | Q(score__isnull=False)


@dataclass(frozen=True, kw_only=True)
class WorkOfSet:
    """An assignment whose groups come from the set, and how much was handed in or graded."""

    assignment: CanvasAssignment
    handed_in: int


@dataclass(frozen=True, kw_only=True)
class HangingOnSet:
    """Groups, people, and the group work that keeps pointing at the set."""

    groups: int
    people: int
    work: list[WorkOfSet]


@dataclass(frozen=True, kw_only=True)
class HangingOnTeam:
    """The people of the team, and those of them who handed in group work."""

    people: list[Student]
    with_work: list[Student]


def hanging_on_set(category: CanvasGroupCategory) -> HangingOnSet:
    """Count what the deletion of a set touches."""
    here = Q(submissions__gone_at=None) & (
        Q(submissions__submitted_at__isnull=False) | Q(submissions__score__isnull=False)
    )
    work = CanvasAssignment.objects.filter(
        course=category.course_id, gone_at=None, group_category_id=category.canvas_id
    ).annotate(handed_in=Count("submissions", filter=here))
    present = category.course.memberships.filter(group__category=category, gone_at=None)
    return HangingOnSet(
        groups=category.groups.filter(gone_at=None).count(),
        people=present.values("user").distinct().count(),
        work=[WorkOfSet(assignment=one, handed_in=one.handed_in) for one in work],
    )


def hanging_on_team(category: CanvasGroupCategory, team: Team) -> HangingOnTeam:
    """Who is in the team, and who of them has group work of this set."""
    rows = TeamMembership.objects.filter(team=team, until=None).select_related("student")
    here = [row.student for row in rows.order_by("student__sortable_name")]
    worked = CanvasSubmission.objects.filter(
        HANDED_IN,
        course=category.course_id,
        gone_at=None,
        assignment__gone_at=None,
        assignment__group_category_id=category.canvas_id,
        user__student__in=here,
    )
    keys = set(worked.values_list("user__student_id", flat=True))
    return HangingOnTeam(people=here, with_work=[one for one in here if one.pk in keys])
