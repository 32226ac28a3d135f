"""The assignments of a course, and one assignment with everybody's work."""

from dataclasses import dataclass
from statistics import median

from django.db.models import Avg, Count, Max, Min, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from gradebench.canvas.models import (
    CanvasAssignment,
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
    rows = course.assignments.filter(gone_at=None).annotate(**_figures("submissions__"))
    for word in words.split():
        rows = rows.filter(name__icontains=word)
    context = course_page(course, "assignments", assignments=rows, q=words)
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
        figures=submissions.aggregate(**_figures("")),
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


def _figures(path: str) -> "dict[str, Count | Avg | Max | Min]":
    """How far the work has come: counts and the middle of the scores."""
    here = Q(**{f"{path}gone_at": None})
    graded = here & Q(**{f"{path}workflow_state": "graded", f"{path}score__isnull": False})
    to_grade = here & Q(**{f"{path}workflow_state__in": ("submitted", "pending_review")})
    key, score = f"{path}pk", f"{path}score"
    return {
        "people": Count(key, filter=here),
        "handed_in": Count(key, filter=here & Q(**{f"{path}submitted_at__isnull": False})),
        "graded": Count(key, filter=graded),
        "to_grade": Count(key, filter=to_grade),
        "late_count": Count(key, filter=here & Q(**{f"{path}late": True})),
        "missing_count": Count(key, filter=here & Q(**{f"{path}missing": True})),
        "mean": Avg(score, filter=graded),
        "lowest": Min(score, filter=graded),
        "highest": Max(score, filter=graded),
    }


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
