"""Background jobs that really take their time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from gradebench.sandbox.world.rows import Progress
from gradebench.sandbox.world.world import World


class JobFailed(Exception):
    """The work could not be done; the text becomes the job's message."""


Work = Callable[[], str | None]


@dataclass
class JobRunner:
    """Runs jobs one after another in the background of the server's event loop."""

    seconds: float = 0.4
    stuck: bool = False
    failing: bool = False
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def start(self, world: World, job: Progress, work: Work) -> None:
        """Let `job` wait, run and finish; `work` does it at the end and returns the message."""
        task = asyncio.get_running_loop().create_task(self._run(world, job, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, world: World, job: Progress, work: Work) -> None:
        while self.stuck:  # noqa: ASYNC110  (a switch that tests flip, not an event)
            await asyncio.sleep(0.05)
        if job.workflow_state == "queued":
            await asyncio.sleep(self.seconds / 2)
            advance(world, job, "running", 0.0)
        await asyncio.sleep(self.seconds / 2)
        if job.workflow_state != "running":
            return
        if self.failing:
            job.message = "Unexpected error, ID: 31"
            advance(world, job, "failed", job.completion)
            return
        try:
            job.message = work()
            advance(world, job, "completed", 100.0)
        except JobFailed as failure:
            job.message = str(failure)
            advance(world, job, "failed", job.completion)


def advance(world: World, job: Progress, state: str, completion: float | None) -> None:
    """Move a job to a state."""
    job.workflow_state, job.completion, job.updated_at = state, completion, world.now()
