"""What goes over the wire and comes back, as values."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, TypeAlias, TypeVar
from urllib.parse import urlencode, urlsplit

import msgspec

from gradebench.canvas.api.calls import Call, Listing, Method, Upload, query_pairs
from gradebench.canvas.api.errors import At

T = TypeVar("T")

PREFIX = "/api/v1/"

Trouble = Literal["unknown host", "lookup", "certificate", "no https", "refused", "timeout", "cut"]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request without the token, which the driver adds."""

    method: Method
    url: str
    content: bytes | None = None
    content_type: str | None = None
    accept: str = "application/json"
    just_created: bool = False

    @property
    def is_read(self) -> bool:
        """True when it cannot change anything in Canvas."""
        return self.method == "GET"

    @property
    def path(self) -> str:
        """For people and logs: no host and no query."""
        return urlsplit(self.url).path

    def at(self, status: int | None = None) -> At:
        """Where an error happened."""
        return At(self.method, self.path, status)


@dataclass(frozen=True, slots=True)
class Response:
    """An answer that arrived whole. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """Without its parameters, lower case; empty when Canvas does not say."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_json(self) -> bool:
        """What may be given to a JSON parser: proxies answer in HTML."""
        return self.content_type.endswith("json")


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer arrived. `sent` is False when no byte of the request can have left."""

    trouble: Trouble
    sent: bool


Reply: TypeAlias = Response | Failure


@dataclass(frozen=True, slots=True)
class Send:
    """The one effect: send this after so many seconds, and tell what came back."""

    request: Request
    after: float = 0.0


Talk: TypeAlias = Generator[Send, Reply, T]
"""A conversation with Canvas: yields what to send, is sent the replies, returns its outcome."""


def request_of(call: Call[T], base: str) -> Request:
    """The call on a Canvas whose origin is `base`."""
    content, content_type = _content(call)
    url = _url(base, call.path, list(query_pairs(call.query)))
    # One type and no comma, or Canvas takes us for a browser; the CSV export has no other type.
    accept = "text/csv" if call.answer is bytes else "application/json"
    return Request(
        call.method, url, content, content_type, accept=accept, just_created=call.just_created
    )


def first_page_of(listing: Listing[T], base: str) -> Request:
    """The listing's first page; the links in its answer lead to the others."""
    pairs = [*query_pairs(listing.query), ("per_page", str(listing.per_page))]
    return Request("GET", _url(base, listing.path, pairs), just_created=listing.just_created)


def _url(base: str, path: str, pairs: list[tuple[str, str]]) -> str:
    query = f"?{urlencode(pairs)}" if pairs else ""
    return f"{base}{PREFIX}{path}{query}"


def _content(call: Call[T]) -> tuple[bytes | None, str | None]:
    if call.upload is not None:
        return _multipart(call.upload)
    if call.body is not None:
        return msgspec.json.encode(call.body), "application/json"
    return None, None


def _multipart(upload: Upload) -> tuple[bytes, str]:
    boundary = sha256(upload.content).hexdigest()
    head = (
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="{upload.field}"; filename="{upload.name}"\r\n'
        f"Content-Type: {upload.content_type}\r\n\r\n"
    )
    content = head.encode() + upload.content + f"\r\n--{boundary}--\r\n".encode()
    return content, f"multipart/form-data; boundary={boundary}"
