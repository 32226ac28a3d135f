"""The people of a course: searched, by section, students or staff."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from gradebench.canvas.models import (
    CanvasCourse,
    CanvasEnrollment,
    CanvasGroupMembership,
    CanvasUser,
)
from gradebench.canvas.views.course_pages import course_page, page_of, wants_fragment
from gradebench.canvas.views.owned import SignedInRequest, owned_course

STUDENT = "StudentEnrollment"
# Canvas's own words, and ours for them.
ROLES = {
    "StudentEnrollment": "Student",
    "TeacherEnrollment": "Teacher",
    "TaEnrollment": "Teaching assistant",
    "DesignerEnrollment": "Designer",
    "ObserverEnrollment": "Observer",
    "StudentViewEnrollment": "Test student",
}
STATES = {
    "active": "Active",
    "invited": "Invited",
    "creation_pending": "Invited",
    "inactive": "Inactive",
    "completed": "Concluded",
    "rejected": "Declined",
    "deleted": "Removed",
}
SHOWN = {"students": "Students", "staff": "Staff", "left": "No longer here"}


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """A person of the course as the list shows them."""

    person: CanvasUser
    sections: list[str]
    roles: list[str]
    states: list[str]
    groups: list[CanvasGroupMembership]
    score: float | None


def students_of(course: CanvasCourse) -> QuerySet[CanvasUser]:
    """Everybody with a student's enrollment that Canvas still lists, in whatever state."""
    return _people(course, Q(type=STUDENT, gone_at=None))


@require_GET
@vary_on_headers("HX-Request")
def students(request: SignedInRequest, pk: int) -> HttpResponse:
    """The people of the course, searched, by section, students or staff; a hundred to a page."""
    course = owned_course(request, pk)
    show = request.GET.get("show", "students")
    section = request.GET.get("section", "")
    words = request.GET.get("q", "").strip()
    people = _matching(_shown(course, show, section), words)
    page = page_of(request, people.prefetch_related(*_what_rows_need(course)))
    context = course_page(
        course,
        "students",
        page=page,
        rows=[_row(person) for person in page],
        shows=SHOWN,
        show=show if show in SHOWN else "students",
        sections=list(course.sections.filter(gone_at=None).values_list("pk", "name")),
        section=int(section) if section.isdecimal() else None,
        q=words,
    )
    fragment = "canvas/parts/students_table.html" if wants_fragment(request) else None
    return render(request, fragment or "canvas/students.html", context)


def _people(course: CanvasCourse, which: Q) -> QuerySet[CanvasUser]:
    enrolled = CanvasEnrollment.objects.filter(which, course=course, user=OuterRef("pk"))
    people = CanvasUser.objects.filter(Exists(enrolled), integration_id=course.integration_id)
    return people.order_by("sortable_name", "name", "canvas_id")


def _shown(course: CanvasCourse, show: str, section: str) -> QuerySet[CanvasUser]:
    here = Q(section=int(section)) if section.isdecimal() else Q()
    if show == "staff":
        types = ("TeacherEnrollment", "TaEnrollment", "DesignerEnrollment")
        return _people(course, here & Q(type__in=types, gone_at=None))
    if show == "left":
        gone = _people(course, here & Q(type=STUDENT, gone_at__isnull=False))
        return gone.exclude(pk__in=students_of(course).values("pk"))
    return _people(course, here & Q(type=STUDENT, gone_at=None))


def _matching(people: QuerySet[CanvasUser], words: str) -> QuerySet[CanvasUser]:
    for word in words.split():
        people = people.filter(
            Q(name__icontains=word)
            | Q(login_id__icontains=word)
            | Q(sis_user_id__icontains=word)
            | Q(email__icontains=word)
        )
    return people


def _what_rows_need(course: CanvasCourse) -> list[Prefetch[str]]:
    return [
        Prefetch("enrollments", queryset=enrollments_of(course), to_attr="here"),
        Prefetch(
            "memberships", queryset=memberships_of(course).filter(gone_at=None), to_attr="placed"
        ),
    ]


def enrollments_of(course: CanvasCourse) -> QuerySet[CanvasEnrollment]:
    """Everybody's roles in the course, gone ones too."""
    return CanvasEnrollment.objects.filter(course=course).select_related("section")


def memberships_of(course: CanvasCourse) -> QuerySet[CanvasGroupMembership]:
    """Groups that a person was put in; tags are not groups to them."""
    memberships = CanvasGroupMembership.objects.filter(
        course=course, group__non_collaborative=False
    )
    return memberships.select_related("group__category").order_by("group__category", "group")


def _row(person: CanvasUser) -> PersonRow:
    here: list[CanvasEnrollment] = getattr(person, "here")  # noqa: B009 - set by the prefetch
    placed: list[CanvasGroupMembership] = getattr(person, "placed")  # noqa: B009
    present = [one for one in here if one.gone_at is None] or here
    return PersonRow(
        person=person,
        sections=sorted({one.section.name for one in present if one.section}),
        roles=sorted({ROLES.get(one.type, one.type) for one in present}),
        states=sorted({state_of(one) for one in present} - {"Active"}),
        groups=placed,
        score=next((one.current_score for one in present if one.current_score is not None), None),
    )


def state_of(enrollment: CanvasEnrollment) -> str:
    """The word for how somebody takes part."""
    if enrollment.gone_at is not None:
        return "No longer in Canvas"
    return STATES.get(enrollment.enrollment_state, enrollment.enrollment_state)
