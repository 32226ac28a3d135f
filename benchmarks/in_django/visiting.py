"""Every page of the web interface, asked for as a browser does, in this process.

The pages are found in the table of addresses, so that a new one is measured without being named
here. Each visit opens its own database connection, as the server does, and is compressed.
"""

import statistics
import time
from typing import TYPE_CHECKING

import msgspec

from benchmarks.in_django import answer, asked
from benchmarks.in_django.pushing import Moves, make_plan_of, want_moves
from benchmarks.in_django.weighing import weigh
from tests.addresses import every_address

if TYPE_CHECKING:  # can be imported once Django is set up
    from django.test import Client

SEEN = 200
# What is no page to look at: another address follows, or the address only takes POST.
NO_PAGE = (301, 302, 405)


class Tour(msgspec.Struct, frozen=True):
    """How often to visit each page of a synced course, in which these moves wait in a plan."""

    tries: int
    waiting: Moves


class Visit(msgspec.Struct, frozen=True):
    """One page: queries of a visit, the median of its server time, all that a browser loads for it."""

    name: str
    queries: int
    milliseconds: float
    kilobytes: float


class Seen(msgspec.Struct, frozen=True):
    """The pages; and those that could not be seen, with the reason, which nobody should overlook."""

    visits: list[Visit]
    unseen: dict[str, str]


def tour(wish: Tour) -> Seen:
    """Visit every page that answers a GET: as the course's owner, or the doors as a stranger."""
    want_moves(wish.waiting)
    plan = make_plan_of(wish.waiting.course_id, wish.waiting.set_name)
    owner, stranger = _browser(), _browser()
    owner.force_login(plan.category.course.integration.user)
    visits: list[Visit] = []
    unseen: dict[str, str] = {}
    for name, path in every_address(plan).items():
        if path is None:
            unseen[name] = "its address has an open part"
            continue
        answers = {browser: browser.get(path).status_code for browser in (owner, stranger)}
        browser = next((one for one, status in answers.items() if status == SEEN), None)
        if browser is not None:
            visits.append(_visit(browser, name, path, wish.tries))
        elif answers[owner] not in NO_PAGE:
            unseen[name] = f"it answers {answers[owner]}"
    return Seen(visits, unseen)


def _browser() -> "Client":
    from django.test import Client

    return Client(
        raise_request_exception=False,
        SERVER_NAME="localhost",
        headers={"accept-encoding": "gzip"},
    )


def _visit(browser: "Client", name: str, path: str, tries: int) -> Visit:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        browser.get(path)
    count = len(queries)  # read now: the next request empties the log
    seconds: list[float] = []
    for _try in range(tries):
        connection.close()
        began = time.perf_counter()
        browser.get(path)
        seconds.append(time.perf_counter() - began)
    return Visit(name, count, 1000 * statistics.median(seconds), weigh(browser, path))


def main() -> None:
    """Make the tour that is asked for."""
    answer(tour(asked(Tour)))


if __name__ == "__main__":
    main()
