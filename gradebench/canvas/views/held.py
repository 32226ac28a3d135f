"""Names what a sync would remove, so that a person can say yes or no to it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from gradebench.canvas.models import CanvasCourse, SyncRun
from gradebench.canvas.views.words import counted


@dataclass(frozen=True, kw_only=True)
class HeldBack:
    """The rows of one kind that Canvas no longer lists, by name."""

    kind: str
    names: list[str]

    @property
    def words(self) -> str:
        """`3 enrollments`."""
        return counted(self.kind, len(self.names))


def held_back(run: SyncRun) -> list[HeldBack]:
    """What waits for a yes, kind by kind; what has no name any more is told by its Canvas id."""
    return [
        HeldBack(kind=kind, names=_names(run.course, kind, keys)) for kind, keys in run.held.items()
    ]


def _names(course: CanvasCourse, kind: str, keys: list[Any]) -> list[str]:
    if kind == "memberships":
        return _names_of_memberships(course, keys)
    rows = _rows(course, kind)
    found = {row.canvas_id: str(row) for row in rows.filter(canvas_id__in=keys)} if rows else {}
    return sorted(found.get(key, f"Canvas id {key}") for key in keys)


def _rows(course: CanvasCourse, kind: str) -> "QuerySet[Any] | None":
    """The kinds that a sync asks about, but for memberships, which have no ids."""
    if kind == "students":
        return course.integration.people.all()
    if kind == "submissions":
        return course.submissions.select_related("assignment", "user")
    return None


def _names_of_memberships(course: CanvasCourse, pairs: list[list[int]]) -> list[str]:
    """Memberships are known by the Canvas ids of their group and their person."""
    rows = course.memberships.filter(gone_at=None, group__canvas_id__in={pair[0] for pair in pairs})
    wanted = {(group, user) for group, user in pairs}
    return sorted(
        str(row)
        for row in rows.select_related("group", "user")
        if (row.group.canvas_id, row.user.canvas_id) in wanted
    )
