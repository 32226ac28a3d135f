"""Which error an answer is, by Canvas's own rules and those of what stands before it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec

from gradebench.canvas.api import errors
from gradebench.canvas.api.address import origin
from gradebench.canvas.api.errors import At, CanvasError, Problem
from gradebench.canvas.api.protocol.wire import Failure, Request, Response, Trouble

_TOO_MUCH = b"Rate Limit Exceeded"
_LONGEST_QUOTE = 300

_TROUBLES: dict[Trouble, str] = {
    "unknown host": "There is no server of that name.",
    "lookup": "The server's name could not be looked up; the network may be down.",
    "no https": "The server at that address does not speak https.",
    "certificate": "The server's certificate is not valid, so the connection is not safe.",
    "refused": "Nothing accepts connections at that address.",
    "timeout": "Canvas did not answer in time.",
    "cut": "The connection to Canvas was cut before the answer was complete.",
}


class Body(msgspec.Struct):
    """An error as Canvas writes it; `errors` has no fixed shape."""

    errors: Any = None
    message: Any = None
    error: Any = None
    status: Any = None
    error_report_id: int | None = None

    @property
    def is_canvas_like(self) -> bool:
        """False for the JSON of other programs, which has none of Canvas's keys."""
        return any((self.errors, self.message, self.error, isinstance(self.status, str)))


def lost(request: Request, failure: Failure) -> CanvasError:
    """No answer came. A write that may have arrived is uncertain."""
    sentence = _TROUBLES[failure.trouble]
    if failure.sent and not request.is_read:
        return errors.Uncertain(
            f"{sentence} Whether the change was made is not known.", at=request.at()
        )
    lasting = failure.trouble in {"unknown host", "certificate", "no https"}
    return errors.Unreachable(sentence, sent=failure.sent, lasting=lasting, at=request.at())


def refusal(request: Request, response: Response) -> CanvasError:
    """The error that a response other than 2xx means."""
    at = request.at(response.status)
    if is_throttled(response):
        return errors.RateLimited("Canvas refused because of too many requests.", at=at)
    if response.status >= 500:
        return _server_error(request, response, at)
    if 300 <= response.status < 400:
        return _redirected(request, response, at)
    if not response.is_json:
        return _not_json(response, at)
    body = _body(response)
    if not body.is_canvas_like and response.status in {401, 403, 404}:
        return errors.NotCanvas("Another program than Canvas answers at that address.", at=at)
    return _by_status(response, body, at)


def is_throttled(response: Response) -> bool:
    """429, or a 403 that says so: Canvas uses either, by a setting of the server."""
    return response.status == 429 or (response.status == 403 and _TOO_MUCH in response.body)


def _by_status(response: Response, body: Body, at: At) -> CanvasError:
    problems = tuple(_problems(body))
    said = _quoted("; ".join(str(problem) for problem in problems))
    match response.status:
        case 401:
            return _unauthorized(response, said, at)
        case 403:
            return errors.NotPermitted(f"Canvas does not permit this. {said}".strip(), at=at)
        case 404:
            return errors.NotFound(f"Canvas has no such object, or hides it. {said}".strip(), at=at)
        case _:
            what = f"Canvas did not accept this: {said}" if said else "Canvas did not accept this."
            return errors.Invalid(what, problems=problems, at=at)


def _unauthorized(response: Response, said: str, at: At) -> CanvasError:
    if "Expired access token" in said:
        return errors.TokenExpired("The access token has expired.", at=at)
    if "Revoked access token" in said:
        return errors.TokenRevoked("The access token was deleted in Canvas.", at=at)
    if "Insufficient scopes" in said:
        return errors.MissingScope("The developer key does not allow this request.", at=at)
    if "www-authenticate" in response.headers or "Invalid access token" in said:
        return errors.TokenRejected("Canvas does not know this access token.", at=at)
    return errors.NotPermitted(f"Canvas does not permit this. {said}".strip(), at=at)


def _server_error(request: Request, response: Response, at: At) -> CanvasError:
    if not request.is_read:
        return errors.Uncertain(
            f"Canvas failed ({response.status}) during a change; "
            "whether the change was made is not known.",
            at=at,
        )
    report = _body(response).error_report_id if response.is_json else None
    return errors.ServerError(f"Canvas failed ({response.status}).", report=report, at=at)


def _redirected(request: Request, response: Response, at: At) -> CanvasError:
    """The token is never taken along: people decide whether the other address is theirs."""
    target = urljoin(request.url, response.headers.get("location", ""))
    here, there = urlsplit(request.url), urlsplit(target)
    if there.scheme not in {"http", "https"} or not there.hostname:
        return errors.NotCanvas("The address answers with a redirection to nowhere.", at=at)
    if origin(request.url) == origin(target):
        return errors.NotCanvas("The address answers with a log-in page, not with data.", at=at)
    suggestion = f"{there.scheme}://{there.netloc.rpartition('@')[2]}"
    what = f"{here.netloc} sends visitors on to {suggestion}."
    return errors.WrongAddress(what, suggestion=suggestion, at=at)


def _not_json(response: Response, at: At) -> CanvasError:
    if response.status == 401 and "www-authenticate" in response.headers:
        return errors.TokenRejected("The access token was not accepted.", at=at)
    return errors.NotCanvas(
        f"A web page ({response.status}) came instead of data from Canvas.", at=at
    )


def _body(response: Response) -> Body:
    try:
        return msgspec.json.decode(response.body, type=Body, strict=False)
    except msgspec.MsgspecError:
        return Body()


def _problems(body: Body) -> Iterator[Problem]:
    """Canvas's many shapes: an object by field, an array, a bare text under one of three keys."""
    if isinstance(body.errors, dict):
        for name, found in body.errors.items():
            yield from _of_field(name, found)
    elif isinstance(body.errors, list):
        for found in body.errors:
            yield from _of_field(None, found)
    for text in (body.errors, body.message, body.error):
        if isinstance(text, str):
            yield Problem(text)


def _of_field(name: str | None, found: Any) -> Iterator[Problem]:
    if isinstance(found, list):
        for one in found:
            yield from _of_field(name, one)
    elif isinstance(found, dict) and "message" in found:
        field = found.get("attribute", found.get("field", name))
        kind = found.get("type", found.get("error_code", found.get("code")))
        yield Problem(str(found["message"]), _text(field), _text(kind))
    elif isinstance(found, dict):
        for inner, one in found.items():
            yield from _of_field(inner, one)
    else:
        yield Problem(str(found), name)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _quoted(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"
