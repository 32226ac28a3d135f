"""The board of the main set in a real Chromium: its first view, and a move."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from benchmarks.figures import Figure
from benchmarks.home import Home
from benchmarks.in_django.board_address import Wanted
from benchmarks.moves import MAIN_SET
from benchmarks.scale import Scale, Trouble, median, tell
from tests.browser import chromium

BENCH = "board"
NAME, PASSWORD = "ada", "analytical-engine"
MOST_MS_TO_VIEW = 1500
MOST_MS_TO_MOVE = 100

# Runs in the page before anything else. The frame after the next one has painted what was changed
# before, so that is when a person sees it. A page that is not looked at paints no frames; headless
# Chromium does.
WATCH = """
window.seen = {};
const painted = (name) => requestAnimationFrame(() => requestAnimationFrame(() => {
  window.seen[name] ??= performance.now();
}));
new MutationObserver(() => {
  const board = document.querySelector("[data-board]");
  if (board && !board.hasAttribute("aria-busy") && board.querySelector("[data-student]")) {
    painted("board");
  }
}).observe(document, { subtree: true, childList: true, attributes: true });
"""

# Focuses a student who has a list beside, and notes when the key goes down and when the student is
# painted in another list.
AIM = """
(number) => {
  const list = document.querySelectorAll("[data-cards] [data-list]")[number];
  const chip = list.querySelector("[data-student]");
  chip.focus();
  const { student } = chip.dataset;
  window.move = {};
  document.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") { window.move.asked ??= performance.now(); }
  }, { capture: true });
  new MutationObserver((_, observer) => {
    const now = document.querySelector(`[data-student="${student}"]`)?.closest("[data-list]");
    if (now && now.dataset.list !== list.dataset.list) {
      observer.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => {
        window.move.shown = performance.now();
      }));
    }
  }).observe(document.querySelector("[data-board]"), { subtree: true, childList: true });
}
"""


def measure(scale: Scale) -> list[Figure]:
    """Each view in a browser that has never been here; one move each."""
    with scale.canvas(far=False) as canvas, Home() as home:
        tell("board: syncing the course first")
        home.add_user(NAME, PASSWORD)
        home.connect(canvas, user=NAME)
        synced, _seconds = home.sync(canvas, full=True)
        path = home.within("board_address", Wanted(canvas.course, MAIN_SET), str)
        with home.serve() as address, _chromium() as browser:
            tell("board: opening it")
            cookies = _sign_in(browser, address)
            took = [
                _look(browser, cookies, address + path, number) for number in range(scale.tries)
            ]
    students = synced.total("users")
    note = (
        f"board: the median of {scale.tries} visits with an empty browser cache, from the start "
        "of the navigation to the painted frame, server included; moves by keyboard, from the key "
        "to the painted frame."
    )
    return [
        Figure(
            bench=BENCH,
            about=f"first view, {students} people",
            unit="ms",
            ours=median(took, lambda one: one[0]),
            target=MOST_MS_TO_VIEW,
            note=note,
        ),
        Figure(
            bench=BENCH,
            about="a move",
            unit="ms",
            ours=median(took, lambda one: one[1]),
            target=MOST_MS_TO_MOVE,
        ),
    ]


@contextmanager
def _chromium() -> Iterator[Browser]:
    path = chromium.find()
    if path is None:
        raise Trouble("no Chromium was found; `make browser` gets one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.switches())
        try:
            yield browser
        finally:
            browser.close()


def _sign_in(browser: Browser, address: str) -> StorageState:
    with _fresh_page(browser) as page:
        page.goto(f"{address}/sign-in")
        page.get_by_label("Username").fill(NAME)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{address}/")
        return page.context.storage_state()


def _look(browser: Browser, cookies: StorageState, board: str, number: int) -> tuple[float, float]:
    """Milliseconds to the first view, and of a move of somebody in this list."""
    with _fresh_page(browser, cookies) as page:
        page.add_init_script(WATCH)
        page.goto(board)
        page.wait_for_function("window.seen?.board")
        milliseconds: float = page.evaluate("window.seen.board")
        return milliseconds, _move(page, number)


@contextmanager
def _fresh_page(browser: Browser, cookies: StorageState | None = None) -> Iterator[Page]:
    """A page of a browser with an empty cache."""
    # What waits for the page runs in it by `eval`, which our policy forbids.
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, storage_state=cookies, bypass_csp=True
    )
    try:
        yield context.new_page()
    finally:
        context.close()


def _move(page: Page, number: int) -> float:
    page.evaluate(AIM, number)
    page.keyboard.press("Alt+ArrowRight")
    page.wait_for_function("window.move.shown")
    milliseconds: float = page.evaluate("window.move.shown - window.move.asked")
    return milliseconds
