"""A small sandbox for each module, and a teacher's client to talk to it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from gradebench.sandbox.launch import Sandbox


def client_of(sandbox: Sandbox, role: str = "teacher", **headers: str) -> httpx2.Client:
    """A client that carries the token of `role`."""
    sent = {"Authorization": f"Bearer {sandbox.tokens[role]}", **headers}
    return httpx2.Client(base_url=f"{sandbox.url}/api/v1/", headers=sent, timeout=10)


class Class:
    """The main course of a sandbox, with the few readings that tests share."""

    def __init__(self, sandbox: Sandbox, canvas: httpx2.Client) -> None:
        self.sandbox = sandbox
        self.canvas = canvas
        self.id = sandbox.course
        self.path = f"courses/{self.id}"

    def students(self) -> list[int]:
        """Ids of the people who are active students, by id."""
        rows = self.sandbox.truth(submissions=False)["enrollments"]
        active = [row for row in rows if row["enrollment_state"] == "active"]
        return sorted({row["user_id"] for row in active if row["type"] == "StudentEnrollment"})

    def new_set(self, name: str, **settings: object) -> int:
        """A new group set's id."""
        reply = self.canvas.post(f"{self.path}/group_categories", json={"name": name, **settings})
        assert reply.status_code == 200, reply.text
        return reply.json()["id"]

    def new_group(self, category: int, name: str = "Team", **settings: object) -> int:
        """A new group's id."""
        path = f"group_categories/{category}/groups"
        reply = self.canvas.post(path, json={"name": name, **settings})
        assert reply.status_code == 200, reply.text
        return reply.json()["id"]

    def put_members(self, group: int, members: list[int]) -> list[int]:
        """Replace the members; who is in the group afterwards, as the reply says."""
        reply = self.canvas.put(f"groups/{group}", json={"members": members})
        assert reply.status_code == 200, reply.text
        return sorted(user["id"] for user in reply.json()["users"])

    def members(self, group: int) -> list[int]:
        """Who is in the group."""
        reply = self.canvas.get(f"groups/{group}/users", params={"per_page": 100})
        return sorted(user["id"] for user in reply.json())


def walk(canvas: httpx2.Client, path: str, **params: object) -> list[list[dict[str, object]]]:
    """All pages of a listing, by following `next`."""
    pages = []
    reply = canvas.get(path, params=params)
    while True:
        assert reply.status_code == 200, reply.text
        pages.append(reply.json())
        following = reply.links.get("next")
        if following is None:
            return pages
        reply = canvas.get(following["url"])


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start(world="small", throttle=False, job_seconds=0.1) as running:
        yield running


@pytest.fixture
def canvas(sandbox: Sandbox) -> Iterator[httpx2.Client]:
    with client_of(sandbox) as client:
        yield client


@pytest.fixture
def course(sandbox: Sandbox, canvas: httpx2.Client) -> Class:
    return Class(sandbox, canvas)
