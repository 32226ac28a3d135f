"""A request to Canvas described as a value. Nothing here sends anything."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from operator import attrgetter
from typing import Generic, Literal, TypeAlias, TypeVar

from msgspec import UnsetType

T = TypeVar("T")

Method = Literal["GET", "POST", "PUT", "DELETE"]
Plain: TypeAlias = str | int | float | bool | datetime | None
Json: TypeAlias = "Plain | Sequence[Json] | Mapping[str, Json]"
Asked: TypeAlias = Plain | Sequence[str] | Sequence[int] | UnsetType
"""A query value: a sequence becomes `name[]=…` once per element; None and UNSET are left out."""

PER_PAGE = 100
"""The most that Canvas gives in one page; without it a page has 10."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file, sent as multipart/form-data."""

    field: str
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One request and the type its answer is decoded into (`bytes` for an answer kept as it is).

    `path` is relative to /api/v1/. `body` goes as JSON. `just_created` says that the object
    named in the path was created a moment ago, so a 404 may only mean that a copy of Canvas's
    database lags behind, and is asked again.
    """

    method: Method
    path: str
    answer: type[T]
    query: Mapping[str, Asked] = field(default_factory=dict, kw_only=True)
    body: Mapping[str, Json] | None = field(default=None, kw_only=True)
    upload: Upload | None = field(default=None, kw_only=True)
    just_created: bool = field(default=False, kw_only=True)

    def of_just_created(self) -> "Call[T]":
        """The same call, patient with a 404."""
        return replace(self, just_created=True)


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """A list read page by page, its rows folded by `key` (rows may shift between pages).

    `envelope` names the key that holds the rows where Canvas wraps them in an object. `ragged`
    marks lists that Canvas filters after cutting them into pages, so that a short page in the
    middle is no sign of loss.
    """

    path: str
    item: type[T]
    query: Mapping[str, Asked] = field(default_factory=dict, kw_only=True)
    key: Callable[[T], Hashable] = field(default=attrgetter("id"), kw_only=True)
    envelope: str | None = field(default=None, kw_only=True)
    ragged: bool = field(default=False, kw_only=True)
    just_created: bool = field(default=False, kw_only=True)
    per_page: int = field(default=PER_PAGE, kw_only=True)

    def of_just_created(self) -> "Listing[T]":
        """The same listing, patient with a 404."""
        return replace(self, just_created=True)


def query_pairs(query: Mapping[str, Asked]) -> Iterator[tuple[str, str]]:
    """The query as Canvas reads it: `include[]` repeated, booleans as words, times in UTC."""
    for name, value in query.items():
        if value is None or isinstance(value, UnsetType):
            continue
        if isinstance(value, Sequence) and not isinstance(value, str):
            yield from ((f"{name}[]", _text(element)) for element in value)
        else:
            yield name, _text(value)


def asked(**fields: Asked) -> dict[str, Asked]:
    """A query, typed."""
    return fields


def given(**fields: "Json | UnsetType") -> dict[str, Json]:
    """A body of those fields that are not UNSET, so that Canvas leaves the others alone."""
    return {name: value for name, value in fields.items() if not isinstance(value, UnsetType)}


def _text(value: str | int | float | datetime) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        # Without an offset Canvas would read it in the time zone of the token's owner.
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(value)
