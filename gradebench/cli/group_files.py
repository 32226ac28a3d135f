"""`gradebench groups import` and `export`: group files in Canvas's own format."""

import sys
from pathlib import Path

from msgspec import Struct

from gradebench.canvas.push.rosters import stage_roster, understand, write_file
from gradebench.canvas.roster_file import BadRow, Roster, RosterUnreadable
from gradebench.cli import screen
from gradebench.cli.border import Stop
from gradebench.cli.group_sets import set_of

MOST_ROWS_SHOWN = 50


class Imported(Struct, kw_only=True):
    """What `groups import --json` prints. `moved`: how many people are wanted elsewhere now."""

    staged: bool
    rows: int
    moved: int
    new_groups: list[str]
    without_group: int
    bad: list[BadRow]


def import_file(
    course_id: int,
    set_id: int,
    file: Path,
    *,
    skip_bad: bool,
    integration_id: int | None,
    as_json: bool,
) -> int:
    """Stage a file; returns the exit code. Raises Stop for what is no group file."""
    category = set_of(course_id, set_id, integration_id=integration_id)
    try:
        roster = understand(category, _read(file))
    except RosterUnreadable as error:
        raise Stop(f"{file}: {error}") from error
    staged = skip_bad or not roster.bad
    by = category.course.integration.user
    moved = stage_roster(category, roster, by=by) if staged else 0
    imported = Imported(
        staged=staged,
        rows=len(roster.rows),
        moved=moved,
        new_groups=list(roster.new_groups),
        without_group=roster.without_group,
        bad=list(roster.bad),
    )
    if as_json:
        screen.answer_json(imported)
    else:
        _show(imported, roster, course_id, set_id)
    return 0 if not roster.bad else 1 if staged else 2


def export_file(
    course_id: int, set_id: int, output: Path | None, *, integration_id: int | None
) -> None:
    """Write a set as it is wanted. Raises Stop when the file cannot be written."""
    text = write_file(set_of(course_id, set_id, integration_id=integration_id))
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Stop(f"{output} cannot be written: {error.strerror}.") from error


def _read(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise Stop(f"{file} cannot be read: {error.strerror}.") from error


def _show(imported: Imported, roster: Roster, course_id: int, set_id: int) -> None:
    for bad in roster.bad[:MOST_ROWS_SHOWN]:
        screen.say(f"Line {bad.line}: “{bad.value}” {bad.reason}")
    if not imported.staged:
        screen.say(
            f"{len(roster.bad)} rows cannot be used, so nothing was taken over. "
            "Mend them, or take the others with --skip-bad."
        )
        return
    screen.answer(
        f"{imported.moved} people are wanted elsewhere now, "
        f"{len(imported.new_groups)} groups are new."
    )
    screen.say(
        f"To see what that means for Canvas: gradebench groups plan {course_id} --set {set_id}"
    )
