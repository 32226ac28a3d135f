"""Which function answers which path."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from gradebench.sandbox.wire.exchange import Answer, Request

Handler = Callable[[Request], Answer]
Decorator = Callable[[Handler], Handler]

_ROUTES: dict[tuple[str, int], list[tuple[list[str], str, Handler]]] = {}


def route(method: str, *patterns: str) -> Decorator:
    """Register a function for paths such as "/api/v1/courses/:course_id/users"."""

    def register(handler: Handler) -> Handler:
        for pattern in patterns:
            parts = pattern.strip("/").split("/")
            _ROUTES.setdefault((method, len(parts)), []).append((parts, pattern, handler))
        return handler

    return register


def find_route(method: str, raw_path: str) -> tuple[Handler, str, dict[str, str]] | None:
    """The handler of a path with its pattern and segments; literal segments win over open ones."""
    parts = [unquote(part) for part in raw_path.strip("/").split("/")]
    verb = "GET" if method == "HEAD" else method
    found: tuple[Handler, str, dict[str, str]] | None = None
    fewest = len(parts) + 1
    for pattern, name, handler in _ROUTES.get((verb, len(parts)), []):
        segments = _match(pattern, parts)
        if segments is not None and len(segments) < fewest:
            found, fewest = (handler, name, segments), len(segments)
    return found


def _match(pattern: list[str], parts: list[str]) -> dict[str, str] | None:
    segments: dict[str, str] = {}
    for want, have in zip(pattern, parts, strict=True):
        if want.startswith(":"):
            segments[want[1:]] = have
        elif want != have:
            return None
    return segments
