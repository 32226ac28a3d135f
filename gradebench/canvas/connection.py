"""Connecting a Canvas: address and token are tested before anything is saved."""

from collections.abc import Sequence

from django.contrib.auth.models import User as Account
from django.utils import timezone

from gradebench.canvas.api.drivers import Canvas
from gradebench.canvas.api.endpoints import get_self, list_courses
from gradebench.canvas.api.errors import NotPermitted
from gradebench.canvas.api.payloads import Course, User, known
from gradebench.canvas.mirror.saving import save_courses
from gradebench.canvas.models import CanvasIntegration

LEARNERS = {"student", "observer", None}


def connect(*, user: Account, address: str, token: str, name: str = "") -> CanvasIntegration:
    """Test an address and a token, save the connection, and list its courses.

    The same person on the same Canvas keeps their integration; its token is replaced. Raises the
    errors of `api.errors`, whose sentences are for people; then nothing was saved. A student's
    token is NotPermitted: Canvas shows students neither rosters nor grades.
    """
    with Canvas(address, token) as canvas:
        person = canvas.perform(get_self())
        courses = canvas.list(list_courses())
        _check_that_somebody_teaches(person, courses)
        integration = CanvasIntegration.objects.filter(
            user=user, canvas_url=canvas.base_url, canvas_user_id=person.id
        ).first() or CanvasIntegration(user=user, canvas_url=canvas.base_url)
    integration.api_key = token.strip()
    integration.canvas_user_id = person.id
    integration.canvas_user_name = _name(person)
    integration.name = name or integration.name
    integration.problem = ""
    integration.checked_at = timezone.now()
    integration.save()
    save_courses(integration, courses)
    return integration


def _check_that_somebody_teaches(person: User, courses: Sequence[Course]) -> None:
    """Raises NotPermitted for who is known to be nothing but a student or an observer."""
    own = [role for course in courses for role in known(course.enrollments) or []]
    roles = {known(role.type) for role in own}
    if roles and not roles - LEARNERS:
        raise NotPermitted(
            f"The token belongs to {_name(person)}, who teaches none of their courses: Canvas "
            "shows students and observers neither rosters nor grades.",
            todo="Use the token of a teacher or a teaching assistant.",
        )


def _name(person: User) -> str:
    return known(person.name) or known(person.short_name) or f"person {person.id}"
