"""Canvas's two kinds of pages and the Link header."""

from __future__ import annotations

import base64
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TypeVar
from urllib.parse import urlencode

import msgspec

from gradebench.sandbox.wire.exchange import Answer, Request, Row, in_json, refuse
from gradebench.sandbox.wire.params import ruby_integer

T = TypeVar("T")
Key = tuple[str | int, ...]

LINK_BYTES = 6 * 1024
_NOT_REPEATED = frozenset({"page", "per_page", "access_token", "api_key"})
_SHOWN = ("current", "next", "prev", "first", "last")
_KEPT_FIRST = ("next", "last", "prev", "current", "first")


def page_size(request: Request) -> int:
    """per_page as Canvas clamps it: 10 by default, never below 1 nor above 100, never an error."""
    if not request.params.has("per_page"):
        return 10
    return max(1, min(100, ruby_integer(request.params.raw("per_page"))))


def numeric(
    request: Request,
    items: Sequence[T],
    show: Callable[[T], Row],
    *,
    counted: bool = True,
    keep: Callable[[T], bool] | None = None,
) -> Answer:
    """Pages 1, 2, 3…; without a count there is no `last` until a short page reveals it.

    `keep` drops rows after the page was cut, as some of Canvas's endpoints do.
    """
    size, number = page_size(request), _page_number(request)
    slice_ = items[(number - 1) * size : number * size]
    pages = max(1, -(-len(items) // size))
    rows = [show(item) for item in slice_ if keep is None or keep(item)]
    links = _numbered(number, pages) if counted else _uncounted(number, full=len(slice_) == size)
    return link(request, in_json(rows), links, size)


def _page_number(request: Request) -> int:
    text = request.params.text("page")
    if text is None or text == "first":
        return 1
    if not text.isdigit() or int(text) < 1:
        message = {"message": "An error occurred.", "error_code": "not_found"}
        refuse(404, {"errors": [message]})
    return int(text)


def _numbered(number: int, pages: int) -> dict[str, str]:
    links = {"current": str(number), "first": "1", "last": str(max(pages, number))}
    if number < pages:
        links["next"] = str(number + 1)
    if number > 1:
        links["prev"] = str(number - 1)
    return links


def _uncounted(number: int, *, full: bool) -> dict[str, str]:
    links = {"current": str(number), "first": "1"}
    links["next" if full else "last"] = str(number + 1 if full else number)
    if number > 1:
        links["prev"] = str(number - 1)
    return links


def bookmark(
    request: Request,
    items: Sequence[T],
    show: Callable[[T], Row],
    *,
    key: Callable[[T], Key],
    keep: Callable[[T], bool] = lambda _: True,
) -> Answer:
    """Opaque pages over `items`, which are in the order of `key`; `keep` filters as it goes.

    A page that cannot be read is silently the first page, as in Canvas.
    """
    size, place = page_size(request), _bookmark(request)
    start = 0 if place is None else bisect_right(items, place, key=key)
    found = list(islice(_kept(items, start, keep), size + 1))
    shown = found[:size]
    current = "first" if place is None else _encode(place)
    links = {"current": current, "first": "first"}
    if len(found) > size:
        links["next"] = _encode(key(shown[-1]))
    else:
        links["last"] = current
    return link(request, in_json([show(item) for item in shown]), links, size)


def _kept(items: Sequence[T], start: int, keep: Callable[[T], bool]) -> Iterator[T]:
    return (items[index] for index in range(start, len(items)) if keep(items[index]))


def _encode(key: Key) -> str:
    return "bookmark:" + base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def _bookmark(request: Request) -> Key | None:
    text = request.params.text("page") or "first"
    if text.isdigit() and int(text) > 1:
        reason = "Invalid page; please restart iteration and follow `next` links"
        refuse(400, {"status": "bad_request", "errors": [{"page": reason}]})
    try:
        scheme, _, token = text.partition(":")
        value = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        key = msgspec.json.decode(value, type=tuple[str | int, ...])
    except (ValueError, msgspec.DecodeError):
        return None
    return key if scheme == "bookmark" else None


def link(request: Request, answer: Answer, links: dict[str, str], size: int) -> Answer:
    """The answer with its Link header; entries that do not fit into 6 KB are left out."""
    base = [(name, value) for name, value in request.query if name not in _NOT_REPEATED]
    entries: dict[str, str] = {}
    room = LINK_BYTES
    for rel in _KEPT_FIRST:
        if rel not in links:
            continue
        query = urlencode([*base, ("page", links[rel]), ("per_page", str(size))])
        entry = f'<{request.origin}{request.path}?{query}>; rel="{rel}"'
        if len(entry) <= room:
            entries[rel] = entry
            room -= len(entry)
    text = ",".join(entries[rel] for rel in _SHOWN if rel in entries)
    return answer.with_headers(("link", text)) if text else answer
