"""The first push of a whole set, and a handful of moves, against one membership at a time."""

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from benchmarks.canvasapi_groups import Done, NewSet, Wish
from benchmarks.figures import Figure
from benchmarks.home import Home, run
from benchmarks.in_django.pushing import Asked, FirstPush, Moves, Pushed
from benchmarks.moves import MAIN_SET, Move, after, places_in, swaps
from benchmarks.scale import Scale, Trouble, alternate, median, most, tell
from gradebench.sandbox.launch import Sandbox

BENCH = "push"


@dataclass(frozen=True)
class Cost:
    """What one push took: the writes that reached Canvas, and the seconds."""

    writes: int
    seconds: float


@dataclass(frozen=True)
class Sides:
    """Two Canvases of the same course: one for us, with our data folder, and one for the script."""

    canvas: Sandbox
    home: Home
    theirs: Sandbox


def measure(scale: Scale) -> list[Figure]:
    """Both pushes, in one course each."""
    with scale.canvas() as canvas, Home() as home, scale.canvas() as theirs:
        tell("push: syncing the course first")
        home.connect(canvas)
        home.sync(canvas, full=True)
        sides = Sides(canvas, home, theirs)
        return [*_first_push(sides, scale), *_moves(sides, scale)]


def _first_push(sides: Sides, scale: Scale) -> list[Figure]:
    size = Counter(places_in(sides.canvas, MAIN_SET).values())
    teams, students = len(size), size.total()
    in_each = -(-students // teams)
    sample = min(scale.sample_groups, teams)

    def ours(number: int) -> Cost:
        name = f"Benchmark {number}"
        cost = _push(sides, FirstPush(sides.canvas.course, name, teams))
        _compare(len(places_in(sides.canvas, name)), students, "people placed by the first push")
        return cost

    def script(number: int) -> Cost:
        new = NewSet(f"Benchmark {number}", sample, in_each)
        return _by_script(sides.theirs, _wish(sides.theirs, new))

    mine, sampled = alternate(ours, script, rounds=scale.rounds, about="first push")
    whole = 1 + teams + students
    note = (
        f"first push: theirs makes {sample} groups and their people with canvasapi, "
        f"{most(sampled, _writes):.0f} writes, scaled to the {whole} of all. Ours also reads the "
        "set before and after, and verifies; Canvas's own CSV import makes the groups and fills "
        "them, a job that takes 0.4 s here and waits in a queue elsewhere."
    )
    scaled = [Cost(whole, whole * one.seconds / one.writes) for one in sampled]
    about = f"first push of {teams} groups and {students} students"
    return _figures(about, mine, scaled, most_writes=130, note=note)


def _moves(sides: Sides, scale: Scale) -> list[Figure]:
    course = sides.canvas.course

    def ours(number: int) -> Cost:
        before = places_in(sides.canvas, MAIN_SET)
        moves = swaps(before, scale.moves, seed=number)
        cost = _push(sides, Moves(course, MAIN_SET, moves))
        _compare(places_in(sides.canvas, MAIN_SET), after(before, moves), "places")
        return cost

    def script(number: int) -> Cost:
        before = places_in(sides.theirs, MAIN_SET)
        moves = swaps(before, scale.moves, seed=number)
        cost = _by_script(sides.theirs, _wish(sides.theirs, moves))
        _compare(places_in(sides.theirs, MAIN_SET), after(before, moves), "places by the script")
        return cost

    mine, theirs = alternate(ours, script, rounds=scale.rounds, about="moves")
    note = (
        "moves: all swaps between full groups. Theirs takes everybody out and puts everybody in; "
        "it does not verify."
    )
    about = f"{scale.moves} moves between full groups"
    return _figures(about, mine, theirs, most_writes=35, note=note)


def _push(sides: Sides, wish: FirstPush | Moves) -> Cost:
    def push() -> float:
        pushed = sides.home.within("pushing", Asked(wish), Pushed)
        if not pushed.verified:
            raise Trouble(f"the push was not verified: {pushed.summary}")
        return pushed.seconds

    return _counted(sides.canvas, push)


def _by_script(canvas: Sandbox, wish: Wish) -> Cost:
    command = [sys.executable, "-m", "benchmarks.canvasapi_groups"]
    text = msgspec.json.encode(wish).decode()

    def push() -> float:
        return msgspec.json.decode(run(command, stdin=text).out, type=Done).seconds

    return _counted(canvas, push)


def _wish(canvas: Sandbox, do: NewSet | list[Move]) -> Wish:
    return Wish(canvas.url, canvas.token, canvas.course, do)


def _counted(canvas: Sandbox, push: Callable[[], float]) -> Cost:
    canvas.clear_requests()
    seconds = push()
    writes = sum(one.method != "GET" for one in canvas.requests())
    return Cost(writes, seconds)


def _compare(found: object, expected: object, what: str) -> None:
    if found != expected:
        raise Trouble(f"Canvas does not have the {what} that were pushed")


def _figures(
    about: str, ours: Sequence[Cost], theirs: Sequence[Cost], *, most_writes: int, note: str
) -> list[Figure]:
    return [
        Figure(
            bench=BENCH,
            about=about,
            unit="writes",
            ours=most(ours, _writes),
            theirs=most(theirs, _writes),
            target=most_writes,
            note=note,
        ),
        Figure(
            bench=BENCH,
            about=about,
            unit="s",
            ours=median(ours, _seconds),
            theirs=median(theirs, _seconds),
        ),
    ]


def _writes(cost: Cost) -> float:
    return cost.writes


def _seconds(cost: Cost) -> float:
    return cost.seconds
