"""Which connection and which courses a command is about."""

from collections.abc import Sequence

from asgiref.sync import async_to_sync
from django.db.models import QuerySet

from gradebench.canvas.client import Client
from gradebench.canvas.models import CanvasCourse, CanvasIntegration
from gradebench.cli.border import Stop


def integrations(integration_id: int | None) -> list[CanvasIntegration]:
    """The connection of that id, or all of them.

    Raises Stop where there is none.
    """
    everything = list(CanvasIntegration.objects.select_related("user"))
    if not everything:
        raise Stop(
            "No Canvas is connected yet.",
            "Connect one: gradebench connect https://canvas.example.edu --token-file FILE",
        )
    found = [each for each in everything if integration_id in (None, each.pk)]
    if not found:
        raise Stop(
            f"There is no connection {integration_id}.", f"There are: {_listed(everything)}."
        )
    return found


def known_course(canvas_id: int, *, integration_id: int | None) -> CanvasCourse | None:
    """The course of that Canvas id in the database, also one that is gone from Canvas; or None.

    Raises Stop when several connections have it and none was named.
    """
    found = list(
        CanvasCourse.objects.filter(
            integration__in=integrations(integration_id), canvas_id=canvas_id
        ).select_related("integration__user")
    )
    if len(found) > 1:
        listed = _listed([course.integration for course in found])
        raise Stop(
            f"Course {canvas_id} is in several connections: {listed}.",
            "Say which with --integration ID.",
        )
    return found[0] if found else None


def courses_of(connections: Sequence[CanvasIntegration]) -> QuerySet[CanvasCourse]:
    """The courses of these connections that Canvas still shows."""
    return (
        CanvasCourse.objects.filter(integration__in=connections, gone_at=None)
        .select_related("integration__user")
        .order_by("integration", "name", "canvas_id")
    )


def read_course_lists(connections: Sequence[CanvasIntegration]) -> None:
    """Ask Canvas anew which courses the owners of these connections have.

    Raises CanvasError.
    """
    for integration in connections:
        _read_course_list(integration)


@async_to_sync
async def _read_course_list(integration: CanvasIntegration) -> None:
    async with Client(integration) as client:
        await client.refresh_courses()


def _listed(connections: Sequence[CanvasIntegration]) -> str:
    return ", ".join(f"{each.pk} ({each}, {each.user.username})" for each in connections)
