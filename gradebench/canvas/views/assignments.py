"""The assignments of a course, and one assignment with everybody's work."""

from dataclasses import dataclass

from django.db.models import Avg, Count, F, Max, Min, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gradebench.canvas.models import (
    CanvasAssignment,
    CanvasGroupMembership,
    CanvasSubmission,
)
from gradebench.canvas.views.course_pages import course_page, page_of, wants_fragment
from gradebench.canvas.views.owned import SignedInRequest, assignment_of, owned_course

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
    """The assignments with how far the work on each has come."""
    course = owned_course(request, pk)
    rows = course.assignments.filter(gone_at=None).annotate(**_figures("submissions__"))
    context = course_page(course, "assignments", assignments=rows)
    return render(request, "canvas/assignments.html", context)


@require_GET
def assignment(request: SignedInRequest, pk: int, assignment_pk: int) -> HttpResponse:
    """One assignment: figures, and the submissions by student, filtered and searched."""
    course = owned_course(request, pk)
    one = assignment_of(course, assignment_pk)
    submissions = CanvasSubmission.objects.filter(assignment=one, gone_at=None)
    show = request.GET.get("show", "all")
    words = request.GET.get("q", "").strip()
    rows = _matching(submissions.filter(FILTERS.get(show, FILTERS["all"])[1]), words)
    page = page_of(
        request, rows.select_related("user").order_by("user__sortable_name", "user__name")
    )
    context = course_page(
        course,
        "assignments",
        assignment=one,
        figures=submissions.aggregate(**_figures("")),
        filters=_filter_links(submissions),
        show=show if show in FILTERS else "all",
        q=words,
        page=page,
        rows=_with_groups(one, list(page)),
        by_group=one.group_category_id is not None,
    )
    fragment = "canvas/parts/submissions_table.html" if wants_fragment(request) else None
    return render(request, fragment or "canvas/assignment.html", context)


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


def _with_groups(
    assignment: CanvasAssignment, rows: list[CanvasSubmission]
) -> list[tuple[CanvasSubmission, str]]:
    """Each submission with the group that its student is in, where the work is done in groups."""
    if assignment.group_category_id is None:
        return [(row, "") for row in rows]
    placed = CanvasGroupMembership.objects.filter(
        course_id=assignment.course_id,
        gone_at=None,
        group__category__canvas_id=assignment.group_category_id,
        user__in=[row.user_id for row in rows],
    )
    names = dict(placed.annotate(name=F("group__name")).values_list("user_id", "name"))
    return [(row, names.get(row.user_id, "")) for row in rows]
