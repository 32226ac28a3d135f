"""The board by mouse, by finger and by keyboard: Ada forms teams before Canvas hears of it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from gradebench.sandbox.launch import Sandbox
from tests.browser.conftest import Server
from tests.browser.test_accessible import grave_findings


@pytest.fixture(scope="module")
def synced(connected: Server, sandbox: Sandbox) -> Server:
    connected.command("sync", str(sandbox.course))
    return connected


@pytest.fixture
def board(ada: Page, synced: Server) -> Iterator[Page]:
    """The board of the lab benches: four of two, and many without one. Left as it was found."""
    ada.goto(synced.url)
    ada.locator("#courses tbody a").first.click()
    ada.get_by_role("link", name="Groups", exact=True).click()
    ada.get_by_role("link", name=re.compile("^Lab Benches")).click()
    path = re.search(r"(.*)/groups\?set=(\d+)", ada.url)
    assert path is not None
    ada.goto(f"{path[1]}/sets/{path[2]}/board")
    expect(chips(ada, "Bench 1")).to_have_count(2)
    yield ada
    saved(ada)  # a step on its way would come after the board was put back
    ada.goto("about:blank")
    ada.goto(f"{path[1]}/sets/{path[2]}/board")
    if waiting(ada) != "0":
        ada.get_by_role("button", name="Put all back").click()
        ada.locator("#back-dialog").get_by_role("button", name="Put back").click()
    expect(ada.locator("[data-waiting]")).to_have_text("0")
    saved(ada)


def bench(page: Page, name: str) -> Locator:
    return page.get_by_role("listbox", name=re.compile(f"^{name}:"))


def chips(page: Page, name: str) -> Locator:
    return bench(page, name).get_by_role("option")


def card(page: Page, name: str) -> Locator:
    """The head of a team's card: a drop there is a move, whoever is in the team."""
    return page.get_by_role("heading", name=name, exact=True)


def pool(page: Page) -> Locator:
    return page.locator("[data-pool]")


def waiting(page: Page) -> str:
    return page.locator("[data-waiting]").inner_text()


def saved(page: Page) -> None:
    expect(page.locator("[data-saving]")).to_have_text(re.compile("^(Saved)?$"))


def said(page: Page, sentence: str) -> None:
    expect(page.locator("#announcements")).to_have_text(sentence)


def name_of(chip: Locator) -> str:
    return chip.locator("[data-name]").inner_text()


def drag(page: Page, what: Locator, where: Locator) -> None:
    """By the mouse, in small steps, as a hand does."""
    lift(page, what)
    carry(page, where)
    page.mouse.up()


def lift(page: Page, what: Locator) -> None:
    start = what.bounding_box()
    assert start is not None
    page.mouse.move(start["x"] + 30, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] + start["height"] / 2 + 8, steps=3)


def carry(page: Page, where: Locator) -> None:
    x, y = middle(where)
    page.mouse.move(x, y, steps=12)


def middle(where: Locator) -> tuple[float, float]:
    box = where.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_student_is_dragged_to_another_bench(board: Page) -> None:
    name = name_of(chips(board, "Bench 1").first)
    drag(board, chips(board, "Bench 1").first, card(board, "Bench 2"))
    expect(bench(board, "Bench 2")).to_contain_text(name)
    said(board, f"{name} moved to Bench 2.")
    expect(board.locator("[data-waiting]")).to_have_text("1")
    saved(board)
    board.reload()
    expect(bench(board, "Bench 2")).to_contain_text(name)
    expect(board.locator("[data-waiting]")).to_have_text("1")


def test_whoever_is_chosen_is_dragged_along(board: Page) -> None:
    chips(board, "Bench 1").first.click()
    chips(board, "Bench 1").nth(1).click(modifiers=["Shift"])
    chips(board, "Bench 2").first.click(modifiers=["Control"])
    expect(board.locator("[data-chosen]")).to_have_text("3 students chosen")
    drag(board, chips(board, "Bench 1").nth(1), card(board, "Bench 3"))
    said(board, "3 students moved to Bench 3.")
    expect(chips(board, "Bench 1")).to_have_count(0)
    expect(chips(board, "Bench 3")).to_have_count(5)
    expect(bench(board, "Bench 3")).to_have_attribute("aria-label", re.compile("over the limit"))


def test_everything_goes_by_keyboard(board: Page) -> None:
    pool(board).get_by_role("option").first.focus()
    board.keyboard.press("Shift+Tab")
    board.keyboard.press("Tab")
    expect(pool(board).get_by_role("option").first).to_be_focused()
    board.keyboard.press("ArrowRight")
    board.keyboard.press("Home")
    first = chips(board, "Bench 1").first
    expect(first).to_be_focused()
    name = name_of(first)
    board.keyboard.press("Space")
    expect(first).to_have_attribute("aria-selected", "true")
    board.keyboard.press("Enter")
    expect(board.get_by_role("heading", name=f"Move {name} to …")).to_be_visible()
    board.keyboard.type("bench 4")
    board.keyboard.press("Enter")
    said(board, f"{name} moved to Bench 4.")
    expect(chips(board, "Bench 4").filter(has_text=name)).to_be_focused()
    board.keyboard.press("Alt+ArrowLeft")
    said(board, f"{name} moved to Bench 3.")
    expect(chips(board, "Bench 3").filter(has_text=name)).to_be_focused()
    board.keyboard.press("Delete")
    said(board, f"{name} taken out of the team.")
    expect(pool(board)).to_contain_text(name)


def test_steps_are_undone_and_done_again_even_after_a_reload(board: Page) -> None:
    chips(board, "Bench 1").first.click()
    board.keyboard.press("Alt+ArrowRight")
    chips(board, "Bench 4").first.click()
    board.keyboard.press("Delete")
    expect(board.locator("[data-waiting]")).to_have_text("2")
    saved(board)
    board.reload()
    board.get_by_role("button", name="Undo").click()
    expect(board.locator("[data-waiting]")).to_have_text("1")
    board.keyboard.press("Control+z")
    expect(board.locator("[data-waiting]")).to_have_text("0")
    expect(board.get_by_role("button", name="Undo")).to_be_disabled()
    board.keyboard.press("Control+Shift+z")
    expect(board.locator("[data-waiting]")).to_have_text("1")
    expect(chips(board, "Bench 2")).to_have_count(3)


def test_two_students_are_swapped(board: Page) -> None:
    one, other = chips(board, "Bench 1").first, chips(board, "Bench 2").first
    names = name_of(one), name_of(other)
    one.click()
    expect(board.get_by_role("button", name="Swap")).to_be_disabled()
    other.click(modifiers=["Control"])
    board.keyboard.press("s")
    said(board, f"{names[0]} and {names[1]} swapped.")
    expect(bench(board, "Bench 2")).to_contain_text(names[0])
    expect(bench(board, "Bench 1")).to_contain_text(names[1])


def test_a_student_who_is_dropped_onto_another_is_swapped_with_them(board: Page) -> None:
    one, other = chips(board, "Bench 1").first, chips(board, "Bench 2").first
    names = name_of(one), name_of(other)
    lift(board, one)
    carry(board, card(board, "Bench 3"))
    expect(board.locator(".drop-here [data-name]").first).to_have_text("Bench 3")
    carry(board, other)
    expect(board.locator(".drop-swap")).to_have_text(re.compile(names[1]))
    expect(board.locator(".drop-here")).to_have_count(0)
    board.mouse.up()
    said(board, f"{names[0]} and {names[1]} swapped.")
    expect(bench(board, "Bench 2")).to_contain_text(names[0])
    expect(bench(board, "Bench 1")).to_contain_text(names[1])
    expect(board.locator(".drop-swap")).to_have_count(0)
    drag(board, chips(board, "Bench 3").first, pool(board).get_by_role("option").first)
    expect(chips(board, "Bench 3")).to_have_count(1)


def test_whoever_is_locked_stays(board: Page) -> None:
    name = name_of(chips(board, "Bench 1").first)
    chips(board, "Bench 1").first.click()
    board.keyboard.press("l")
    said(board, f"{name} locked.")
    board.keyboard.press("Delete")
    said(board, "Locked: unlock to move.")
    drag(board, chips(board, "Bench 1").first, card(board, "Bench 2"))
    expect(bench(board, "Bench 1")).to_contain_text(name)
    saved(board)
    board.evaluate("localStorage.clear()")
    board.reload()
    expect(chips(board, "Bench 1").first).to_have_attribute("title", re.compile("locked by ada, "))
    chips(board, "Bench 1").first.click()
    board.get_by_role("button", name="Unlock", exact=True).click()
    board.keyboard.press("Shift+L")
    said(board, f"{name} unlocked.")


def test_nobody_comes_to_a_locked_team_or_leaves_it(board: Page) -> None:
    lock = board.get_by_role("button", name="Lock Bench 2")
    bench(board, "Bench 2").hover()
    lock.click()
    expect(lock).to_have_attribute("aria-pressed", "true")
    drag(board, chips(board, "Bench 1").first, card(board, "Bench 2"))
    said(board, "Bench 2 is locked.")
    expect(chips(board, "Bench 2")).to_have_count(2)
    expect(chips(board, "Bench 1")).to_have_count(2)
    chips(board, "Bench 1").first.click()
    board.keyboard.press("m")
    expect(board.locator("#move-choices")).to_contain_text("Bench 3")
    expect(board.locator("#move-choices")).not_to_contain_text("Bench 2")
    board.keyboard.press("Escape")
    bench(board, "Bench 2").hover()
    lock.click()


def test_students_are_found_by_name_and_section(board: Page) -> None:
    chip = chips(board, "Bench 3").first
    board.get_by_role("searchbox").fill(name_of(chip).upper())
    expect(bench(board, "Bench 3")).to_be_visible()
    expect(bench(board, "Bench 1")).to_be_hidden()
    board.get_by_role("searchbox").fill("nobody of this name")
    expect(board.get_by_text("No team to show.")).to_be_visible()
    board.get_by_role("searchbox").fill("bench 4")
    expect(board.locator("[data-team]:visible")).to_have_count(1)
    board.get_by_role("searchbox").fill("")
    sections = board.locator("select[name=section]")
    everybody = pool(board).locator(".chip:visible").count()
    sections.select_option(label="DES 120 Section 01")
    first = pool(board).locator(".chip:visible").count()
    sections.select_option(label="DES 120 Section 02")
    second = pool(board).locator(".chip:visible").count()
    assert 0 < first < everybody <= first + second


def test_those_without_a_team_are_placed_at_random_in_one_step(board: Page) -> None:
    left = pool(board).get_by_role("option").count() - 8  # four benches of two that hold four
    board.get_by_role("button", name="Place at random").click()
    board.get_by_label("Seed").fill("7")
    board.get_by_role("button", name="Place them").click()
    said(board, f"8 students placed at random (seed 7). No room for {left} students.")
    drawn = [chips(board, f"Bench {number}").all_inner_texts() for number in range(1, 5)]
    assert [len(one) for one in drawn] == [4, 4, 4, 4]
    board.keyboard.press("Control+z")
    expect(board.locator("[data-waiting]")).to_have_text("0")


def test_new_teams_wait_too_and_are_undone_like_moves(board: Page) -> None:
    board.get_by_role("button", name="New teams").click()
    board.get_by_label("How many").fill("2")
    board.get_by_role("button", name="Make them").click()
    said(board, "2 teams made.")
    expect(bench(board, "Bench 6")).to_be_visible()
    expect(board.locator("[data-waiting]")).to_have_text("2")
    chips(board, "Bench 4").first.click()
    board.keyboard.press("Alt+ArrowRight")
    expect(board.locator("[data-waiting]")).to_have_text("3")
    board.keyboard.press("Control+z")
    board.keyboard.press("Control+z")
    said(board, "Undone: 2 teams made.")
    expect(bench(board, "Bench 6")).to_have_count(0)
    saved(board)
    board.reload()
    expect(board.locator("[data-waiting]")).to_have_text("0")
    board.get_by_role("button", name="Redo").click()
    expect(bench(board, "Bench 6")).to_be_visible()
    board.get_by_role("button", name="Undo").click()
    expect(bench(board, "Bench 6")).to_have_count(0)


def test_a_deleted_team_is_marked_and_can_be_kept(board: Page) -> None:
    names = [name_of(one) for one in chips(board, "Bench 2").all()]
    chips(board, "Bench 2").first.focus()
    board.keyboard.press("Shift+Delete")
    expect(board.locator("#delete-dialog")).to_contain_text("2 students will be in no team")
    board.get_by_role("button", name="Delete team").click()
    said(board, "Bench 2 is to be deleted. 2 students taken out.")
    expect(bench(board, "Bench 2")).to_have_count(0)
    expect(pool(board)).to_contain_text(names[0])
    expect(board.get_by_role("button", name="Keep Bench 2")).to_be_focused()
    board.keyboard.press("Control+z")
    expect(chips(board, "Bench 2")).to_have_count(2)
    board.keyboard.press("Control+Shift+z")
    expect(board.locator("[data-waiting]")).to_have_text("3")
    saved(board)
    board.reload()
    expect(board.locator("[data-away]")).to_contain_text("to be deleted")
    board.get_by_role("button", name="Keep Bench 2").click()
    said(board, "Bench 2 stays with 2 students.")
    expect(board.locator("[data-waiting]")).to_have_text("0")
    expect(chips(board, "Bench 2").first).to_be_focused()


def test_a_move_made_in_another_window_is_not_overwritten(board: Page) -> None:
    other = board.context.new_page()
    other.goto(board.url)
    name = name_of(chips(other, "Bench 1").first)
    chips(other, "Bench 1").first.click()
    other.keyboard.press("Alt+ArrowRight")
    saved(other)
    expect(other.locator("[data-saving]")).to_have_text("Saved")
    other.close()
    chips(board, "Bench 1").first.click()
    board.keyboard.press("Delete")
    said(board, f"{name} was not moved: Moved to Bench 2 meanwhile.")
    expect(bench(board, "Bench 2")).to_contain_text(name)


def test_what_another_window_does_is_shown_and_named(board: Page) -> None:
    board.clock.install()
    board.reload()
    other = board.context.new_page()
    other.goto(board.url)
    name = name_of(chips(other, "Bench 1").first)
    chips(other, "Bench 1").first.click()
    other.keyboard.press("Alt+ArrowRight")
    expect(other.locator("[data-saving]")).to_have_text("Saved")
    other.close()
    board.clock.fast_forward(16_000)
    said(board, f"Changed elsewhere: {name} moved to Bench 2.")
    expect(bench(board, "Bench 2")).to_contain_text(name)
    with board.expect_response("**/board.json") as looked:
        board.clock.fast_forward(16_000)
    assert looked.value.status == 304


def test_a_move_is_kept_while_the_server_is_away(board: Page) -> None:
    away = True

    def answer(route: Route) -> None:
        if away:
            route.fulfill(status=429)
        else:
            route.continue_()

    board.route("**/board/moves", answer)
    chips(board, "Bench 1").first.click()
    board.keyboard.press("Alt+ArrowRight")
    expect(board.locator("[data-saving]")).to_contain_text("Not saved yet")
    away = False
    expect(board.locator("[data-saving]")).to_have_text("Saved")
    board.reload()
    expect(chips(board, "Bench 2")).to_have_count(3)


def test_the_last_move_is_in_the_plan_that_is_reviewed(board: Page) -> None:
    address = board.url
    name = name_of(chips(board, "Bench 1").first)
    chips(board, "Bench 1").first.click()
    board.keyboard.press("Alt+ArrowRight")
    board.get_by_role("button", name="Review and push").click()
    board.wait_for_url(re.compile(r"/plans/\d+"))
    expect(board.locator("main")).to_contain_text(name)
    board.goto(address)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_on_the_board(board: Page, scheme: str) -> None:
    scheme_ = "dark" if scheme == "dark" else "light"
    board.emulate_media(color_scheme=scheme_, reduced_motion="reduce")
    assert not grave_findings(board)
    chips(board, "Bench 1").first.click()
    board.keyboard.press("Alt+ArrowRight")
    chips(board, "Bench 4").first.click()
    board.keyboard.press("l")
    board.get_by_role("searchbox").fill(name_of(chips(board, "Bench 3").first))
    assert not grave_findings(board)
    board.get_by_role("searchbox").fill("")
    chips(board, "Bench 4").first.click()
    chips(board, "Bench 4").first.press("l")
    chips(board, "Bench 2").first.focus()
    board.keyboard.press("Shift+Delete")
    assert not grave_findings(board)
    board.get_by_role("button", name="Delete team").click()
    assert not grave_findings(board)
    board.keyboard.press("Control+z")
    expect(chips(board, "Bench 2")).not_to_have_count(0)
    for opener in ("Place at random", "New teams", "Keys", "Put all back"):
        board.get_by_role("button", name=opener).click()
        assert not grave_findings(board), opener
        board.keyboard.press("Escape")
    chips(board, "Bench 3").first.click()
    board.keyboard.press("m")
    assert not grave_findings(board)
    board.keyboard.press("Escape")


def test_a_phone_shows_the_whole_board_and_moves_by_tapping(board: Page, browser: Browser) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        has_touch=True,
        is_mobile=True,
        storage_state=board.context.storage_state(),
    )
    phone = context.new_page()
    phone.goto(board.url)
    one, other = chips(phone, "Bench 1").first, chips(phone, "Bench 2").first
    one.tap()
    other.tap()
    expect(phone.locator("[data-chosen]")).to_have_text("2 students chosen")
    phone.get_by_role("button", name="Move to …").tap()
    phone.locator("#move-choices").get_by_text("Bench 4").tap()
    said(phone, "2 students moved to Bench 4.")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    saved(phone)
    context.close()


def test_a_finger_that_rests_on_a_student_lifts_them(board: Page, browser: Browser) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        has_touch=True,
        is_mobile=True,
        storage_state=board.context.storage_state(),
    )
    phone = context.new_page()
    phone.goto(board.url)
    chip = chips(phone, "Bench 2").first
    chip.scroll_into_view_if_needed()
    name = name_of(chip)
    finger = Finger(phone)
    finger.down(*middle(chip))
    phone.wait_for_timeout(400)
    finger.move(*middle(card(phone, "Bench 1")))
    expect(phone.locator(".drop-here [data-name]").first).to_have_text("Bench 1")
    finger.up()
    said(phone, f"{name} moved to Bench 1.")
    expect(phone.locator("[data-bar]")).to_be_hidden()
    saved(phone)
    before = phone.evaluate("scrollY")
    finger.down(*middle(chips(phone, "Bench 1").first))
    finger.move(180, 150)
    finger.up()
    assert phone.evaluate("scrollY") != before, "a finger that moves at once scrolls the page"
    said(phone, f"{name} moved to Bench 1.")
    context.close()


class Finger:
    """One finger on a page, as Chromium gets it from a touch screen."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)
        self.at = (0.0, 0.0)

    def down(self, x: float, y: float) -> None:
        self.at = (x, y)
        self._send("touchStart")

    def move(self, x: float, y: float, *, steps: int = 10) -> None:
        left, top = self.at
        for step in range(1, steps + 1):
            part = step / steps
            self.at = (left + (x - left) * part, top + (y - top) * part)
            self._send("touchMove")

    def up(self) -> None:
        self._send("touchEnd")

    def _send(self, kind: str) -> None:
        points = [] if kind == "touchEnd" else [{"x": self.at[0], "y": self.at[1]}]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_the_page_weighs_little(board: Page) -> None:
    board.reload(wait_until="networkidle")
    weight = board.evaluate(
        "[...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]"
        ".reduce((sum, one) => sum + one.encodedBodySize, 0)"
    )
    assert 20_000 < weight < 250_000
