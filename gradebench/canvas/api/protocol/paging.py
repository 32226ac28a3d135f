"""A listing read page by page until its end is certain.

Canvas has two kinds of pages (section names as in its own documentation of pagination): numeric
ones, whose first page may name the last, so that the rest can be asked for several at once; and
bookmarks, where only `next` leads on. A list never ends silently: a page that ends without saying
so is asked again, and if it insists, the listing is incomplete.
"""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import msgspec

from gradebench.canvas.api.address import origin
from gradebench.canvas.api.calls import Listing
from gradebench.canvas.api.errors import ForeignLink, IncompleteListing, Invalid
from gradebench.canvas.api.payloads import BadItem
from gradebench.canvas.api.protocol.exchange import Patience, decoder, exchange, json_body
from gradebench.canvas.api.protocol.links import Links, numbered, read_links
from gradebench.canvas.api.protocol.wire import Request, Response, Talk, first_page_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """What one page brought: rows not seen on an earlier page, and those that cannot be read.

    `number` counts from 1; `total_pages` is None while Canvas does not say. Pages asked for
    together may come in any order; `done` is True on the one that completes the listing.
    """

    items: list[T]
    bad: list[BadItem]
    number: int
    total_pages: int | None
    done: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """One page to be asked for. `total` is the last page's number where it is known."""

    request: Request
    number: int
    total: int | None = None
    after_empty: bool = False


@dataclass(frozen=True, slots=True)
class Heard(Generic[T]):
    """One page as it came."""

    items: list[T]
    bad: list[BadItem]
    links: Links

    @property
    def count(self) -> int:
        """Rows, readable or not."""
        return len(self.items) + len(self.bad)


class Reading(Generic[T]):
    """The state of one listing being read. A driver runs `talk` for every Ask, several at once
    if it can, and gives the outcome to `hear`, which returns the page and what to ask next.
    """

    def __init__(self, listing: Listing[T], base: str, patience: Patience) -> None:
        self._listing = listing
        self._base = base
        self._patience = patience
        self._keys: set[Hashable] = set()
        self._asked: set[str] = set()
        self._open = 1
        self._total: int | None = None

    def start(self) -> Ask:
        """The first page."""
        request = first_page_of(self._listing, self._base)
        self._asked.add(request.url)
        return Ask(request, 1)

    def talk(self, ask: Ask) -> Talk[Heard[T]]:
        """Asks for a page, and once more if it looks as if something had been lost."""
        heard = yield from self._listen(ask.request)
        if not doubts(ask, heard, self._listing):
            return heard
        heard = yield from self._listen(ask.request, after=self._patience.first)
        lasting = [doubt for doubt in doubts(ask, heard, self._listing) if doubt.is_grave]
        if not lasting:
            return heard
        if lasting[0].may_be_the_end:
            yield from self._probe(ask)
            return heard
        raise IncompleteListing(lasting[0].what, at=ask.request.at(200))

    def hear(self, ask: Ask, heard: Heard[T]) -> tuple[Page[T], list[Ask]]:
        """Takes a page in: its new rows, and which pages to ask for because of it."""
        if ask.after_empty and heard.count:
            raise IncompleteListing(
                "A page in the middle of the list came empty.", at=ask.request.at(200)
            )
        self._know_total(ask, heard)
        more = self._next_asks(ask, heard)
        self._open += len(more) - 1
        done = self._open == 0
        page = Page(
            self._fresh(heard.items),
            heard.bad,
            ask.number,
            ask.number if done and self._total is None else self._total,
            done,
        )
        return page, more

    def _listen(self, request: Request, after: float = 0.0) -> Talk[Heard[T]]:
        return exchange(request, self._understand, self._patience, after)

    def _understand(self, response: Response) -> Heard[T]:
        items, bad = read_rows(self._listing, json_body(response))
        return Heard(items, bad, read_links(response.headers.get("link", "")))

    def _probe(self, ask: Ask) -> Talk[None]:
        """A full first page without links is the whole list only if there is no second page."""
        url = f"{ask.request.url}&page=2"
        try:
            second = yield from self._listen(replace(ask.request, url=url))
        except Invalid:
            second = None
        if second is None or second.count:
            raise IncompleteListing(
                "A full page came without a link to the next one.", at=ask.request.at(200)
            )

    def _know_total(self, ask: Ask, heard: Heard[T]) -> None:
        last = heard.links.last_number
        if last is not None and last >= ask.number:
            self._total = max(self._total or 0, last)

    def _next_asks(self, ask: Ask, heard: Heard[T]) -> list[Ask]:
        if heard.links.next is None:
            return []
        if ask.total is not None and ask.number < ask.total:
            return []  # asked for already, together with the others
        next_request = self._follow(ask, heard.links.next)
        together = ask.number == 1 and heard.links.next_number == 2
        last = heard.links.last_number
        if together and last is not None and last > 1:
            return self._all_until(next_request, last)
        return self._one_more(ask, heard, next_request)

    def _one_more(self, ask: Ask, heard: Heard[T], request: Request) -> list[Ask]:
        """Canvas names a page after an empty one where it does not count: two in a row end it."""
        empty = _is_uncounted(heard.links) and heard.count == 0
        if empty and ask.after_empty:
            return []
        return [Ask(request, ask.number + 1, after_empty=empty)]

    def _all_until(self, request: Request, last: int) -> list[Ask]:
        asks = []
        for number in range(2, last + 1):
            url = numbered(request.url, number)
            self._asked.add(url)
            asks.append(Ask(replace(request, url=url), number, total=last))
        return asks

    def _follow(self, ask: Ask, url: str) -> Request:
        """The next page as Canvas names it, if the token may go there and has not been."""
        try:
            same_place = origin(url) == origin(self._base)
        except ValueError:
            same_place = False
        if not same_place:
            raise ForeignLink("Canvas named a next page on another server.", at=ask.request.at())
        if url in self._asked:
            raise IncompleteListing(
                "Canvas named the same next page twice.", at=ask.request.at(200)
            )
        self._asked.add(url)
        return replace(ask.request, url=url)

    def _fresh(self, items: list[T]) -> list[T]:
        fresh = []
        for item in items:
            key = self._listing.key(item)
            if key not in self._keys:
                self._keys.add(key)
                fresh.append(item)
        return fresh


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a page may have lost something. A grave one, repeated, makes the listing incomplete."""

    what: str
    is_grave: bool = True
    may_be_the_end: bool = False


def doubts(ask: Ask, heard: Heard[Any], listing: Listing[Any]) -> list[Doubt]:
    """What speaks against believing this page, gravest first."""
    if not heard.links:
        return _without_links(ask, heard, listing)
    found = []
    number = heard.links.current_number
    if number is not None and number != ask.number:
        found.append(Doubt("Canvas answered another page than was asked for."))
    if _turns_back(ask, heard):
        found.append(Doubt("Canvas named a next page that does not come next."))
    if heard.links.next is None and not _ends_rightly(ask, heard):
        found.append(Doubt("The list ended before its last page."))
    return found + _thin(ask, heard, listing)


def _without_links(ask: Ask, heard: Heard[Any], listing: Listing[Any]) -> list[Doubt]:
    """Canvas sends links with every page of a list; something on the way may drop the header."""
    if ask.number > 1:
        return [Doubt("A page came without the links that the one before it had.")]
    full = heard.count >= listing.per_page
    return [Doubt("A page came without links.", is_grave=full, may_be_the_end=full)]


def _turns_back(ask: Ask, heard: Heard[Any]) -> bool:
    """A garbled bookmark is answered with the first page, whose `next` leads in a circle."""
    links = heard.links
    if links.next_number is not None:
        return links.next_number != ask.number + 1
    return links.next is not None and links.next in {ask.request.url, links.current}


def _ends_rightly(ask: Ask, heard: Heard[Any]) -> bool:
    """The final page of every list names itself as the last; an earlier one never does."""
    return heard.links.names_the_end and (ask.total is None or ask.number >= ask.total)


def _thin(ask: Ask, heard: Heard[Any], listing: Listing[Any]) -> list[Doubt]:
    """A page that has others after it should be full; some lists are filtered after paging."""
    if heard.links.next is None:
        return []
    if heard.count == 0:
        may_be_after_the_end = _is_uncounted(heard.links)
        grave = not (may_be_after_the_end or listing.ragged)
        return [Doubt("A page in the middle of the list came empty.", is_grave=grave)]
    size = heard.links.per_page or listing.per_page
    if heard.count < size and not listing.ragged:
        return [Doubt("A page in the middle of the list came short.", is_grave=False)]
    return []


def _is_uncounted(links: Links) -> bool:
    """Numbered pages whose last one Canvas does not know."""
    return links.next_number is not None and links.last_number is None


def read_rows(listing: Listing[T], body: bytes) -> tuple[list[T], list[BadItem]]:
    """The rows of a page. One that cannot be read becomes a BadItem and spoils no other."""
    try:
        return _all_rows(listing, body), []
    except msgspec.ValidationError:
        raws = _raw_rows(listing, body)
    items: list[T] = []
    bad: list[BadItem] = []
    for index, raw in enumerate(raws):
        try:
            items.append(decoder(listing.item).decode(raw))
        except msgspec.ValidationError as error:
            bad.append(BadItem(index=index, id=_id_of(raw), reason=str(error)))
    return items, bad


class _Identified(msgspec.Struct):
    id: int | None = None


def _all_rows(listing: Listing[T], body: bytes) -> list[T]:
    if listing.envelope is None:
        rows: list[T] = decoder(list[listing.item]).decode(body)  # type: ignore[name-defined]
        return rows
    wrapped = decoder(dict[str, list[listing.item]])  # type: ignore[name-defined]
    unwrapped: list[T] = _inside(wrapped.decode(body), listing.envelope)
    return unwrapped


def _raw_rows(listing: Listing[T], body: bytes) -> list[msgspec.Raw]:
    if listing.envelope is None:
        rows: list[msgspec.Raw] = decoder(list[msgspec.Raw]).decode(body)
        return rows
    return _inside(decoder(dict[str, list[msgspec.Raw]]).decode(body), listing.envelope)


def _inside(wrapped: dict[str, list[T]], envelope: str) -> list[T]:
    if envelope not in wrapped:
        raise msgspec.ValidationError(f"Object missing required field `{envelope}`")
    return wrapped[envelope]


def _id_of(raw: msgspec.Raw) -> int | None:
    try:
        return decoder(_Identified).decode(raw).id  # type: ignore[no-any-return]
    except msgspec.ValidationError:
        return None
