"""The addresses beside Canvas's API: the sandbox's controls, OAuth2, and pages for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gradebench.sandbox.wire.exchange import Answer, Refused, in_json
from gradebench.sandbox.wire.params import Params
from gradebench.sandbox.wire.site import Site


@dataclass(frozen=True)
class Knock:
    """A request at one of the side doors."""

    method: str
    path: str
    origin: str
    params: Params
    headers: Mapping[str, str]
    body: bytes


Door = Callable[[Site, Knock], Answer]
_DOORS: dict[tuple[str, str], Door] = {}
_PREFIXES: dict[tuple[str, str], Door] = {}


def door(method: str, path: str) -> Callable[[Door], Door]:
    """Register a function for one path, or for all paths under it when it ends with `/*`."""

    def register(function: Door) -> Door:
        if path.endswith("/*"):
            _PREFIXES[method, path[:-1]] = function
        else:
            _DOORS[method, path] = function
        return function

    return register


def answer(site: Site, knock: Knock) -> Answer:
    """What is behind the door."""
    found = _DOORS.get((knock.method, knock.path)) or _prefixed(knock)
    if found is None:
        return in_json({"error": f"nothing at {knock.method} {knock.path}"}, status=404)
    try:
        return found(site, knock)
    except Refused as refused:
        return refused.answer


def _prefixed(knock: Knock) -> Door | None:
    for (method, prefix), function in _PREFIXES.items():
        if method == knock.method and knock.path.startswith(prefix):
            return function
    return None
