"""How much one token may ask at once, shared by everything in this process that uses it.

Canvas keeps a bucket per token: every request in flight holds 50 units, its cost stays in, and
10 units a second run out; above 600 it refuses. `X-Rate-Limit-Remaining` is what is left with all
requests in flight counted, our own too, so those are added back before we judge.
"""

import threading
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future
from hashlib import sha256
from secrets import SystemRandom

from gradebench.canvas.api.protocol.refusals import is_throttled
from gradebench.canvas.api.protocol.wire import Reply, Response

_HELD_PER_REQUEST = 50.0
_RESERVE = 100.0
_DRAIN_PER_SECOND = 10.0
_LONGEST_BREATH = 5.0
_LONGEST_PAUSE = 30.0

_spread = SystemRandom()


class Quota:
    """The places for requests of one token. Safe for threads and for any number of event loops:
    who waits, waits for a plain Future, which no loop owns. Times are seconds of a monotonic clock.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[tuple[int, Future[None]]] = deque()
        self._taken = 0
        self._flying = 0
        self._advised: int | None = None
        self._resume_at = 0.0
        self._refusals = 0

    def ask(self, most: int) -> Future[None]:
        """A place among at most `most`: the Future is done when it is yours. Then `give_back`."""
        place: Future[None] = Future()
        with self._lock:
            self._waiting.append((most, place))
        self._hand_out()
        return place

    def give_back(self) -> None:
        """The place is free again."""
        with self._lock:
            self._taken -= 1
        self._hand_out()

    def take_off(self, now: float) -> float:
        """0 when the request may leave now, and it counts as flying; else the seconds to wait."""
        with self._lock:
            if now < self._resume_at:
                return self._resume_at - now
            self._flying += 1
            return 0.0

    def land(self, now: float, reply: Reply | None) -> None:
        """The request is over; its answer tells how fast to go on. None when it was abandoned."""
        with self._lock:
            self._flying -= 1
            if isinstance(reply, Response):
                self._learn(now, reply)

    @property
    def in_flight(self) -> int:
        """Requests sent and not answered yet."""
        return self._flying

    def _learn(self, now: float, response: Response) -> None:
        if is_throttled(response):
            self._slow_down(now)
            return
        remaining = _remaining(response.headers)
        if remaining is None:
            return
        self._refusals = 0 if now >= self._resume_at else self._refusals
        headroom = remaining + _HELD_PER_REQUEST * self._flying
        self._advised = max(1, int((headroom - _RESERVE) // _HELD_PER_REQUEST))
        if headroom < _RESERVE:
            breath = min(_LONGEST_BREATH, (_RESERVE - headroom) / _DRAIN_PER_SECOND)
            self._resume_at = max(self._resume_at, now + breath)

    def _slow_down(self, now: float) -> None:
        """Everybody stops. Refusals of requests sent before the stop count as one."""
        self._advised = 1
        if now < self._resume_at:
            return
        self._refusals += 1
        full = min(_LONGEST_PAUSE, 2.0 ** (self._refusals - 1))
        self._resume_at = now + full * _spread.uniform(1.0, 1.5)

    def _hand_out(self) -> None:
        """Gives free places to those who wait, first come first served."""
        with self._lock:
            while self._waiting and self._taken < self._limit(self._waiting[0][0]):
                _, place = self._waiting.popleft()
                if place.set_running_or_notify_cancel():
                    self._taken += 1
                    place.set_result(None)

    def _limit(self, most: int) -> int:
        return most if self._advised is None else min(most, self._advised)


_quotas: dict[tuple[str, bytes], Quota] = {}
_quotas_lock = threading.Lock()


def quota_of(base: str, token: str) -> Quota:
    """The one quota of this process for a token on a Canvas. Keeps a digest, not the token."""
    key = base, sha256(token.encode()).digest()
    with _quotas_lock:
        return _quotas.setdefault(key, Quota())


def _remaining(headers: Mapping[str, str]) -> float | None:
    try:
        return float(headers["x-rate-limit-remaining"])
    except (KeyError, ValueError):
        return None
