"""What other people do in Canvas meanwhile: verbs, each with what it needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from gradebench.sandbox.answers.people_rows import Json
from gradebench.sandbox.world.world import World


class ActError(Exception):
    """The act cannot be done; the text says why."""


W = TypeVar("W", bound=msgspec.Struct)
Act = Callable[[World, dict[str, object]], Json]
_ACTS: dict[str, Act] = {}


def act(
    verb: str, what: type[W]
) -> Callable[[Callable[[World, W], Json]], Callable[[World, W], Json]]:
    """Register a verb, and the shape of what it is told."""

    def register(function: Callable[[World, W], Json]) -> Callable[[World, W], Json]:
        def run(world: World, told: dict[str, object]) -> Json:
            try:
                return function(world, msgspec.convert(told, type=what, strict=False))
            except msgspec.ValidationError as error:
                raise ActError(f"{verb}: {error}") from error
            except KeyError as error:
                raise ActError(f"{verb}: there is no {error}") from error

        _ACTS[verb] = run
        return function

    return register


def perform(world: World, verb: str, what: dict[str, object]) -> Json:
    """Do it; the answer names the rows that it touched."""
    if verb not in _ACTS:
        raise ActError(f"no such act: {verb!r}; there are {', '.join(sorted(_ACTS))}")
    return _ACTS[verb](world, what)
