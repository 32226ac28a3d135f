"""The life of a SyncRun: asked for, claimed, kept alive, finished, given up on when its worker died.

The row is the truth. Every change of state is a conditional update, so that two workers, a person who
cancels and a worker that finishes can meet without harm.
"""

import logging
import os
import socket
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Exists, F, Q, QuerySet
from django.utils import timezone

from gradebench.canvas.models import CanvasCourse, SyncRun
from gradebench.core.async_utils import in_database

log = logging.getLogger(__name__)

State = SyncRun.State

# A worker reports every second; one that has been silent for this long is dead.
SILENCE = timedelta(seconds=60)
# A run that brought down its worker this often is not tried again.
MOST_ATTEMPTS = 3
# A person reads the first errors; ten thousand of them help nobody.
MOST_ERRORS_KEPT = 500


class RunCancelled(Exception):
    """A person asked for the run to stop, and it stopped at the next safe place."""


class RunTakenAway(Exception):
    """The run was given up on or claimed by another worker; whoever notices stops writing."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a run ended: what `finish` writes to the row."""

    state: str
    summary: str
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    errors: Sequence[Mapping[str, Any]] = ()
    held: Mapping[str, Sequence[int] | Sequence[list[int]]] = field(default_factory=dict)
    requests: int = 0


def worker_name() -> str:
    """Names this process and thread for the rows that it claims."""
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"


def ask(
    course: CanvasCourse,
    *,
    by: User | None,
    kind: str = SyncRun.Kind.SYNC,
    full: bool = False,
    yes: bool = False,
    approved: Mapping[str, Sequence[int]] | None = None,
) -> SyncRun:
    """Ask for a run; while one of this kind is unfinished on the course, that one is the answer."""
    unfinished = Q(course=course, kind=kind, state__in=SyncRun.UNFINISHED)
    for _attempt in range(3):
        found = SyncRun.objects.filter(unfinished).first()
        if found is not None:
            return found
        try:
            with transaction.atomic():
                return SyncRun.objects.create(
                    course=course,
                    kind=kind,
                    asked_by=by,
                    full=full,
                    yes=yes,
                    approved=approved or {},
                )
        except IntegrityError:
            continue  # someone asked at the same moment; their run may even be over by now
    return SyncRun.objects.filter(course=course, kind=kind).latest("id")


def approve(run: SyncRun, *, by: User | None) -> SyncRun:
    """Agree to the removals at which `run` stopped, and ask for the run that carries them out."""
    return ask(run.course, by=by, kind=run.kind, full=run.full, approved=run.held)


def claim(*, kind: str | None = None) -> SyncRun | None:
    """Take the oldest waiting run for this worker, or None."""
    waiting = SyncRun.objects.filter(state=State.QUEUED).order_by("id")
    for run in waiting.filter(kind=kind) if kind else waiting:
        if claim_this(run):
            return run
    return None


def claim_this(run: SyncRun) -> bool:
    """Take this run if nobody has; the condition is in the update, so that only one worker wins.

    A sync and a push of one course wait for each other.
    """
    now = timezone.now()
    # A sync that reads while a push writes could save what was true a moment before.
    others = SyncRun.objects.filter(course=run.course_id, state=State.RUNNING).exclude(
        kind=run.kind
    )
    won = SyncRun.objects.filter(~Exists(others), pk=run.pk, state=State.QUEUED).update(
        state=State.RUNNING,
        worker=worker_name(),
        started_at=now,
        heartbeat_at=now,
        attempts=F("attempts") + 1,
    )
    if won:
        run.refresh_from_db()
    return bool(won)


def report(run: SyncRun, *, requests: int, done_parts: Sequence[str] | None = None) -> None:
    """Show that the worker lives.

    Raises RunCancelled when a person asked for that, RunTakenAway when the run is no longer ours.
    """
    values: dict[str, Any] = {"heartbeat_at": timezone.now(), "requests": requests}
    if done_parts is not None:
        values["done_parts"] = list(done_parts)
    if not _ours(run).update(**values):
        raise RunTakenAway
    if SyncRun.objects.filter(pk=run.pk, cancel_asked=True).exists():
        raise RunCancelled


def beat(run: SyncRun) -> None:
    """Show that the worker lives. Raises RunTakenAway when the run is no longer ours."""
    if not _ours(run).update(heartbeat_at=timezone.now()):
        raise RunTakenAway


def finish(run: SyncRun, outcome: Outcome) -> bool:
    """Write the end of a run; False when it is no longer this worker's to end."""
    written = _ours(run).update(
        state=outcome.state,
        summary=outcome.summary,
        counts=outcome.counts,
        errors=list(outcome.errors)[:MOST_ERRORS_KEPT],
        held=outcome.held,
        requests=outcome.requests,
        finished_at=timezone.now(),
    )
    run.refresh_from_db()
    return bool(written)


def cancel(run: SyncRun) -> SyncRun:
    """Ask a run to stop: one that waits ends at once, one that works at its next safe place."""
    ended = SyncRun.objects.filter(pk=run.pk, state=State.QUEUED).update(
        state=State.CANCELLED, finished_at=timezone.now(), summary="Cancelled before it began."
    )
    if not ended:
        SyncRun.objects.filter(pk=run.pk, state=State.RUNNING).update(cancel_asked=True)
    run.refresh_from_db()
    return run


async def conduct(run: SyncRun, work: Callable[[], Awaitable[Outcome]]) -> SyncRun:
    """Carry out a claimed run and write its end, whatever happens in between.

    The product's one broad except: a run that crashed must say so, and never look unfinished.
    """
    try:
        outcome = await work()
    except RunTakenAway:
        log.warning("Run %s was taken over by another worker", run.pk)
        await run.arefresh_from_db()
        return run
    except Exception as error:
        log.exception("Run %s crashed", run.pk)
        sentence = crash_sentence(error)
        told = {"part": "", "id": None, "reason": sentence, "todo": ""}
        outcome = Outcome(state=State.FAILED, summary=sentence, errors=[told])
    await in_database(finish, run, outcome)
    return run


def crash_sentence(error: Exception) -> str:
    """What a person needs to know of an error that nobody foresaw."""
    text = str(error).lower()
    if isinstance(error, DatabaseError) and ("full" in text or "no space" in text):
        return "The disk of the database is full. Nothing was lost: make room, then sync again."
    if isinstance(error, DatabaseError) and "locked" in text:
        return (
            "The database was locked by another program for too long. Nothing was lost: close "
            "whatever else writes to it, then sync again."
        )
    if isinstance(error, DatabaseError):
        return f"The database refused the work ({error}). What was saved before is kept."
    return (
        f"GradeBench itself failed ({type(error).__name__}). What was saved before is kept; "
        "the server's log has the details for a bug report."
    )


def give_up_on_the_dead() -> int:
    """Put runs whose worker died back into the queue, or end them after too many tries.

    Returns how many were found.
    """
    dead = [run for run in SyncRun.objects.filter(state=State.RUNNING) if is_dead(run)]
    return sum(_give_up(run) for run in dead)


def is_dead(run: SyncRun) -> bool:
    """Whether a run's worker is gone: silent for long, or a process of this machine that ended."""
    if run.heartbeat_at is None or run.heartbeat_at < timezone.now() - SILENCE:
        return True
    host, _, process = run.worker.rpartition(":")[0].rpartition(":")
    return host == socket.gethostname() and process.isdigit() and not _lives(int(process))


def _give_up(run: SyncRun) -> int:
    if run.attempts < MOST_ATTEMPTS and not run.cancel_asked:
        return put_back(run)
    return _ours(run).update(
        state=State.FAILED,
        finished_at=timezone.now(),
        summary="The worker stopped in the middle of this run, and again when it was tried anew. "
        "What was read before is kept. Look at the server's log, then start a new sync.",
    )


def put_back(run: SyncRun) -> int:
    """Put a dead worker's run back into the queue; 0 when somebody else was first."""
    return _ours(run).update(state=State.QUEUED, worker="")


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's, and alive
    return True


def hand_back() -> int:
    """Put what this process works on back into the queue, because the process is told to stop.

    Whoever works on it notices at the next report; another worker goes on from the parts that were
    done. Returns how many runs there were.
    """
    process = f"{socket.gethostname()}:{os.getpid()}:"
    mine = SyncRun.objects.filter(state=State.RUNNING, worker__startswith=process)
    return mine.update(state=State.QUEUED, worker="", attempts=F("attempts") - 1)


def _ours(run: SyncRun) -> QuerySet[SyncRun]:
    return SyncRun.objects.filter(pk=run.pk, state=State.RUNNING, worker=run.worker)
