"""A course at a glance."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from gradebench.canvas import runs
from gradebench.canvas.views.abilities import shown
from gradebench.canvas.views.course_figures import (
    groups_with_sizes,
    handed_in_over_time,
    score_rows,
    scores_of,
    sections_with_students,
    team_sizes,
    work_to_look_at,
)
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
    """The course in figures and charts, or what to do while it has none."""
    course = owned_course(request, pk)
    assignments = list(course.assignments.filter(gone_at=None))
    groups = groups_with_sizes(course)
    scores = scores_of(course, [one.pk for one in assignments])
    over_time = handed_in_over_time(course)
    context = course_page(
        course,
        "overview",
        students=students_of(course).count(),
        assignments=len(assignments),
        groups=len(groups),
        work=work_to_look_at(course),
        graded=sum(map(len, scores.values())),
        handed_in=over_time.total if over_time else 0,
        over_time=over_time,
        sections=sections_with_students(course),
        scores=score_rows(assignments, scores),
        sizes=team_sizes(groups),
        token=shown(course),
        published=PUBLISHED.get(course.workflow_state or "", "Unknown"),
    )
    return render(request, "canvas/overview.html", context)


@require_POST
def sync_course(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for a sync and show its run."""
    course = owned_course(request, pk)
    run = runs.ask(course, by=request.user, full="full" in request.POST)
    return redirect("run", pk=run.pk)
