"""One request and its answer as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NoReturn

import msgspec

from gradebench.sandbox.wire.params import Params, Upload
from gradebench.sandbox.world.jobs import JobRunner
from gradebench.sandbox.world.permissions import Rights, RolePermissions
from gradebench.sandbox.world.rows import Course, Token, User
from gradebench.sandbox.world.world import World

JSON = "application/json; charset=utf-8"

Row = Mapping[str, object] | msgspec.Raw


@dataclass(frozen=True)
class Answer:
    """What goes back: status, body, and headers beyond the content type."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()

    def with_headers(self, *headers: tuple[str, str]) -> Answer:
        return replace(self, headers=self.headers + headers)

    @property
    def is_json(self) -> bool:
        return self.content_type == JSON


def in_json(value: object, *, status: int = 200) -> Answer:
    """Any JSON value; rows that are already encoded are put in as they are."""
    return Answer(status, msgspec.json.encode(value))


def in_html(page: str, *, status: int = 200) -> Answer:
    return Answer(status, page.encode(), "text/html; charset=utf-8")


class Refused(Exception):
    """Ends a request with an answer that is not what was asked for."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def refuse(status: int, body: object) -> NoReturn:
    raise Refused(in_json(body, status=status))


def not_found() -> NoReturn:
    refuse(404, {"errors": [{"message": "The specified resource does not exist."}]})


@dataclass
class Request:
    """A request as the endpoints see it: decoded, and with who asks."""

    method: str
    path: str
    route: str
    origin: str
    query: Sequence[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes
    params: Params
    world: World
    roles: RolePermissions
    user: User
    token: Token
    jobs: JobRunner
    legacy_401: bool = False
    files: dict[str, Upload] = field(default_factory=dict)
    segments: dict[str, str] = field(default_factory=dict)

    def segment(self, name: str) -> str:
        """The text of a path segment, e.g. "course_id"."""
        return self.segments[name]

    @property
    def includes(self) -> frozenset[str]:
        return frozenset(self.params.texts("include"))

    def rights(self, course: Course) -> Rights:
        return self.roles.rights(self.world, self.user, course)

    def forbid(self) -> NoReturn:
        """Signed in but not permitted: 403, or 401 as before Canvas's change."""
        message = "user not authorized to perform that action"
        body = {"status": "unauthorized", "errors": [{"message": message}]}
        refuse(401 if self.legacy_401 else 403, body)

    def require(self, course: Course, *any_of: str) -> Rights:
        """The caller's rights in `course`; refused unless one of the permissions is held."""
        rights = self.rights(course)
        if not rights.can(*any_of):
            self.forbid()
        return rights
