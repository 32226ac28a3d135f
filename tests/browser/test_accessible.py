"""Every page for everybody: axe-core's findings, narrow screens, the keyboard, light and dark."""

import json
import re
import subprocess
import sys
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from gradebench.sandbox.launch import Sandbox
from tests.browser.conftest import Server, environment
from tests.browser.test_runs_live import drop_students

GRAVE = {"serious", "critical"}


@pytest.fixture(scope="module")
def pages(connected: Server, sandbox: Sandbox) -> dict[str, str]:
    """Every page of a synced course by its name, as the tables of addresses have it."""
    connected.command("sync", str(sandbox.course))
    ended = subprocess.run(
        [sys.executable, "-m", "tests.addresses"],
        capture_output=True,
        text=True,
        env={**environment(connected.home), "DJANGO_SETTINGS_MODULE": "gradebench.settings"},
        check=True,
    )
    found: dict[str, str] = json.loads(ended.stdout)
    assert {"dashboard", "course", "groups", "board", "plan", "team", "student"} <= set(found)
    return found


# Pages that no name leads to, or that show something else than at first sight.
OTHERS = ("/nowhere", "/sign-in", "/?show=drift&q=nothing", "/courses/choose?q=nothing")


def every_look(page: Page, server: Server, pages: dict[str, str]) -> list[str]:
    """The addresses of all pages, and of what some of them show besides."""
    return [
        *pages.values(),
        *OTHERS,
        f"{pages['plan']}?view=people",
        by_group(page, server, pages["assignments"]),
    ]


def by_group(page: Page, server: Server, assignments: str) -> str:
    """The work of a group assignment, group by group."""
    page.goto(server.url + assignments)
    row = page.locator("#assignments tbody tr", has_text="by group").first
    return f"{row.locator('a').get_attribute('href')}?by=group"


def test_axe_finds_nothing_grave_on_any_page(
    ada: Page, connected: Server, pages: dict[str, str]
) -> None:
    for path in every_look(ada, connected, pages):
        ada.goto(connected.url + path)
        assert not findings_in_both_schemes(ada), path


def test_axe_finds_nothing_grave_where_one_comes_in(page: Page, server: Server) -> None:
    printed = server.command("adduser", "new", "--at", server.url)
    for path in (re.findall(r"/welcome/\S+", printed)[0], "/welcome/long-used"):
        page.goto(server.url + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert not findings_in_both_schemes(page), path


def test_axe_finds_nothing_grave_where_something_is_missing(
    ada: Page, connected: Server, sandbox: Sandbox, pages: dict[str, str]
) -> None:
    sandbox.permissions("TeacherEnrollment", off=["manage_groups_delete", "read_sis"])
    ada.goto(f"{connected.url}/canvas")
    ada.get_by_role("button", name="Check now").click()
    sandbox.reset_permissions()
    ada.locator("details summary", has_text="missing").first.click()
    expect(ada.get_by_text("“Groups - delete” for the role Teacher").first).to_be_visible()
    assert not findings_in_both_schemes(ada)
    ada.set_viewport_size({"width": 360, "height": 740})
    assert ada.evaluate("document.documentElement.scrollWidth") <= 360
    ada.goto(connected.url + pages["course"])
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


def test_no_page_is_wider_than_a_phone(ada: Page, connected: Server, pages: dict[str, str]) -> None:
    ada.set_viewport_size({"width": 360, "height": 740})
    for path in every_look(ada, connected, pages):
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
    ada: Page, connected: Server, pages: dict[str, str]
) -> None:
    ada.goto(connected.url + pages["students"])
    name = ada.locator("#found tbody a").nth(3).inner_text()
    ada.get_by_role("searchbox").press_sequentially(name)
    expect(ada.locator("#found tbody tr")).to_have_count(1)
    expect(ada.locator("#found tbody a").first).to_have_text(name)
    assert re.search(r"[?&]q=", ada.url)
    expect(ada.get_by_role("searchbox")).to_be_focused()


def test_times_are_in_the_browsers_zone(
    ada: Page, connected: Server, pages: dict[str, str], browser: Browser
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
    ada: Page, connected: Server, sandbox: Sandbox, pages: dict[str, str]
) -> None:
    ada.goto(connected.url + pages["course"])
    drop_students(sandbox, 6)
    ada.get_by_role("button", name="Sync", exact=True).click()
    expect(ada.get_by_role("heading", name="Is this right?")).to_be_visible(timeout=60_000)
    assert not findings_in_both_schemes(ada)
    ada.set_viewport_size({"width": 360, "height": 740})
    assert ada.evaluate("document.documentElement.scrollWidth") <= 360
