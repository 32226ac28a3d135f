"""Connecting a Canvas: address and token are tested before anything is saved."""

from django.contrib.auth.models import User
from django.utils import timezone

from gradebench.canvas.api.drivers import Canvas
from gradebench.canvas.api.endpoints import get_self, list_courses
from gradebench.canvas.api.payloads import known
from gradebench.canvas.mirror.saving import save_courses
from gradebench.canvas.models import CanvasIntegration


def connect(*, user: User, address: str, token: str, name: str = "") -> CanvasIntegration:
    """Test an address and a token, save the connection, and list its courses.

    The same person on the same Canvas keeps their integration; its token is replaced. Raises the
    errors of `api.errors`, whose sentences are for people; then nothing was saved.
    """
    with Canvas(address, token) as canvas:
        person = canvas.perform(get_self())
        courses = canvas.list(list_courses())
        integration = CanvasIntegration.objects.filter(
            user=user, canvas_url=canvas.base_url, canvas_user_id=person.id
        ).first() or CanvasIntegration(user=user, canvas_url=canvas.base_url)
    integration.api_key = token.strip()
    integration.canvas_user_id = person.id
    integration.canvas_user_name = known(person.name) or known(person.short_name) or ""
    integration.name = name or integration.name
    integration.problem = ""
    integration.checked_at = timezone.now()
    integration.save()
    save_courses(integration, courses)
    return integration
