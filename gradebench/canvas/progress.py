"""The live figures of a run, in the cache: cheap to write often, cheap to poll.

The run's row is the truth; losing the cache loses nothing but the movement of the bar.
"""

import time
from typing import TypedDict

from django.core.cache import cache

from gradebench.canvas.models import SyncRun


class Step(TypedDict):
    """One thing that the run reads or writes; `total` is None while Canvas has not told it."""

    name: str
    done: int
    total: int | None


class Snapshot(TypedDict):
    """What a page or a script sees of a run at one moment."""

    run_id: int
    state: str
    state_text: str
    finished: bool
    message: str
    steps: list[Step]
    percent: int | None
    requests: int
    errors: list[dict[str, object]]
    counts: dict[str, dict[str, int]]
    summary: str
    seconds: float | None


class SyncProgress:
    """Follows one run: `start`, then `step` and `tell` as often as wanted, then `finish`.

    Any process reads it with `SyncProgress.read(run)`. Writes to the cache are spaced, except where
    the state changes.
    """

    SECONDS_BETWEEN_WRITES = 0.2

    def __init__(self, run_id: int) -> None:
        self.run_id = run_id
        self.message = ""
        self.requests = 0
        self._steps: dict[str, Step] = {}
        self._errors: list[dict[str, object]] = []
        self._written = 0.0

    def start(self, message: str) -> None:
        """The work begins."""
        self.message = message
        self._write()

    def tell(self, message: str) -> None:
        """What is being done now, as a sentence."""
        self.message = message
        self._write_if_due()

    def step(self, name: str, *, done: int, total: int | None = None) -> None:
        """How far one step is; steps keep the order in which they first came."""
        self._steps[name] = Step(name=name, done=done, total=total)
        self._write_if_due()

    def error(self, error: dict[str, object]) -> None:
        """Something went wrong with one entity or part: {part, id, reason, todo}."""
        self._errors.append(error)
        self._write_if_due()

    def finish(self, message: str) -> None:
        """The last figures; the final state, counts and errors are read from the run's row."""
        self.message = message
        self._write()

    @staticmethod
    def read(run: SyncRun) -> Snapshot:
        """What the run's row and the cache say together; the row wins once the run has ended."""
        live = cache.get(_key(run.pk)) or {}
        steps: list[Step] = live.get("steps", [])
        return Snapshot(
            run_id=run.pk,
            state=run.state,
            state_text=run.get_state_display(),
            finished=run.finished,
            message=run.summary if run.finished else live.get("message", ""),
            steps=steps,
            percent=100 if run.finished else percent_of(steps),
            requests=run.requests if run.finished else live.get("requests", run.requests),
            errors=run.errors if run.finished else live.get("errors", run.errors),
            counts=run.ordered_counts,
            summary=run.summary,
            seconds=run.seconds,
        )

    def _write_if_due(self) -> None:
        if time.monotonic() - self._written >= self.SECONDS_BETWEEN_WRITES:
            self._write()

    def _write(self) -> None:
        self._written = time.monotonic()
        cache.set(
            _key(self.run_id),
            {
                "message": self.message,
                "steps": list(self._steps.values()),
                "requests": self.requests,
                "errors": self._errors[-50:],
            },
        )


def percent_of(steps: list[Step]) -> int | None:
    """How much of the known work is done, 0 to 99; None while nothing is known."""
    known = [step for step in steps if step["total"]]
    total = sum(step["total"] or 0 for step in known)
    if not total:
        return None
    return min(99, 100 * sum(min(step["done"], step["total"] or 0) for step in known) // total)


def _key(run_id: int) -> str:
    return f"run-progress:{run_id}"
