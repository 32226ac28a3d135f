"""Every page of the web interface, asked for as a browser does, in this process.

The pages are found in the table of addresses, so that a new one is measured without being named
here. Each visit opens its own database connection, as the server does, and is compressed.
"""

import statistics
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from benchmarks.in_django import answer, asked
from benchmarks.in_django.pushing import Moves, make_plan_of, want_moves

if TYPE_CHECKING:  # can be imported once Django is set up
    from django.test import Client

    from gradebench.canvas.models import GroupPlan

SEEN = 200
# What is no page to look at: another address follows, or the address only takes POST.
NO_PAGE = (301, 302, 405)


class Tour(msgspec.Struct, frozen=True):
    """How often to visit each page of a synced course, in which these moves wait in a plan."""

    tries: int
    waiting: Moves


class Visit(msgspec.Struct, frozen=True):
    """One page: queries of a visit, the median of its server time, its compressed size."""

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
    for name, path in _pages(_parts(plan)):
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


def _parts(plan: "GroupPlan") -> dict[str, int | str]:
    """What stands in addresses: by the name of the part, or by the word that `pk` follows."""
    from gradebench.accounts.first_visit import make_one_time_address

    course = plan.category.course
    students = course.enrollments.filter(type="StudentEnrollment", enrollment_state="active")
    groups = plan.category.groups.filter(gone_at=None, team__isnull=False)
    return {
        "courses": course.pk,
        "canvas": course.integration_id,
        "runs": course.runs.latest("pk").pk,
        "assignment_pk": course.assignments.order_by("pk")[0].pk,
        "person_pk": students.order_by("pk")[0].user_id,
        "set_pk": plan.category.pk,
        "team_pk": groups.order_by("pk").values_list("team_id", flat=True)[0] or 0,
        "plan_pk": plan.pk,
        "token": make_one_time_address(None, base_url="").rpartition("/")[2],
    }


def _pages(parts: dict[str, int | str]) -> Iterator[tuple[str, str | None]]:
    """The name and the path of every address; no path where a part of it is unknown."""
    from django.urls import get_resolver
    from django.urls.resolvers import URLPattern, URLResolver

    for entry in get_resolver().url_patterns:
        if not isinstance(entry, URLResolver) or entry.app_name:
            continue  # Django's own admin
        for page in entry.url_patterns:
            if isinstance(page, URLPattern) and page.name:
                yield page.name, _path(page.name, str(page.pattern), parts)


def _path(name: str, pattern: str, parts: dict[str, int | str]) -> str | None:
    from django.urls import NoReverseMatch, reverse

    first = pattern.removeprefix("api/").split("/")[0]
    values = {**parts, "pk": parts.get(first, 0)}
    wanted = {key: value for key, value in values.items() if f":{key}>" in pattern}
    try:
        return reverse(name, kwargs=wanted)
    except NoReverseMatch:
        return None


def _visit(browser: "Client", name: str, path: str, tries: int) -> Visit:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        body = browser.get(path).content
    count = len(queries)  # read now: the next request empties the log
    seconds: list[float] = []
    for _try in range(tries):
        connection.close()
        began = time.perf_counter()
        browser.get(path)
        seconds.append(time.perf_counter() - began)
    return Visit(name, count, 1000 * statistics.median(seconds), len(body) / 1000)


def main() -> None:
    """Make the tour that is asked for."""
    answer(tour(asked(Tour)))


if __name__ == "__main__":
    main()
