"""Ada teaches; Grace teaches something else."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from gradebench.canvas.models import CanvasCourse
from gradebench.sandbox.launch import Sandbox
from tests.canvas.push.classroom import Classroom
from tests.canvas.push.conftest import opened
from tests.web.board import Board
from tests.web.people import course_of, fill, signed_in, teacher


@pytest.fixture
def ada(db: None) -> User:
    cache.clear()
    return teacher("ada")


@pytest.fixture
def grace(db: None) -> User:
    return teacher("grace")


@pytest.fixture
def browser_of_ada(ada: User) -> Client:
    return signed_in(ada)


@pytest.fixture
def studio(ada: User) -> CanvasCourse:
    """Ada's course with 30 students in 6 teams and 6 assignments."""
    course = course_of(ada)
    fill(course)
    course.refresh_from_db()
    return course


@pytest.fixture
def board(browser_of_ada: Client, studio: CanvasCourse) -> Board:
    """Students 0 to 27 in Team 1 to 6 by turns, 28 and 29 in none."""
    return Board(browser_of_ada, studio)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A small Canvas of the test's own."""
    with Sandbox.start(world="small", job_seconds=0.1) as running:
        yield running


@pytest.fixture
def room(db: None, sandbox: Sandbox) -> Classroom:
    """A synced course on the sandbox Canvas."""
    return opened(sandbox)


@pytest.fixture
def desk(room: Classroom) -> Client:
    """The browser of that course's teacher."""
    return signed_in(room.integration.user)
