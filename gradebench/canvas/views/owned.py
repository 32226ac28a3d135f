"""Loads what the visitor owns. What belongs to somebody else is not there: 404, as if it did not exist."""

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from gradebench.canvas.models import (
    CanvasAssignment,
    CanvasCourse,
    CanvasIntegration,
    CanvasUser,
    SyncRun,
)


class SignedInRequest(HttpRequest):
    """A request that came through the door: every page but the few marked otherwise."""

    user: User


def own_integrations(request: SignedInRequest) -> QuerySet[CanvasIntegration]:
    """The visitor's Canvas accounts."""
    return CanvasIntegration.objects.filter(user=request.user)


def own_courses(request: SignedInRequest) -> QuerySet[CanvasCourse]:
    """The courses of all the visitor's Canvas accounts."""
    courses = CanvasCourse.objects.filter(integration__user=request.user)
    return courses.select_related("integration")


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
