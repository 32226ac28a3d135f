"""Carries out runs in this process, some side by side, unless another worker takes them first."""

import threading
from collections.abc import Sequence
from typing import Self

from django.db.models import QuerySet

from gradebench.canvas import runs, worker
from gradebench.canvas.models import SyncRun
from gradebench.core.async_utils import BackgroundTask, in_database, run_async_in_thread

SECONDS_BETWEEN_TRIES = 0.5


class Crew:
    """A few threads that claim the given runs and carry them out until all have ended.

    The threads are daemons: whoever leaves at once does not wait for them.
    """

    def __init__(self, wanted: Sequence[SyncRun]) -> None:
        self._keys = [run.pk for run in wanted]
        self._stop = threading.Event()
        self._work: list[BackgroundTask[None]] = []

    def __enter__(self) -> Self:
        size = min(worker.SIDE_BY_SIDE, len(self._keys))
        self._work = [run_async_in_thread(self._hand) for _ in range(size)]
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()

    def complain(self) -> None:
        """Raise what brought a thread down, such as a database that cannot be written."""
        for work in self._work:
            if work.done():
                work.result()

    async def _hand(self) -> None:
        await in_database(self._carry_out_what_waits)

    def _carry_out_what_waits(self) -> None:
        while not self._stop.is_set() and self._unfinished().exists():
            waiting = self._unfinished().filter(state=SyncRun.State.QUEUED).order_by("id")
            for run in waiting.select_related("course__integration__user"):
                if runs.claim_this(run):
                    worker.carry_out(run)
            self._stop.wait(SECONDS_BETWEEN_TRIES)

    def _unfinished(self) -> QuerySet[SyncRun]:
        return SyncRun.objects.filter(pk__in=self._keys, state__in=SyncRun.UNFINISHED)
