"""Two windows on one board, and a server that is away: nothing is overwritten, nothing is lost."""

from playwright.sync_api import Page, Route, expect

from tests.browser.board import bench, chips, name_of, said, saved


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
