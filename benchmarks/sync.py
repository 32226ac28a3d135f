"""A full sync, and one with nothing changed, against a user's script on `canvasapi`."""

import sys
from dataclasses import dataclass

import msgspec

from benchmarks.figures import Figure
from benchmarks.home import Home, run
from benchmarks.scale import Scale, Trouble, alternate, median, most
from gradebench.sandbox.launch import Sandbox

BENCH = "sync"


@dataclass(frozen=True)
class Cost:
    """What one reading of the course took; `submissions` proves that it read it."""

    requests: int
    seconds: float
    submissions: int


@dataclass(frozen=True)
class Ours:
    """A full sync into an empty database, and the next one, with nothing changed in Canvas."""

    full: Cost
    again: Cost


def measure(scale: Scale) -> list[Figure]:
    """Both, with a Canvas of its own for every turn."""
    ours, theirs = alternate(
        lambda _round: _sync(scale),
        lambda _round: _read_by_script(scale),
        rounds=scale.long_rounds,
        about=f"sync at {scale.away}",
    )
    lacking = ours[0].full.submissions - theirs[0].submissions
    if lacking < 0:
        raise Trouble(f"the sync has {-lacking} submissions less than the script")
    full, again = [one.full for one in ours], [one.again for one in ours]
    return [
        *_figures("full sync", full, theirs, most_requests=240),
        *_figures("sync with nothing changed", again, theirs, most_requests=20),
    ]


def _figures(
    about: str, ours: list[Cost], theirs: list[Cost], *, most_requests: int
) -> list[Figure]:
    return [
        Figure(
            bench=BENCH,
            about=about,
            unit="requests",
            ours=most(ours, lambda one: one.requests),
            theirs=most(theirs, lambda one: one.requests),
            target=most_requests,
        ),
        Figure(
            bench=BENCH,
            about=about,
            unit="s",
            ours=median(ours, lambda one: one.seconds),
            theirs=median(theirs, lambda one: one.seconds),
            note="sync: ours is the whole command, saved in SQLite; the canvasapi script only "
            "reads, and has to read everything again to see that nothing changed.",
        ),
    ]


def _sync(scale: Scale) -> Ours:
    with scale.canvas() as canvas, Home() as home:
        home.connect(canvas)
        return Ours(_cost(home, canvas, full=True), _cost(home, canvas, full=False))


def _cost(home: Home, canvas: Sandbox, *, full: bool) -> Cost:
    canvas.clear_requests()
    synced, seconds = home.sync(canvas, full=full)
    return Cost(len(canvas.requests()), seconds, synced.total("submissions"))


def _read_by_script(scale: Scale) -> Cost:
    with scale.canvas() as canvas:
        command = [sys.executable, "-m", "benchmarks.canvasapi_script"]
        ended = run([*command, canvas.url, str(canvas.course)], stdin=canvas.token)
        counts = msgspec.json.decode(ended.out, type=dict[str, int])
        return Cost(len(canvas.requests()), ended.seconds, counts["submissions"])
