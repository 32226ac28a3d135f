"""The two drivers: the same conversations, one by waiting and one by awaiting."""

import asyncio
import threading

import pytest

from gradebench.canvas.api import endpoints, errors
from gradebench.canvas.api.calls import Listing
from gradebench.canvas.api.drivers import AsyncCanvas, Canvas
from gradebench.canvas.api.payloads import Course

from .conftest import QUICK


@pytest.fixture
def course(sandbox):
    return sandbox.course


def conversation(course):
    """Calls and listings of both kinds of pages, each with more than one page."""
    return [
        endpoints.get_self(),
        smaller(endpoints.list_enrollments(course)),
        smaller(endpoints.list_assignments(course)),
        smaller(endpoints.list_course_users(course)),
        endpoints.get_course(course),
        smaller(endpoints.list_student_submissions(course), size=40),
    ]


def smaller(listing, *, size=7):
    return Listing(
        listing.path,
        listing.item,
        query=listing.query,
        key=listing.key,
        ragged=listing.ragged,
        per_page=size,
    )


def ask_blocking(canvas, asked):
    return canvas.list(asked) if isinstance(asked, Listing) else canvas.perform(asked)


async def ask_async(canvas, asked):
    return await (canvas.list(asked) if isinstance(asked, Listing) else canvas.perform(asked))


def log_of(sandbox):
    log = [(row.method, row.path, row.query, row.status) for row in sandbox.requests()]
    sandbox.clear_requests()
    return log


def test_both_drivers_ask_for_the_same_in_the_same_order_and_get_the_same(sandbox, course):
    asked = conversation(course)
    arm(sandbox)
    with Canvas(sandbox.url, sandbox.token, patience=QUICK) as canvas:
        blocking = [ask_blocking(canvas, one) for one in asked]
        assert canvas.requests == len(sandbox.requests())
    blocking_log = log_of(sandbox)
    arm(sandbox)

    async def converse():
        options = {"patience": QUICK, "max_in_flight": 1}
        async with AsyncCanvas(sandbox.url, sandbox.token, **options) as canvas:
            return [await ask_async(canvas, one) for one in asked]

    assert asyncio.run(converse()) == blocking
    assert log_of(sandbox) == blocking_log
    assert len(blocking_log) > 20


def arm(sandbox):
    sandbox.fault("html", method="GET", path="enrollments", after=1, count=2)
    sandbox.fault("cut", method="GET", path="users/self", count=1)
    sandbox.fault("truncate", method="GET", path="submissions", after=2, count=1)


def test_many_pages_at_once_bring_every_row_once(sandbox, course):
    async def read():
        async with AsyncCanvas(sandbox.url, sandbox.token) as canvas:
            pages = [
                page
                async for page in canvas.pages(smaller(endpoints.list_assignments(course), size=1))
            ]
            return pages, await canvas.list(endpoints.list_assignments(course))

    pages, whole = asyncio.run(read())
    assert sorted(item.id for page in pages for item in page.items) == sorted(a.id for a in whole)
    assert [page.done for page in pages].count(True) == 1
    assert pages[-1].done


def test_all_loops_and_threads_of_a_token_share_its_places(sandbox, course):
    sandbox.settings(latency_ms=20)
    listings = [smaller(endpoints.list_assignments(course), size=1) for _ in range(3)]
    counts = []

    async def read():
        async with AsyncCanvas(sandbox.url, sandbox.token, max_in_flight=4) as canvas:
            found = await asyncio.gather(*(canvas.list(listing) for listing in listings))
            counts.extend(len(rows) for rows in found)

    def wait():
        with Canvas(sandbox.url, sandbox.token, max_in_flight=4) as canvas:
            counts.append(len(canvas.list(listings[0])))

    threads = [threading.Thread(target=lambda: asyncio.run(read())) for _ in range(2)]
    threads += [threading.Thread(target=wait) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(counts) == 8
    assert len(set(counts)) == 1
    assert max(row.in_flight for row in sandbox.requests()) <= 4


def test_whoever_stops_in_the_middle_of_a_list_leaves_its_places_to_others(sandbox, course):
    sandbox.settings(latency_ms=20)
    listing = smaller(endpoints.list_assignments(course), size=1)

    async def stop_early():
        async with AsyncCanvas(sandbox.url, sandbox.token) as canvas:
            task = asyncio.create_task(canvas.list(listing))
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            pages = canvas.pages(listing)
            await anext(pages)
            await pages.aclose()
            return await canvas.list(listing), canvas._quota.in_flight

    rows, in_flight = asyncio.run(stop_early())
    assert rows
    assert in_flight == 0


def test_an_error_on_one_page_ends_the_list_and_the_other_pages(sandbox, course):
    sandbox.fault("status", status=403, path=r"assignments.*page=3", count=None)

    async def read():
        async with AsyncCanvas(sandbox.url, sandbox.token, patience=QUICK) as canvas:
            with pytest.raises(errors.NotPermitted):
                await canvas.list(smaller(endpoints.list_assignments(course), size=2))
            return await canvas.perform(endpoints.get_self())

    assert asyncio.run(read()).id


@pytest.mark.parametrize("status", [403, 429])
def test_a_throttled_token_slows_down_and_loses_nothing(sandbox, course, status):
    with Canvas(sandbox.url, sandbox.token) as canvas:
        whole = canvas.list(endpoints.list_assignments(course))
    # The bucket is so full that it stays closed for half a second: the first request meets it.
    sandbox.throttle(outflow=400, cost_factor=100, status=status, token=sandbox.token, level=800)

    async def read():
        async with AsyncCanvas(sandbox.url, sandbox.token) as canvas:
            return await canvas.list(smaller(endpoints.list_assignments(course), size=1))

    assert sorted(row.id for row in asyncio.run(read())) == sorted(row.id for row in whole)
    assert status in {row.status for row in sandbox.requests()}


def test_a_list_with_an_unreadable_row_is_no_whole_list(sandbox, canvas):
    strange = Listing("courses", Course, key=lambda course: course.id)
    assert canvas.list(strange)
    with pytest.raises(errors.Undecodable, match="courses"):
        canvas.list(Listing("courses", _Picky))


class _Picky(Course, frozen=True):
    name: int = 0


def test_every_request_is_told_without_secrets(sandbox, course):
    told = []
    with Canvas(sandbox.url, sandbox.token, patience=QUICK, on_request=told.append) as canvas:
        sandbox.fault("cut", path="users/self")
        canvas.perform(endpoints.get_self())
        canvas.list(endpoints.list_sections(course))
    assert [(one.method, one.path, one.status, one.trouble) for one in told] == [
        ("GET", "/api/v1/users/self", None, "cut"),
        ("GET", "/api/v1/users/self", 200, None),
        ("GET", f"/api/v1/courses/{course}/sections", 200, None),
    ]
    assert all(one.seconds >= 0 for one in told)


def test_any_twenty_faults_in_the_reading_of_a_course_cost_no_row(sandbox, course):
    asked = [one for one in conversation(course) if isinstance(one, Listing)]

    async def read():
        async with AsyncCanvas(sandbox.url, sandbox.token, patience=QUICK) as canvas:
            return [
                sorted(row.id for row in rows)
                for rows in await asyncio.gather(*(canvas.list(one) for one in asked))
            ]

    right = asyncio.run(read())
    for seed in range(5):
        sandbox.random_faults(20, over=60, seed=seed)
        try:
            assert asyncio.run(read()) == right
        except errors.CanvasError:
            continue
        finally:
            sandbox.clear_faults()


@pytest.mark.parametrize("lose", ["rows", "next", "both", "link", "last"])
@pytest.mark.parametrize("path", ["enrollments", "assignments", "users"])
def test_a_page_that_loses_something_for_good_is_never_a_silent_end(sandbox, course, lose, path):
    listing = {
        "enrollments": endpoints.list_enrollments(course),
        "assignments": endpoints.list_assignments(course),
        "users": endpoints.list_course_users(course),
    }[path]
    with Canvas(sandbox.url, sandbox.token, patience=QUICK) as canvas:
        whole = {row.id for row in canvas.list(smaller(listing, size=5))}
        # Two empty pages in a row are how an uncounted list may end: one, asked twice, is not.
        count = 2 if (path, lose) == ("users", "rows") else None
        sandbox.fault("page", path=path, lose=lose, after=1, count=count)
        try:
            read = {row.id for row in canvas.list(smaller(listing, size=5))}
        except errors.IncompleteListing:
            return
    assert read == whole
