"""The benchmarks measure what they say, on a course small enough for a test; time decides nothing.

Each benchmark starts the command line, scripts and sandboxes as processes of their own, which takes
long in sum: whole benchmarks are among the slow tests, their pieces are here in one process.
"""

from collections import Counter
from collections.abc import Iterator
from io import StringIO

import msgspec
import pytest
from asgiref.sync import async_to_sync
from canvasapi import Canvas
from rich.console import Console

from benchmarks import board, canvasapi_groups, pages, push, sandbox_pages, saving, sync
from benchmarks.__main__ import measure
from benchmarks.canvasapi_groups import NewSet
from benchmarks.canvasapi_script import read_course
from benchmarks.figures import Figure, Results, show, write
from benchmarks.in_django.plain_saving import Sample, save
from benchmarks.in_django.pushing import FirstPush, Moves, push_first, push_moves
from benchmarks.in_django.visiting import Tour, tour
from benchmarks.moves import MAIN_SET, after, places_in, swaps
from benchmarks.scale import Scale, alternate
from gradebench.canvas.client import Client
from gradebench.canvas.connection import connect
from gradebench.canvas.models import CanvasSubmission
from gradebench.sandbox.launch import Sandbox
from tests.browser import chromium
from tests.people import teacher

# The library warns about plain HTTP, which is all that a server on this machine needs.
pytestmark = pytest.mark.filterwarnings("ignore:Canvas may respond unexpectedly")

TINY = Scale(
    latency_ms=0.0,
    rounds=1,
    students=12,
    sections=2,
    teams=4,
    assignments=2,
    moves=4,
    pages=6,
    tries=1,
    sample_groups=2,
)


@pytest.fixture
def canvas() -> Iterator[Sandbox]:
    with TINY.canvas(far=False) as running:
        yield running


@pytest.fixture
def synced(transactional_db: None, canvas: Sandbox) -> Sandbox:
    """The course of the sandbox is synced here."""
    integration = connect(user=teacher(), address=canvas.url, token=canvas.token)

    async def read() -> str:
        async with Client(integration) as client:
            return (await client.sync_course(canvas.course)).state

    assert async_to_sync(read)() == "complete"
    canvas.clear_requests()
    return canvas


def writes(canvas: Sandbox) -> int:
    return sum(one.method != "GET" for one in canvas.requests())


def by_name(figures: list[Figure]) -> dict[tuple[str, str], Figure]:
    return {(one.about, one.unit): one for one in figures}


def test_the_script_reads_what_the_course_has(canvas):
    course = Canvas(canvas.url, canvas.token).get_course(canvas.course)
    counts = dict(read_course(course))
    truth = canvas.truth()
    assert counts.pop("users") > 12
    assert {part: len(truth[part]) for part in counts} == counts


def test_plain_saving_saves_the_same_rows_as_a_sync(synced):
    def rows() -> list[dict[str, object]]:
        return list(CanvasSubmission.objects.order_by("canvas_id").values(*columns))

    columns = ["canvas_id", "assignment_id", "user_id", "score", "submitted_at", "cached_due_date"]
    before = rows()
    assert save(Sample(synced.url, synced.token, synced.course, assignments=1)).rows == 12
    assert rows() == before


def test_the_first_push_puts_everybody_into_a_new_set(synced):
    pushed = push_first(FirstPush(synced.course, "Benchmark", teams=4))
    assert pushed.verified, pushed.summary
    assert sorted(Counter(places_in(synced, "Benchmark").values()).values()) == [3, 3, 3, 3]


def test_moves_are_pushed_and_made_by_the_script_alike(synced):
    before = places_in(synced, MAIN_SET)
    moves = swaps(before, 4, seed=1)
    pushed = push_moves(Moves(synced.course, MAIN_SET, moves))
    assert pushed.verified, pushed.summary
    assert places_in(synced, MAIN_SET) == after(before, moves)
    assert 0 < writes(synced) <= 4
    synced.clear_requests()
    back = swaps(after(before, moves), 4, seed=2)
    canvasapi_groups.move(Canvas(synced.url, synced.token), back)
    assert places_in(synced, MAIN_SET) == after(after(before, moves), back)
    assert writes(synced) == 8


def test_the_script_makes_a_set_one_membership_at_a_time(canvas):
    new = NewSet("By hand", groups=2, in_each=3)
    canvasapi_groups.make_set(Canvas(canvas.url, canvas.token), canvas.course, new)
    assert sorted(Counter(places_in(canvas, "By hand").values()).values()) == [3, 3]
    assert writes(canvas) == 1 + 2 + 6


def test_every_page_is_visited_with_its_queries_counted(synced):
    moves = swaps(places_in(synced, MAIN_SET), 4, seed=1)
    seen = tour(Tour(tries=1, waiting=Moves(synced.course, MAIN_SET, moves)))
    assert seen.unseen == {}
    queries = {one.name: one.queries for one in seen.visits}
    assert {"sign_in", "dashboard", "course", "assignment", "student", "plan"} <= set(queries)
    # Whoever is signed in was read from the database.
    assert [name for name, count in queries.items() if not count] == ["sign_in"]


def test_the_sandbox_serves_pages():
    [figure] = sandbox_pages.measure(TINY)
    assert figure.about.startswith("6 pages")
    assert figure.ours


@pytest.mark.slow
def test_a_sync_is_counted_against_the_script_that_a_user_would_write():
    found = by_name(sync.measure(TINY))
    full = found["full sync", "requests"]
    again = found["sync with nothing changed", "requests"]
    assert full.ours is not None
    assert full.theirs is not None
    assert 0 < full.ours < full.theirs
    assert again.met
    assert again.theirs == full.theirs


@pytest.mark.slow
def test_rows_are_saved_by_both_sides():
    found = by_name(saving.measure(TINY))
    # 12 students and 2 assignments: a rate exists only where rows were saved.
    assert found["24 submissions end to end", "rows a second"].theirs
    assert found["24 submissions end to end", "s"].ratio


@pytest.mark.slow
def test_pushes_are_counted_in_writes_that_reached_canvas():
    found = by_name(push.measure(TINY))
    first = found["first push of 4 groups and 12 students", "writes"]
    # A set, its four groups and twelve people, one after another.
    assert first.theirs == 17
    assert first.ours is not None
    assert 0 < first.ours < first.theirs
    moves = found["4 moves between full groups", "writes"]
    assert moves.theirs == 8
    assert moves.ours is not None
    assert 0 < moves.ours <= 4


@pytest.mark.slow
def test_every_page_has_its_figures():
    figures = pages.measure(TINY)
    assert [one.note for one in figures if one.ours is None] == []
    assert {one.unit for one in figures} == {"queries", "ms", "kB"}
    assert [one.about for one in figures if one.unit == "kB" and not one.met] == []


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(not chromium.wanted(), reason="GRADEBENCH_NO_BROWSER=1")
def test_the_board_is_opened_and_somebody_moves():
    view, move = board.measure(TINY)
    assert view.ours
    assert move.ours


def test_swaps_leave_full_groups_full_and_move_nobody_twice():
    places = {user: user // 5 for user in range(100)}
    moves = swaps(places, 30, seed=1)
    assert len({one.user for one in moves}) == len(moves) == 30
    assert all(one.source != one.goal for one in moves)
    assert Counter(after(places, moves).values()) == Counter(places.values())


def test_sides_take_turns():
    turns: list[str] = []
    alternate(
        lambda number: turns.append(f"ours {number}"),
        lambda number: turns.append(f"theirs {number}"),
        rounds=2,
        about="turns",
    )
    assert turns == ["ours 1", "theirs 1", "ours 2", "theirs 2"]


@pytest.mark.parametrize(
    ("figure", "ratio", "met"),
    [
        (Figure(bench="b", about="time", unit="s", ours=2, theirs=10), 5, None),
        (
            Figure(bench="b", about="rate", unit="rows", ours=10, theirs=2, more_is_better=True),
            5,
            None,
        ),
        (Figure(bench="b", about="count", unit="writes", ours=30, theirs=60, target=35), 2, True),
        (
            Figure(bench="b", about="count", unit="writes", ours=36, theirs=60, target=35),
            60 / 36,
            False,
        ),
        (Figure(bench="b", about="unseen", unit="ms", ours=None, target=150), None, False),
    ],
)
def test_a_figure_says_how_many_times_better_and_whether_the_target_is_met(figure, ratio, met):
    assert figure.ratio == ratio
    assert figure.met is met


def test_a_run_is_a_table_for_people_and_json_for_programs(tmp_path):
    figures = [
        Figure(
            bench="push",
            about="moves",
            unit="writes",
            ours=30,
            theirs=60,
            target=35,
            note="A note.",
        ),
        Figure(bench="push", about="moves", unit="s", ours=None, target=1),
    ]
    printed = StringIO()
    show(figures, Console(file=printed, width=120))
    assert "moves, writes" in printed.getvalue()
    assert "A note." in printed.getvalue()
    write(tmp_path / "run.json", figures, TINY, {"sync": "Canvas is down."})
    results = msgspec.json.decode((tmp_path / "run.json").read_bytes(), type=Results)
    assert [(one.ratio, one.met) for one in results.figures] == [(2.0, True), (None, False)]
    assert results.troubles == {"sync": "Canvas is down."}


def test_benchmarks_that_cannot_be_measured_are_named_and_the_run_goes_on():
    figures, troubles = measure(["sync", "sandbox"], Scale(world="nowhere"))
    assert figures == []
    assert set(troubles) == {"sync", "sandbox"}
