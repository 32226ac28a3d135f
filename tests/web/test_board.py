"""The board's server side: what it shows, what it takes, and whose it is."""

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
from gradebench.canvas.push.plan import Op
from gradebench.canvas.push.scene import drift
from gradebench.canvas.views.board import MODULES
from gradebench.canvas.views.board_facts import short_names
from gradebench.core.models import Student, Team, TeamMembership
from gradebench.settings import PACKAGE
from tests.web.board import Board
from tests.web.people import course_of, fill, signed_in


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
    "name",
    ["board", "board_facts", "board_moves", "board_draw", "board_teams", "board_locks"],
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


def test_an_empty_new_team_is_taken_away_again_and_brought_back(board: Board) -> None:
    facts = board.post("board_teams", {"count": 1}).json()
    assert facts["made"] == [board.team("Team 7")]
    assert board.step(away=["Team 7"])["waiting"] == 0
    assert "Team 7" not in board.names()
    assert board.names("away") == []
    assert board.step(back=["Team 7"])["waiting"] == 1
    assert board.team("Team 7") == facts["made"][0]
    assert board.facts()["teams"][-1]["fresh"] is True


def test_a_team_of_canvas_that_is_deleted_here_is_shown_until_it_is_pushed(board: Board) -> None:
    members = [one for one in board.facts()["people"] if one["team"] == board.team("Team 2")]
    out = [{"student": one["id"], "before": one["team"], "to": None} for one in members]
    answer = board.step(moves=out, away=["Team 2"])
    assert answer["refused"] == answer["refused_teams"] == []
    assert answer["waiting"] == len(members) + 1 == board.facts()["team_changes"] + len(members)
    assert board.names("away") == ["Team 2"]
    planned = [one.op for one in drift(board.category).operations]
    assert planned.count(Op.DELETE_GROUP) == 1
    assert planned.count(Op.REMOVE) == len(members)
    home = [{"student": one["id"], "before": None, "to": one["team"]} for one in members]
    assert board.step(moves=home, back=["Team 2"])["waiting"] == 0
    assert board.names("away") == []
    assert not drift(board.category).operations
    assert Team.objects.get(name="Team 2", team_set=board.category.team_set).confirmed


def test_a_team_that_canvas_deleted_meanwhile_comes_back_as_a_new_one(board: Board) -> None:
    TeamMembership.objects.filter(team=board.team("Team 6")).delete()
    CanvasGroupMembership.objects.filter(group__name="Team 6").delete()
    teams.follow(board.course, at=timezone.now())
    board.step(away=["Team 6"])
    CanvasGroup.objects.filter(name="Team 6").update(gone_at=timezone.now())
    teams.follow(board.course, at=timezone.now())
    assert board.names("away") == []
    board.step(back=["Team 6"])
    assert board.facts()["teams"][-1]["fresh"] is True


def test_a_team_that_somebody_came_into_is_not_deleted(board: Board) -> None:
    board.post("board_teams", {"count": 1})
    board.move(("Student 28", None, "Team 7"))
    kept = board.step(away=["Team 7"])["refused_teams"]
    assert kept == [
        {"team": board.team("Team 7"), "name": "Team 7", "reason": "Somebody is in it."}
    ]
    assert "Team 7" in board.names()


def test_a_team_of_another_set_cannot_be_brought_back_here(board: Board, grace: User) -> None:
    other = course_of(grace, "Compilers")
    fill(other, students=3, teams=1)
    teams.follow(other, at=timezone.now())
    stranger = Team.objects.exclude(team_set=board.category.team_set).get()
    assert board.post("board_moves", {"moves": [], "back": [stranger.pk]}).status_code == 404


def test_a_swap_is_made_whole_or_not_at_all(board: Board) -> None:
    board.move(("Student 0", "Team 1", "Team 3"))
    one, two = board.team("Team 1"), board.team("Team 2")
    moves = [
        {"student": board.student("Student 0"), "before": one, "to": two},
        {"student": board.student("Student 1"), "before": two, "to": one},
    ]
    refused = board.step(moves=moves, whole=True)["refused"]
    assert [each["reason"] for each in refused] == [
        "Moved to Team 3 meanwhile.",
        "Student 0 stays, so nobody was moved.",
    ]
    assert board.person("Student 1")["team"] == two


def test_a_window_that_shows_the_board_as_it_is_gets_no_facts(board: Board) -> None:
    version = board.facts()["version"]
    headers = {"If-None-Match": f'"{version}"'}
    assert board.client.get(board.address("board_facts"), headers=headers).status_code == 304
    board.move(("Student 28", None, "Team 1"))
    assert board.client.get(board.address("board_facts"), headers=headers).status_code == 200


def test_the_question_for_changes_is_cheap(
    board: Board, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    headers = {"If-None-Match": f'"{board.facts()["version"]}"'}
    with django_assert_max_num_queries(7):
        board.client.get(board.address("board_facts"), headers=headers)


@pytest.mark.parametrize(
    "change", ["a move", "a lock", "a new team", "a deleted team", "another name", "a sync"]
)
def test_every_change_gives_the_board_another_version(board: Board, change: str) -> None:
    TeamMembership.objects.filter(team=board.team("Team 6")).delete()
    before = board.facts()["version"]
    if change == "a move":
        board.move(("Student 28", None, "Team 1"))
    elif change == "a lock":
        board.lock(students=["Student 28"])
    elif change == "a new team":
        board.post("board_teams", {"count": 1})
    elif change == "a deleted team":
        board.step(away=["Team 6"])
    elif change == "another name":
        Team.objects.filter(pk=board.team("Team 6")).update(name="The Sixth")
    else:
        CanvasCourse.objects.update(synced_at=timezone.now())
    assert board.facts()["version"] != before
    assert board.facts()["version"] == board.step()["version"]


def test_a_step_on_a_board_that_somebody_else_changed_is_noticed(board: Board) -> None:
    version = board.facts()["version"]
    first = board.step(version=version)
    assert first["known"] is True
    move = [{"student": board.student("Student 28"), "before": None, "to": board.team("Team 1")}]
    second = board.step(moves=move, version=first["version"])
    assert second["known"] is True
    assert board.step(version=first["version"])["known"] is False
    assert board.step(version=second["version"])["known"] is True


def test_a_draw_places_nobody_by_itself(board: Board) -> None:
    drawn = board.draw("Student 28", "Student 29")
    assert len(drawn["places"]) == 2
    assert board.person("Student 28")["team"] is None


def test_the_same_seed_draws_the_same_again(board: Board) -> None:
    names = [f"Student {number}" for number in range(30)]
    first = board.draw(*names)
    assert first == board.draw(*names)
    assert first != board.draw(*names, seed=8)


def test_a_draw_fills_no_team_beyond_the_size(board: Board) -> None:
    names = [f"Student {number}" for number in range(30)]
    drawn = board.draw(*names, size=4)
    assert len(drawn["places"]) == 24
    assert len(drawn["left_over"]) == 6


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
