"""The only network I/O there is: one driver that blocks, one that awaits, the same conversations.

The token is put into the header of each request, to Canvas's own origin only, and nowhere else.
"""

import asyncio
import builtins
import logging
import socket
import ssl
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Self, TypeVar, cast

import httpx2

from gradebench.canvas.api.address import canvas_address, origin
from gradebench.canvas.api.calls import Call, Listing
from gradebench.canvas.api.errors import ForeignLink, TokenRejected, Undecodable
from gradebench.canvas.api.protocol import (
    Ask,
    Failure,
    Page,
    Patience,
    Quota,
    Reading,
    Reply,
    Request,
    Response,
    Send,
    Talk,
    perform,
    quota_of,
)

T = TypeVar("T")

log = logging.getLogger(__name__)

MOST_IN_FLIGHT = 8
CONNECT_SECONDS = 10.0
READ_SECONDS = 60.0
# Below the five seconds after which common servers close an idle connection, because a write
# that meets the closing cannot know whether it arrived.
IDLE_SECONDS = 4.0


def own_user_agent() -> str:
    """What Canvas's administrators see in their logs. Hosted Canvas refuses requests without."""
    try:
        return f"GradeBench/{version('gradebench')}"
    except PackageNotFoundError:
        return "GradeBench"


@dataclass(frozen=True, slots=True)
class Sent:
    """One request that was sent, for counts and logs: nothing secret, no query.

    `status` is None and `trouble` says why when no answer came.
    """

    method: str
    path: str
    status: int | None
    trouble: str | None
    seconds: float


class _Driver:
    """What both drivers are made of."""

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        max_in_flight: int = MOST_IN_FLIGHT,
        timeout: float = READ_SECONDS,
        user_agent: str | None = None,
        patience: Patience | None = None,
        on_request: Callable[[Sent], None] | None = None,
    ) -> None:
        """`base_url` as a person types it: raises WrongAddress. `timeout` in seconds of silence.

        `max_in_flight` counts over everything in this process that uses the same token.
        `requests` counts what was sent. Raises TokenRejected for what cannot be a token.
        """
        self.base_url = canvas_address(base_url)
        self.requests = 0
        self._headers = _headers(_usable(token), user_agent or own_user_agent())
        self._most = max_in_flight
        self._timeout = timeout
        self._patience = patience or Patience()
        self._on_request = on_request
        self._quota = quota_of(self.base_url, _usable(token))
        self._open()

    def _open(self) -> None:
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.base_url}>"

    def _settings(self) -> dict[str, Any]:
        """For httpx2's clients: a place in the pool for every request that may be in flight."""
        return {
            "headers": self._headers,
            "timeout": httpx2.Timeout(self._timeout, connect=CONNECT_SECONDS, pool=None),
            "limits": httpx2.Limits(
                max_connections=self._most,
                max_keepalive_connections=self._most,
                keepalive_expiry=IDLE_SECONDS,
            ),
            "follow_redirects": False,
            "verify": _certificates(),
        }

    def _parts(self, request: Request) -> dict[str, Any]:
        """For httpx2's `request`. The token goes to this Canvas or nowhere."""
        if origin(request.url) != origin(self.base_url):
            raise ForeignLink("A request was about to leave for another server.", at=request.at())
        headers = {"Accept": request.accept}
        if request.content_type:
            headers["Content-Type"] = request.content_type
        return {
            "method": request.method,
            "url": request.url,
            "content": request.content,
            "headers": headers,
        }

    @contextmanager
    def _flight(self, request: Request) -> Iterator[Callable[[Reply], None]]:
        """While a request is on its way; tells the quota and whoever counts how it ended."""
        landed: list[Reply] = []
        started = time.monotonic()
        self.requests += 1
        try:
            yield landed.append
        finally:
            now = time.monotonic()
            reply = landed[0] if landed else None
            self._quota.land(now, reply)
            self._note(request, reply, now - started)

    def _note(self, request: Request, reply: Reply | None, seconds: float) -> None:
        status = reply.status if isinstance(reply, Response) else None
        trouble = reply.trouble if isinstance(reply, Failure) else None
        sent = Sent(request.method, request.path, status, trouble, seconds)
        log.debug("%s %s %s %.3fs", sent.method, sent.path, status or trouble, seconds)
        if self._on_request is not None:
            self._on_request(sent)


class Canvas(_Driver):
    """A Canvas that is spoken to by waiting. For scripts, commands and views; close it after use.

    Every method raises what errors.py has.
    """

    _http: httpx2.Client

    def _open(self) -> None:
        self._http = httpx2.Client(**self._settings())
        _refuse_cookies(self._http)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def perform(self, call: Call[T]) -> T:
        """Sends one call and returns its decoded answer."""
        return self._run(perform(call, self.base_url, self._patience))

    def pages(self, listing: Listing[T]) -> Iterator[Page[T]]:
        """The pages one after another; the last one has `done`. Raises IncompleteListing."""
        reading = Reading(listing, self.base_url, self._patience)
        asks = deque([reading.start()])
        while asks:
            ask = asks.popleft()
            page, more = reading.hear(ask, self._run(reading.talk(ask)))
            asks.extend(more)
            yield page

    def list(self, listing: Listing[T]) -> builtins.list[T]:
        """The whole list. Raises Undecodable if a single row of it cannot be read."""
        return [item for page in self.pages(listing) for item in _whole(listing, page)]

    def _run(self, talk: Talk[T]) -> T:
        send = next(talk)
        while True:
            reply = self._answer(send)
            try:
                send = talk.send(reply)
            except StopIteration as end:
                return cast("T", end.value)

    def _answer(self, send: Send) -> Reply:
        time.sleep(send.after)
        with _place(self._quota, self._most):
            while wait := self._quota.take_off(time.monotonic()):
                time.sleep(wait)
            with self._flight(send.request) as landed:
                reply = self._transmit(send.request)
                landed(reply)
            return reply

    def _transmit(self, request: Request) -> Reply:
        try:
            return _response(self._http.request(**self._parts(request)))
        except httpx2.HTTPError as error:
            return failure_of(error)


class AsyncCanvas(_Driver):
    """A Canvas that is spoken to by awaiting, pages several at once. Belongs to the event loop it
    is first used in; the quota is shared across loops and threads.

    Every method raises what errors.py has.
    """

    _http: httpx2.AsyncClient

    def _open(self) -> None:
        self._http = httpx2.AsyncClient(**self._settings())
        _refuse_cookies(self._http)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def perform(self, call: Call[T]) -> T:
        """Sends one call and returns its decoded answer."""
        return await self._run(perform(call, self.base_url, self._patience))

    async def pages(self, listing: Listing[T]) -> AsyncGenerator[Page[T], None]:
        """The pages as they arrive; the last to come has `done`. Raises IncompleteListing.

        Twice as many pages as may be in flight are read ahead of whoever takes them.
        """
        reading = Reading(listing, self.base_url, self._patience)
        asks = deque([reading.start()])
        tasks: dict[asyncio.Task[Any], Ask] = {}
        try:
            while asks or tasks:
                while asks and len(tasks) < 2 * self._most:
                    ask = asks.popleft()
                    tasks[asyncio.create_task(self._run(reading.talk(ask)))] = ask
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                task = next(task for task in tasks if task.done())
                page, more = reading.hear(tasks.pop(task), task.result())
                asks.extend(more)
                yield page
        finally:
            await _abandon(tasks)

    async def list(self, listing: Listing[T]) -> builtins.list[T]:
        """The whole list. Raises Undecodable if a single row of it cannot be read."""
        async with aclosing(self.pages(listing)) as pages:
            return [item async for page in pages for item in _whole(listing, page)]

    async def _run(self, talk: Talk[T]) -> T:
        send = next(talk)
        while True:
            reply = await self._answer(send)
            try:
                send = talk.send(reply)
            except StopIteration as end:
                return cast("T", end.value)

    async def _answer(self, send: Send) -> Reply:
        await asyncio.sleep(send.after)
        async with _async_place(self._quota, self._most):
            # No Event: the quota is shared with other loops, and only time ends its pauses.
            while wait := self._quota.take_off(time.monotonic()):  # noqa: ASYNC110
                await asyncio.sleep(wait)
            with self._flight(send.request) as landed:
                reply = await self._transmit(send.request)
                landed(reply)
            return reply

    async def _transmit(self, request: Request) -> Reply:
        try:
            return _response(await self._http.request(**self._parts(request)))
        except httpx2.HTTPError as error:
            return failure_of(error)


@contextmanager
def _place(quota: Quota, most: int) -> Iterator[None]:
    place = quota.ask(most)
    try:
        place.result()
        yield
    finally:
        _leave(quota, place)


@asynccontextmanager
async def _async_place(quota: Quota, most: int) -> AsyncIterator[None]:
    place = quota.ask(most)
    try:
        await asyncio.wrap_future(place)
        yield
    finally:
        _leave(quota, place)


def _leave(quota: Quota, place: Future[None]) -> None:
    """Whoever stops waiting before it is their turn has nothing to give back."""
    if not place.cancel():
        quota.give_back()


async def _abandon(tasks: dict[asyncio.Task[Any], Ask]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _whole(listing: Listing[T], page: Page[T]) -> list[T]:
    if page.bad:
        first = page.bad[0]
        raise Undecodable(
            f"A row of {listing.path} cannot be read (id {first.id}): {first.reason}.", cut=False
        )
    return page.items


@cache
def _certificates() -> ssl.SSLContext:
    """Whom to believe, once for the process: to read it takes longer than many a request."""
    return httpx2.create_ssl_context()


def _usable(token: str) -> str:
    """The token without the blanks around it; what cannot be a header is refused unquoted."""
    usable = token.strip()
    if not usable or not usable.isascii() or not usable.isprintable() or " " in usable:
        raise TokenRejected("That is not an access token: it is empty or has odd characters.")
    return usable


def _headers(token: str, agent: str) -> httpx2.Headers:
    """httpx2 hides the Authorization header wherever it prints headers."""
    return httpx2.Headers(
        {
            "Authorization": f"Bearer {token}",
            "User-Agent": agent,
        }
    )


def _refuse_cookies(http: httpx2.Client | httpx2.AsyncClient) -> None:
    """The token says who we are; a session cookie could only say something else."""
    http.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=()))


def _response(response: httpx2.Response) -> Response:
    return Response(response.status_code, dict(response.headers), response.content)


def failure_of(error: httpx2.HTTPError) -> Failure:
    """What went wrong, without the exception: it holds the request, which holds the token."""
    if isinstance(error, httpx2.ConnectTimeout | httpx2.PoolTimeout):
        return Failure("timeout", sent=False)
    if isinstance(error, httpx2.TimeoutException):
        return Failure("timeout", sent=True)
    if not isinstance(error, httpx2.ConnectError | httpx2.ProxyError | httpx2.UnsupportedProtocol):
        return Failure("cut", sent=True)
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Failure("certificate", sent=False)
        if isinstance(cause, ssl.SSLError) and cause.reason == "WRONG_VERSION_NUMBER":
            return Failure("no https", sent=False)
        if isinstance(cause, socket.gaierror):
            passing = cause.errno == socket.EAI_AGAIN
            return Failure("lookup" if passing else "unknown host", sent=False)
    return Failure("refused", sent=False)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
