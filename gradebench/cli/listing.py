"""The tables of courses and of runs."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import OuterRef, Subquery
from msgspec import Struct

from gradebench.canvas.models import CanvasIntegration, SyncRun
from gradebench.cli import choose, screen


class CourseLine(Struct, kw_only=True):
    """A course in `gradebench courses --json`; `id` is Canvas's, `integration` ours."""

    id: int
    name: str
    course_code: str | None
    term: str | None
    workflow_state: str | None
    students: int | None
    chosen: bool
    synced_at: datetime | None
    state: str | None
    integration: int


class RunLine(Struct, kw_only=True):
    """A run in `gradebench runs --json`; `course_id` is Canvas's."""

    id: int
    kind: str
    course_id: int
    course: str
    integration: int
    state: str
    asked_by: str | None
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    seconds: float | None
    requests: int
    summary: str
    counts: dict[str, dict[str, int]]
    errors: list[dict[str, object]]


def list_courses(*, integration_id: int | None, as_json: bool) -> None:
    """Print the courses; the lists are asked of Canvas only where none was ever read."""
    connections = choose.integrations(integration_id)
    unread = [each for each in connections if not each.courses.exists()]
    choose.read_course_lists(unread)
    lines = _course_lines(connections)
    if as_json:
        screen.answer_json(lines)
        return
    several = len(connections) > 1
    columns = ["id", "name", "term", "students", "last sync", "state"]
    shown = screen.table(
        ["connection", *columns] if several else columns,
        [_cells(line, with_connection=several) for line in lines],
        numbers=["id", "students"],
    )
    screen.results().print(shown)
    if not lines:
        screen.say(
            "Canvas shows no course to this person. Only courses with a role in them are listed."
        )


def _course_lines(connections: Sequence[CanvasIntegration]) -> list[CourseLine]:
    last_run = SyncRun.objects.filter(course=OuterRef("pk"), kind=SyncRun.Kind.SYNC).order_by("-id")
    found = choose.courses_of(connections).annotate(state=Subquery(last_run.values("state")[:1]))
    return [
        CourseLine(
            id=course.canvas_id,
            name=str(course),
            course_code=course.course_code,
            term=course.term_name,
            workflow_state=course.workflow_state,
            students=course.total_students,
            chosen=course.chosen,
            synced_at=course.synced_at,
            state=course.state,
            integration=course.integration_id,
        )
        for course in found
    ]


def _cells(line: CourseLine, *, with_connection: bool) -> list[object]:
    state = SyncRun.State(line.state).label if line.state else "Never synced"
    cells = [line.id, line.name, line.term, line.students, _time(line.synced_at), state]
    return [line.integration, *cells] if with_connection else cells


def list_runs(*, limit: int, as_json: bool) -> None:
    """Print the latest runs, the newest first."""
    found = SyncRun.objects.select_related("course", "asked_by").order_by("-id")[:limit]
    if as_json:
        screen.answer_json([_run_line(run) for run in found])
        return
    rows = [
        [
            run.pk,
            run.get_kind_display(),
            run.course.canvas_id,
            run.course,
            run.get_state_display(),
            _time(run.finished_at or run.started_at or run.asked_at),
            run.seconds,
            run.requests,
        ]
        for run in found
    ]
    columns = ["run", "kind", "id", "course", "state", "when", "seconds", "requests"]
    numbers = ["run", "id", "seconds", "requests"]
    screen.results().print(screen.table(columns, rows, numbers=numbers))
    if not rows:
        screen.say("Nothing was synced yet. Begin with: gradebench sync --all")


def _run_line(run: SyncRun) -> RunLine:
    return RunLine(
        id=run.pk,
        kind=run.kind,
        course_id=run.course.canvas_id,
        course=str(run.course),
        integration=run.course.integration_id,
        state=run.state,
        asked_by=run.asked_by.username if run.asked_by else None,
        asked_at=run.asked_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
        seconds=run.seconds,
        requests=run.requests,
        summary=run.summary,
        counts=run.ordered_counts,
        errors=run.errors,
    )


def _time(moment: datetime | None) -> str:
    """In the zone of the machine, to the minute."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else "never"
