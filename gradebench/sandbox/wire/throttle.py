"""Canvas's throttle: a leaking bucket for each token, charged up front for every request in flight."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from gradebench.sandbox.wire.exchange import Answer


@dataclass
class ThrottleSettings:
    """Canvas's defaults: refuse at `high_water`, leak `outflow` units a second."""

    enabled: bool = True
    high_water: float = 600.0
    maximum: float = 800.0
    outflow: float = 10.0
    up_front: float = 50.0
    status: int = 403
    cost_factor: float = 1.0


@dataclass
class Bucket:
    """The units one token has used and not yet been forgiven, and its requests in flight.

    The up-front charge is refunded in full, so it is counted apart and does not leak.
    """

    level: float = 0.0
    in_flight: int = 0
    seen: float = field(default_factory=time.monotonic)

    def leak(self, outflow: float) -> None:
        now = time.monotonic()
        self.level = max(0.0, self.level - outflow * (now - self.seen))
        self.seen = now


class Throttle:
    """All buckets of one sandbox."""

    def __init__(self, settings: ThrottleSettings) -> None:
        self.settings = settings
        self._buckets: dict[str, Bucket] = {}

    def _bucket(self, owner: str) -> Bucket:
        bucket = self._buckets.setdefault(owner, Bucket())
        bucket.leak(self.settings.outflow)
        return bucket

    def _used(self, bucket: Bucket) -> float:
        return bucket.level + bucket.in_flight * self.settings.up_front

    def enter(self, owner: str) -> bool:
        """Charge a request up front; False when it must be refused."""
        bucket = self._bucket(owner)
        full = self._used(bucket) + self.settings.up_front >= self.settings.high_water
        if self.settings.enabled and full:
            return False
        bucket.in_flight += 1
        return True

    def leave(self, owner: str, cost: float) -> float:
        """Refund the charge, add the real cost, and return what remains until refusal."""
        bucket = self._bucket(owner)
        bucket.in_flight = max(0, bucket.in_flight - 1)
        if not self.settings.enabled:
            return self.settings.high_water
        bucket.level = min(self.settings.maximum, bucket.level + cost)
        return self.settings.high_water - self._used(bucket)

    def fill(self, owner: str, level: float) -> None:
        """Set a bucket, to start a test near the edge."""
        self._bucket(owner).level = min(self.settings.maximum, level)

    def empty(self) -> None:
        """Forgive everybody."""
        for bucket in self._buckets.values():
            bucket.level = 0.0

    def refusal(self) -> Answer:
        """What a throttled client gets: plain text, and no Retry-After."""
        status = self.settings.status
        reason = "Too Many Requests" if status == 429 else "Forbidden"
        text = f"{status} {reason} (Rate Limit Exceeded)\n"
        headers = (("x-rate-limit-remaining", "0.0"),)
        return Answer(status, text.encode(), "text/plain; charset=utf-8", headers)


def request_cost(method: str, body_bytes: int) -> float:
    """A believable cost: CPU and database seconds, which grow with what is read and written."""
    base = 0.06 if method in {"GET", "HEAD"} else 0.25
    return base + body_bytes / 500_000
