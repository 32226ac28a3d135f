"""What one sync did so far: counts, errors, what is held back. And, from that, how it ended."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from gradebench.canvas.api.errors import CanvasError
from gradebench.canvas.api.payloads import BadItem
from gradebench.canvas.mirror.rows import Saved
from gradebench.canvas.models import SyncRun
from gradebench.canvas.runs import Outcome

# One sentence for each of ten thousand rows with the same trouble helps nobody.
MOST_ALIKE = 20


class RunError(TypedDict):
    """One thing that went wrong: in which part, with which Canvas id, why, and what to do."""

    part: str
    id: int | None
    reason: str
    todo: str


@dataclass
class Tally:
    """Counts by kind, errors in the order in which they came, and removals that wait."""

    saved: dict[str, Saved] = field(default_factory=dict)
    figures: Counter[tuple[str, str]] = field(default_factory=Counter)
    errors: list[RunError] = field(default_factory=list)
    held: dict[str, list[int] | list[list[int]]] = field(default_factory=dict)
    parts_failed: dict[str, CanvasError] = field(default_factory=dict)
    parts_done: set[str] = field(default_factory=set)
    totals: dict[str, int] = field(default_factory=dict)
    _alike: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, kind: str, saved: Saved, bad: Iterable[BadItem] = ()) -> None:
        """Take in a saved page and what could not be read or saved of it."""
        self.saved.setdefault(kind, Saved()).add(saved)
        for one, reason in saved.refused.items():
            self._entity_failed(kind, one, reason)
        for item in bad:
            self._entity_failed(kind, item.id, item.reason)

    def count(self, kind: str, **figures: int) -> None:
        """Add to the figures of a kind: `new`, `changed`, `gone` or `failed`."""
        for figure, number in figures.items():
            self.figures[kind, figure] += number

    def part_failed(self, part: str, error: CanvasError, about: str = "") -> None:
        """A part could not be read; its rows stay as they were."""
        self.parts_failed[part] = error
        self._note(part, None, f"{about or part.capitalize()}: {error.what}", error.todo)

    def not_done(self, part: str, reason: str) -> None:
        """A part was left as it was because of another; that one has the error."""
        self._note(part, None, reason, "")
        self.count(part, failed=1)

    def counts(self) -> dict[str, dict[str, int]]:
        """The figures by kind, as they are stored and shown."""
        return {kind: self._counts_of(kind) for kind in SyncRun.KINDS}

    def _counts_of(self, kind: str) -> dict[str, int]:
        saved = self.saved.get(kind, Saved())
        return {
            "new": len(saved.new) + self.figures[kind, "new"],
            "changed": len(saved.changed) + self.figures[kind, "changed"],
            "gone": self.figures[kind, "gone"],
            "failed": self.figures[kind, "failed"],
            "total": self.totals.get(kind, 0),
        }

    def _entity_failed(self, kind: str, one: int | None, reason: str) -> None:
        self.count(kind, failed=1)
        self._note(kind, one, reason, "The others were saved; look at this one in Canvas.")

    def _note(self, part: str, one: int | None, reason: str, todo: str) -> None:
        self._alike[part, reason] += 1
        if self._alike[part, reason] <= MOST_ALIKE:
            self.errors.append(RunError(part=part, id=one, reason=reason, todo=todo))


def outcome(tally: Tally, *, requests: int, full: bool) -> Outcome:
    """Decide how a sync ended that went through to its end."""
    state, summary = _verdict(tally, full=full)
    return Outcome(
        state=state,
        summary=summary,
        counts=tally.counts(),
        errors=tally.errors,
        held=tally.held,
        requests=requests,
    )


def broken_off(tally: Tally, error: CanvasError, *, requests: int) -> Outcome:
    """How a sync ended that could not go on: what was saved until then is kept."""
    return Outcome(
        state=SyncRun.State.FAILED,
        summary=f"{error.what} {error.todo}",
        counts=tally.counts(),
        errors=[*tally.errors, RunError(part="", id=None, reason=error.what, todo=error.todo)],
        requests=requests,
    )


def cancelled(tally: Tally, *, requests: int) -> Outcome:
    """How a sync ended that a person stopped."""
    return Outcome(
        state=SyncRun.State.CANCELLED,
        summary="Cancelled. What was read until then is saved; nothing was removed for being unread.",
        counts=tally.counts(),
        errors=tally.errors,
        requests=requests,
    )


def _verdict(tally: Tally, *, full: bool) -> tuple[str, str]:
    if tally.held:
        return SyncRun.State.WAITS, _waiting(tally)
    if tally.parts_failed and not tally.parts_done:
        error = next(iter(tally.parts_failed.values()))
        return SyncRun.State.FAILED, f"{error.what} {error.todo}"
    if tally.errors:
        return SyncRun.State.PARTLY, _missing(tally)
    return SyncRun.State.COMPLETE, _news(tally.counts(), full=full)


def _waiting(tally: Tally) -> str:
    listed = " and ".join(f"{len(ids):,} {kind}" for kind, ids in tally.held.items())
    rest = _missing(tally) if tally.errors else "Everything else is up to date."
    return (
        f"Canvas no longer lists {listed}. That is more than usual, so nothing was removed. "
        f"{rest} Look at the list, then agree or leave it."
    )


def _missing(tally: Tally) -> str:
    if tally.parts_failed:
        parts = ", ".join(part.replace("_", " ") for part in sorted(tally.parts_failed))
        parts = parts.replace("group categories", "group sets")
        return (
            f"Not everything could be read: {parts}. "
            "These are as they were before, all else is up to date. The next sync reads them again."
        )
    failed = sum(one["failed"] for one in tally.counts().values())
    return f"Up to date, but for {failed:,} that could not be read or saved; they are listed below."


def _news(counts: Mapping[str, Mapping[str, int]], *, full: bool) -> str:
    news = [
        f"{sum(one[figure] for one in counts.values()):,} {figure}"
        for figure in ("new", "changed", "gone")
        if any(one[figure] for one in counts.values())
    ]
    return f"{'Everything was read' if full else 'Up to date'}: {', '.join(news) or 'no changes'}."
