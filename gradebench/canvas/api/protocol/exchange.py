"""One request until it is answered or hopeless: what may be repeated, and after how long."""

from collections.abc import Callable
from dataclasses import dataclass
from secrets import SystemRandom
from typing import Any, TypeVar

import msgspec

from gradebench.canvas.api import errors
from gradebench.canvas.api.calls import Call
from gradebench.canvas.api.errors import CanvasError, NotFound, RateLimited, Retry
from gradebench.canvas.api.protocol.refusals import lost, refusal
from gradebench.canvas.api.protocol.wire import (
    Failure,
    Reply,
    Request,
    Response,
    Send,
    Talk,
    request_of,
)

T = TypeVar("T")

_spread = SystemRandom()
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long to try: pauses in seconds, doubled each time up to `longest`.

    `tries` counts every sending of a request that failed, `refusals` those that Canvas turned
    away because of too many requests; these waits are the quota's, not counted here.
    """

    tries: int = 5
    first: float = 0.5
    longest: float = 8.0
    refusals: int = 12

    def pause(self, failed: int) -> float:
        """Before the next try, after `failed` failures: somewhere in the upper half of its time,
        so that requests that failed together do not come back together.
        """
        full = min(self.longest, self.first * 2.0 ** (failed - 1))
        return full * _spread.uniform(0.5, 1.0)


def perform(call: Call[T], base: str, patience: Patience) -> Talk[T]:
    """The conversation of one call. Raises what errors.py has."""
    return exchange(
        request_of(call, base), lambda response: answer_of(call.answer, response), patience
    )


def exchange(
    request: Request, understand: Callable[[Response], T], patience: Patience, after: float = 0.0
) -> Talk[T]:
    """Sends the request until `understand` makes something of the answer, or it is hopeless."""
    failed = refused = 0
    while True:
        reply = yield Send(request, after)
        try:
            return judge(request, reply, understand)
        except RateLimited:
            refused += 1
            if refused >= patience.refusals:
                raise
            after = 0.0
        except CanvasError as error:
            failed += 1
            if failed >= patience.tries or not may_repeat(request, error):
                raise
            after = patience.pause(failed)


def may_repeat(request: Request, error: CanvasError) -> bool:
    """Reads may, writes only when they certainly did not happen, 404s only right after creation."""
    if isinstance(error, NotFound):
        return request.just_created
    return error.retry is Retry.ALWAYS or (error.retry is Retry.READS and request.is_read)


def judge(request: Request, reply: Reply, understand: Callable[[Response], T]) -> T:
    """The outcome of one reply; raises what it means where it is not an answer."""
    if isinstance(reply, Failure):
        raise lost(request, reply)
    if not 200 <= reply.status < 300:
        raise refusal(request, reply)
    if reply.content_type == "text/html":
        raise errors.NotCanvas(
            "A web page came instead of data from Canvas.", at=request.at(reply.status)
        )
    try:
        return understand(reply)
    except msgspec.MsgspecError as error:
        raise _unreadable(request, reply, error) from None


def answer_of(answer: type[T], response: Response) -> T:
    """The body as the type that the call wants; `bytes` stay as they are."""
    if answer is bytes:
        return response.body  # type: ignore[return-value]
    decoded: T = decoder(answer).decode(json_body(response))
    return decoded


def json_body(response: Response) -> bytes:
    """The body, if it says that it is JSON. Raises msgspec.ValidationError otherwise."""
    if not response.is_json:
        raise msgspec.ValidationError(f"Expected JSON, got {response.content_type or 'no type'}")
    return response.body


def decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    """Lenient, so that ids may come as text. Made once per type."""
    if kind not in _decoders:
        _decoders[kind] = msgspec.json.Decoder(kind, strict=False)
    return _decoders[kind]


def _unreadable(request: Request, reply: Response, error: msgspec.MsgspecError) -> CanvasError:
    """A body cut short, a strange field, or the JSON of another program."""
    at = request.at(reply.status)
    if not request.is_read:
        return errors.Uncertain(
            "Canvas's answer to a change could not be read; "
            "whether the change was made is not known.",
            at=at,
        )
    if not isinstance(error, msgspec.ValidationError):
        return errors.Undecodable("Canvas's answer ends too early.", cut=True, at=at)
    if " - at `$" in str(error):
        return errors.Undecodable(f"Canvas answered something unknown: {error}.", cut=False, at=at)
    return errors.NotCanvas("Another program than Canvas answers at that address.", at=at)
