"""One student with everything they have in a course, and had."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gradebench.canvas.models import (
    CanvasCourse,
    CanvasEnrollment,
    CanvasSubmission,
    CanvasUser,
    Regrade,
)
from gradebench.canvas.views.course_pages import course_page
from gradebench.canvas.views.owned import SignedInRequest, owned_course, person_of
from gradebench.canvas.views.students import ROLES, enrollments_of, memberships_of, state_of
from gradebench.core.models import TeamMembership


@dataclass(frozen=True, kw_only=True)
class WorkFigures:
    """A student's work at a glance; `middle` is the median of the scores in percent, if any."""

    assignments: int
    handed_in: int
    late: int
    missing: int
    middle: float | None


@require_GET
def student(request: SignedInRequest, pk: int, person_pk: int) -> HttpResponse:
    """One person: enrollments, teams now and before, every submission, and what is gone."""
    course = owned_course(request, pk)
    person = person_of(course, person_pk)
    everything = list(_submissions(course, person))
    present = [one for one in everything if not _is_gone(one)]
    context = course_page(
        course,
        "students",
        person=person,
        enrollments=[_told(one) for one in enrollments_of(course).filter(user=person)],
        memberships=memberships_of(course).filter(user=person, gone_at=None),
        submissions=present,
        gone=[one for one in everything if _is_gone(one) and _has_work(one)],
        figures=figures_of(present),
        past=_teams_over_time(course, person),
        regrades=_regrades(course, person),
    )
    return render(request, "canvas/student.html", context)


def figures_of(submissions: Sequence[CanvasSubmission]) -> WorkFigures:
    """Count the work; only graded work with points has a share in the median."""
    shares = [
        100 * one.score / one.assignment.points_possible
        for one in submissions
        if one.score is not None
        and one.workflow_state == "graded"
        and one.assignment.points_possible
    ]
    return WorkFigures(
        assignments=len(submissions),
        handed_in=sum(one.submitted_at is not None for one in submissions),
        late=sum(bool(one.late) for one in submissions),
        missing=sum(bool(one.missing and not one.excused) for one in submissions),
        middle=round(median(shares), 1) if shares else None,
    )


def _submissions(course: CanvasCourse, person: CanvasUser) -> QuerySet[CanvasSubmission]:
    rows = CanvasSubmission.objects.filter(course=course, user=person).select_related("assignment")
    return rows.order_by("assignment__position", "assignment__canvas_id")


def _regrades(course: CanvasCourse, person: CanvasUser) -> QuerySet[Regrade]:
    """The scores and grades that were others before, the latest change first."""
    rows = Regrade.objects.filter(submission__course=course, submission__user=person)
    return rows.select_related("submission__assignment")


def _is_gone(submission: CanvasSubmission) -> bool:
    return submission.gone_at is not None or submission.assignment.gone_at is not None


def _has_work(submission: CanvasSubmission) -> bool:
    """Whether something was handed in or graded: Canvas keeps a row for everybody else too."""
    return submission.submitted_at is not None or submission.score is not None


def _told(enrollment: CanvasEnrollment) -> tuple[CanvasEnrollment, str, str]:
    return enrollment, ROLES.get(enrollment.type, enrollment.type), state_of(enrollment)


def _teams_over_time(course: CanvasCourse, person: CanvasUser) -> QuerySet[TeamMembership]:
    """Every place in a team of this course, the latest first; whoever is no student here had none."""
    here = Q(student=person.student_id, team_set__group_category__course=course)
    told = TeamMembership.objects.filter(here, student__isnull=False)
    return told.select_related("team", "team_set", "began_by", "ended_by").order_by("-since", "-pk")
