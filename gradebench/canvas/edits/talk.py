"""How an edit speaks with Canvas without knowing whether its caller blocks or awaits.

A talk is a generator: it yields what it wants (a call, a listing, a pause) and gets the answer, or
the CanvasError raised at its place. Between two requests it may use the database, so whoever holds
it from async code advances it in a thread. No transaction may span a yield.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar, cast

from gradebench.canvas.api.calls import Call, Listing
from gradebench.canvas.api.errors import CanvasError, Uncertain

T = TypeVar("T")


@dataclass(frozen=True)
class Pause:
    """Wait before going on, while Canvas works on something."""

    seconds: float


# Every call has its own answer; only `say` and `read` know which.
Effect: TypeAlias = Call[Any] | Listing[Any] | Pause
Talk: TypeAlias = Generator[Effect, object, T]


@dataclass(frozen=True)
class Ended(Generic[T]):
    """A talk is over; `value` is what came of it."""

    value: T


@dataclass(frozen=True)
class Edit(Generic[T]):
    """A change to one set or group as a value: what is asked of Canvas, and what is saved after it.

    Nothing happens until `Client.perform(edit)` or `perform_sync(integration, edit)`.
    """

    start: Callable[[], Talk[T]]


def advance(talk: Talk[T], answer: object = None) -> Effect | Ended[T]:
    """Give the talk its answer (a CanvasError is raised within it) and hear what it wants next."""
    try:
        return talk.throw(answer) if isinstance(answer, CanvasError) else talk.send(answer)
    except StopIteration as end:
        return Ended(cast("T", end.value))


def say(call: Call[T]) -> Talk[T]:
    """Make one call."""
    return cast("T", (yield call))


def read(listing: Listing[T]) -> Talk[list[T]]:
    """Read one listing to its end."""
    return cast("list[T]", (yield listing))


def wait(seconds: float) -> Talk[None]:
    """Let some time pass."""
    yield Pause(seconds)


# A write whose answer was lost may still be on its way; the look at what it did comes after this.
SECONDS_BEFORE_LOOKING = 1.0
MOST_TRIES = 3


def surely(call: Call[T], look: Callable[[], Talk[T | None]]) -> Talk[T]:
    """Make a write once. When its answer is lost, `look` reads whether it happened: what it finds
    is the answer; only when nothing happened the call is made again.

    Raises Uncertain when that does not end well either.
    """
    for tries_left in reversed(range(MOST_TRIES)):
        try:
            return (yield from say(call))
        except Uncertain:
            yield from wait(SECONDS_BEFORE_LOOKING)
            found = yield from look()
            if found is not None:
                return found
            if not tries_left:
                raise
    raise AssertionError("unreachable")
