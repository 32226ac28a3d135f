"""The assignments of a course, and one assignment with everybody's work."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from django.db.models import Avg, Count, Max, Min, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from gradebench.canvas.models import (
    CanvasAssignment,
    CanvasCourse,
    CanvasSubmission,
)
from gradebench.canvas.views.charts import histogram
from gradebench.canvas.views.course_pages import course_page, page_of, wants_fragment
from gradebench.canvas.views.owned import SignedInRequest, assignment_of, owned_course
from gradebench.canvas.views.work_by_group import GroupWork, groups_of_students, work_by_group

HANDED_IN = Q(submitted_at__isnull=False)
GRADED = Q(workflow_state="graded", score__isnull=False)
TO_GRADE = Q(workflow_state__in=("submitted", "pending_review"))

# What one can look at: the word of the address, the words of the page, the rows.
FILTERS: dict[str, tuple[str, Q]] = {
    "all": ("All", Q()),
    "ungraded": ("To grade", TO_GRADE),
    "late": ("Late", Q(late=True)),
    "missing": ("Missing", Q(missing=True)),
    "excused": ("Excused", Q(excused=True)),
}
# How far the work has come, in the list; and for one assignment, where its scores lie too.
FIGURES: dict[str, Count | Avg | Max | Min] = {
    "people": Count("pk"),
    "handed_in": Count("pk", filter=HANDED_IN),
    "graded": Count("pk", filter=GRADED),
    "late_count": Count("pk", filter=Q(late=True)),
    "missing_count": Count("pk", filter=Q(missing=True)),
    "mean": Avg("score", filter=GRADED),
}
NO_FIGURES: dict[str, float | None] = {**dict.fromkeys(FIGURES, 0), "mean": None}
ALL_FIGURES = FIGURES | {
    "lowest": Min("score", filter=GRADED),
    "highest": Max("score", filter=GRADED),
}


@dataclass(frozen=True, kw_only=True)
class FilterLink:
    """A filter of the list with the number of rows behind it."""

    key: str
    text: str
    count: int


@require_GET
def assignments(request: SignedInRequest, pk: int) -> HttpResponse:
    """The assignments with how far the work on each has come; searched by name."""
    course = owned_course(request, pk)
    words = request.GET.get("q", "").strip()
    rows = course.assignments.filter(gone_at=None)
    for word in words.split():
        rows = rows.filter(name__icontains=word)
    figures = _figures_by_assignment(course)
    context = course_page(
        course,
        "assignments",
        assignments=[(one, figures.get(one.pk, NO_FIGURES)) for one in rows],
        q=words,
    )
    return render(request, "canvas/assignments.html", context)


@require_GET
@vary_on_headers("HX-Request")
def assignment(request: SignedInRequest, pk: int, assignment_pk: int) -> HttpResponse:
    """One assignment: figures, and the submissions by student, filtered and searched."""
    course = owned_course(request, pk)
    one = assignment_of(course, assignment_pk)
    submissions = CanvasSubmission.objects.filter(assignment=one, gone_at=None)
    show, words = request.GET.get("show", "all"), request.GET.get("q", "").strip()
    by_group = one.group_category_id is not None and request.GET.get("by") == "group"
    shown = _matching(submissions.filter(FILTERS.get(show, FILTERS["all"])[1]), words)
    scores = _scores(submissions)
    context = course_page(
        course,
        "assignments",
        assignment=one,
        figures=submissions.aggregate(**ALL_FIGURES),
        filters=_filter_links(submissions),
        show=show if show in FILTERS else "all",
        q=words,
        middle=median(scores) if scores else None,
        scores=histogram(scores, points=one.points_possible),
        in_groups=one.group_category_id is not None,
        by_group=by_group,
        **(_rows_by_group(one, shown) if by_group else _rows_by_student(request, one, shown)),
    )
    fragment = "canvas/parts/submissions_table.html" if wants_fragment(request) else None
    return render(request, fragment or "canvas/assignment.html", context)


def _rows_by_group(
    one: CanvasAssignment, shown: QuerySet[CanvasSubmission]
) -> dict[str, list[GroupWork]]:
    return {"work": work_by_group(one, shown)}


def _rows_by_student(
    request: SignedInRequest, one: CanvasAssignment, shown: QuerySet[CanvasSubmission]
) -> dict[str, object]:
    """One page of submissions, each with the group of its student where the work is done in groups."""
    ordered = shown.select_related("user").order_by("user__sortable_name", "user__name")
    page = page_of(request, ordered)
    groups = groups_of_students(one)
    return {"page": page, "rows": [(row, groups.get(row.user_id)) for row in page]}


def _figures_by_assignment(course: CanvasCourse) -> dict[int, Mapping[str, object]]:
    """Counted apart from the assignments: a database groups by a key faster than by 25 columns."""
    submissions = CanvasSubmission.objects.filter(course=course, gone_at=None).order_by()
    counted = submissions.values("assignment_id").annotate(**FIGURES)
    return {row["assignment_id"]: row for row in counted}


def _scores(submissions: QuerySet[CanvasSubmission]) -> list[float]:
    graded = submissions.filter(GRADED).values_list("score", flat=True)
    return [score for score in graded if score is not None]


def _filter_links(submissions: QuerySet[CanvasSubmission]) -> list[FilterLink]:
    counted = submissions.aggregate(
        **{key: Count("pk", filter=which) for key, (_text, which) in FILTERS.items()}
    )
    return [
        FilterLink(key=key, text=text, count=counted[key])
        for key, (text, _which) in FILTERS.items()
    ]


def _matching(rows: QuerySet[CanvasSubmission], words: str) -> QuerySet[CanvasSubmission]:
    for word in words.split():
        rows = rows.filter(Q(user__name__icontains=word) | Q(user__login_id__icontains=word))
    return rows
