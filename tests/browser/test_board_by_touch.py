"""The board on a phone: tapped, and dragged by a finger that rests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.board import Finger, card, chips, middle, name_of, said, saved


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
