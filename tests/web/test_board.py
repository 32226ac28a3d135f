"""The board's server side: what it shows, what it takes, and whose it is."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from gradebench.canvas import teams
from gradebench.canvas.models import (
    CanvasAssignment,
    CanvasCourse,
    CanvasGroup,
    CanvasGroupCategory,
    CanvasGroupMembership,
    CanvasUser,
)
from gradebench.canvas.views.board import MODULES
from gradebench.canvas.views.board_facts import short_names
from gradebench.core.models import Student, Team, TeamMembership
from gradebench.settings import PACKAGE
from tests.web.people import course_of, fill, signed_in


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


@pytest.fixture
def board(browser_of_ada: Client, studio: CanvasCourse) -> Board:
    """Students 0 to 27 in Team 1 to 6 by turns, 28 and 29 in none."""
    return Board(browser_of_ada, studio)


def test_everybody_is_on_the_board_where_canvas_has_them(board: Board) -> None:
    facts = board.facts()
    assert [team["name"] for team in facts["teams"]] == [f"Team {one}" for one in range(1, 7)]
    assert len(facts["people"]) == 30
    assert board.person("Student 0")["team"] == board.team("Team 1")
    assert board.person("Student 28")["team"] is None
    assert board.post("board_moves", {"moves": []}).json()["waiting"] == 0


@pytest.mark.parametrize("size", [10, 140])
def test_the_board_takes_at_most_twelve_queries_whatever_its_size(
    browser_of_ada: Client,
    ada: User,
    size: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    course = course_of(ada)
    fill(course, students=size, assignments=2, teams=size // 5)
    board = Board(browser_of_ada, course)
    with django_assert_max_num_queries(12):
        assert browser_of_ada.get(board.address("board")).status_code == 200


def test_the_page_brings_the_facts_and_all_parts_of_its_script(board: Board) -> None:
    page = board.client.get(board.address("board")).content.decode()
    assert '<script id="board-facts" type="application/json">' in page
    parts = {path.stem for path in (PACKAGE / "static" / "board").glob("*.js")}
    assert parts == set(MODULES)
    assert all(f"board/{part}.js" in page for part in parts)


def test_a_name_cannot_break_out_of_the_facts(board: Board, studio: CanvasCourse) -> None:
    Student.objects.filter(name="Student 3").update(name="</script><img src=x>")
    assert "</script><img" not in board.client.get(board.address("board")).content.decode()


def test_a_move_waits_until_it_is_pushed(board: Board) -> None:
    answer = board.move(("Student 0", "Team 1", "Team 2"))
    assert (answer["waiting"], answer["refused"]) == (1, [])
    moved = board.person("Student 0")
    assert (moved["team"], moved["live"]) == (board.team("Team 2"), board.team("Team 1"))
    row = TeamMembership.objects.get(student__name="Student 0", until=None)
    assert (row.began_because, row.confirmed) == ("Moved on the board", False)


def test_a_move_back_leaves_nothing_waiting(board: Board) -> None:
    board.move(("Student 0", "Team 1", None))
    assert board.move(("Student 0", None, "Team 1"))["waiting"] == 0


def test_two_students_change_places_in_one_step(board: Board) -> None:
    answer = board.move(("Student 0", "Team 1", "Team 2"), ("Student 1", "Team 2", "Team 1"))
    assert answer["waiting"] == 2
    assert board.person("Student 1")["team"] == board.team("Team 1")


def test_whoever_was_moved_meanwhile_is_left_alone_and_named(board: Board) -> None:
    board.move(("Student 0", "Team 1", "Team 3"))
    answer = board.move(("Student 0", "Team 1", "Team 2"), ("Student 1", "Team 2", "Team 4"))
    student = Student.objects.get(name="Student 0")
    assert answer["refused"] == [
        {"student": student.pk, "name": "Student 0", "reason": "Moved to Team 3 meanwhile."}
    ]
    assert answer["places"][str(student.pk)] == board.team("Team 3")
    assert board.person("Student 1")["team"] == board.team("Team 4")


def test_a_team_that_was_deleted_meanwhile_takes_nobody(board: Board) -> None:
    gone = board.team("Team 6")
    Team.objects.filter(pk=gone).update(gone_at=timezone.now())
    student = Student.objects.get(name="Student 0")
    moves = [{"student": student.pk, "before": board.team("Team 1"), "to": gone}]
    refused = board.post("board_moves", {"moves": moves}).json()["refused"]
    assert refused[0]["reason"] == "The team is not there any more."


def test_a_student_of_another_course_cannot_be_placed_here(board: Board, grace: User) -> None:
    other = course_of(grace, "Compilers")
    fill(other, students=3, teams=1)
    teams.follow(other, at=timezone.now())
    stranger = Student.objects.filter(owner=grace).first()
    assert stranger is not None
    moves = [{"student": stranger.pk, "before": None, "to": board.team("Team 1")}]
    assert board.post("board_moves", {"moves": moves}).status_code == 404
    assert not TeamMembership.objects.filter(student=stranger, team=board.team("Team 1")).exists()


def test_a_body_that_is_no_step_is_refused_with_a_sentence(board: Board) -> None:
    answer = board.post("board_moves", {"moves": [{"student": "Ada"}]})
    assert answer.status_code == 400
    assert "not as expected" in answer.json()["error"]


@pytest.mark.parametrize(
    "name", ["board", "board_facts", "board_moves", "board_draw", "board_teams"]
)
def test_the_board_is_not_there_for_others(board: Board, grace: User, name: str) -> None:
    client = signed_in(grace)
    method = client.get if name in ("board", "board_facts") else client.post
    assert method(board.address(name)).status_code == 404


def test_tags_have_no_board(board: Board) -> None:
    CanvasGroupCategory.objects.filter(pk=board.category.pk).update(non_collaborative=True)
    answer = board.client.get(board.address("board"))
    assert answer.url == f"{reverse('groups', args=[board.course.pk])}?set={board.category.pk}"
    assert board.client.get(board.address("board_facts")).status_code == 404


def test_who_left_the_course_but_not_the_team_is_marked(board: Board) -> None:
    user = CanvasUser.objects.get(name="Student 5")
    user.enrollments.update(gone_at=timezone.now())
    assert board.person("Student 5")["left"] is True
    assert board.person("Student 6")["left"] is False


def test_who_handed_in_work_of_this_set_is_marked(board: Board) -> None:
    assert not any(one["work"] for one in board.facts()["people"])
    work = CanvasAssignment.objects.filter(name="Homework 1")
    work.update(group_category_id=board.category.canvas_id)
    assert all(one["work"] for one in board.facts()["people"])


def test_a_student_moved_here_and_in_canvas_is_marked(board: Board) -> None:
    board.move(("Student 0", "Team 1", "Team 2"))
    row = CanvasGroupMembership.objects.get(user__name="Student 0")
    row.group = CanvasGroup.objects.get(name="Team 3")
    row.save()
    teams.follow(board.course, at=timezone.now())
    assert board.person("Student 0")["clash"] is True
    assert board.person("Student 0")["team"] == board.team("Team 2")


def test_the_limit_of_the_group_wins_over_that_of_the_set(board: Board) -> None:
    CanvasGroupCategory.objects.update(group_limit=5)
    CanvasGroup.objects.filter(name="Team 2").update(max_membership=4)
    limits = {one["name"]: one["limit"] for one in board.facts()["teams"]}
    assert (limits["Team 1"], limits["Team 2"]) == (5, 4)


def test_new_teams_go_on_from_the_names_that_there_are(board: Board) -> None:
    facts = board.post("board_teams", {"count": 2}).json()
    assert [one["name"] for one in facts["teams"] if one["fresh"]] == ["Team 7", "Team 8"]
    assert facts["team_changes"] == 2
    assert board.post("board_teams", {"count": 0}).status_code == 400


def test_a_draw_places_nobody_by_itself(board: Board) -> None:
    drawn = board.post("board_draw", draw_of(board, "Student 28", "Student 29")).json()
    assert len(drawn["places"]) == 2
    assert board.person("Student 28")["team"] is None


def test_the_same_seed_draws_the_same_again(board: Board) -> None:
    names = [f"Student {number}" for number in range(30)]
    first = board.post("board_draw", draw_of(board, *names)).json()
    assert first == board.post("board_draw", draw_of(board, *names)).json()
    assert first != board.post("board_draw", draw_of(board, *names, seed=8)).json()


def test_a_draw_fills_no_team_beyond_the_size(board: Board) -> None:
    names = [f"Student {number}" for number in range(30)]
    drawn = board.post("board_draw", draw_of(board, *names, size=4)).json()
    assert len(drawn["places"]) == 24
    assert len(drawn["left_over"]) == 6


def draw_of(board: Board, *names: str, seed: int = 7, size: int | None = None) -> object:
    students = Student.objects.filter(name__in=names).values_list("pk", flat=True)
    keys = [one["id"] for one in board.facts()["teams"]]
    return {"students": list(students), "teams": keys, "seed": seed, "size": size}


@pytest.mark.parametrize(
    ("names", "shorts"),
    [
        (["Section A", "Section B"], ["A", "B"]),
        (["CS 310 Section 01", "CS 310 Section 02"], ["01", "02"]),
        (["Lab", "Lab 2"], ["Lab", "2"]),
        (["Évening", "Morning"], ["Évening", "Morning"]),
        (["Section A"], ["Section A"]),
        ([], []),
    ],
)
def test_sections_are_named_shortly_on_chips(names: list[str], shorts: list[str]) -> None:
    assert short_names(names) == shorts
