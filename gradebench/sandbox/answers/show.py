"""Small conversions that every answer uses."""

from __future__ import annotations

from datetime import datetime

from gradebench.sandbox.world.world import World

ROOT_ACCOUNT = 1


def moment(when: datetime | None) -> str | None:
    """A time as Canvas writes it: UTC, whole seconds, Z."""
    return None if when is None else when.isoformat()[:19] + "Z"


def page_url(world: World, path: str) -> str:
    """The address of a page for people."""
    return f"{world.base_url}/{path}"


def base36(number: int) -> str:
    """Anonymous ids are the id in base 36."""
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits or "0"
