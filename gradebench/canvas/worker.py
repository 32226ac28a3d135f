"""Works through the runs that were asked for: in threads of the server, or as its own process."""

import logging
import threading

from asgiref.sync import async_to_sync
from django.db import DatabaseError, close_old_connections

from gradebench.canvas import runs
from gradebench.canvas.api.errors import CanvasError
from gradebench.canvas.client import Client
from gradebench.canvas.models import SyncRun
from gradebench.canvas.runs import Outcome
from gradebench.core.async_utils import BackgroundTask, in_database, run_async_in_thread

log = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 1.0
# Courses at a time. More would only wait for each other: requests of one token share one quota.
SIDE_BY_SIDE = 3


def work(*, stop: threading.Event, until_idle: bool = False) -> None:
    """Claim and carry out runs until told to stop, or until there is none with `until_idle`."""
    while not stop.is_set():
        close_old_connections()
        if _carry_out_one():
            continue
        if until_idle:
            return
        stop.wait(SECONDS_BETWEEN_LOOKS)


def _carry_out_one() -> bool:
    """Carry out the oldest run that waits; False when there is none, or no database to ask."""
    try:
        runs.give_up_on_the_dead()
        run = runs.claim()
        if run is not None:
            carry_out(run)
    except DatabaseError:
        log.exception("The database cannot be used just now; trying again")
        return False
    return run is not None


def carry_out(run: SyncRun) -> SyncRun:
    """Carry out one claimed run to its end."""
    return async_to_sync(_carry_out)(run)


async def _carry_out(run: SyncRun) -> SyncRun:
    integration = await run.arelated("course__integration")
    try:
        async with Client(integration) as client:
            return await client.carry_out(run)
    except CanvasError as error:  # not even a client: the token is unreadable
        failed = Outcome(state=SyncRun.State.FAILED, summary=str(error))
        await in_database(runs.finish, run, failed)
        return run


def start_embedded(stop: threading.Event) -> list[BackgroundTask[None]]:
    """Work in a few background threads of this process until `stop` is set."""

    async def in_the_background() -> None:
        await in_database(work, stop=stop)

    return [run_async_in_thread(in_the_background) for _ in range(SIDE_BY_SIDE)]
