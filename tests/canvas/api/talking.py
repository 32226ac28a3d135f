"""Conversations without a Canvas: a script of replies is fed to the protocol's generators."""

import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from gradebench.canvas.api.calls import Listing
from gradebench.canvas.api.protocol import Page, Patience, Reading, Reply, Request, Response, Talk

T = TypeVar("T")

BASE = "https://canvas.school.edu"
JSON = {"content-type": "application/json; charset=utf-8"}
HTML = {"content-type": "text/html; charset=utf-8"}


def answer(body: Any, status: int = 200, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, JSON | named, json.dumps(body).encode())


def web_page(status: int = 200) -> Response:
    return Response(status, HTML, b"<html><body>Hello</body></html>")


def throttled(status: int = 403) -> Response:
    body = f"{status} Forbidden (Rate Limit Exceeded)\n".encode()
    headers = {"content-type": "text/plain; charset=utf-8", "x-rate-limit-remaining": "0.0"}
    return Response(status, headers, body)


def converse(talk: Talk[T], replies: Iterable[Reply]) -> tuple[T, list[float]]:
    """The outcome, and the pause before each request. The script must last to the end."""
    script = iter(replies)
    send = next(talk)
    pauses = []
    while True:
        pauses.append(send.after)
        try:
            send = talk.send(next(script))
        except StopIteration as end:
            return end.value, pauses


def read(
    listing: Listing[T], canvas: Callable[[Request], Reply], *, last_first: bool = False
) -> list[Page[T]]:
    """A whole listing, read from a function that plays Canvas; pages in either order."""
    reading = Reading(listing, BASE, Patience(tries=2))
    asks, pages = [reading.start()], []
    while asks:
        ask = asks.pop(-1 if last_first else 0)
        page, more = reading.hear(ask, run(reading.talk(ask), canvas))
        asks.extend(more)
        pages.append(page)
    return pages


def run(talk: Talk[T], canvas: Callable[[Request], Reply]) -> T:
    send = next(talk)
    while True:
        try:
            send = talk.send(canvas(send.request))
        except StopIteration as end:
            return end.value


def page_number(request: Request) -> str:
    return parse_qs(urlsplit(request.url).query).get("page", ["1"])[0]


class Roll:
    """A Canvas with one list of rows `{"id": n}`, paged in one of Canvas's three ways.

    `kind` is counted (numeric with a total), uncounted, or bookmark. `spoil` may change or replace
    what goes out: it is given the page's number, its rows and its links.
    """

    def __init__(
        self,
        rows: int,
        size: int,
        kind: str,
        spoil: Callable[[int, list[Any], dict[str, str]], tuple[list[Any], dict[str, str]]]
        | None = None,
    ) -> None:
        self.rows = [{"id": number} for number in range(rows)]
        self.size = size
        self.kind = kind
        self.spoil = spoil
        self.asked: list[str] = []

    def __call__(self, request: Request) -> Response:
        asked = page_number(request)
        self.asked.append(asked)
        number = self._number(asked)
        rows = self.rows[(number - 1) * self.size : number * self.size]
        links = self._links(number, len(rows))
        if self.spoil:
            rows, links = self.spoil(number, rows, links)
        base = f"{BASE}{request.path}"
        header = ",".join(
            f'<{base}?page={page}&per_page={self.size}>; rel="{rel}"' for rel, page in links.items()
        )
        return answer(rows, link=header) if links else answer(rows)

    def _number(self, asked: str) -> int:
        if self.kind != "bookmark":
            return int(asked)
        mark = asked.removeprefix("bookmark:")
        return int(mark) if mark.isdecimal() and asked != mark else 1

    def _links(self, number: int, count: int) -> dict[str, str]:
        total = max(1, -(-len(self.rows) // self.size))
        more = number < total or (self.kind == "uncounted" and count == self.size)
        links = {"current": self._name(number)}
        if more:
            links["next"] = self._name(number + 1)
        if self.kind == "counted" or not more:
            links["last"] = self._name(max(total, number) if self.kind == "counted" else number)
        return links

    def _name(self, number: int) -> str:
        if self.kind != "bookmark":
            return str(number)
        return "first" if number == 1 else f"bookmark:{number}"
