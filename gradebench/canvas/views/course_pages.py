"""What every page of a course shows around itself: the name, the state, the tabs."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse

from gradebench.canvas.models import CanvasCourse
from gradebench.canvas.views.course_states import row_of
from gradebench.canvas.views.drift import drift_of
from gradebench.canvas.views.owned import SignedInRequest

# Enough to scroll through, few enough for a page of 600 students to be fast.
ROWS_ON_A_PAGE = 100


def course_page(course: CanvasCourse, tab: str, **more: Any) -> dict[str, Any]:
    """The context of one tab of the course's page; `drift` is counted unless it is given."""
    if "drift" not in more:
        more["drift"] = drift_of([course]).get(course.pk)
    return {
        "place": "courses",
        "tab": tab,
        "course": course,
        "row": row_of(course),
        "to_student": address_of("student", course),
        "to_team": address_of("team", course),
        "to_assignment": address_of("assignment", course),
        **more,
    }


def address_of(view: str, course: CanvasCourse) -> str:
    """Where the course's pages of this kind are, but for the key at the end.

    Looked up once, and not for each of 600 links of a page.
    """
    return reverse(view, args=[course.pk, 0]).removesuffix("0")


def page_of(request: SignedInRequest, rows: "QuerySet[Any]") -> Page[Any]:
    """The part of the rows that the address asks for; a page that does not exist is the nearest one."""
    return Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))


def wants_fragment(request: SignedInRequest) -> bool:
    """Whether htmx asks for the part of a page that moves, and not for a page out of its history."""
    headers = request.headers
    return "HX-Request" in headers and "HX-History-Restore-Request" not in headers
