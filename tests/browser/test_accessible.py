"""Every page for everybody: axe-core's findings, narrow screens, the keyboard, light and dark."""

import json
import re
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from gradebench.sandbox.launch import Sandbox
from tests.browser.conftest import Server
from tests.browser.test_runs_live import drop_students

GRAVE = {"serious", "critical"}


@pytest.fixture(scope="module")
def addresses(connected: Server, sandbox: Sandbox) -> list[str]:
    """Every page of a synced course, found by following the links of the pages."""
    connected.command("sync", str(sandbox.course))
    return [
        "/",
        "/canvas",
        "/courses/choose",
        "/canvas/1/token",
        "/canvas/1/disconnect",
        "/runs/1",
        "/nowhere",
        "/sign-in",
        "/?show=drift&q=nothing",
    ]


def pages_of_the_course(page: Page, server: Server) -> list[str]:
    page.goto(server.url)
    first = page.locator("#courses tbody a").first.get_attribute("href") or ""
    tabs = [first, *(f"{first}/{tab}" for tab in ("assignments", "students", "groups", "history"))]
    page.goto(server.url + tabs[1])
    assignment = page.locator("#assignments tbody a").first.get_attribute("href") or ""
    page.goto(server.url + tabs[2])
    student = page.locator("#found tbody a").first.get_attribute("href") or ""
    return [*tabs, assignment, student, by_group(page, server, tabs[1])]


def by_group(page: Page, server: Server, assignments: str) -> str:
    """The work of a group assignment, group by group."""
    page.goto(server.url + assignments)
    row = page.locator("#assignments tbody tr", has_text="by group").first
    return f"{row.locator('a').get_attribute('href')}?by=group"


def test_axe_finds_nothing_grave_on_any_page(
    ada: Page, connected: Server, addresses: list[str]
) -> None:
    for path in [*addresses, *pages_of_the_course(ada, connected)]:
        ada.goto(connected.url + path)
        assert not findings_in_both_schemes(ada), path


def test_axe_finds_nothing_grave_where_one_comes_in(page: Page, server: Server) -> None:
    printed = server.command("adduser", "new", "--at", server.url)
    for path in (re.findall(r"/welcome/\S+", printed)[0], "/welcome/long-used"):
        page.goto(server.url + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert not findings_in_both_schemes(page), path


def test_axe_finds_nothing_grave_where_something_is_missing(
    ada: Page, connected: Server, sandbox: Sandbox, addresses: list[str]
) -> None:
    sandbox.permissions("TeacherEnrollment", off=["manage_groups_delete", "read_sis"])
    ada.goto(f"{connected.url}/canvas")
    ada.get_by_role("button", name="Check again").click()
    sandbox.reset_permissions()
    ada.locator("details summary", has_text="missing").first.click()
    expect(ada.get_by_text("“Groups - delete” for the role Teacher").first).to_be_visible()
    assert not findings_in_both_schemes(ada)
    ada.set_viewport_size({"width": 360, "height": 740})
    assert ada.evaluate("document.documentElement.scrollWidth") <= 360
    ada.goto(connected.url + pages_of_the_course(ada, connected)[0])
    expect(ada.get_by_text("“SIS Data - read” for the role Teacher")).to_be_visible()
    assert not findings_in_both_schemes(ada)
    assert ada.evaluate("document.documentElement.scrollWidth") <= 360


def findings_in_both_schemes(page: Page) -> list[str]:
    """In light and dark: the second time only what can differ, the contrast of colours."""
    wear(page, "light")
    found = grave_findings(page)
    wear(page, "dark")
    return found + grave_findings(page, rules=["color-contrast"])


def wear(page: Page, scheme: Literal["light", "dark"]) -> None:
    """Show the page in this scheme, its colours at rest."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def grave_findings(page: Page, *, rules: list[str] | None = None) -> list[str]:
    options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {json.dumps([node['html'] for node in one['nodes']][:4])}"
        for one in found
        if one["impact"] in GRAVE
    ]


def test_no_page_is_wider_than_a_phone(ada: Page, connected: Server, addresses: list[str]) -> None:
    ada.set_viewport_size({"width": 360, "height": 740})
    for path in [*addresses, *pages_of_the_course(ada, connected)]:
        ada.goto(connected.url + path)
        assert ada.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_the_switch_between_light_and_dark_is_remembered(ada: Page, connected: Server) -> None:
    ada.emulate_media(color_scheme="light")
    ada.goto(connected.url)
    light = background(ada)
    ada.get_by_role("button", name="Switch between light and dark").click()
    expect(ada.locator("html")).to_have_attribute("data-theme", "dark")
    assert background(ada) != light
    ada.reload()
    expect(ada.locator("html")).to_have_attribute("data-theme", "dark")


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_the_first_tab_leads_past_the_navigation(ada: Page, connected: Server) -> None:
    ada.goto(connected.url)
    ada.keyboard.press("Tab")
    skip = ada.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    ada.keyboard.press("Enter")
    expect(ada.locator("#main")).to_be_focused()


def test_the_menu_opens_and_closes_by_keyboard(ada: Page, connected: Server) -> None:
    ada.goto(connected.url)
    menu = ada.locator("details[data-menu]")
    menu.locator("summary").focus()
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("button", name="Sign out")).to_be_visible()
    ada.keyboard.press("Escape")
    expect(ada.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


def test_typing_finds_people_without_a_reload(
    ada: Page, connected: Server, addresses: list[str]
) -> None:
    ada.goto(connected.url + pages_of_the_course(ada, connected)[2])
    name = ada.locator("#found tbody a").nth(3).inner_text()
    ada.get_by_role("searchbox").press_sequentially(name)
    expect(ada.locator("#found tbody tr")).to_have_count(1)
    expect(ada.locator("#found tbody a").first).to_have_text(name)
    assert re.search(r"[?&]q=", ada.url)
    expect(ada.get_by_role("searchbox")).to_be_focused()


def test_times_are_in_the_browsers_zone(
    ada: Page, connected: Server, addresses: list[str], browser: Browser
) -> None:
    state = ada.context.storage_state()
    state["cookies"] = [one for one in state["cookies"] if one["name"] != "time_zone"]
    context = browser.new_context(timezone_id="Asia/Tokyo", storage_state=state)
    in_tokyo = context.new_page()
    in_tokyo.goto(connected.url)  # tells the zone, which counts from the next page on
    in_tokyo.reload()
    title = in_tokyo.locator("time").first.get_attribute("title") or ""
    assert title.endswith("JST")
    context.close()


def test_axe_does_find_what_is_wrong(ada: Page) -> None:
    """A check of the check: a policy that kept axe from running would look like a clean page."""
    ada.evaluate("document.querySelector('main').innerHTML = '<img src=\"/x\"><input>'")
    assert any(finding.startswith("label:") for finding in grave_findings(ada))


def test_axe_finds_nothing_grave_on_a_run_that_waits(
    ada: Page, connected: Server, sandbox: Sandbox, addresses: list[str]
) -> None:
    ada.goto(connected.url + pages_of_the_course(ada, connected)[0])
    drop_students(sandbox, 6)
    ada.get_by_role("button", name="Sync", exact=True).click()
    expect(ada.get_by_role("heading", name="Is this right?")).to_be_visible(timeout=60_000)
    assert not findings_in_both_schemes(ada)
    ada.set_viewport_size({"width": 360, "height": 740})
    assert ada.evaluate("document.documentElement.scrollWidth") <= 360
