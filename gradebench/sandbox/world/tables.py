"""Tables of rows with the few indexes that the answers need."""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable, Iterator
from typing import Generic, Protocol, TypeVar


class Identified(Protocol):
    """A row that has an id of its own."""

    id: int


Row = TypeVar("Row", bound=Identified)


class Table(Generic[Row]):
    """Rows by id, in the order they were made, and grouped by the keys of each named index.

    The key of a row must never change while the row is in the table.
    """

    def __init__(self, **indexes: Callable[[Row], Hashable]) -> None:
        self._rows: dict[int, Row] = {}
        self._keys = indexes
        self._groups: dict[str, dict[Hashable, list[Row]]] = {name: {} for name in indexes}

    def add(self, row: Row) -> Row:
        """Keep `row` and return it, so that making and keeping are one expression."""
        self._rows[row.id] = row
        for name, key in self._keys.items():
            self._groups[name].setdefault(key(row), []).append(row)
        return row

    def find(self, row_id: int) -> Row | None:
        return self._rows.get(row_id)

    def of(self, index: str, key: Hashable) -> list[Row]:
        """The rows of one key, oldest first; the list is the table's own and not to be changed."""
        return self._groups[index].get(key, [])

    def copy(self) -> Table[Row]:
        """The same rows as they are now: later changes here do not reach the copy."""
        twin: Table[Row] = Table(**self._keys)
        for row in self._rows.values():
            twin.add(copy.copy(row))
        return twin

    def __getitem__(self, row_id: int) -> Row:
        return self._rows[row_id]

    def __contains__(self, row_id: object) -> bool:
        return row_id in self._rows

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)
