"""Whoever is locked stays where they are: on the board, in batches and at random."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from gradebench.canvas import teams
from gradebench.canvas.locks import lock
from gradebench.core.models import Student, TeamSet
from tests.canvas.push.classroom import Classroom
from tests.web.board import Board
from tests.web.people import course_of, fill
from tests.web.test_group_moves import LEAVER, ask, at, wishes


def test_a_lock_is_seen_by_every_window_with_who_set_it(board: Board) -> None:
    board.lock(students=["Student 0"], teams=["Team 2"])
    locks = board.facts()["locks"]
    assert [(one["id"], one["by"]) for one in locks["people"]] == [
        (board.student("Student 0"), "ada")
    ]
    assert [one["id"] for one in locks["teams"]] == [board.team("Team 2")]
    board.lock(students=["Student 0"], teams=["Team 2"], locked=False)
    assert board.facts()["locks"] == {"people": [], "teams": []}


def test_whoever_is_locked_is_not_moved_by_a_window_that_does_not_know_it(board: Board) -> None:
    board.lock(students=["Student 0"], teams=["Team 2"])
    refused = board.move(
        ("Student 0", "Team 1", "Team 3"),
        ("Student 2", "Team 3", "Team 2"),
        ("Student 1", "Team 2", None),
        ("Student 6", "Team 1", "Team 3"),
    )["refused"]
    assert {one["name"]: one["reason"] for one in refused} == {
        "Student 0": "Locked on the board by ada.",
        "Student 1": "The team is locked on the board by ada.",
        "Student 2": "The team is locked on the board by ada.",
    }
    assert board.step(away=["Team 2"])["refused_teams"][0]["name"] == "Team 2"


def test_only_students_of_the_course_can_be_locked(board: Board, grace: User) -> None:
    other = course_of(grace, "Compilers")
    fill(other, students=1, teams=1)
    teams.follow(other, at=timezone.now())
    stranger = Student.objects.get(owner=grace)
    body = {"students": [stranger.pk], "locked": True}
    assert board.post("board_locks", body).status_code == 404


def test_nobody_is_drawn_who_is_locked_and_no_locked_team_is_filled(board: Board) -> None:
    board.lock(students=["Student 28"], teams=["Team 1"])
    names = [f"Student {number}" for number in range(30)]
    drawn = board.draw(*names)
    assert str(board.student("Student 28")) not in drawn["places"]
    assert str(board.student("Student 0")) not in drawn["places"]  # of the locked team
    assert board.team("Team 1") not in drawn["places"].values()
    assert len(drawn["places"]) == 24


@pytest.fixture
def waiting_room(room: Classroom) -> Classroom:
    """A course on the sandbox whose edits wait."""
    TeamSet.objects.filter(pk=room.category().team_set_id).update(edits_wait=True)
    return room


def test_a_locked_student_is_not_assigned_elsewhere_and_the_others_are(
    waiting_room: Classroom, desk: Client
) -> None:
    room = waiting_room
    ada, ben = room.members("Project Team 1")[:2]
    lock(room.category(), students=[ada.pk], by=room.integration.user)
    goal = room.team(LEAVER).pk
    moves = [{"student": one.pk, "team": goal} for one in (ada, ben)]
    told = ask(desk, at(room, "assign_students"), {"moves": moves})
    [refused] = told["refused"]
    assert (refused["name"], refused["reason"]) == (
        ada.name,
        f"Locked on the board by {room.integration.user}.",
    )
    assert ada.name in room.wanted()["Project Team 1"]
    assert ben.name in room.wanted()[LEAVER]


def test_nothing_is_asked_of_canvas_where_everybody_is_locked(
    room: Classroom, desk: Client
) -> None:
    ada = room.members("Project Team 1")[0]
    lock(room.category(), teams=[room.team("Project Team 1").pk], by=None)
    body = {"student": ada.pk}
    path = at(room, "remove_student", room.team("Project Team 1").pk)
    told = ask(desk, path, body)
    assert told["refused"][0]["reason"] == "The team is locked on the board by somebody."
    assert room.writes() == []
    assert ada.name in room.truth()["Project Team 1"]


def test_at_random_the_locked_wait_on_and_locked_teams_are_not_filled(
    waiting_room: Classroom, desk: Client
) -> None:
    room = waiting_room
    pulled = [*room.members("Project Team 1"), *room.members("Project Team 2")]
    for one in pulled:
        room.move(one, None)
    lock(
        room.category(),
        students=[pulled[0].pk],
        teams=[room.team("Project Team 1").pk],
        by=room.integration.user,
    )
    before = set(room.wanted())
    told = ask(
        desk,
        at(room, "assign_at_random"),
        wishes(by="number", value=len(before), fill="half-full"),
    )
    assert pulled[0].name not in {one["name"] for one in told["asked"]}
    assert not room.wanted()["Project Team 1"]
    assert set(room.wanted()) == before, "the locked team counts among those that were asked for"
