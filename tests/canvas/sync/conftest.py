"""A teacher connected to a sandbox Canvas of her own."""

from dataclasses import dataclass

import pytest
from asgiref.sync import async_to_sync

from gradebench.canvas.client import Client
from gradebench.canvas.connection import connect
from gradebench.canvas.export import course_export
from gradebench.canvas.models import CanvasCourse, CanvasIntegration, SyncRun
from gradebench.sandbox.launch import Sandbox
from tests.people import teacher


@dataclass
class Desk:
    """What the teacher works with: her Canvas, and GradeBench connected to it."""

    canvas: Sandbox
    integration: CanvasIntegration

    def sync(self, course: int | None = None, **how) -> SyncRun:
        """Sync a course (the first one) and return the ended run."""

        async def go() -> SyncRun:
            async with Client(self.integration) as client:
                return await client.sync_course(course or self.canvas.course, **how)

        return async_to_sync(go)()

    def mirror(self, course: int | None = None, *, gone: bool = False) -> dict:
        """Everything that GradeBench knows of the course."""
        row = CanvasCourse.objects.get(
            integration=self.integration, canvas_id=course or self.canvas.course
        )
        return course_export(row, gone=gone)

    def differences(self, course: int | None = None) -> list[str]:
        """Where the mirror and the sandbox's truth differ, row by row and field by field."""
        return list(differences(self.mirror(course), self.truth(course)))

    def truth(self, course: int | None = None) -> dict:
        """What Canvas has and lists."""
        return listed_truth(self.canvas, course)

    def students(self) -> list[int]:
        """Canvas ids of the active students, in the order of their enrollment."""
        return [
            one["user_id"]
            for one in self.truth()["enrollments"]
            if one["type"] == "StudentEnrollment" and one["enrollment_state"] == "active"
        ]

    def act(self, verb: str, **what) -> dict:
        """Somebody does something in the main course in Canvas."""
        return self.canvas.act(verb, course=self.canvas.course, **what)


def listed_truth(canvas: Sandbox, course: int | None = None) -> dict:
    """What Canvas has and lists; its own books also keep deleted enrollments."""
    truth = canvas.truth(course)
    listed = [one for one in truth["enrollments"] if one["enrollment_state"] != "deleted"]
    people = {one["user_id"] for one in listed}
    users = [one for one in truth["users"] if one["id"] in people]
    return {**truth, "enrollments": listed, "users": users}


KINDS = ("sections", "users", "enrollments", "assignments", "quizzes", "submissions")
GROUP_KINDS = ("group_categories", "groups", "memberships")
# The mirror learns these only where a page shows them, or says them in another way.
APART = {
    # Canvas shows the ids of memberships only in lists of one group.
    "memberships": {"id", "moderator"},
    # Told by the list that it came from.
    "group_categories": {"non_collaborative"},
    "users": set(),
}


def differences(mirror: dict, truth: dict):
    """Every row and every field that the mirror has or lacks against the truth."""
    for kind in KINDS + GROUP_KINDS:
        yield from _of_kind(kind, mirror[kind], truth[kind])
    for kind, apart in zip(GROUP_KINDS, ("tag_categories", "tags", "tag_memberships"), strict=True):
        yield from _of_kind(kind, mirror[apart], truth["tags"][kind])


def _of_kind(kind: str, mirrored: list[dict], true: list[dict]):
    here, there = _by_key(kind, mirrored), _by_key(kind, true)
    yield from (f"{kind} {key} is missing" for key in there.keys() - here.keys())
    yield from (f"{kind} {key} is too much" for key in here.keys() - there.keys())
    for key in here.keys() & there.keys():
        row, real = here[key], there[key]
        for name in (row.keys() & real.keys()) - APART.get(kind, set()):
            expected = real[name]["id"] if name == "leader" and real[name] else real[name]
            value = row[name]["id"] if name == "leader" and row[name] else row[name]
            if value != expected and not _same_grades(value, expected):
                yield f"{kind} {key}: {name} is {row[name]!r}, should be {real[name]!r}"


def _same_grades(value, expected) -> bool:
    """Of an enrollment's grades we keep four figures."""
    if not (isinstance(value, dict) and isinstance(expected, dict)):
        return False
    return all(expected.get(name) == figure for name, figure in value.items())


def _by_key(kind: str, rows: list[dict]) -> dict:
    if kind == "memberships":
        return {(row["group_id"], row["user_id"]): row for row in rows}
    return {row["id"]: row for row in rows}


def desk_at(canvas: Sandbox, role: str = "teacher") -> Desk:
    """Connect a new teacher to a Canvas."""
    user = teacher(f"{role}-{canvas.url.rsplit(':', 1)[-1]}")
    return Desk(canvas, connect(user=user, address=canvas.url, token=canvas.tokens[role]))


@pytest.fixture(scope="module")
def shared_canvas():
    """A small Canvas that the tests of a module only read."""
    with Sandbox.start(world="small") as canvas:
        yield canvas


@pytest.fixture
def desk():
    """A small Canvas of the test's own, and a desk before it."""
    with Sandbox.start(world="small") as canvas:
        yield desk_at(canvas)
