"""No page makes its visitor wait for what it weighs, with 600 students and 120 teams on it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from benchmarks.in_django.weighing import weigh
from benchmarks.pages import MOST_KILOBYTES, MOST_KILOBYTES_OF_THE_BOARD
from gradebench.canvas.models import GroupPlan, SyncRun
from gradebench.canvas.teams import follow
from tests.addresses import every_address
from tests.web.people import course_of, fill, plan_of, run_of


@pytest.fixture
def plan(ada: User) -> GroupPlan:
    """A plan for a set of 120 teams in a course of 600."""
    course = course_of(ada)
    fill(course, students=600, assignments=4, teams=120)
    follow(course, at=timezone.now())
    run_of(course, SyncRun.State.COMPLETE)
    return plan_of(course)


def test_every_page_is_light(browser_of_ada: Client, client: Client, plan: GroupPlan) -> None:
    limits = {"board": MOST_KILOBYTES_OF_THE_BOARD}
    weights: dict[str, float] = {}
    for name, path in every_address(plan).items():
        for browser in (browser_of_ada, client):
            if path is not None and browser.get(path).status_code == 200:
                weights[name] = max(weigh(browser, path), weights.get(name, 0))
    assert {"board", "groups", "set_history", "plan", "sign_in", "first_visit"} <= set(weights)
    heavy = {
        name: size for name, size in weights.items() if size > limits.get(name, MOST_KILOBYTES)
    }
    assert heavy == {}


def test_a_page_is_weighed_with_all_that_it_loads(browser_of_ada: Client, plan: GroupPlan) -> None:
    paths = every_address(plan)
    bare = len(browser_of_ada.get("/", headers={"accept-encoding": "gzip"}).content) / 1000
    assert weigh(browser_of_ada, "/") > bare + 25  # the stylesheet and htmx
    board = paths["board"]
    assert board is not None
    assert weigh(browser_of_ada, board) > weigh(browser_of_ada, "/") + 30  # and the board's script
