"""Faults on request: what a real Canvas, its proxies and its replicas do on a bad day."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from typing import Annotated, Literal

import msgspec

from gradebench.sandbox.wire.exchange import Answer, in_html, in_json

Kind = Literal[
    "status",  # a JSON error of any code
    "html",  # the same, as a proxy's HTML page
    "cut",  # the connection ends before an answer
    "cut_body",  # … in the middle of the body
    "truncate",  # a complete HTTP answer whose JSON ends early
    "hang",  # nothing for `seconds`, then the connection ends
    "slow",  # the right answer after `seconds`
    "lost",  # the work is done, the reply is lost
    "stale",  # the answer from before the last write; 404 for what that write made
    "page",  # rows, or the way to the next page, vanish (see `lose`)
    "loop",  # `next` names the page itself
    "withhold",  # the keys of `keys` are absent
]
Lost = Literal["rows", "next", "both", "link", "last"]
RANDOM_KINDS: tuple[Kind, ...] = ("status", "html", "cut", "cut_body", "truncate", "lost")


class Fault(msgspec.Struct, kw_only=True):
    """One fault. It strikes `count` times (None: always) after letting `after` matches pass.

    `method` and `path` are regular expressions; the path is tried with and without its query.
    `page` restricts it to one page number. `done` lets a write happen before a status or HTML error.
    """

    kind: Kind
    method: str = ""
    path: str = ""
    count: Annotated[int, msgspec.Meta(ge=1)] | None = 1
    after: int = 0
    status: int = 503
    seconds: float = 1.0
    keys: list[str] = []
    page: int | None = None
    lose: Lost = "rows"
    done: bool = False
    matched: int = 0
    struck: int = 0

    def fits(self, method: str, path: str, target: str, page: str | None) -> bool:
        """Whether the request is one of those the fault is for."""
        if not re.fullmatch(self.method or ".*", method):
            return False
        if self.page is not None and page != str(self.page):
            return False
        return bool(re.search(self.path, path) or re.search(self.path, target))

    def strikes(self) -> bool:
        """Count a match, and say whether the fault acts on it."""
        self.matched += 1
        spent = self.count is not None and self.struck >= self.count
        if spent or self.matched <= self.after:
            return False
        self.struck += 1
        return True


class RandomFaults(msgspec.Struct, kw_only=True):
    """`count` faults spread at random over the following `over` requests."""

    count: int
    over: int
    seed: int = 1
    kinds: list[Kind] = []


class Faults:
    """The faults that are armed."""

    def __init__(self) -> None:
        self.armed: list[Fault] = []
        self._lottery: dict[int, Fault] = {}
        self._requests = 0

    def arm(self, faults: Iterable[Fault]) -> None:
        self.armed.extend(faults)

    def arm_random(self, plan: RandomFaults) -> None:
        """Draw the requests that will fail, and how."""
        source = random.Random(plan.seed)
        kinds = plan.kinds or list(RANDOM_KINDS)
        for number in source.sample(range(plan.over), min(plan.count, plan.over)):
            status = source.choice([500, 502, 503, 504])
            fault = Fault(kind=source.choice(kinds), status=status, seconds=0.2)
            self._lottery[self._requests + number] = fault

    def clear(self) -> None:
        self.armed.clear()
        self._lottery.clear()

    def pick(self, method: str, path: str, target: str, page: str | None) -> Fault | None:
        """The fault for this request, if any."""
        drawn = self._lottery.pop(self._requests, None)
        self._requests += 1
        if drawn is not None:
            return drawn
        for fault in self.armed:
            if fault.fits(method, path, target, page) and fault.strikes():
                return fault
        return None

    @property
    def wants_snapshots(self) -> bool:
        """Whether somebody may ask for the state before the last write."""
        faults = [*self.armed, *self._lottery.values()]
        return any(fault.kind == "stale" for fault in faults)


def error_answer(fault: Fault) -> Answer:
    """The answer of a status or HTML fault."""
    if fault.kind == "html":
        page = f"<html><head><title>{fault.status}</title></head><body><h1>{fault.status}</h1>"
        return in_html(
            f"{page}<p>The service is unavailable.</p></body></html>", status=fault.status
        )
    error = {"message": "An error occurred.", "error_code": "internal_server_error"}
    return in_json({"errors": [error], "error_report_id": 1234}, status=fault.status)


def spoil(answer: Answer, fault: Fault) -> Answer:
    """The answer after the faults that change it."""
    if fault.kind == "truncate":
        return _with_body(answer, answer.body[: max(1, len(answer.body) // 2)])
    if fault.kind == "page":
        return _lose(answer, fault.lose)
    if fault.kind == "loop":
        return _relink(answer, _looped)
    if fault.kind == "withhold" and answer.is_json:
        kept = _without(msgspec.json.decode(answer.body), frozenset(fault.keys))
        return _with_body(answer, msgspec.json.encode(kept))
    return answer


def _with_body(answer: Answer, body: bytes) -> Answer:
    return Answer(answer.status, body, answer.content_type, answer.headers)


def _lose(answer: Answer, what: Lost) -> Answer:
    if what in {"rows", "both"}:
        answer = _with_body(answer, b"[]")
    if what in {"next", "both"}:
        answer = _relink(answer, lambda entries: [x for x in entries if 'rel="next"' not in x])
    if what == "last":
        answer = _relink(answer, lambda entries: [x for x in entries if 'rel="last"' not in x])
    if what == "link":
        answer = _relink(answer, lambda _: [])
    return answer


def _relink(answer: Answer, change: Callable[[list[str]], list[str]]) -> Answer:
    headers = []
    for name, value in answer.headers:
        text = ",".join(change(value.split(","))) if name == "link" else value
        if text:
            headers.append((name, text))
    return Answer(answer.status, answer.body, answer.content_type, tuple(headers))


def _looped(entries: list[str]) -> list[str]:
    current = next((entry for entry in entries if 'rel="current"' in entry), "")
    loop = current.replace('rel="current"', 'rel="next"')
    return [loop if 'rel="next"' in entry else entry for entry in entries]


def _without(value: object, keys: frozenset[str]) -> object:
    if isinstance(value, list):
        return [_without(item, keys) for item in value]
    if isinstance(value, dict):
        return {key: _without(item, keys) for key, item in value.items() if key not in keys}
    return value
