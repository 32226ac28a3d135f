"""What is written where: results on stdout, everything else on stderr."""

import sys
from collections.abc import Iterable, Sequence

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

# A pipe has no width; a table that is read by a program must not be folded.
PIPE_WIDTH = 250


def results() -> Console:
    """The console on stdout."""
    return Console(width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False)


def notices() -> Console:
    """The console on stderr."""
    return Console(stderr=True, highlight=False)


def say(sentence: str) -> None:
    """Tell the person something, on stderr."""
    notices().print(Text(sentence), soft_wrap=True)


def answer(text: str) -> None:
    """Write a result as it is, on stdout."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def answer_json(value: object) -> None:
    """Write a result as JSON, indented for people, on stdout."""
    answer(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    numbers: Iterable[str] = (),
    title: str | None = None,
) -> Table:
    """A table of plain text; the columns named in `numbers` are aligned on the right."""
    right = set(numbers)
    shown = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        shown.add_column(column, justify="right" if column in right else "left")
    for row in rows:
        shown.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    return shown
