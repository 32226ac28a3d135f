"""One plan at a time works on a course: its run is the lock, the heartbeat and the moving bar."""

import time

import msgspec
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from gradebench.canvas import runs
from gradebench.canvas.models import GroupPlan, PlannedWrite, SyncRun
from gradebench.canvas.progress import SyncProgress
from gradebench.canvas.push.report import Report
from gradebench.canvas.push.storing import plan_of
from gradebench.canvas.push.trouble import Busy, NeedsYes, NotApplicable

State = GroupPlan.State
Journaled = PlannedWrite.State
UNFINISHED_WRITES = (Journaled.PLANNED, Journaled.SENT, Journaled.UNCERTAIN)

SECONDS_BETWEEN_BEATS = 1.0

RUN_STATES = {
    State.VERIFIED: SyncRun.State.COMPLETE,
    State.REMAINDER: SyncRun.State.PARTLY,
    State.FAILED: SyncRun.State.FAILED,
    State.STALE: SyncRun.State.FAILED,
    State.READY: SyncRun.State.FAILED,
}


class Running:
    """A plan in this process's hands, from the claim to the end of its run."""

    def __init__(self, row: GroupPlan, run: SyncRun, *, is_resumed: bool) -> None:
        self.row = row
        self.run = run
        self.is_resumed = is_resumed
        self.requests = 0
        self._beat = 0.0
        self.progress = SyncProgress(run.pk)
        self.progress.start("Reading the set")

    def note_request(self) -> None:
        """Before each request: count it, and show that this process lives.

        Raises RunTakenAway when another worker thought it dead: from here on the plan is theirs.
        """
        self.requests += 1
        now = time.monotonic()
        if now - self._beat >= SECONDS_BETWEEN_BEATS:
            self._beat = now
            runs.beat(self.run)

    def step(self, done: int, total: int) -> None:
        """Show how far it is. Raises RunCancelled, RunTakenAway."""
        self.progress.step("writes", done=done, total=total)
        self.progress.requests = self.requests
        runs.report(self.run, requests=self.requests)

    def end(self, report: Report) -> None:
        """Write the end of the plan and of its run, unless another worker took it over."""
        state = State(report.state)
        with transaction.atomic():
            if runs.finish(self.run, outcome_of(report)):
                self.row.state = state
                self.row.differences = list(report.differences)
                self.row.finished_at = None if state == State.READY else timezone.now()
                self.row.report = msgspec.json.encode(report).decode()
                self.row.save(update_fields=["state", "differences", "finished_at", "report"])
        self.progress.finish(report.summary)


def outcome_of(report: Report) -> runs.Outcome:
    """The end of a run, as the page of runs shows it."""
    return runs.Outcome(
        state=RUN_STATES[State(report.state)],
        summary=report.summary,
        counts={"operations": {"changed": report.applied, "failed": report.failed}},
        errors=[
            {"part": "groups", "id": one.user_id or one.team, "reason": one.reason, "todo": ""}
            for one in report.unmet
        ],
        requests=report.requests,
    )


def take(row: GroupPlan, *, by: User | None, yes: bool, claimed: SyncRun | None = None) -> Running:
    """Claim a plan for this process: a fresh one, or one that was left half done.

    `claimed`: the run, where a worker has it in hand already. Raises NeedsYes, NotApplicable, Busy.
    """
    row.refresh_from_db()
    is_resumed = can_be_resumed(row)
    if not is_resumed and row.state != State.READY:
        raise NotApplicable(f"The plan is not ready: {row.get_state_display().lower()}.")
    made = plan_of(row)
    if made.needs_yes and not (yes or row.yes):
        raise NeedsYes(made.removals)
    run = claimed or _claim_run(row, by)
    now = timezone.now()
    won = GroupPlan.objects.filter(pk=row.pk, state=row.state).update(
        state=State.APPLYING, run=run, applied_by=by, yes=yes or row.yes, started_at=now
    )
    if not won:
        runs.finish(run, runs.Outcome(state=SyncRun.State.CANCELLED, summary="Applied elsewhere."))
        raise NotApplicable("The plan was taken by somebody else a moment ago.")
    row.refresh_from_db()
    return Running(row, run, is_resumed=is_resumed)


def can_be_resumed(row: GroupPlan) -> bool:
    """Whether it was begun and left before its end: killed, cancelled, or cut off from Canvas."""
    if row.state == State.APPLYING:
        return True  # whether somebody still works on it, its run tells
    left = row.journal.filter(state__in=UNFINISHED_WRITES).exists()
    return row.state in (State.REMAINDER, State.FAILED) and left


def _claim_run(row: GroupPlan, by: User | None) -> SyncRun:
    course = row.category.course
    syncing = SyncRun.objects.filter(
        course=course, kind=SyncRun.Kind.SYNC, state=SyncRun.State.RUNNING
    ).first()
    if syncing is not None and _take_over(syncing).state == SyncRun.State.RUNNING:
        raise Busy("The course is being synced just now.")
    run = runs.ask(course, by=by, kind=SyncRun.Kind.PUSH)
    if run.state == SyncRun.State.RUNNING:
        run = _take_over(run)
    if run.state != SyncRun.State.QUEUED or not runs.claim_this(run):
        raise Busy("Another push of this course is being applied just now.")
    return run


def _take_over(run: SyncRun) -> SyncRun:
    """Put a dead worker's run back into the queue; the update is conditional, so one wins."""
    if runs.is_dead(run):
        runs.put_back(run)
        run.refresh_from_db()
    return run
