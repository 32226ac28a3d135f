"""Writes a course to a file or to standard output."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import msgspec

from gradebench.canvas.export import course_export
from gradebench.cli import choose, screen
from gradebench.cli.border import Stop
from gradebench.cli.formats import Format


def _json(export: Mapping[str, object]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(export), indent=1)


_ENCODERS = {Format.JSON: _json}


def export_course(
    course_id: int, *, integration_id: int | None, form: Format, output: Path | None, gone: bool
) -> None:
    """Write the course as JSON; the file appears whole or not at all.

    Raises Stop when the course was never synced, OSError when the file cannot be written.
    """
    course = choose.known_course(course_id, integration_id=integration_id)
    if course is None or not (course.synced_at or course.runs.exists()):
        raise Stop(f"Course {course_id} was never synced.", f"First: gradebench sync {course_id}")
    content = _ENCODERS[form](course_export(course, gone=gone))
    if output is None or str(output) == "-":
        screen.answer(content.decode())
        return
    _write_whole(output, content + b"\n")
    screen.say(f"Wrote {course} to {output}.")


def _write_whole(path: Path, content: bytes) -> None:
    """A draft beside the file takes its place once it is on the disk; a device is written as it is."""
    path = path.resolve()
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
