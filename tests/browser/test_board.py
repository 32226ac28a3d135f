"""The board by mouse and by keyboard: Ada forms teams before Canvas hears of it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.board import bench, card, carry, chips, drag, lift, name_of, pool, said, saved
from tests.browser.test_accessible import grave_findings


@pytest.mark.tour
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
    expect(board.locator("[data-away]")).to_contain_text("To be deleted")
    board.get_by_role("button", name="Keep Bench 2").click()
    said(board, "Bench 2 stays with 2 students.")
    expect(board.locator("[data-waiting]")).to_have_text("0")
    expect(chips(board, "Bench 2").first).to_be_focused()


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


def test_the_page_weighs_little(board: Page) -> None:
    board.reload(wait_until="networkidle")
    weight = board.evaluate(
        "[...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]"
        ".reduce((sum, one) => sum + one.encodedBodySize, 0)"
    )
    assert 20_000 < weight < 250_000
