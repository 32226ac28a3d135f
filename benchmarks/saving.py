"""How fast rows are read, decoded and saved, with a Canvas that takes no time of its own."""

from benchmarks.figures import Figure
from benchmarks.home import Home
from benchmarks.in_django.plain_saving import Sample, Took
from benchmarks.scale import Scale, alternate, median
from gradebench.sandbox.launch import Sandbox

BENCH = "saving"


def measure(scale: Scale) -> list[Figure]:
    """A full sync into an empty database, against one `update_or_create` for each row."""
    with scale.canvas(far=False) as canvas, Home() as synced:
        synced.connect(canvas)
        synced.sync(canvas, full=True)
        ours, theirs = alternate(
            lambda _round: _sync(canvas),
            lambda _round: _save_plainly(canvas, synced, scale),
            rounds=scale.rounds,
            about="saving",
        )
    rows = ours[0].rows
    note = (
        f"saving: ours is a whole sync, with the command's start and everything else in the course; "
        f"theirs is canvasapi and update_or_create for {theirs[0].rows:,} submissions alone, "
        f"scaled to {rows:,}."
    )
    per_second, plainly = median(ours, _rate), median(theirs, _rate)
    about = f"{rows:,} submissions end to end"
    return [
        Figure(
            bench=BENCH,
            about=about,
            unit="s",
            ours=median(ours, lambda one: one.seconds),
            theirs=rows / plainly,
            note=note,
        ),
        Figure(
            bench=BENCH,
            about=about,
            unit="rows a second",
            ours=per_second,
            theirs=plainly,
            more_is_better=True,
        ),
    ]


def _rate(took: Took) -> float:
    return took.rows / took.seconds


def _sync(canvas: Sandbox) -> Took:
    with Home() as home:
        home.connect(canvas)
        synced, seconds = home.sync(canvas, full=True)
        return Took(synced.total("submissions"), seconds)


def _save_plainly(canvas: Sandbox, home: Home, scale: Scale) -> Took:
    sample = Sample(canvas.url, canvas.token, canvas.course, scale.sample_assignments)
    return home.within("plain_saving", sample, Took)
