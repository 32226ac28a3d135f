"""How a course stands: the one word of the dashboard, decided from its row and its last sync."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from gradebench.canvas.models import CanvasCourse, SyncRun
from gradebench.canvas.views.drift import CourseDrift

State = SyncRun.State

# What to call it, and the colour it is told in.
RUN_KINDS = {
    State.QUEUED: "info",
    State.RUNNING: "info",
    State.COMPLETE: "success",
    State.PARTLY: "warning",
    State.WAITS: "warning",
    State.FAILED: "error",
    State.CANCELLED: "neutral",
}


@dataclass(frozen=True, kw_only=True)
class CourseState:
    """A word, its colour, and what stands behind it."""

    word: str
    kind: str
    note: str = ""

    @property
    def notice(self) -> str:
        """The colour of a notice that tells the note."""
        return "info" if self.kind == "neutral" else self.kind


@dataclass(frozen=True, kw_only=True)
class CourseRow:
    """A course with its last sync and its state, as lists show it.

    `drift` is counted where it is shown; None where it was not, or where there is none.
    """

    course: CanvasCourse
    run: SyncRun | None
    state: CourseState
    drift: CourseDrift | None = None

    @property
    def kept(self) -> bool:
        """Whether the first page shows it: chosen, or synced by somebody's wish."""
        return self.course.chosen or self.run is not None

    @property
    def syncing(self) -> bool:
        """Whether a sync waits or runs."""
        return self.run is not None and not self.run.finished

    @property
    def asks(self) -> bool:
        """Whether the last sync needs a person: it failed, or waits for a yes."""
        run, here = self.run, self.course.gone_at is None
        return here and run is not None and run.state in (State.FAILED, State.WAITS)


def rows_of(courses: QuerySet[CanvasCourse]) -> list[CourseRow]:
    """The courses with their last syncs: two queries, however many there are."""
    last = SyncRun.objects.filter(course=OuterRef("pk"), kind=SyncRun.Kind.SYNC).order_by("-id")
    found = list(courses.annotate(last_run=Subquery(last.values("pk")[:1])))
    runs = _runs_by_id(course.last_run for course in found)
    return [_row(course, runs.get(course.last_run)) for course in found]


def row_of(course: CanvasCourse) -> CourseRow:
    """One course with its last sync."""
    return _row(course, course.runs.filter(kind=SyncRun.Kind.SYNC).first())


def state_of(course: CanvasCourse, run: SyncRun | None) -> CourseState:
    """Decide the word: what Canvas says of the course, then its last sync."""
    if course.gone_at is not None:
        return CourseState(word="Gone", kind="neutral", note="Canvas no longer lists this course.")
    if run is not None and not run.finished:
        word = "Waiting" if run.state == State.QUEUED else "Syncing"
        return CourseState(word=word, kind="info")
    if course.access_restricted_by_date:
        note = "Canvas closes this course to you outside its dates."
        return CourseState(word="Closed", kind="neutral", note=note)
    if run is None:
        return CourseState(word="Not synced yet", kind="neutral")
    return _after(run)


def _after(run: SyncRun) -> CourseState:
    words = {
        State.COMPLETE: "Up to date",
        State.PARTLY: "Partly synced",
        State.WAITS: "Needs your yes",
        State.FAILED: "Failed",
        State.CANCELLED: "Cancelled",
    }
    note = "" if run.state == State.COMPLETE else run.summary
    return CourseState(word=words[State(run.state)], kind=RUN_KINDS[State(run.state)], note=note)


def _row(course: CanvasCourse, run: SyncRun | None) -> CourseRow:
    return CourseRow(course=course, run=run, state=state_of(course, run))


def _runs_by_id(ids: Iterable[int | None]) -> dict[int | None, SyncRun]:
    wanted = [one for one in ids if one is not None]
    return {run.pk: run for run in SyncRun.objects.filter(pk__in=wanted)}
