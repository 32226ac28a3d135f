"""What the tokens may do, course by course, as the pages show it; asked anew at a click."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from gradebench.canvas import abilities
from gradebench.canvas.abilities import Ability
from gradebench.canvas.api.errors import CanvasError
from gradebench.canvas.models import CanvasCourse, CanvasIntegration
from gradebench.canvas.views.owned import SignedInRequest, owned_course, owned_integration

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class CourseAbilities:
    """A course with what its token may do there; `problem`: why Canvas could not be asked."""

    course: CanvasCourse
    abilities: tuple[Ability, ...]
    problem: str

    @property
    def asked(self) -> bool:
        """Whether Canvas was asked at all."""
        return self.course.abilities_at is not None

    @property
    def missing(self) -> list[Ability]:
        """What the token may not do."""
        return [one for one in self.abilities if one.may is False]


def shown(course: CanvasCourse) -> CourseAbilities:
    """What is known of the token in the course; asks nobody."""
    return CourseAbilities(
        course=course,
        abilities=abilities.abilities_of(course),
        problem=abilities.answered_of(course).problem,
    )


def shown_of_account(integration: CanvasIntegration) -> list[CourseAbilities]:
    """The kept courses of an account, and the others that were asked about."""
    everything = abilities.worth_asking(integration.courses.all())
    asked = [one for one in everything if one.abilities_at is not None]
    kept = {one.pk for one in [*_kept(everything), *asked]}
    return [shown(one) for one in everything if one.pk in kept]


def ask_at_first(integration: CanvasIntegration) -> list[CourseAbilities]:
    """Ask about the courses that go on, right after the account was connected.

    The connection works already: what goes wrong here is asked again with the page's button.
    """
    going_on = integration.courses.exclude(workflow_state="completed").select_related("integration")
    courses = abilities.worth_asking(going_on)
    try:
        abilities.check(courses)
    except CanvasError as error:
        log.warning("What the token of %s may do could not be asked: %s", integration, error)
        return []
    return [shown(one) for one in courses]


@require_POST
def check_account(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask Canvas again about the kept courses of an account."""
    integration = owned_integration(request, pk)
    everything = integration.courses.select_related("integration")
    _check(request, _kept(abilities.worth_asking(everything)))
    return redirect("setup")


@require_POST
def check_course(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask Canvas again about one course."""
    course = owned_course(request, pk)
    _check(request, [course])
    return redirect("course", pk=course.pk)


def _check(request: SignedInRequest, courses: list[CanvasCourse]) -> None:
    try:
        abilities.check(courses)
    except CanvasError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Canvas was asked what the token may do.")


def _kept(courses: Iterable[CanvasCourse]) -> list[CanvasCourse]:
    """The chosen courses, or all while none was chosen."""
    everything = list(courses)
    return [one for one in everything if one.chosen] or everything
