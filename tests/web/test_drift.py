"""How far the sets are from Canvas, counted for many courses at once."""

import random

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from gradebench.canvas.models import CanvasCourse, CanvasGroup, CanvasGroupMembership
from gradebench.canvas.teams import follow
from gradebench.canvas.views.board_facts import waiting
from gradebench.canvas.views.drift import drift_of
from gradebench.core import people
from gradebench.core.models import Student, Team
from tests.web.people import course_of, fill


@pytest.fixture
def projects(studio: CanvasCourse) -> CanvasCourse:
    """Ada's course after its sync: every team here is as in Canvas."""
    follow(studio, at=timezone.now())
    return studio


def put(course: CanvasCourse, student: str, team: str | None) -> None:
    """Ada puts a student into a team, or out of all, and does not push."""
    category = course.group_categories.get()
    assert category.team_set is not None
    found = Team.objects.get(team_set=category.team_set, name=team).pk if team else None
    who = Student.objects.get(name=student, canvas_user__enrollments__course=course)
    reason = people.Reason(because="On the board")
    people.place(category.team_set, {who.pk: found}, reason=reason, confirmed=False)


def canvas_moves(course: CanvasCourse, student: str, group: str | None) -> None:
    """Somebody moves a student in Canvas, and the mirror has read it."""
    person = course.integration.people.get(name=student)
    CanvasGroupMembership.objects.filter(user=person).delete()
    if group is not None:
        row = CanvasGroup.objects.get(course=course, name=group)
        CanvasGroupMembership.objects.create(course=course, group=row, user=person)


def counted(course: CanvasCourse) -> tuple[int, int]:
    drift = drift_of([course]).get(course.pk)
    return (drift.changes, drift.conflicts) if drift else (0, 0)


def test_after_a_sync_nothing_differs(projects: CanvasCourse) -> None:
    assert drift_of([projects]) == {}


def test_moves_additions_and_removals_wait_for_canvas(projects: CanvasCourse) -> None:
    put(projects, "Student 0", "Team 3")
    put(projects, "Student 1", None)
    put(projects, "Student 29", "Team 1")
    assert counted(projects) == (3, 0)


def test_a_student_whom_both_sides_moved_elsewhere_is_a_conflict(projects: CanvasCourse) -> None:
    put(projects, "Student 0", "Team 3")
    canvas_moves(projects, "Student 0", "Team 4")
    put(projects, "Student 1", "Team 3")
    canvas_moves(projects, "Student 1", "Team 3")
    put(projects, "Student 2", None)
    canvas_moves(projects, "Student 2", "Team 5")
    assert counted(projects) == (2, 2)


def test_a_new_team_waits_too(projects: CanvasCourse) -> None:
    team_set = projects.group_categories.get().team_set
    people.create_teams([Team(team_set=team_set, name="Team 7", confirmed=False)])
    assert counted(projects) == (1, 0)


@pytest.mark.parametrize("seed", range(5))
def test_it_is_what_the_board_counts(projects: CanvasCourse, seed: int) -> None:
    chance = random.Random(seed)
    teams = [*(f"Team {number}" for number in range(1, 7)), None]
    for number in chance.sample(range(30), 12):
        put(projects, f"Student {number}", chance.choice(teams))
    for number in chance.sample(range(30), 12):
        canvas_moves(projects, f"Student {number}", chance.choice(teams))
    assert counted(projects)[0] == waiting(projects.group_categories.get())


def test_many_courses_are_one_query(
    ada: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    courses = [course_of(ada, f"Course {number}") for number in range(4)]
    for course in courses:
        fill(course, students=8, assignments=1, teams=2)
        follow(course, at=timezone.now())
    put(courses[1], "Student 0", "Team 2")
    put(courses[2], "Student 0", None)
    with django_assert_max_num_queries(1):
        found = drift_of(courses)
    assert set(found) == {courses[1].pk, courses[2].pk}


def test_the_first_page_and_the_course_lead_to_the_set_that_differs(
    browser_of_ada: Client, projects: CanvasCourse
) -> None:
    put(projects, "Student 0", "Team 3")
    canvas_moves(projects, "Student 0", "Team 4")
    link = f'{reverse("groups", args=[projects.pk])}?set={projects.group_categories.get().pk}"'
    for path in ("/", reverse("course", args=[projects.pk])):
        page = browser_of_ada.get(path).content.decode()
        assert link in page
        assert "1 change" in page
        assert "1 conflict" in page
