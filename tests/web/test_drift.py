"""How far the sets are from Canvas, counted for many courses at once."""

import random
from datetime import datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from gradebench.canvas.models import (
    CanvasCourse,
    CanvasGroup,
    CanvasGroupCategory,
    CanvasGroupMembership,
)
from gradebench.canvas.push import scene
from gradebench.canvas.push.staging import stage_deletion, stage_leader, stage_name
from gradebench.canvas.teams import follow
from gradebench.canvas.views.board_facts import waiting
from gradebench.canvas.views.drift import drift_of
from gradebench.canvas.views.group_cards import GroupCard
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


def team(course: CanvasCourse, name: str) -> Team:
    return Team.objects.get(team_set__group_category__course=course, name=name)


def in_canvas(course: CanvasCourse, name: str, /, **values: object) -> None:
    """Somebody changes a group in Canvas, and a sync reads it."""
    CanvasGroup.objects.filter(course=course, name=name).update(**values)
    follow(course, at=timezone.now())


def canvas_id(course: CanvasCourse, name: str) -> int:
    return course.integration.people.get(name=name).canvas_id


def lead(course: CanvasCourse, name: str, student: str) -> None:
    """Ada wants this leader."""
    who = Student.objects.get(name=student, canvas_user__enrollments__course=course)
    stage_leader(category_of(course), team(course, name), who)


def category_of(course: CanvasCourse) -> CanvasGroupCategory:
    return course.group_categories.select_related("course__integration", "team_set").get()


def test_a_name_that_was_changed_here_and_there_is_a_conflict(projects: CanvasCourse) -> None:
    stage_name(category_of(projects), team(projects, "Team 1"), "Rockets")
    assert counted(projects) == (1, 0)
    in_canvas(projects, "Team 1", name="Comets")
    assert counted(projects) == (1, 1)
    in_canvas(projects, "Comets", name="Rockets")
    assert counted(projects) == (0, 0)


def test_two_leaders_are_a_conflict(projects: CanvasCourse) -> None:
    lead(projects, "Team 1", "Student 0")
    assert counted(projects) == (1, 0)
    in_canvas(projects, "Team 1", leader_id=canvas_id(projects, "Student 6"))
    assert counted(projects) == (1, 1)


def test_a_team_that_canvas_lost_while_it_was_filled_here_is_a_conflict(
    projects: CanvasCourse,
) -> None:
    put(projects, "Student 29", "Team 1")
    in_canvas(projects, "Team 1", gone_at=timezone.now())
    assert counted(projects)[1] == plan_conflicts(projects) == 1


def test_a_team_deleted_here_that_somebody_joined_there_is_a_conflict(
    projects: CanvasCourse,
) -> None:
    stage_deletion(category_of(projects), [team(projects, "Team 1")], by=None)
    assert counted(projects)[1] == 0
    canvas_moves(projects, "Student 29", "Team 1")
    follow(projects, at=timezone.now())
    assert counted(projects)[1] == plan_conflicts(projects) == 1


def plan_conflicts(course: CanvasCourse) -> int:
    """How many conflicts a review would show."""
    return len(scene.drift(category_of(course)).conflicts)


@pytest.mark.parametrize("seed", range(12))
def test_a_course_counts_the_conflicts_that_a_review_shows(
    projects: CanvasCourse, seed: int
) -> None:
    chance = random.Random(seed)
    names = [f"Team {number}" for number in range(1, 7)]
    for number in chance.sample(range(30), 10):
        put(projects, f"Student {number}", chance.choice([*names, None]))
    for one in chance.sample(names, 2):
        stage_name(category_of(projects), team(projects, one), f"Here {one}")
    for number in chance.sample(range(30), 10):
        canvas_moves(projects, f"Student {number}", chance.choice([*names, None]))
    for one in chance.sample(names, 2):
        CanvasGroup.objects.filter(course=projects, name=one).update(name=f"There {one}")
    follow(projects, at=timezone.now())
    assert counted(projects)[1] == plan_conflicts(projects)


def since(course: CanvasCourse) -> datetime | None:
    [one] = drift_of([course])[course.pk].sets
    return one.since


def test_a_changed_name_tells_since_when(projects: CanvasCourse) -> None:
    before = timezone.now()
    stage_name(category_of(projects), team(projects, "Team 1"), "Rockets")
    first = since(projects)
    assert first is not None
    assert before <= first <= timezone.now()
    stage_name(category_of(projects), team(projects, "Rockets"), "Comets")
    follow(projects, at=timezone.now())
    assert since(projects) == first


def test_a_name_that_was_changed_back_waits_no_more(projects: CanvasCourse) -> None:
    stage_name(category_of(projects), team(projects, "Team 1"), "Rockets")
    stage_name(category_of(projects), team(projects, "Rockets"), "Team 1")
    assert drift_of([projects]) == {}
    assert team(projects, "Team 1").waits_since is None


def test_a_leader_a_new_team_and_a_deleted_one_tell_since_when(projects: CanvasCourse) -> None:
    lead(projects, "Team 1", "Student 0")
    assert team(projects, "Team 1").waits_since is not None
    [new] = people.create_teams(
        [Team(team_set=category_of(projects).team_set, name="Team 7", confirmed=False)]
    )
    assert new.waits_since is not None
    stage_deletion(category_of(projects), [team(projects, "Team 2")], by=None)
    assert team(projects, "Team 2").waits_since is not None


def test_the_oldest_move_tells_since_when_a_set_differs(projects: CanvasCourse) -> None:
    put(projects, "Student 0", None)
    first = since(projects)
    put(projects, "Student 1", "Team 3")
    assert first is not None
    assert since(projects) == first


@pytest.mark.parametrize("tab", ["course", "assignments", "students", "groups", "history"])
def test_every_tab_tells_how_many_changes_wait(
    browser_of_ada: Client, projects: CanvasCourse, tab: str
) -> None:
    path = reverse(tab, args=[projects.pk])
    assert "not in Canvas" not in browser_of_ada.get(path).content.decode().split("</nav>")[2]
    put(projects, "Student 0", "Team 3")
    put(projects, "Student 1", None)
    assert 'title="2 changes not in Canvas"' in browser_of_ada.get(path).content.decode()


def test_a_team_that_canvas_does_not_have_yet_is_a_card(
    browser_of_ada: Client, projects: CanvasCourse
) -> None:
    [new] = people.create_teams(
        [Team(team_set=category_of(projects).team_set, name="Rockets", confirmed=False)]
    )
    put(projects, "Student 29", "Rockets")
    answer = browser_of_ada.get(reverse("groups", args=[projects.pk]))
    card = answer.context["cards"][0]
    assert (card.name, card.note) == ("Rockets", "not in Canvas yet")
    assert [(person.name, person.comes) for person in card.people] == [("Student 29", True)]
    page = answer.content.decode()
    assert "not in Canvas yet" in page
    assert reverse("team", args=[projects.pk, new.pk]) in page


def test_a_card_tells_how_canvas_has_the_team_otherwise(
    browser_of_ada: Client, projects: CanvasCourse
) -> None:
    stage_name(category_of(projects), team(projects, "Team 1"), "Rockets")
    stage_deletion(category_of(projects), [team(projects, "Team 2")], by=None)
    cards = cards_on_the_tab(browser_of_ada, projects)
    assert cards["Rockets"].note == "in Canvas: Team 1"
    assert cards["Team 2"].note == "to be deleted in Canvas"
    assert cards["Team 2"].people == []
    assert {one.goal for one in cards["Team 2"].leaving} == {""}
    assert cards["Team 3"].note == ""


def test_a_card_has_who_is_wanted_and_marks_who_comes_and_goes(
    browser_of_ada: Client, projects: CanvasCourse
) -> None:
    put(projects, "Student 0", "Team 3")
    cards = cards_on_the_tab(browser_of_ada, projects)
    assert [one.name for one in cards["Team 3"].people if one.comes] == ["Student 0"]
    [leaver] = cards["Team 1"].leaving
    assert (leaver.name, leaver.goal) == ("Student 0", "Team 3")
    assert "Student 0" not in {one.name for one in cards["Team 1"].people}
    shown = browser_of_ada.get(reverse("groups", args=[projects.pk])).content.decode()
    assert "still here in Canvas" in shown


def cards_on_the_tab(browser: Client, course: CanvasCourse) -> dict[str, GroupCard]:
    cards = browser.get(reverse("groups", args=[course.pk])).context["cards"]
    return {card.name: card for card in cards}
