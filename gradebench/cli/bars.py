"""Shows how runs move on: bars on a terminal, plain lines elsewhere; always on stderr."""

import time
from types import TracebackType
from typing import Protocol, Self

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column

from gradebench.canvas.models import SyncRun
from gradebench.canvas.progress import Snapshot, Step, SyncProgress
from gradebench.cli import screen


class Show(Protocol):
    """What follows some runs with the person's eyes."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def update(self, run: SyncRun) -> None:
        """Show where `run` is now."""


def suitable() -> Show:
    """Bars where they can move, lines where they cannot."""
    return Bars() if screen.notices().is_terminal else Lines()


class Bars:
    """One bar for each run."""

    def __init__(self) -> None:
        self._tasks: dict[int, TaskID] = {}
        self._progress = Progress(
            TextColumn("{task.description}", markup=False, table_column=_narrow(max_width=32)),
            BarColumn(bar_width=14),
            TextColumn("{task.fields[doing]}", markup=False, table_column=_narrow(ratio=1)),
            TimeElapsedColumn(table_column=Column(min_width=7)),
            console=screen.notices(),
            expand=True,
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def update(self, run: SyncRun) -> None:
        """Move the bar of this run; it swings while nobody knows how much there is."""
        now = SyncProgress.read(run)
        if run.pk not in self._tasks:
            self._tasks[run.pk] = self._progress.add_task(str(run.course), total=None, doing="")
        task = self._tasks[run.pk]
        percent = now["percent"]
        self._progress.update(
            task,
            total=None if percent is None else 100,
            completed=percent or 0,
            doing=doing(now),
        )
        if run.finished:
            self._progress.stop_task(task)


class Lines:
    """A line when a run turns to something else, and now and then in between."""

    SECONDS_BETWEEN = 5.0

    def __init__(self) -> None:
        self._told: dict[int, tuple[str, float]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def update(self, run: SyncRun) -> None:
        """Print a line if there is something to tell."""
        now = SyncProgress.read(run)
        subject = now["state_text"] if run.finished else _subject(now)
        # That it waits is news only if it goes on: mostly somebody takes it at once.
        waiting = SyncRun.State.QUEUED.label, time.monotonic()
        told, at = self._told.setdefault(run.pk, waiting)
        silent = time.monotonic() - at
        if subject != told or (not run.finished and silent >= self.SECONDS_BETWEEN):
            self._told[run.pk] = (subject, time.monotonic())
            screen.say(f"{run.course}: {doing(now)}")


def doing(now: Snapshot) -> str:
    """What a run does at the moment: `submissions 1,200 of 18,000`, `people 300 so far`."""
    if now["finished"] or now["state"] == SyncRun.State.QUEUED:
        return now["state_text"]
    step = _current(now["steps"])
    return _figures(step) if step else now["message"] or now["state_text"]


def _subject(now: Snapshot) -> str:
    step = _current(now["steps"])
    return step["name"] if step else now["message"] or now["state_text"]


def _current(steps: list[Step]) -> Step | None:
    """The first step that is known to have more before it, else the latest begun."""
    unfinished = [step for step in steps if step["done"] < (step["total"] or 0)]
    return unfinished[0] if unfinished else steps[-1] if steps else None


def _figures(step: Step) -> str:
    if step["total"] is None:
        return f"{step['name']} {step['done']:,} so far"
    return f"{step['name']} {step['done']:,} of {step['total']:,}"


def _narrow(*, max_width: int | None = None, ratio: int | None = None) -> Column:
    return Column(no_wrap=True, overflow="ellipsis", max_width=max_width, ratio=ratio)
