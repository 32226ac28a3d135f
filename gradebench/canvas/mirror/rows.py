"""Writes many mirror rows at once, and tells what was new and what changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import DataError, IntegrityError, models, transaction

from gradebench.canvas.models import MirrorRow

Columns = Mapping[str, object]
Key = TypeVar("Key")

# SQLite allows 32,766 parameters in a statement, older builds 999 in a list of values.
BATCH = 500
# What a database says of a value that it cannot hold: too long, out of range, a NUL character.
REFUSALS = (DataError, IntegrityError, ValueError, OverflowError)


@dataclass
class Saved:
    """What saving some rows did. Keys are Canvas ids."""

    seen: set[int] = field(default_factory=set)
    new: set[int] = field(default_factory=set)
    # Which columns changed, for each row that did; a row that came back names `gone_at`.
    changed: dict[int, set[str]] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    # How the changed rows were; not gathered over pages.
    before: dict[int, MirrorRow] = field(default_factory=dict)

    def add(self, other: "Saved") -> None:
        """Take in what saving another page did."""
        self.seen |= other.seen
        # A row seen on two pages is new once, and not changed by its own second sight.
        self.changed.update(
            {key: fields for key, fields in other.changed.items() if key not in self.new}
        )
        self.new |= other.new
        self.refused.update(other.refused)


def save_rows(
    model: type[MirrorRow], *, scope: Columns, rows: Mapping[int, Columns], key: str = "canvas_id"
) -> Saved:
    """Insert or update rows by their Canvas id within `scope`, in one transaction.

    `rows` maps each id to the columns that Canvas gave: a column that is absent keeps its value.
    Unchanged rows cost no write. A row that the database refuses is reported and does not keep the
    others from being saved.
    """
    saved = Saved()
    with transaction.atomic():
        for ids in batches(rows):
            _save_batch(model, scope, {one: rows[one] for one in ids}, key, saved)
    return saved


def batches(items: Iterable[Key], size: int = BATCH) -> Iterable[list[Key]]:
    """Cut into lists of at most `size`."""
    everything = list(items)
    for start in range(0, len(everything), size):
        yield everything[start : start + size]


def _save_batch(
    model: type[MirrorRow], scope: Columns, rows: Mapping[int, Columns], key: str, saved: Saved
) -> None:
    existing: dict[int, MirrorRow] = {
        getattr(row, key): row
        for row in model._default_manager.filter(**scope, **{f"{key}__in": list(rows)})
    }
    names = sorted({name for columns in rows.values() for name in columns})
    fresh: dict[int, MirrorRow] = {}
    for one, columns in rows.items():
        before = existing.get(one)
        differing = _differences(before, columns) if before else None
        saved.seen.add(one)
        if before is None:
            saved.new.add(one)
        elif differing:
            saved.changed[one] = differing
            saved.before[one] = before
        else:
            continue
        # A new instance, for one with a primary key would collide on it before the upsert applies.
        kept = {name: getattr(before, name) for name in names} if before else {}
        fresh[one] = model(**{**scope, **kept, **columns, key: one, "gone_at": None})
    for one, reason in _upsert(model, fresh, [*names, "gone_at"], [*scope, key]).items():
        saved.refused[one] = reason
        saved.new.discard(one)
        saved.changed.pop(one, None)


def _differences(row: MirrorRow, columns: Columns) -> set[str]:
    differing = {name for name, value in columns.items() if getattr(row, name) != value}
    return differing | {"gone_at"} if row.gone_at else differing


def _upsert(
    model: type[MirrorRow],
    fresh: Mapping[int, MirrorRow],
    names: list[str],
    unique: list[str],
) -> dict[int, str]:
    """Write the rows together; when the database refuses one, write them one by one to find it."""
    if not fresh:
        return {}
    try:
        _write(model, list(fresh.values()), names, unique)
    except REFUSALS:
        return {
            one: reason
            for one, row in fresh.items()
            if (reason := _refusal(model, row, names, unique))
        }
    return {}


def _refusal(
    model: type[MirrorRow], row: MirrorRow, names: list[str], unique: list[str]
) -> str | None:
    try:
        _write(model, [row], names, unique)
    except REFUSALS as error:
        return f"The database cannot hold what Canvas answered: {error}"
    return None


def _write(
    model: type[MirrorRow], rows: list[MirrorRow], names: list[str], unique: list[str]
) -> None:
    manager: models.Manager[Any] = model._default_manager
    with transaction.atomic():
        manager.bulk_create(rows, update_conflicts=True, update_fields=names, unique_fields=unique)
