"""Other windows on one board: a second one, a phone's, and one whose server is away for a while."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.board import Finger, bench, card, chips, middle, name_of, said, saved


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


@pytest.fixture
def phone(board: Page, browser: Browser) -> Iterator[Page]:
    """The same board on Ada's phone."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        has_touch=True,
        is_mobile=True,
        storage_state=board.context.storage_state(),
    )
    phone = context.new_page()
    phone.goto(board.url)
    yield phone
    saved(phone)
    context.close()


def test_a_phone_shows_the_whole_board_and_moves_by_tapping(phone: Page) -> None:
    one, other = chips(phone, "Bench 1").first, chips(phone, "Bench 2").first
    one.tap()
    other.tap()
    expect(phone.locator("[data-chosen]")).to_have_text("2 students chosen")
    phone.get_by_role("button", name="Move to …").tap()
    phone.locator("#move-choices").get_by_text("Bench 4").tap()
    said(phone, "2 students moved to Bench 4.")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_finger_that_rests_on_a_student_lifts_them(phone: Page) -> None:
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
    saved(phone)  # a finger that moves at once scrolls the page
    before = chips(phone, "Bench 1").first.bounding_box()
    finger.down(*middle(chips(phone, "Bench 1").first))
    finger.move(180, 150)
    finger.up()
    assert chips(phone, "Bench 1").first.bounding_box() != before
    said(phone, f"{name} moved to Bench 1.")
