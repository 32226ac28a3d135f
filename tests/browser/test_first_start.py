"""From the first start to a synced course, in a browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from gradebench.sandbox.launch import Sandbox
from tests.browser.conftest import NAME, PASSWORD, Server


@pytest.mark.tour
def test_from_the_first_start_to_a_synced_course(
    page: Page, server: Server, sandbox: Sandbox
) -> None:
    come_in(page, server)
    connect_with_a_wrong_token_first(page, sandbox)
    choose_the_first_course(page)
    watch_it_sync(page)
    look_around(page, sandbox)


def come_in(page: Page, server: Server) -> None:
    page.goto(server.welcome)
    page.get_by_label("Your name here").fill(NAME)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password, once more").fill(PASSWORD)
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("heading", name="Connect your Canvas")).to_be_visible()


def connect_with_a_wrong_token_first(page: Page, sandbox: Sandbox) -> None:
    page.get_by_role("link", name="Connect a Canvas").click()
    page.get_by_label("Address of your Canvas").fill(sandbox.url)
    page.get_by_label("Access token").fill(sandbox.tokens["expired"])
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("expired").first).to_be_visible()
    assert page.get_by_label("Access token").input_value() == ""
    assert page.get_by_label("Address of your Canvas").input_value() == sandbox.url
    page.get_by_label("Access token").fill(sandbox.tokens["teacher"])
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_role("heading", name="Choose courses")).to_be_visible()


def choose_the_first_course(page: Page) -> None:
    page.get_by_role("checkbox", name="Tick all courses").check()
    page.get_by_role("button", name="Save and sync the new ones").click()
    expect(page.get_by_text("now keeps")).to_be_visible()


def watch_it_sync(page: Page) -> None:
    """The row changes by itself: nobody reloads the page."""
    expect(page.get_by_text("Up to date").first).to_be_visible(timeout=60_000)


def look_around(page: Page, sandbox: Sandbox) -> None:
    truth = sandbox.truth()
    course, assignments = truth["course"], truth["assignments"]
    assert isinstance(course, dict)
    assert isinstance(assignments, list)
    page.get_by_role("link", name=str(course["name"])).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(str(course["name"]))
    page.get_by_role("link", name="Assignments", exact=True).first.click()
    expect(page.get_by_role("row")).to_have_count(len(assignments) + 1)
    page.get_by_role("link", name="People").click()
    expect(page.get_by_text(re.compile(r"\d+ people"))).to_be_visible()
    page.get_by_role("link", name="Groups", exact=True).first.click()
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    page.get_by_role("link", name="Syncs").click()
    expect(page.get_by_text("Complete").first).to_be_visible()
