"""Finds and marks what Canvas no longer has. Rows are never deleted: they are *gone*, with a time.

Only a complete listing may lead here; whoever calls answers for that.
"""

from collections.abc import Collection, Hashable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet

from gradebench.canvas.mirror.rows import batches
from gradebench.canvas.models import STUDENT_TYPES, CanvasCourse, CanvasUser

Key = TypeVar("Key", bound=Hashable)

# A run that would remove more than both of these stops and asks.
FEW = 3
SHARE = 0.05


def missing(rows: "QuerySet[Any]", seen: Collection[int]) -> set[int]:
    """Canvas ids of the present rows that a complete listing did not name."""
    present = rows.filter(gone_at=None).values_list("canvas_id", flat=True)
    return set(present).difference(seen)


def mark_gone(rows: "QuerySet[Any]", canvas_ids: Iterable[int], at: datetime) -> int:
    """Mark these as gone; returns how many were present."""
    marked = 0
    with transaction.atomic():
        for ids in batches(canvas_ids):
            marked += rows.filter(gone_at=None, canvas_id__in=ids).update(gone_at=at)
    return marked


def too_many(removals: int, *, present: int) -> bool:
    """The brake: more than 3 and more than 5 % at once are not believed without a person's yes."""
    return removals > FEW and removals > SHARE * present


def held_back(
    removals: Collection[Key], *, present: int, approved: Collection[Key], yes: bool
) -> set[Key]:
    """Which removals must wait for a person: none, or all that nobody agreed to yet."""
    unapproved = set(removals).difference(approved)
    if yes or not too_many(len(unapproved), present=present):
        return set()
    return unapproved


def sweep_after_people(course: CanvasCourse, at: datetime) -> None:
    """Who is no student any more has no submission, who has no enrollment left no membership."""
    here = course.enrollments.filter(gone_at=None)
    students = here.filter(type__in=STUDENT_TYPES)
    for rows, staying in ((course.submissions, students), (course.memberships, here)):
        rows.filter(gone_at=None).exclude(user__in=staying.values("user")).update(gone_at=at)
    people = CanvasUser.objects.filter(integration=course.integration)
    present = people.filter(enrollments__gone_at=None, enrollments__isnull=False)
    people.filter(gone_at=None).exclude(pk__in=present).update(gone_at=at)


def sweep_below(course: CanvasCourse, at: datetime) -> None:
    """What belongs to something that is gone is gone with it."""
    course.submissions.filter(gone_at=None, assignment__gone_at__isnull=False).update(gone_at=at)
    course.rubrics.filter(gone_at=None, assignment__gone_at__isnull=False).update(gone_at=at)
    course.groups.filter(gone_at=None, category__gone_at__isnull=False).update(gone_at=at)
    course.memberships.filter(gone_at=None, group__gone_at__isnull=False).update(gone_at=at)
