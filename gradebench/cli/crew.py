"""Carries out runs in this process, some side by side, unless another worker takes them first."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from django.db import connections
from django.db.models import QuerySet

from gradebench.canvas import runs, worker
from gradebench.canvas.models import SyncRun

# More would only wait for each other: requests of one token share one quota.
SIDE_BY_SIDE = 3
SECONDS_BETWEEN_TRIES = 0.5


class Crew:
    """A few threads that claim the given runs and carry them out until all have ended."""

    def __init__(self, wanted: Sequence[SyncRun]) -> None:
        self._keys = [run.pk for run in wanted]
        self._stop = threading.Event()
        self._size = min(SIDE_BY_SIDE, len(self._keys)) or 1
        self._pool = ThreadPoolExecutor(self._size, thread_name_prefix="sync")
        self._work: list[Future[None]] = []

    def __enter__(self) -> Self:
        self._work = [self._pool.submit(self._carry_out_what_waits) for _ in range(self._size)]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._pool.shutdown(wait=error is None, cancel_futures=True)

    def complain(self) -> None:
        """Raise what brought a thread down, such as a database that cannot be written."""
        for work in self._work:
            if work.done():
                work.result()

    def _carry_out_what_waits(self) -> None:
        try:
            while not self._stop.is_set() and self._unfinished().exists():
                waiting = self._unfinished().filter(state=SyncRun.State.QUEUED).order_by("id")
                for run in waiting.select_related("course__integration__user"):
                    if runs.claim_this(run):
                        worker.carry_out(run)
                self._stop.wait(SECONDS_BETWEEN_TRIES)
        finally:
            connections.close_all()

    def _unfinished(self) -> QuerySet[SyncRun]:
        return SyncRun.objects.filter(pk__in=self._keys, state__in=SyncRun.UNFINISHED)
