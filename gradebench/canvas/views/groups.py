"""The groups of a course as Canvas has them, set by set."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gradebench.canvas.models import (
    CanvasCourse,
    CanvasGroup,
    CanvasGroupCategory,
    CanvasGroupMembership,
    CanvasUser,
)
from gradebench.canvas.views.course_pages import course_page
from gradebench.canvas.views.drift import drift_of
from gradebench.canvas.views.group_drift import waiting_since
from gradebench.canvas.views.owned import SignedInRequest, owned_course
from gradebench.canvas.views.sorting import natural
from gradebench.canvas.views.students import students_of


@dataclass(frozen=True, kw_only=True)
class SetLink:
    """A set of the course and how many groups it has."""

    category: CanvasGroupCategory
    group_count: int


@dataclass(frozen=True, kw_only=True)
class GroupCard:
    """A group and who is in it."""

    group: CanvasGroup
    people: list[CanvasUser]

    @property
    def limit(self) -> int | None:
        """How many may be in it: its own limit, or its set's."""
        return self.group.max_membership or self.group.category.group_limit


@require_GET
def groups(request: SignedInRequest, pk: int) -> HttpResponse:
    """One set at a time: its groups with their people, and who is in none."""
    course = owned_course(request, pk)
    sets = _sets(course)
    chosen = _chosen(sets, request.GET.get("set", ""))
    cards = _cards(chosen) if chosen else []
    drift = drift_of([course]).get(course.pk)
    changes = {one.pk: one for one in drift.sets} if drift else {}
    waits = changes.get(chosen.pk) if chosen else None
    context = course_page(
        course,
        "groups",
        sets=sets,
        chosen=chosen,
        cards=cards,
        waiting=waits.changes if waits else 0,
        clashes=waits.conflicts if waits else 0,
        since=waiting_since(chosen) if chosen and waits else None,
        placed=len({person.pk for card in cards for person in card.people}),
        without=_without(course, cards) if chosen and not chosen.non_collaborative else [],
    )
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


def _cards(category: CanvasGroupCategory) -> list[GroupCard]:
    present = CanvasGroupMembership.objects.filter(gone_at=None).select_related("user")
    rows = Prefetch("memberships", queryset=present.order_by("user__sortable_name"))
    found = category.groups.filter(gone_at=None).prefetch_related(rows)
    cards = [
        GroupCard(group=group, people=[one.user for one in group.memberships.all()])
        for group in found.select_related("category")
    ]
    return sorted(cards, key=lambda card: natural(card.group.name))


def _without(course: CanvasCourse, cards: list[GroupCard]) -> list[CanvasUser]:
    """Students who could be in a group of this set and are in none."""
    placed = {person.pk for card in cards for person in card.people}
    able = students_of(course).filter(
        enrollments__course=course,
        enrollments__gone_at=None,
        enrollments__enrollment_state__in=("active", "invited"),
    )
    return [person for person in able.distinct() if person.pk not in placed]
