"""Which connection and which courses a command is about."""

from collections.abc import Sequence

from asgiref.sync import async_to_sync
from django.db.models import QuerySet

from gradebench.canvas.api.errors import CanvasError
from gradebench.canvas.client import Client
from gradebench.canvas.mirror.saving import save_courses
from gradebench.canvas.models import CanvasCourse, CanvasIntegration
from gradebench.cli.border import Stop
from gradebench.core.async_utils import in_database


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
    if found:
        _only(canvas_id, [course.integration for course in found])
    return found[0] if found else None


def course_in_canvas(canvas_id: int, connections: Sequence[CanvasIntegration]) -> CanvasCourse:
    """Ask Canvas for a course that the database does not know, and keep it.

    Raises CanvasError when no connection shows it, Stop when several do.
    """
    seen: list[CanvasIntegration] = []
    trouble: CanvasError | None = None
    for each in connections:
        try:
            _keep_course(each, canvas_id)
            seen.append(each)
        except CanvasError as error:
            trouble = error
    if trouble and not seen:
        raise trouble
    return CanvasCourse.objects.select_related("integration__user").get(
        integration=_only(canvas_id, seen), canvas_id=canvas_id
    )


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
async def _keep_course(integration: CanvasIntegration, canvas_id: int) -> None:
    async with Client(integration) as client:
        course = await client.get_course(canvas_id)
        await in_database(save_courses, integration, [course])


@async_to_sync
async def _read_course_list(integration: CanvasIntegration) -> None:
    async with Client(integration) as client:
        await client.refresh_courses()


def _only(canvas_id: int, connections: Sequence[CanvasIntegration]) -> CanvasIntegration:
    if len(connections) > 1:
        raise Stop(
            f"Course {canvas_id} is in several connections: {_listed(connections)}.",
            "Say which with --integration ID.",
        )
    return connections[0]


def _listed(connections: Sequence[CanvasIntegration]) -> str:
    return ", ".join(f"{each.pk} ({each}, {each.user.username})" for each in connections)
