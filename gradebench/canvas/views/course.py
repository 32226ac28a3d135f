"""A course at a glance."""

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from gradebench.canvas import runs
from gradebench.canvas.models import CanvasCourse
from gradebench.canvas.views.course_pages import course_page
from gradebench.canvas.views.owned import SignedInRequest, owned_course
from gradebench.canvas.views.students import students_of

# Canvas's words for the life of a course, and ours.
PUBLISHED = {
    "unpublished": "Not published",
    "available": "Published",
    "completed": "Concluded",
    "deleted": "Deleted",
}


@require_GET
def overview(request: SignedInRequest, pk: int) -> HttpResponse:
    """The course in figures, or what to do while it has none."""
    course = owned_course(request, pk)
    context = course_page(
        course,
        "overview",
        figures=_figures(course),
        sections=_sections(course),
        published=PUBLISHED.get(course.workflow_state or "", "Unknown"),
    )
    return render(request, "canvas/overview.html", context)


@require_POST
def sync_course(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for a sync and show its run."""
    course = owned_course(request, pk)
    run = runs.ask(course, by=request.user, full="full" in request.POST)
    return redirect("run", pk=run.pk)


def _figures(course: CanvasCourse) -> dict[str, int]:
    """How many of each there are; one query for the work, one for each list."""
    work = course.submissions.filter(gone_at=None).aggregate(
        handed_in=Count("pk", filter=Q(submitted_at__isnull=False)),
        graded=Count("pk", filter=Q(workflow_state="graded", score__isnull=False)),
        to_grade=Count("pk", filter=Q(workflow_state__in=("submitted", "pending_review"))),
        late=Count("pk", filter=Q(late=True)),
        missing=Count("pk", filter=Q(missing=True)),
    )
    return {
        "students": students_of(course).count(),
        "assignments": course.assignments.filter(gone_at=None).count(),
        "groups": course.groups.filter(gone_at=None, non_collaborative=False).count(),
        **work,
    }


def _sections(course: CanvasCourse) -> list[tuple[str, int]]:
    active = Q(
        enrollments__gone_at=None,
        enrollments__type="StudentEnrollment",
        enrollments__enrollment_state="active",
    )
    sections = course.sections.filter(gone_at=None)
    return list(
        sections.annotate(students=Count("enrollments", filter=active)).values_list(
            "name", "students"
        )
    )
