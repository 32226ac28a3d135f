"""From an edit to Canvas in the browser: reviewed, pushed, seen on Canvas's own page, taken back."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from gradebench.sandbox.launch import Sandbox
from tests.browser.conftest import Server
from tests.browser.test_accessible import findings_in_both_schemes

PROJECTS, LEAVER = "Project Teams", "Project Team with a leaver"


@pytest.fixture(scope="module")
def synced(connected: Server, sandbox: Sandbox) -> Server:
    connected.command("sync", str(sandbox.course))
    return connected


@pytest.fixture
def groups(ada: Page, synced: Server) -> Page:
    """The groups tab of the course, open at the project teams."""
    ada.goto(synced.url)
    ada.locator("#courses tbody a").first.click()
    ada.get_by_role("link", name="Groups", exact=True).click()
    ada.get_by_role("link", name=re.compile(f"^{PROJECTS}")).click()
    return ada


@pytest.fixture
def canvas(browser: Browser, sandbox: Sandbox) -> Iterator[Page]:
    """Canvas's own page of the project teams, before somebody else."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(sandbox.url)
    page.locator("main a").first.click()
    page.get_by_role("link", name=PROJECTS).click()
    yield page
    context.close()


def card(canvas: Page, group: str) -> Locator:
    heading = canvas.get_by_role("heading", name=group, exact=True)
    return canvas.locator(".card").filter(has=heading)


def seen(canvas: Page, group: str) -> Locator:
    """Canvas's card of the group, read afresh."""
    canvas.goto(canvas.url.split("?")[0])
    return card(canvas, group)


def open_team(page: Page, name: str) -> None:
    page.get_by_role("heading", name=name, exact=True).get_by_role("link").click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def let_edits_wait(page: Page, *, wait: bool) -> None:
    page.locator("summary", has_text="More").click()
    text = "Let single edits wait for a review" if wait else "Send single edits at once"
    page.get_by_role("button", name=text).click()


def first_member(page: Page) -> str:
    row = page.get_by_role("region", name=re.compile("^Today")).get_by_role("listitem").first
    return row.locator("span").first.inner_text()


def add(page: Page, name: str) -> None:
    option = page.locator("#student option").filter(has_text=name).first
    page.get_by_label("Add a student").select_option(option.get_attribute("value"))
    page.get_by_role("button", name="Add", exact=True).click()


def push(page: Page, words: str) -> None:
    page.get_by_role("button", name=re.compile(f"^Push {words}")).click()
    page.wait_for_url(re.compile(r"/runs/\d+$"))
    page.get_by_role("link", name="See what came of it").click(timeout=60_000)
    expect(page.get_by_text("Applied and verified")).to_be_visible()


@pytest.mark.tour
def test_a_change_is_reviewed_pushed_seen_in_canvas_and_taken_back(
    groups: Page, canvas: Page
) -> None:
    let_edits_wait(groups, wait=True)
    expect(groups.get_by_text("wait here until you have reviewed them")).to_be_visible()
    open_team(groups, "Project Team 1")
    name = first_member(groups)
    groups.go_back()
    open_team(groups, LEAVER)
    add(groups, name)
    expect(groups.get_by_text("will be moved in Canvas later")).to_be_visible()
    expect(seen(canvas, LEAVER)).not_to_contain_text(name)
    groups.get_by_role("link", name=PROJECTS).click()
    groups.get_by_role("button", name="Review 1 change").click()
    expect(groups.get_by_role("heading", name="1 change in 1 write to Canvas")).to_be_visible()
    expect(groups.get_by_text(f"{name} from Project Team 1")).to_be_visible()
    push(groups, "1 change")
    expect(seen(canvas, LEAVER)).to_contain_text(name)
    groups.get_by_role("button", name="Undo…").click()
    expect(groups.get_by_role("heading", name=re.compile("^Undo of plan"))).to_be_visible()
    push(groups, "1 change")
    expect(seen(canvas, "Project Team 1")).to_contain_text(name)
    groups.get_by_role("link", name=PROJECTS).click()
    let_edits_wait(groups, wait=False)


def test_a_row_can_be_left_out_of_the_review_by_keyboard(groups: Page, canvas: Page) -> None:
    let_edits_wait(groups, wait=True)
    open_team(groups, "Project Team 2")
    names = [first_member(groups)]
    groups.get_by_role("button", name=f"Remove {names[0]}").click()
    names.append(first_member(groups))
    groups.get_by_role("button", name=f"Remove {names[1]}").click()
    groups.get_by_role("link", name=PROJECTS).click()
    groups.get_by_role("button", name="Review 2 changes").click()
    expect(groups.get_by_role("button", name="Leave out what is ticked")).to_be_hidden()
    groups.get_by_label(f"Leave out: {names[0]}").focus()
    groups.keyboard.press("Space")
    groups.get_by_role("button", name="Leave out what is ticked").focus()
    groups.keyboard.press("Enter")
    expect(groups.get_by_role("heading", name="Left out 1")).to_be_visible()
    push(groups, "1 change")
    expect(seen(canvas, "Project Team 2")).to_contain_text(names[0])
    expect(card(canvas, "Project Team 2")).not_to_contain_text(names[1])
    groups.get_by_role("link", name=PROJECTS).click()
    let_edits_wait(groups, wait=False)
    open_team(groups, "Project Team 2")
    for name in names:
        add(groups, name)
        expect(groups.get_by_text(re.compile("is where you want them"))).to_be_visible()


def test_a_conflict_is_settled_by_a_person(groups: Page, canvas: Page) -> None:
    let_edits_wait(groups, wait=True)
    open_team(groups, "Project Team 3")
    name = first_member(groups)
    groups.get_by_role("button", name=f"Remove {name}").click()
    in_canvas = card(canvas, "Project Team 3").locator("li", has_text=name)
    in_canvas.get_by_role("button", name="leaves").click()
    student = canvas.locator("form", has=canvas.get_by_role("button", name="joins this group"))
    surname = name.split()[-1]
    option = student.get_by_label("Student").locator("option", has_text=surname).first
    student.get_by_label("Student").select_option(option.get_attribute("value"))
    student.get_by_label("Group").select_option(label=LEAVER)
    student.get_by_role("button", name="joins this group").click()
    expect(card(canvas, LEAVER)).to_contain_text(name)
    groups.get_by_role("link", name=PROJECTS).click()
    groups.get_by_role("button", name=re.compile("^Review")).click()
    expect(groups.get_by_text(f"{name} was moved here and in Canvas.")).to_be_visible()
    groups.get_by_role("button", name="Here: no team").click()
    expect(groups.get_by_role("button", name="Here: no team")).to_have_attribute(
        "aria-pressed", "true"
    )
    push(groups, "1 change")
    expect(seen(canvas, LEAVER)).not_to_contain_text(name)
    groups.get_by_role("link", name=PROJECTS).click()
    let_edits_wait(groups, wait=False)
    open_team(groups, "Project Team 3")
    add(groups, name)
    expect(groups.get_by_text(re.compile("is where you want them"))).to_be_visible()


def test_random_teams_are_in_canvas_when_the_page_shows(groups: Page, sandbox: Sandbox) -> None:
    groups.get_by_role("link", name=re.compile("^Debate Sides")).click()
    groups.get_by_role("link", name="Assign at random").click()
    groups.get_by_label("Divide by").select_option("number")
    groups.get_by_label("How many").fill("2")
    groups.get_by_label("Into").select_option("half-full")
    groups.get_by_role("button", name=re.compile(r"^Assign \d+ students")).click()
    expect(groups.get_by_text(re.compile("are where you want them"))).to_be_visible(timeout=60_000)
    truth = sandbox.truth(submissions=False)
    groups_there, places = truth["groups"], truth["memberships"]
    assert isinstance(groups_there, list)
    assert isinstance(places, list)
    sides = {
        one["id"]: 0
        for one in groups_there
        if isinstance(one, dict) and one["name"] in {"Pro", "Contra"}
    }
    for place in places:
        if isinstance(place, dict) and place["group_id"] in sides:
            sides[place["group_id"]] += 1
    assert sum(sides.values()) > 20
    assert max(sides.values()) - min(sides.values()) <= 1


def test_a_set_and_a_group_are_made_and_deleted(groups: Page, sandbox: Sandbox) -> None:
    groups.get_by_role("link", name="New set").click()
    groups.get_by_label("Name").fill("Juries")
    groups.get_by_role("button", name="Make it in Canvas").click()
    expect(groups.get_by_text("The group set “Juries” is in Canvas now.")).to_be_visible()
    groups.get_by_role("link", name="New group").click()
    groups.get_by_label("Name").fill("First jury")
    groups.get_by_role("button", name="Make the group").click()
    expect(groups.get_by_role("heading", name="First jury")).to_be_visible()
    groups.locator("summary", has_text="More").click()
    groups.get_by_role("link", name="Delete the set…").click()
    groups.get_by_role("button", name="Delete the set with 1 group").click()
    expect(groups.get_by_text("“Juries” is deleted in Canvas.")).to_be_visible()


def test_axe_finds_nothing_grave_and_a_phone_is_wide_enough(groups: Page) -> None:
    open_team(groups, "Project Team 4")
    team = groups.url
    let = groups.url.split("/teams/")[0]
    name = first_member(groups)
    groups.get_by_role("link", name=PROJECTS).click()
    tab = groups.url
    number = tab.split("set=")[1]
    let_edits_wait(groups, wait=True)
    groups.goto(team)
    groups.get_by_role("button", name=f"Remove {name}").click()
    groups.goto(tab)
    groups.get_by_role("button", name=re.compile("^Review")).click()
    plan = groups.url
    on_set = f"{let}/sets/{number}"
    paths = [tab, team, plan, f"{plan}?view=people", f"{let}/sets/create"]
    paths += [f"{on_set}/{page}" for page in ("edit", "delete", "random", "history")]
    paths += [f"{on_set}/groups/create", f"{on_set}/groups/{team.split('/')[-1]}/delete"]
    for path in paths:
        groups.set_viewport_size({"width": 1280, "height": 900})
        groups.goto(path)
        assert not findings_in_both_schemes(groups), path
        groups.set_viewport_size({"width": 360, "height": 740})
        assert groups.evaluate("document.documentElement.scrollWidth") <= 360, path
    groups.goto(plan)
    groups.get_by_role("button", name="Drop this plan").click()
    let_edits_wait(groups, wait=False)
    groups.goto(team)
    add(groups, name)
    expect(groups.get_by_text(re.compile("is where you want them"))).to_be_visible()
