"""What a sync tells when it has ended: as JSON, as a table, and as an exit code."""

from collections.abc import Sequence

from msgspec import Struct
from rich.table import Table

from gradebench.canvas.api.errors import CanvasError
from gradebench.canvas.models import SyncRun
from gradebench.cli import screen

State = SyncRun.State
FIGURES = ("new", "changed", "gone", "failed", "total")
MOST_ERRORS_SHOWN = 10

# From good to bad: the worst course decides.
_CODES = {
    State.COMPLETE: 0,
    State.PARTLY: 1,
    State.WAITS: 3,
    State.FAILED: 2,
    State.CANCELLED: 2,
}
_FROM_GOOD_TO_BAD = (0, 1, 3, 2)


class Outcome(Struct, kw_only=True):
    """One course in `gradebench sync --json`; `course_id` is Canvas's.

    `counts`: {kind: {new, changed, gone, failed, total}}. `errors`: [{part, id, reason, todo}].
    `held`: {kind: [Canvas ids, or pairs of group and person]} that would be marked gone, while the
    state is `waits`.
    """

    course_id: int
    name: str
    state: str
    summary: str
    counts: dict[str, dict[str, int]]
    requests: int
    seconds: float
    errors: list[dict[str, object]]
    held: dict[str, list[object]]


def outcome_of(run: SyncRun) -> Outcome:
    """What came of a run that has ended."""
    return Outcome(
        course_id=run.course.canvas_id,
        name=str(run.course),
        state=run.state,
        summary=run.summary,
        counts=run.ordered_counts,
        requests=run.requests,
        seconds=run.seconds or 0.0,
        errors=run.errors or _why(run),
        held=run.held,
    )


def _why(run: SyncRun) -> list[dict[str, object]]:
    """A run that crashed has no list of errors; whoever reads one must find the reason in it."""
    if run.state != State.FAILED:
        return []
    return [{"part": "", "id": None, "reason": run.summary, "todo": ""}]


def not_found(canvas_id: int, error: CanvasError) -> Outcome:
    """What came of a course that Canvas does not show to the owner of any connection."""
    return Outcome(
        course_id=canvas_id,
        name="",
        state=State.FAILED,
        summary=f"{error.what} {error.todo}",
        counts={},
        requests=0,
        seconds=0.0,
        errors=[{"part": "course", "id": canvas_id, "reason": error.what, "todo": error.todo}],
        held={},
    )


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """0 complete, 1 partly, 2 failed, 3 waits for a yes; the worst of all courses."""
    codes = {_CODES[State(outcome.state)] for outcome in outcomes}
    return max(codes, key=_FROM_GOOD_TO_BAD.index, default=0)


def show_outcome(outcome: Outcome) -> None:
    """Print how a course ended: a line, the counts, and what went wrong."""
    name = (
        f"{outcome.name} ({outcome.course_id})" if outcome.name else f"Course {outcome.course_id}"
    )
    console = screen.results()
    console.print(f"\n{name}: {State(outcome.state).label}", style="bold", markup=False)
    if outcome.summary:
        console.print(outcome.summary, markup=False, soft_wrap=True)
    if outcome.counts:
        console.print(_counts(outcome))
        console.print(f"{outcome.requests} requests, {outcome.seconds:.1f} s", markup=False)
    _show_errors(outcome)
    _show_held(outcome)


def _counts(outcome: Outcome) -> Table:
    rows = [
        [kind.replace("_", " "), *(figures.get(figure, 0) for figure in FIGURES)]
        for kind, figures in outcome.counts.items()
    ]
    return screen.table(["", *FIGURES], rows, numbers=FIGURES)


def _show_errors(outcome: Outcome) -> None:
    for error in outcome.errors[:MOST_ERRORS_SHOWN]:
        entity = f"{error.get('part', '')} {error.get('id') or ''}".strip()
        sentence = f"{error.get('reason', '')} {error.get('todo') or ''}".strip()
        if sentence != outcome.summary:
            screen.say(f"{entity}: {sentence}" if entity else sentence)
    more = len(outcome.errors) - MOST_ERRORS_SHOWN
    if more > 0:
        screen.say(f"… and {more} more; all of them: gradebench runs --json")


def _show_held(outcome: Outcome) -> None:
    if outcome.state != State.WAITS:
        return
    would = ", ".join(f"{len(ids)} {kind.replace('_', ' ')}" for kind, ids in outcome.held.items())
    screen.say(
        f"{would} would be marked gone. Look in Canvas whether that is right; if so: "
        f"gradebench sync {outcome.course_id} --yes"
    )
