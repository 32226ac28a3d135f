"""What a benchmark finds, as values; the table that people read and the JSON that programs read."""

import platform
from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks.scale import Scale


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One measured number. `ours`, `theirs` and `target` are in `unit`.

    `target` is the most that `ours` may be, as the product's documents ask for it. `theirs`: what
    a user would pick instead. `note` says how it came about where that is not plain. `ours` is
    None for what could not be measured; its target counts as missed.
    """

    bench: str
    about: str
    unit: str
    ours: float | None
    theirs: float | None = None
    target: float | None = None
    more_is_better: bool = False
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times better ours is; below 1 it is worse."""
        if self.ours is None or self.theirs is None:
            return None
        above, below = (self.ours, self.theirs) if self.more_is_better else (self.theirs, self.ours)
        return above / below if below else None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.target is None:
            return None
        return self.ours is not None and self.ours <= self.target


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A figure with what follows from it, as it is written to JSON."""

    bench: str
    about: str
    unit: str
    ours: float | None
    theirs: float | None
    ratio: float | None
    target: float | None
    met: bool | None
    note: str


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """A whole run. `troubles`: benchmarks that could not be measured, and why."""

    python: str
    latency_ms: float
    rounds: int
    figures: list[Row]
    troubles: dict[str, str]


def show(figures: Sequence[Figure], console: Console) -> None:
    """Print the table and, below it, the notes."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("", "figure"):
        table.add_column(column)
    for column in ("ours", "theirs", "ratio", "target", "met?"):
        table.add_column(column, justify="right", no_wrap=True)
    before = ""
    for figure in figures:
        table.add_row("" if figure.bench == before else figure.bench, *_cells(figure))
        before = figure.bench
    console.print(table)
    for note in dict.fromkeys(figure.note for figure in figures if figure.note):
        console.print(f"· {note}", markup=False)


def write(path: Path, figures: Sequence[Figure], scale: Scale, troubles: dict[str, str]) -> None:
    """Write the run as JSON."""
    results = Results(
        python=platform.python_version(),
        latency_ms=scale.latency_ms,
        rounds=scale.rounds,
        figures=[_row(figure) for figure in figures],
        troubles=troubles,
    )
    path.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=2) + b"\n")


def _row(figure: Figure) -> Row:
    return Row(
        bench=figure.bench,
        about=figure.about,
        unit=figure.unit,
        ours=figure.ours,
        theirs=figure.theirs,
        ratio=figure.ratio,
        target=figure.target,
        met=figure.met,
        note=figure.note,
    )


def _cells(figure: Figure) -> tuple[str, ...]:
    met = {True: "yes", False: "[bold red]no[/]", None: ""}[figure.met]
    return (
        f"{figure.about}, {figure.unit}",
        _number(figure.ours),
        _number(figure.theirs),
        "" if figure.ratio is None else f"{figure.ratio:,.1f}",
        "" if figure.target is None else f"≤ {_number(figure.target)}",
        met,
    )


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    whole = value == int(value) or value >= 1000
    return f"{value:,.0f}" if whole else f"{value:,.2f}"
