"""`gradebench sync`: asks for the runs, carries them out, shows them, and tells how they ended."""

import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from gradebench.canvas import runs
from gradebench.canvas.api.errors import CanvasError
from gradebench.canvas.models import CanvasCourse, CanvasIntegration, SyncRun
from gradebench.cli import bars, choose, screen
from gradebench.cli.border import INTERRUPTED, Stop
from gradebench.cli.crew import Crew
from gradebench.cli.outcomes import Outcome, exit_code, not_found, outcome_of, show_outcome

SECONDS_BETWEEN_LOOKS = 0.25
SECONDS_BETWEEN_ROUNDS = 10.0


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which courses a person named: by Canvas ids, or all of them."""

    course_ids: Sequence[int]
    everything: bool
    integration_id: int | None


@dataclass(frozen=True, kw_only=True)
class Found:
    """What became of the names: courses to sync, and ids that no connection shows."""

    courses: Sequence[CanvasCourse]
    missing: Sequence[Outcome]


def sync_courses(asked: Asked, *, full: bool, yes: bool, as_json: bool) -> int:
    """Sync the courses, print what came of each, and return the exit code of the worst.

    Raises Stop when nothing was asked for, and with code 130 when the person stopped it.
    """
    outcomes = sync(asked, full=full, yes=yes)
    if as_json:
        screen.answer_json(outcomes)
    else:
        for outcome in outcomes:
            show_outcome(outcome)
    return exit_code(outcomes)


def sync(asked: Asked, *, full: bool = False, yes: bool = False) -> list[Outcome]:
    """Sync the courses with a moving bar, and return what came of each. Raises Stop as above."""
    found = _find(asked)
    wanted = [
        runs.ask(course, by=course.integration.user, full=full, yes=yes) for course in found.courses
    ]
    return [*map(outcome_of, carry_out(wanted)), *found.missing]


def carry_out(wanted: Sequence[SyncRun]) -> list[SyncRun]:
    """Carry the runs out with a moving bar, and return them as they ended.

    Ctrl-C and SIGTERM stop them at their next safe place, a second one leaves at once. Raises Stop
    with code 130 then.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with Crew(wanted) as crew, bars.suitable() as show:
        try:
            return _follow(wanted, crew, show)
        except KeyboardInterrupt:
            ended = _stop(wanted, crew, show)
    raise Stop(_how_things_are(ended), code=INTERRUPTED)


def _stop(wanted: Sequence[SyncRun], crew: Crew, show: bars.Show) -> list[SyncRun]:
    screen.say("Stopping at the next safe place; press Ctrl-C again to leave at once.")
    for run in wanted:
        runs.cancel(run)
    try:
        return _follow(wanted, crew, show)
    except KeyboardInterrupt:
        left = runs.Outcome(state=SyncRun.State.CANCELLED, summary="Left in the middle.")
        for run in _fresh(wanted):
            runs.finish(run, left)
        return _fresh(wanted)


def _follow(wanted: Sequence[SyncRun], crew: Crew, show: bars.Show) -> list[SyncRun]:
    next_round = time.monotonic() + SECONDS_BETWEEN_ROUNDS
    while True:
        crew.complain()
        now = _fresh(wanted)
        for run in now:
            show.update(run)
        if all(run.finished for run in now):
            return now
        if time.monotonic() > next_round:
            runs.give_up_on_the_dead()
            next_round = time.monotonic() + SECONDS_BETWEEN_ROUNDS
        time.sleep(SECONDS_BETWEEN_LOOKS)


def _fresh(wanted: Sequence[SyncRun]) -> list[SyncRun]:
    """The rows as they are now, in the order asked; one query."""
    rows = SyncRun.objects.select_related("course").in_bulk([run.pk for run in wanted])
    connection.close_if_unusable_or_obsolete()
    return [rows[run.pk] for run in wanted]


def _how_things_are(ended: Sequence[SyncRun]) -> str:
    lines = ["Stopped. What was read before is kept; nothing was marked gone in part."]
    lines += [f"{run.course}: {run.get_state_display().lower()}." for run in ended]
    return " ".join(lines)


def _find(asked: Asked) -> Found:
    if asked.everything == bool(asked.course_ids):
        raise Stop("Say which courses to sync.", "Name their Canvas ids, or give --all.")
    if asked.everything:
        return _find_all(asked.integration_id)
    return _find_named(asked)


def _find_named(asked: Asked) -> Found:
    """What the database does not know yet is asked of Canvas."""
    found: list[CanvasCourse] = []
    missing: list[Outcome] = []
    for canvas_id in dict.fromkeys(asked.course_ids):
        course = choose.known_course(canvas_id, integration_id=asked.integration_id)
        try:
            connections = [] if course else choose.integrations(asked.integration_id)
            found.append(course or choose.course_in_canvas(canvas_id, connections))
        except CanvasError as error:
            missing.append(not_found(canvas_id, error))
    return Found(courses=found, missing=missing)


def _find_all(integration_id: int | None) -> Found:
    """In each connection the chosen courses, or all that can be read; the lists are asked anew."""
    connections = choose.integrations(integration_id)
    trouble = _read_lists(connections)
    found = [course for each in connections for course in _worth_syncing(each)]
    if not found:
        for error in trouble.values():
            raise error
        raise Stop("Canvas shows no course that could be synced.")
    for connection_id, error in trouble.items():
        screen.say(f"Connection {connection_id}: the list of courses could not be read. {error}")
    return Found(courses=found, missing=[])


def _worth_syncing(integration: CanvasIntegration) -> list[CanvasCourse]:
    courses = choose.courses_of([integration])
    return list(courses.filter(chosen=True)) or list(
        courses.filter(access_restricted_by_date=False)
    )


def _read_lists(connections: Sequence[CanvasIntegration]) -> dict[int, CanvasError]:
    """Read the lists of courses; one connection in trouble does not keep the others from theirs."""
    trouble: dict[int, CanvasError] = {}
    for each in connections:
        try:
            choose.read_course_lists([each])
        except CanvasError as error:
            trouble[each.pk] = error
    return trouble
