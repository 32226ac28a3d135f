"""The common ground of all payloads.

`UNSET` is a field that Canvas left out (no permission, not asked for); `None` is a field that is
empty. Only what Canvas never leaves out is required, so that a stub course decodes too. Decoded
leniently: ids may come as numbers or as text. Times are aware.
"""

from datetime import datetime
from typing import Annotated, TypeAlias, TypeVar

from msgspec import Meta, Struct, UnsetType

T = TypeVar("T")

Maybe: TypeAlias = T | UnsetType | None
"""A field that may be absent (UNSET) or empty (None)."""

When: TypeAlias = Annotated[datetime, Meta(tz=True)]


def known(value: "Maybe[T]") -> T | None:
    """The value, or None where it is absent as well as where it is empty."""
    return None if isinstance(value, UnsetType) else value


class Answer(Struct, frozen=True, omit_defaults=True):
    """Base of every payload: compared by value, unknown keys ignored."""


class BadItem(Answer, frozen=True):
    """An element of a list that could not be read; the others of its page were.

    `index` counts from 0 within the page; `id` is None where not even that could be read.
    """

    index: int
    id: int | None
    reason: str
