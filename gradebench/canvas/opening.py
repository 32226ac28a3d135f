"""Opens Canvas with an integration's stored token: the one place where a token is taken out."""

from typing import TypedDict

from django.conf import settings

from gradebench.canvas.api.drivers import AsyncCanvas, Canvas
from gradebench.canvas.api.errors import TokenRejected
from gradebench.canvas.models import CanvasIntegration
from gradebench.core.vault import UnreadableSecret


def open_canvas(integration: CanvasIntegration) -> Canvas:
    """The driver that blocks. Raises TokenRejected when the stored token is unreadable."""
    return Canvas(**_settings(integration))


def open_async_canvas(integration: CanvasIntegration) -> AsyncCanvas:
    """The driver that awaits. Raises TokenRejected when the stored token is unreadable."""
    return AsyncCanvas(**_settings(integration))


class _Settings(TypedDict):
    base_url: str
    token: str
    max_in_flight: int


def _settings(integration: CanvasIntegration) -> _Settings:
    if isinstance(integration.api_key, UnreadableSecret):
        raise TokenRejected(
            "The stored token cannot be decrypted: the key file is not the one that it was "
            "stored with.",
            todo="Enter the token again, or restore the key file from your backup.",
        )
    return _Settings(
        base_url=integration.canvas_url,
        token=integration.api_key,
        max_in_flight=settings.CANVAS_MAX_IN_FLIGHT,
    )
