"""What every part of a sync does alike: read a listing page by page, save, look twice, mark gone."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import QuerySet

from gradebench.canvas.api.calls import Listing
from gradebench.canvas.api.drivers import AsyncCanvas
from gradebench.canvas.api.errors import (
    CanvasError,
    RateLimited,
    TokenRejected,
    Unreachable,
    WrongAddress,
)
from gradebench.canvas.api.payloads import BadItem
from gradebench.canvas.mirror.rows import Saved
from gradebench.canvas.mirror.sweeping import mark_gone, missing
from gradebench.canvas.models import CanvasCourse, SyncRun
from gradebench.canvas.progress import SyncProgress
from gradebench.canvas.syncer.tally import Tally
from gradebench.core.async_utils import in_database

T = TypeVar("T")


@dataclass
class CourseSync:
    """One sync of one course while it happens."""

    canvas: AsyncCanvas
    course: CanvasCourse
    run: SyncRun
    progress: SyncProgress
    full: bool
    now: datetime
    tally: Tally = field(default_factory=Tally)

    @property
    def course_id(self) -> int:
        """Canvas's id of the course."""
        return self.course.canvas_id

    @asynccontextmanager
    async def part(self, name: str, about: str = "") -> AsyncIterator[None]:
        """One part of the course: when Canvas fails it, it stays as it was and the others go on."""
        try:
            yield
        except CanvasError as error:
            if ends_everything(error):
                raise
            self.tally.part_failed(name, error, about)
        else:
            self.tally.parts_done.add(name)

    def failed(self, *parts: str) -> bool:
        """Whether any of these parts could not be read."""
        return any(part in self.tally.parts_failed for part in parts)


def ends_everything(error: CanvasError) -> bool:
    """Whether every other request would meet the same error."""
    if isinstance(error, Unreachable):
        return error.lasting or not error.sent
    return isinstance(error, TokenRejected | WrongAddress | RateLimited)


@dataclass
class Seen:
    """Which Canvas ids a listing named; `certain` is False when an id could not be read."""

    ids: set[int] = field(default_factory=set)
    certain: bool = True

    def add(self, ids: Sequence[int], bad: Sequence[BadItem]) -> None:
        """Take in a page. A row that cannot be read is there all the same."""
        self.ids.update(ids)
        self.ids.update(item.id for item in bad if item.id is not None)
        self.certain = self.certain and all(item.id is not None for item in bad)


async def read(
    sync: CourseSync,
    kind: str,
    listing: Listing[Any],
    save: Callable[[Sequence[Any]], Saved],
    *,
    seen: Seen,
) -> None:
    """Read a listing to its end, saving each page as it comes."""
    async with aclosing(sync.canvas.pages(listing)) as pages:
        async for page in pages:
            saved = await in_database(save, page.items)
            seen.add([item.id for item in page.items], page.bad)
            sync.tally.add(kind, saved, page.bad)
            sync.progress.requests = sync.canvas.requests
            sync.progress.step(kind, done=len(seen.ids))


async def mirror_listing(
    sync: CourseSync,
    kind: str,
    listing: Listing[Any],
    save: Callable[[Sequence[Any]], Saved],
    rows: "QuerySet[Any]",
) -> Seen:
    """Read a listing, and mark as gone what it certainly no longer names."""
    seen = Seen()
    gone = await read_twice_if_less(sync, kind, listing, save, rows, seen=seen)
    sync.tally.count(kind, gone=await in_database(mark_gone, rows, gone, sync.now))
    return seen


async def read_twice_if_less(
    sync: CourseSync,
    kind: str,
    listing: Listing[Any],
    save: Callable[[Sequence[Any]], Saved],
    rows: "QuerySet[Any]",
    *,
    seen: Seen,
) -> set[int]:
    """Read a listing; answers the ids of `rows` that Canvas no longer names.

    Lists are no snapshots: a row that leaves while pages are read shifts another one out of sight.
    So what is missing is believed only when a second reading does not name it either.
    """
    await read(sync, kind, listing, save, seen=seen)
    lacking = await in_database(missing, rows, seen.ids)
    if seen.certain and lacking:
        sync.progress.tell(
            f"Looking again: Canvas lists fewer {kind.replace('_', ' ')} than before"
        )
        await read(sync, kind, listing, save, seen=seen)
        lacking = await in_database(missing, rows, seen.ids)
    return lacking if seen.certain else set()
