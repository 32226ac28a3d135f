"""Group files in Canvas's own CSV format: read with a reason for each bad row, and written. Pure.

Canvas skips what it cannot use in silence; here every row is either understood or named. Columns:
the person by `canvas_user_id`, `user_id` (SIS) or `login_id`, the group by `canvas_group_id`,
`group_id` (SIS) or `group_name`; in each row the first of them that is filled counts. A row without a
group leaves the person where they are, as in Canvas; a new name makes a new group.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import msgspec

T = TypeVar("T")

PERSON_COLUMNS = ("canvas_user_id", "user_id", "login_id")
GROUP_COLUMNS = ("canvas_group_id", "group_id", "group_name")
EXPORT_COLUMNS = (
    "name",
    "canvas_user_id",
    "user_id",
    "login_id",
    "sections",
    "group_name",
    "canvas_group_id",
    "group_id",
)


class RosterUnreadable(ValueError):
    """The file as a whole cannot be read; the text says why and what to do."""


class RosterPerson(msgspec.Struct, frozen=True, kw_only=True):
    """A person whom a row may name. `student`: takes part in the course now."""

    id: int
    name: str
    login: str | None = None
    sis_id: str | None = None
    sections: str = ""
    student: bool = True


class RosterGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A group that a row may name; `id` is None for a team that Canvas has not got yet."""

    key: int
    name: str
    id: int | None = None
    sis_id: str | None = None


class RosterRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that was understood: the person, and the group's key or the name of a new one."""

    line: int
    user_id: int
    group: int | str


class BadRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that cannot be used: its line in the file, what stands there, and why not."""

    line: int
    value: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.value!r}: {self.reason}"


class Roster(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says. `without_group`: how many people it leaves where they are."""

    rows: tuple[RosterRow, ...] = ()
    bad: tuple[BadRow, ...] = ()
    without_group: int = 0

    @property
    def new_groups(self) -> tuple[str, ...]:
        """The names of groups that are to be made, in the order of the file."""
        return tuple(dict.fromkeys(one.group for one in self.rows if isinstance(one.group, str)))


class _Bad(Exception):
    """This row cannot be used."""

    def __init__(self, value: str, reason: str) -> None:
        super().__init__(reason)
        self.value = value
        self.reason = reason


def read_roster(
    content: bytes, *, people: Sequence[RosterPerson], groups: Sequence[RosterGroup]
) -> Roster:
    """Understand a file. Raises RosterUnreadable for what is no such file at all."""
    reader = _Reader(people, groups)
    rows: list[RosterRow] = []
    bad: list[BadRow] = []
    without = 0
    for line, cells in _lines(content):
        try:
            row = reader.read(line, cells)
        except _Bad as error:
            bad.append(BadRow(line=line, value=error.value, reason=error.reason))
        else:
            without += row is None
            rows += [row] if row else []
    return Roster(rows=tuple(rows), bad=tuple(bad), without_group=without)


class _Reader:
    """Understands rows, knowing the people and groups, and whom earlier rows named."""

    def __init__(self, people: Sequence[RosterPerson], groups: Sequence[RosterGroup]) -> None:
        self._people = {
            "canvas_user_id": _index(people, lambda one: str(one.id)),
            "user_id": _index(people, lambda one: one.sis_id),
            "login_id": _index(people, lambda one: one.login and one.login.lower()),
        }
        self._groups = {
            "canvas_group_id": _index(groups, lambda one: None if one.id is None else str(one.id)),
            "group_id": _index(groups, lambda one: one.sis_id),
            "group_name": _index(groups, lambda one: one.name),
        }
        self._seen: dict[int, int] = {}

    def read(self, line: int, cells: Mapping[str, str]) -> RosterRow | None:
        """The row; None where it names no group. Raises _Bad."""
        person = self._person(cells)
        if person.id in self._seen:
            raise _Bad(person.name, f"is on line {self._seen[person.id]} already.")
        self._seen[person.id] = line
        column = _filled(cells, GROUP_COLUMNS)
        if column is None:
            return None
        group = self._group(column, cells[column])
        if not person.student:
            raise _Bad(person.name, "is not a student of the course now.")
        return RosterRow(line=line, user_id=person.id, group=group)

    def _person(self, cells: Mapping[str, str]) -> RosterPerson:
        column = _filled(cells, PERSON_COLUMNS)
        if column is None:
            raise _Bad("", f"names nobody: {', '.join(PERSON_COLUMNS)} are empty.")
        value = cells[column].lower() if column == "login_id" else cells[column]
        if column == "canvas_user_id" and not value.isdecimal():
            raise _Bad(value, "is not a Canvas id: only digits can be.")
        found = self._people[column].get(value, [])
        if not found:
            raise _Bad(cells[column], f"nobody in the course has this {column}.")
        if len(found) > 1:
            raise _Bad(cells[column], f"{len(found)} people have this {column}.")
        return found[0]

    def _group(self, column: str, value: str) -> int | str:
        if column == "canvas_group_id" and not value.isdecimal():
            raise _Bad(value, "is not a Canvas id: only digits can be.")
        found = self._groups[column].get(value, [])
        if len(found) > 1:
            raise _Bad(value, f"{len(found)} groups have this {column}; use canvas_group_id.")
        if found:
            return found[0].key
        if column != "group_name":
            raise _Bad(value, f"no group of this set has this {column}.")
        if len(value) > 255:
            raise _Bad(value[:40] + "…", "is too long a name: Canvas takes 255 characters.")
        return value


def _index(items: Iterable[T], key: Callable[[T], str | None]) -> dict[str, list[T]]:
    index: dict[str, list[T]] = {}
    for item in items:
        value = key(item)
        if value:
            index.setdefault(value, []).append(item)
    return index


def _filled(cells: Mapping[str, str], columns: Iterable[str]) -> str | None:
    return next((column for column in columns if cells.get(column)), None)


def _lines(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, cells by column) of every row that is not empty."""
    text = _text(content)
    first = text.split("\n", 1)[0]
    separator = next((one for one in (",", ";", "\t") if one in first), ",")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        header = [cell.strip().lower() for cell in next(rows, [])]
        _check_header(header)
        for cells in rows:
            if any(cell.strip() for cell in cells):
                yield (
                    rows.line_num,
                    {column: cell.strip() for column, cell in zip(header, cells, strict=False)},
                )
    except csv.Error as error:
        raise RosterUnreadable(f"Line {rows.line_num} is no proper CSV: {error}.") from error


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RosterUnreadable(
            f"The file is not UTF-8 (line {line}, byte 0x{content[error.start]:02X}). "
            "Save it again as “CSV UTF-8”."
        ) from error
    if "\x00" in text:
        raise RosterUnreadable("This is no text file. Save the sheet as “CSV UTF-8”.")
    return text


def _check_header(header: Sequence[str]) -> None:
    if not any(header):
        raise RosterUnreadable("The file is empty.")
    for kind, columns in (("person", PERSON_COLUMNS), ("group", GROUP_COLUMNS)):
        if not set(columns).intersection(header):
            raise RosterUnreadable(
                f"The first line has no column for the {kind}: one of {', '.join(columns)} is needed."
            )


def write_roster(people: Iterable[RosterPerson], places: Mapping[int, RosterGroup]) -> str:
    """The file that Canvas would export: one row for each person; `places` by the person's id."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(EXPORT_COLUMNS)
    for one in people:
        group = places.get(one.id)
        rows.writerow(
            [
                one.name,
                one.id,
                one.sis_id or "",
                one.login or "",
                one.sections,
                group.name if group else "",
                (group.id or "") if group else "",
                (group.sis_id or "") if group else "",
            ]
        )
    return text.getvalue()


def write_moves(column: str, moves: Iterable[tuple[int, int | str]]) -> bytes:
    """The shortest file that moves people: (person, group) with the group in one column."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["canvas_user_id", column])
    rows.writerows(moves)
    return text.getvalue().encode()
