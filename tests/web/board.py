"""The board of a course's only set, as its script speaks with it."""

from collections.abc import Sequence
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gradebench.canvas import teams
from gradebench.canvas.models import CanvasCourse
from gradebench.core.models import Student, Team


class Board:
    """The board of the course's only set, as its script speaks with it."""

    def __init__(self, client: Client, course: CanvasCourse) -> None:
        teams.follow(course, at=timezone.now())
        self.client, self.course = client, course
        self.category = course.group_categories.get()

    def address(self, name: str) -> str:
        return reverse(name, args=[self.course.pk, self.category.pk])

    def facts(self) -> Any:
        return self.client.get(self.address("board_facts")).json()

    def person(self, name: str) -> Any:
        student = Student.objects.get(name=name)
        return next(one for one in self.facts()["people"] if one["id"] == student.pk)

    def team(self, name: str) -> int:
        return Team.objects.get(team_set=self.category.team_set, name=name).pk

    def post(self, name: str, body: object) -> Any:
        return self.client.post(self.address(name), body, content_type="application/json")

    def student(self, name: str) -> int:
        return Student.objects.get(name=name).pk

    def step(self, **parts: object) -> Any:
        """A step of the board, with `moves` by keys and `away` and `back` by names of teams."""
        keys = {
            name: [Team.objects.get(team_set=self.category.team_set, name=one).pk for one in some]
            for name, some in parts.items()
            if name in ("away", "back") and isinstance(some, list)
        }
        return self.post("board_moves", {"moves": [], **parts, **keys}).json()

    def lock(
        self, *, students: Sequence[str] = (), teams: Sequence[str] = (), locked: bool = True
    ) -> Any:
        body = {
            "students": [self.student(one) for one in students],
            "teams": [self.team(one) for one in teams],
            "locked": locked,
        }
        return self.post("board_locks", body).json()

    def names(self, kind: str = "teams") -> list[str]:
        return [one["name"] for one in self.facts()[kind]]

    def move(self, *moves: tuple[str, str | None, str | None]) -> Any:
        """Each: a student's name, the team they are taken to be in, and the one they go to."""
        body = [
            {
                "student": Student.objects.get(name=name).pk,
                "before": before and self.team(before),
                "to": to and self.team(to),
            }
            for name, before, to in moves
        ]
        return self.post("board_moves", {"moves": body}).json()

    def draw(self, *names: str, seed: int = 7, size: int | None = None) -> Any:
        """Who of these would go where at random, into all teams."""
        students = Student.objects.filter(name__in=names).values_list("pk", flat=True)
        keys = [one["id"] for one in self.facts()["teams"]]
        body = {"students": list(students), "teams": keys, "seed": seed, "size": size}
        return self.post("board_draw", body).json()
