"""Finding what an address names: ids, SIS ids and the other prefixes of Canvas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from gradebench.sandbox.wire.exchange import Request, not_found, refuse
from gradebench.sandbox.world.rows import (
    Assignment,
    Course,
    Group,
    GroupCategory,
    Section,
    User,
)
from gradebench.sandbox.world.tables import Identified, Table

Row = TypeVar("Row", bound=Identified)
Reading = Callable[[Row], str | None]

_ID = re.compile(r"\d{1,19}")


def find(table: Table[Row], text: str, kinds: dict[str, Reading[Row]]) -> Row | None:
    """A row by its id or by `kind:value`; `hex:kind:…` carries the value in hexadecimal."""
    if _ID.fullmatch(text):
        return table.find(int(text))
    kind, _, value = text.partition(":")
    if kind == "hex":
        kind, _, value = value.partition(":")
        value = _from_hex(value)
    reading = kinds.get(kind)
    return _first(table, reading, value) if reading else None


def _first(rows: Iterable[Row], reading: Reading[Row], value: str) -> Row | None:
    return next((row for row in rows if reading(row) == value), None)


def _from_hex(text: str) -> str:
    try:
        return bytes.fromhex(text).decode()
    except ValueError:
        return ""


def find_user(request: Request, text: str) -> User | None:
    """A person by id, `self`, SIS id or login (letter case aside)."""
    if text == "self":
        return request.user
    if text.startswith("sis_login_id:"):
        text = text.lower()
    return find(
        request.world.users,
        text,
        {
            "sis_user_id": lambda user: user.sis_user_id,
            "sis_login_id": lambda user: user.login_id and user.login_id.lower(),
            "sis_integration_id": lambda user: user.integration_id,
        },
    )


def find_assignment(request: Request, course: Course, text: str) -> Assignment | None:
    row = find(request.world.assignments, text, {})
    return row if row and row.course_id == course.id and not row.deleted else None


def course_named(request: Request, name: str = "course_id") -> Course:
    """The course in the path; 404 when it is deleted or unknown."""
    course = find(
        request.world.courses,
        request.segment(name),
        {"sis_course_id": lambda row: row.sis_course_id, "uuid": lambda row: row.uuid},
    )
    if course is None or course.workflow_state == "deleted":
        not_found()
    return course


def section_named(request: Request) -> Section:
    """The section in the path."""
    kinds: dict[str, Reading[Section]] = {"sis_section_id": lambda row: row.sis_section_id}
    section = find(request.world.sections, request.segment("section_id"), kinds)
    if section is None or request.world.courses[section.course_id].workflow_state == "deleted":
        not_found()
    return section


def assignment_named(request: Request, course: Course) -> Assignment:
    """The assignment in the path; unpublished ones exist only for staff."""
    assignment = find_assignment(request, course, request.segment("assignment_id"))
    if assignment is None:
        not_found()
    if not assignment.published and not request.rights(course).is_staff:
        not_found()
    return assignment


def category_named(request: Request) -> GroupCategory:
    """The group set in the path; Canvas has its own body for a missing one."""
    kinds: dict[str, Reading[GroupCategory]] = {
        "sis_group_category_id": lambda row: row.sis_group_category_id
    }
    category = find(request.world.categories, request.segment("category_id"), kinds)
    if category is None or category.deleted_at is not None:
        refuse(404, {"status": "not found"})
    return category


def group_named(request: Request) -> Group:
    """The group in the path; 404 when it is deleted or unknown."""
    kinds: dict[str, Reading[Group]] = {"sis_group_id": lambda row: row.sis_group_id}
    group = find(request.world.groups, request.segment("group_id"), kinds)
    if group is None or group.deleted:
        not_found()
    return group


def person_named(request: Request, name: str = "user_id") -> User:
    """The person in the path."""
    user = find_user(request, request.segment(name))
    if user is None:
        not_found()
    return user
