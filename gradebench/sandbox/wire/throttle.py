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
    """The units one token has used and not yet been forgiven."""

    level: float = 0.0
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

    def enter(self, owner: str) -> bool:
        """Charge a request up front; False when it must be refused."""
        if not self.settings.enabled:
            return True
        bucket = self._bucket(owner)
        if bucket.level + self.settings.up_front >= self.settings.high_water:
            return False
        bucket.level += self.settings.up_front
        return True

    def leave(self, owner: str, cost: float) -> float:
        """Refund the charge, add the real cost, and return what remains until refusal."""
        if not self.settings.enabled:
            return self.settings.high_water
        bucket = self._bucket(owner)
        level = bucket.level - self.settings.up_front + cost
        bucket.level = min(self.settings.maximum, max(0.0, level))
        return self.settings.high_water - bucket.level

    def fill(self, owner: str, level: float) -> None:
        """Set a bucket, to start a test near the edge."""
        self._bucket(owner).level = min(self.settings.maximum, level)

    def empty(self) -> None:
        """Forgive everybody."""
        self._buckets.clear()

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
