"""Ada teaches; Grace teaches something else."""

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from gradebench.canvas.models import CanvasCourse
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
