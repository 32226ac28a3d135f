"""Loads what the visitor owns. What belongs to somebody else is not there: 404, as if it did not exist."""

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from gradebench.canvas.models import (
    CanvasAssignment,
    CanvasCourse,
    CanvasEnrollment,
    CanvasGroupCategory,
    CanvasIntegration,
    CanvasUser,
    GroupPlan,
    SyncRun,
)
from gradebench.canvas.push.scene import CURRENT
from gradebench.core.models import Student, Team


class SignedInRequest(HttpRequest):
    """A request that came through the door: every page but the few marked otherwise."""

    user: User


def own_integrations(request: SignedInRequest) -> QuerySet[CanvasIntegration]:
    """The visitor's Canvas accounts."""
    return CanvasIntegration.objects.filter(user=request.user)


def own_courses(request: SignedInRequest) -> QuerySet[CanvasCourse]:
    """The courses of all the visitor's Canvas accounts; those that Canvas keeps closed at the end."""
    courses = CanvasCourse.objects.filter(integration__user=request.user)
    ordered = courses.order_by("access_restricted_by_date", "name", "canvas_id")
    return ordered.select_related("integration")


def own_runs(request: SignedInRequest) -> QuerySet[SyncRun]:
    """The runs on the visitor's courses."""
    runs = SyncRun.objects.filter(course__integration__user=request.user)
    return runs.select_related("course__integration", "asked_by")


def owned_integration(request: SignedInRequest, pk: int) -> CanvasIntegration:
    """One of the visitor's Canvas accounts."""
    return get_object_or_404(own_integrations(request), pk=pk)


def owned_course(request: SignedInRequest, pk: int) -> CanvasCourse:
    """One of the visitor's courses."""
    return get_object_or_404(own_courses(request), pk=pk)


def owned_run(request: SignedInRequest, pk: int) -> SyncRun:
    """A run on one of the visitor's courses."""
    return get_object_or_404(own_runs(request), pk=pk)


def assignment_of(course: CanvasCourse, pk: int) -> CanvasAssignment:
    """An assignment of a course that was loaded with its owner's permission."""
    return get_object_or_404(CanvasAssignment, course=course, pk=pk)


def person_of(course: CanvasCourse, pk: int) -> CanvasUser:
    """Somebody who is or was in a course that was loaded with its owner's permission."""
    people = CanvasUser.objects.filter(enrollments__course=course).distinct()
    return get_object_or_404(people, pk=pk)


def owned_set(request: SignedInRequest, course_pk: int, pk: int) -> CanvasGroupCategory:
    """A group set that Canvas still has, of one of the visitor's courses."""
    sets = CanvasGroupCategory.objects.filter(
        course=course_pk, course__integration__user=request.user, gone_at=None
    )
    return get_object_or_404(sets.select_related("course__integration", "team_set"), pk=pk)


def owned_plan(request: SignedInRequest, course_pk: int, pk: int) -> GroupPlan:
    """A plan for a group set of one of the visitor's courses."""
    plans = GroupPlan.objects.filter(
        category__course=course_pk, category__course__integration__user=request.user
    )
    with_everything = plans.select_related(
        "category__course__integration",
        "category__team_set",
        "made_by",
        "applied_by",
        "run",
        "undoes",
    )
    return get_object_or_404(with_everything, pk=pk)


def team_of(category: CanvasGroupCategory, pk: int) -> Team:
    """A team of a set that was loaded with its owner's permission; deleted ones are not there."""
    teams = Team.objects.filter(team_set=category.team_set_id, team_set__isnull=False, gone_at=None)
    return get_object_or_404(teams, pk=pk)


def students_in(course: CanvasCourse, *, now: bool = False) -> QuerySet[Student]:
    """Whoever is or was in a course that was loaded with its owner's permission, as students.

    `now`: those alone who take part today as students.
    """
    here = CanvasEnrollment.objects.filter(course=course)
    if now:
        here = here.filter(gone_at=None, type="StudentEnrollment", enrollment_state__in=CURRENT)
    students = Student.objects.filter(canvas_user__in=here.values("user"))
    return students.select_related("canvas_user")
