"""The groups of a course, set by set: the teams as they are wanted, marked where Canvas differs."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gradebench.canvas.models import CanvasCourse, CanvasGroupCategory
from gradebench.canvas.views.course_pages import course_page
from gradebench.canvas.views.drift import CourseDrift
from gradebench.canvas.views.group_cards import CardPerson, cards_of
from gradebench.canvas.views.owned import SignedInRequest, owned_course
from gradebench.canvas.views.students import students_of


@dataclass(frozen=True, kw_only=True)
class SetLink:
    """A set of the course and how many groups it has."""

    category: CanvasGroupCategory
    group_count: int


@require_GET
def groups(request: SignedInRequest, pk: int) -> HttpResponse:
    """One set at a time: its groups with their people, and who is in none."""
    course = owned_course(request, pk)
    sets = _sets(course)
    chosen = _chosen(sets, request.GET.get("set", ""))
    cards = cards_of(chosen) if chosen else []
    context = course_page(course, "groups", sets=sets, chosen=chosen, cards=cards)
    drift: CourseDrift | None = context["drift"]
    placed = {person.key for card in cards for person in card.people}
    context |= {
        "waits": drift.of(chosen.pk) if chosen and drift else None,
        "group_count": sum(not card.is_deleted for card in cards),
        "new_count": sum(card.is_new for card in cards),
        "placed": len(placed),
        "without": _without(course, placed) if chosen and not chosen.non_collaborative else [],
    }
    return render(request, "canvas/groups.html", context)


def _sets(course: CanvasCourse) -> list[SetLink]:
    present = Count("groups", filter=Q(groups__gone_at=None))
    present_sets = course.group_categories.filter(gone_at=None).select_related("team_set")
    sets = present_sets.annotate(present=present)
    ordered = sets.order_by("non_collaborative", "name", "canvas_id")
    return [SetLink(category=one, group_count=one.present) for one in ordered]


def _chosen(sets: list[SetLink], wanted: str) -> CanvasGroupCategory | None:
    """The set that the address names, else the one with the most groups."""
    named = [one for one in sets if str(one.category.pk) == wanted]
    by_size = sorted(sets, key=lambda one: (one.category.non_collaborative, -one.group_count))
    return next((one.category for one in named or by_size), None)


def _without(course: CanvasCourse, placed: set[str]) -> list[CardPerson]:
    """Students who could be in a group of this set and are in none."""
    able = students_of(course).filter(
        enrollments__course=course,
        enrollments__gone_at=None,
        enrollments__enrollment_state__in=("active", "invited"),
    )
    known = able.distinct().values_list("pk", "name")
    people = [CardPerson(str(pk), name, leads=False) for pk, name in known]
    return [one for one in people if one.key not in placed]
