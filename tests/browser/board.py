"""The board as a person sees and handles it: by mouse, by finger, and what it says."""

import re

from playwright.sync_api import Locator, Page, expect


def find_board(page: Page, home: str) -> str:
    """The address of the board of the lab benches, by the way that a person takes."""
    page.goto(home)
    page.locator("#courses tbody a").first.click()
    page.get_by_role("link", name="Groups", exact=True).click()
    page.get_by_role("link", name=re.compile("^Lab Benches")).click()
    path = re.search(r"(.*)/groups\?set=(\d+)", page.url)
    assert path is not None
    return f"{path[1]}/sets/{path[2]}/board"


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
