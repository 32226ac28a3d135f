"""The submissions of a group assignment, group by group: who handed in, who has which score."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet

from gradebench.canvas.models import (
    CanvasAssignment,
    CanvasGroup,
    CanvasGroupMembership,
    CanvasSubmission,
)
from gradebench.canvas.views.sorting import natural


@dataclass(frozen=True, kw_only=True)
class GroupWork:
    """One group's work; `group` is None for the students who are in none of the set."""

    group: CanvasGroup | None
    submissions: list[CanvasSubmission]

    @property
    def handed_in(self) -> int:
        """How many of its people have something handed in: all or none, unless Canvas was overruled."""
        return sum(one.submitted_at is not None for one in self.submissions)

    @property
    def scores(self) -> list[float]:
        """The scores that occur, from low to high; one score where the group was graded as one."""
        return sorted({one.score for one in self.submissions if one.score is not None})


def work_by_group(
    assignment: CanvasAssignment, submissions: QuerySet[CanvasSubmission]
) -> list[GroupWork]:
    """Put the submissions below the groups that their students are in today."""
    placed = groups_of_students(assignment)
    mine: dict[CanvasGroup | None, list[CanvasSubmission]] = defaultdict(list)
    for one in submissions.select_related("user").order_by("user__sortable_name", "user__name"):
        mine[placed.get(one.user_id)].append(one)
    work = [GroupWork(group=group, submissions=rows) for group, rows in mine.items()]
    return sorted(work, key=_by_name)


def groups_of_students(assignment: CanvasAssignment) -> dict[int, CanvasGroup]:
    """The group of each student in the set that the work is done in, by the person's row."""
    if assignment.group_category_id is None:
        return {}
    placed = CanvasGroupMembership.objects.filter(
        course_id=assignment.course_id,
        gone_at=None,
        group__gone_at=None,
        group__category__canvas_id=assignment.group_category_id,
    )
    return {one.user_id: one.group for one in placed.select_related("group")}


def _by_name(work: GroupWork) -> tuple[bool, list[tuple[int, str]]]:
    """By name, and those without a group at the end."""
    return work.group is None, natural(work.group.name if work.group else "")
