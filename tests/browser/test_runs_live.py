"""A sync in the browser: the bar moves, survives a reload, can be stopped, asks before it removes."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from gradebench.sandbox.launch import Sandbox
from tests.browser.conftest import Server, sign_in

BAR = "How far the sync is"


@pytest.fixture(autouse=True)
def slow_canvas(sandbox: Sandbox) -> Iterator[None]:
    """Slow enough to look at."""
    sandbox.settings(latency_ms=400)
    yield
    sandbox.settings(latency_ms=0)


def open_main_course(page: Page, sandbox: Sandbox) -> None:
    course = sandbox.truth(submissions=False)["course"]
    assert isinstance(course, dict)
    name = str(course["name"])
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + "/courses/choose")
    page.get_by_label(name).check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name=name).first.click()


def start_sync(page: Page) -> None:
    page.get_by_role("button", name="Sync", exact=True).click()
    page.wait_for_url(re.compile(r"/runs/\d+$"))


def test_the_bar_moves_and_survives_a_reload(ada: Page, sandbox: Sandbox) -> None:
    open_main_course(ada, sandbox)
    start_sync(ada)
    expect(ada.get_by_label(BAR)).to_be_visible()
    expect(ada.get_by_text(re.compile(r"[1-9]\d* requests"))).to_be_visible()
    seen = ada.locator("#run").inner_text()
    expect(ada.locator("#run")).not_to_have_text(seen, use_inner_text=True)
    ada.reload()
    expect(ada.get_by_label(BAR)).to_be_visible()
    expect(ada.get_by_text(re.compile(r"[1-9]\d* requests"))).to_be_visible()
    expect(ada.get_by_text("Complete", exact=True)).to_be_visible(timeout=90_000)
    expect(ada.get_by_role("row", name=re.compile("^Submissions"))).to_be_visible()
    assert ada.locator("[hx-trigger^=every]").count() == 0


def test_a_sync_is_cancelled(ada: Page, sandbox: Sandbox) -> None:
    sandbox.settings(latency_ms=1500)
    open_main_course(ada, sandbox)
    start_sync(ada)
    ada.get_by_role("button", name="Cancel").click()
    expect(ada.get_by_text("Cancelled", exact=True)).to_be_visible(timeout=60_000)
    expect(ada.get_by_role("button", name="Sync again")).to_be_visible()


def test_a_bar_of_unknown_length_does_not_begin_anew_each_second(
    ada: Page, sandbox: Sandbox
) -> None:
    sandbox.settings(latency_ms=3000)
    open_main_course(ada, sandbox)
    start_sync(ada)
    ada.locator("#run progress:indeterminate").evaluate("(bar) => { bar.dataset.first = 'yes'; }")
    another = ada.locator("#run progress:indeterminate:not([data-first])")
    begins = "(bar) => bar.getAnimations().map((animation) => animation.startTime)"
    assert another.evaluate(begins) == [0]
    ada.get_by_role("button", name="Cancel").click()


def test_many_removals_wait_for_a_yes_and_are_named(ada: Page, sandbox: Sandbox) -> None:
    sandbox.settings(latency_ms=0)
    open_main_course(ada, sandbox)
    start_sync(ada)
    expect(ada.get_by_text("Complete", exact=True)).to_be_visible(timeout=60_000)
    leavers = drop_students(sandbox, 6)
    ada.get_by_role("button", name="Sync again").click()
    expect(ada.get_by_role("heading", name="Is this right?")).to_be_visible(timeout=60_000)
    for name in leavers:
        expect(ada.get_by_text(name).first).to_be_visible()
    ada.get_by_role("button", name=re.compile("^Yes, mark")).click()
    expect(ada.get_by_text("Complete", exact=True)).to_be_visible(timeout=60_000)


def drop_students(sandbox: Sandbox, how_many: int) -> list[str]:
    truth = sandbox.truth(submissions=False)
    enrollments, users = truth["enrollments"], truth["users"]
    assert isinstance(enrollments, list)
    assert isinstance(users, list)
    names = {one["id"]: str(one["name"]) for one in users if isinstance(one, dict)}
    students = [
        one["user_id"]
        for one in enrollments
        if isinstance(one, dict)
        and one["type"] == "StudentEnrollment"
        and one["enrollment_state"] == "active"
    ]
    leaving = list(dict.fromkeys(students))[:how_many]
    for user in leaving:
        sandbox.act("drop_student", course=sandbox.course, user=user)
    return [names[user] for user in leaving]


def test_a_colleague_sees_nothing_of_it(ada: Page, sandbox: Sandbox, connected: Server) -> None:
    open_main_course(ada, sandbox)
    course = ada.url
    connected.command("adduser", "grace", "--password-file", "-", stdin="compiling-nanoseconds")
    context = ada.context.browser.new_context() if ada.context.browser else None
    assert context is not None
    other = context.new_page()
    sign_in(other, connected, name="grace", password="compiling-nanoseconds")
    answer = other.goto(course)
    assert answer is not None
    assert answer.status == 404
    expect(other.get_by_role("heading", name="There is nothing at this address.")).to_be_visible()
    context.close()
