"""The ASGI application: one request from the socket to the answer, faults included."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import cast
from urllib.parse import parse_qsl

from gradebench.sandbox import answers, control
from gradebench.sandbox.control import doors
from gradebench.sandbox.wire import auth, faults
from gradebench.sandbox.wire.exchange import Answer, Refused, Request, in_json, refuse
from gradebench.sandbox.wire.params import BadBody, Params, nest, read_body
from gradebench.sandbox.wire.protocol import TRANSPORT
from gradebench.sandbox.wire.routes import find_route
from gradebench.sandbox.wire.site import Logged, Site
from gradebench.sandbox.wire.string_ids import STRING_IDS, with_string_ids
from gradebench.sandbox.wire.throttle import Throttle, request_cost
from gradebench.sandbox.world.world import World

Scope = MutableMapping[str, object]
Message = MutableMapping[str, object]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

READS = frozenset({"GET", "HEAD"})
LOGGED_BODY = 100_000

answers.register()
control.register()


class Raw:
    """A request as it came off the wire."""

    def __init__(self, scope: Scope, body: bytes) -> None:
        self.scope = scope
        self.body = body
        self.method = str(scope["method"])
        raw_path = scope.get("raw_path")
        self.path = raw_path.decode("ascii") if isinstance(raw_path, bytes) else str(scope["path"])
        query = scope["query_string"]
        self.query = query.decode("latin-1") if isinstance(query, bytes) else ""
        pairs = scope["headers"]
        assert isinstance(pairs, list)  # noqa: S101  (the ASGI specification)
        self.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in pairs}

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def origin(self) -> str:
        return f"http://{self.headers.get('host', '127.0.0.1')}"

    def pairs(self) -> list[tuple[str, str]]:
        return parse_qsl(self.query, keep_blank_values=True)


class Visit:
    """One API request on its way: its log entry, and its charge in the throttle's bucket."""

    def __init__(self, raw: Raw, entry: Logged, throttle: Throttle) -> None:
        self.raw = raw
        self.entry = entry
        self._throttle = throttle
        self._owner = _presented(raw) or str(raw.scope.get("client"))
        self.admitted = throttle.enter(self._owner)
        self._charged = self.admitted

    def leave(self, cost: float) -> float:
        """Settle the up-front charge, once; what remains until refusal."""
        if not self._charged:
            return 0.0
        self._charged = False
        self.entry.cost = cost
        return self._throttle.leave(self._owner, cost)

    async def finish(self, send: Send, answer: Answer) -> None:
        """Send a whole answer."""
        self.entry.status = answer.status
        await _send(send, answer, head_only=self.entry.method == "HEAD")


class Application:
    """The sandbox as an ASGI application."""

    def __init__(self, site: Site) -> None:
        self.site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await _lifespan(receive, send)
            return
        raw = Raw(scope, await _read(receive))
        if raw.path.startswith("/api/"):
            await self._canvas(raw, receive, send)
        else:
            await _send(send, doors.answer(self.site, _open(raw)))

    async def _canvas(self, raw: Raw, receive: Receive, send: Send) -> None:
        site = self.site
        visit = Visit(raw, self._log(raw), site.throttle)
        page = dict(raw.pairs()).get("page")
        fault = site.faults.pick(raw.method, raw.path, raw.target, page)
        visit.entry.fault = fault.kind if fault else None
        site.in_flight += 1
        try:
            if site.settings.latency_ms:
                await asyncio.sleep(site.settings.latency_ms / 1000)
            if fault is None:
                await visit.finish(send, self._served(visit))
            else:
                await self._spoiled(visit, fault, receive, send)
        finally:
            site.in_flight -= 1
            visit.leave(0.0)
            visit.entry.seconds = site.elapsed() - visit.entry.started

    def _log(self, raw: Raw) -> Logged:
        site = self.site
        text = raw.body[:LOGGED_BODY].decode("utf-8", "replace")
        token = site.world.tokens.get(_presented(raw) or "")
        role = token.role if token else ""
        now, count = site.elapsed(), site.in_flight + 1
        entry = Logged(raw.method, raw.path, raw.query, text, role, count, now)
        site.log.append(entry)
        return entry

    async def _spoiled(
        self, visit: Visit, fault: faults.Fault, receive: Receive, send: Send
    ) -> None:
        """Answer, or not, in the way the fault wants it."""
        if fault.kind == "hang":
            await _until_gone(receive, fault.seconds)
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        if fault.kind in {"status", "html"}:
            if fault.done:
                self._served(visit)
            await visit.finish(send, faults.error_answer(fault))
        elif fault.kind in {"cut", "hang"}:
            await _cut(visit.raw, receive)
        elif fault.kind == "lost":
            self._served(visit)
            await _cut(visit.raw, receive)
        elif fault.kind == "cut_body":
            await _send_half(send, self._served(visit))
            await _cut(visit.raw, receive)
        else:
            answer = self._served(visit, stale=fault.kind == "stale")
            await visit.finish(send, faults.spoil(answer, fault))

    def _served(self, visit: Visit, *, stale: bool = False) -> Answer:
        """The answer with the throttle's headers, or its refusal."""
        if not visit.admitted:
            return self.site.throttle.refusal()
        answer = self._answer(visit.raw, stale=stale)
        factor = self.site.throttle.settings.cost_factor
        cost = request_cost(visit.raw.method, len(answer.body)) * factor
        remaining = visit.leave(cost)
        return answer.with_headers(
            ("x-request-cost", f"{cost:.6f}"), ("x-rate-limit-remaining", f"{remaining:.4f}")
        )

    def _answer(self, raw: Raw, *, stale: bool) -> Answer:
        try:
            return self._handled(raw, stale=stale)
        except Refused as refused:
            return refused.answer
        except BadBody:
            error = {"message": "An error occurred.", "error_code": "bad_request"}
            return in_json({"errors": [error]}, status=400)

    def _handled(self, raw: Raw, *, stale: bool) -> Answer:
        site = self.site
        if site.settings.require_user_agent and not raw.headers.get("user-agent"):
            return auth.MISSING_AGENT
        found = find_route(raw.method, raw.path)
        if found is None:
            refuse(404, {"errors": [{"message": "The specified resource does not exist."}]})
        handler, pattern, segments = found
        request = self._request(raw, pattern, segments)
        if stale:
            self._look_back(request)
        elif raw.method not in READS and site.faults.wants_snapshots:
            site.before_last_write = site.world.snapshot()
        answer = handler(request).with_headers(("x-canvas-user-id", str(request.user.id)))
        wants_text = site.settings.string_ids or STRING_IDS in raw.headers.get("accept", "")
        return _textual(answer) if wants_text and answer.is_json else answer

    def _request(self, raw: Raw, pattern: str, segments: dict[str, str]) -> Request:
        site = self.site
        content_type = raw.headers.get("content-type", "")
        values, files = read_body(content_type, raw.body)
        pairs = raw.pairs()
        params = Params(nest(pairs) | values)
        token, user = auth.sign_in(site.world, raw.headers, params)
        auth.check_scope(token, raw.method, pattern)
        auth.strip_includes(token, params)
        if params.has("as_user_id"):
            raise Refused(auth.BAD_MASQUERADE)
        return Request(
            method=raw.method,
            path=raw.path,
            route=pattern,
            origin=raw.origin,
            query=pairs,
            headers=raw.headers,
            body=raw.body,
            params=params,
            world=site.world,
            roles=site.roles,
            user=user,
            token=token,
            jobs=site.jobs,
            legacy_401=site.settings.legacy_401,
            files=files,
            segments=segments,
        )

    def _look_back(self, request: Request) -> None:
        """Let a read see the state before the last write; a write finds nothing made since."""
        past = self.site.before_last_write
        if past is None:
            return
        if request.method in READS:
            request.world = past
        elif not _known(past, request.segments):
            refuse(404, {"errors": [{"message": "The specified resource does not exist."}]})


def _known(world: World, segments: dict[str, str]) -> bool:
    """Whether the group or set in the path existed in that world."""
    group, category = segments.get("group_id", ""), segments.get("category_id", "")
    return (not group.isdigit() or int(group) in world.groups) and (
        not category.isdigit() or int(category) in world.categories
    )


def _presented(raw: Raw) -> str | None:
    return auth.bearer(raw.headers) or dict(raw.pairs()).get("access_token")


def _textual(answer: Answer) -> Answer:
    return Answer(answer.status, with_string_ids(answer.body), answer.content_type, answer.headers)


def _open(raw: Raw) -> doors.Knock:
    values, _ = read_body(raw.headers.get("content-type", ""), raw.body)
    params = Params(nest(raw.pairs()) | values)
    return doors.Knock(raw.method, raw.path, raw.origin, params, raw.headers, raw.body)


async def _read(receive: Receive) -> bytes:
    chunks = []
    while True:
        message = await receive()
        chunk = message.get("body", b"")
        chunks.append(chunk if isinstance(chunk, bytes) else b"")
        if not message.get("more_body"):
            return b"".join(chunks)


async def _send(send: Send, answer: Answer, *, head_only: bool = False) -> None:
    await send(_start(answer))
    await send({"type": "http.response.body", "body": b"" if head_only else answer.body})


def _start(answer: Answer) -> Message:
    headers = [("content-type", answer.content_type), ("content-length", str(len(answer.body)))]
    pairs = [(a.encode("latin-1"), b.encode("latin-1")) for a, b in [*headers, *answer.headers]]
    return {"type": "http.response.start", "status": answer.status, "headers": pairs}


async def _send_half(send: Send, answer: Answer) -> None:
    await send(_start(answer))
    half = answer.body[: max(1, len(answer.body) // 2)]
    await send({"type": "http.response.body", "body": half, "more_body": True})
    # The half must leave before the connection is aborted, or the client sees no answer at all.
    await asyncio.sleep(0.02)


async def _cut(raw: Raw, receive: Receive) -> None:
    """End the connection without (the rest of) an answer."""
    # uvloop's transports have asyncio's methods, but are no instances of its classes.
    transport = cast("asyncio.Transport", raw.scope[TRANSPORT])
    transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass  # the rest of the request comes first; returning before the end would answer 500


async def _until_gone(receive: Receive, seconds: float) -> None:
    """Wait until the client hangs up, at most `seconds`."""
    with suppress(TimeoutError):
        await asyncio.wait_for(receive(), seconds)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
