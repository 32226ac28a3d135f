"""Every page with the worked example behind it: queries, the server's time, and what it weighs."""

from collections.abc import Iterator, Sequence

from benchmarks.figures import Figure
from benchmarks.home import Home
from benchmarks.in_django.pushing import Moves
from benchmarks.in_django.visiting import Seen, Tour, Visit
from benchmarks.moves import MAIN_SET, places_in, swaps
from benchmarks.scale import Scale, tell

BENCH = "pages"
MOST_QUERIES = 12
MOST_MILLISECONDS = 150
BOARD = "board"
MOST_KILOBYTES = 250
MOST_KILOBYTES_OF_THE_BOARD = 400


def measure(scale: Scale) -> list[Figure]:
    """Sync the course, then visit each page in one process that is warm."""
    with scale.canvas(far=False) as canvas, Home() as home:
        tell("pages: syncing the course first")
        home.connect(canvas)
        home.sync(canvas, full=True)
        tell("pages: visiting each page")
        moves = swaps(places_in(canvas, MAIN_SET), scale.moves, seed=0)
        waiting = Moves(canvas.course, MAIN_SET, moves)
        seen = home.within("visiting", Tour(scale.tries, waiting), Seen)
    figures = [figure for visit in seen.visits for figure in _figures(visit, scale)]
    figures += _weights(seen.visits)
    return figures + [_unseen(name, reason) for name, reason in seen.unseen.items()]


def _unseen(name: str, reason: str) -> Figure:
    return Figure(
        bench=BENCH,
        about=name,
        unit="ms",
        ours=None,
        target=MOST_MILLISECONDS,
        note=f"pages: {name} could not be measured: {reason}.",
    )


def _figures(visit: Visit, scale: Scale) -> Iterator[Figure]:
    yield Figure(
        bench=BENCH,
        about=visit.name,
        unit="queries",
        ours=visit.queries,
        target=MOST_QUERIES,
        note=f"pages: the median of {scale.tries} visits in one process, each with a database "
        "connection of its own, compressed; without the network and the browser.",
    )
    yield Figure(
        bench=BENCH,
        about=visit.name,
        unit="ms",
        ours=visit.milliseconds,
        target=MOST_MILLISECONDS,
    )


def _weights(visits: Sequence[Visit]) -> Iterator[Figure]:
    """The heaviest page, and the board, which may weigh more."""
    pages = [visit for visit in visits if visit.name != BOARD]
    heaviest = max(pages, key=lambda visit: visit.kilobytes)
    yield Figure(
        bench=BENCH,
        about=f"heaviest page ({heaviest.name}) compressed at first view",
        unit="kB",
        ours=round(heaviest.kilobytes, 1),
        target=MOST_KILOBYTES,
        note="pages: a page weighs what a browser that has never been here loads for it: HTML, "
        "styles, scripts, fonts and data, each compressed as it is served.",
    )
    for visit in visits:
        if visit.name == BOARD:
            yield Figure(
                bench=BENCH,
                about="the board, compressed at first view",
                unit="kB",
                ours=round(visit.kilobytes, 1),
                target=MOST_KILOBYTES_OF_THE_BOARD,
            )
