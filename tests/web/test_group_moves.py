"""Who is in which team, changed from the pages: in Canvas when the view answers, or waiting."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from gradebench.canvas.models import CanvasIntegration
from gradebench.core.models import TeamSet
from tests.canvas.push.classroom import Classroom

LEAVER = "Project Team with a leaver"


def at(room: Classroom, view: str, *more: int) -> str:
    return reverse(view, args=[room.course.pk, room.category().pk, *more])


def ask(desk: Client, path: str, body: Mapping[str, object]) -> dict[str, Any]:
    """A program asks."""
    answer = send(desk, path, body)
    assert answer.status_code == 200, answer.content
    answered: dict[str, Any] = answer.json()
    return answered


def send(desk: Client, path: str, body: Mapping[str, object]) -> HttpResponse:
    return desk.post(
        path,
        json.dumps(body),
        content_type="application/json",
        headers={"accept": "application/json"},
    )


def let_edits_wait(room: Classroom) -> None:
    TeamSet.objects.filter(pk=room.category().team_set_id).update(edits_wait=True)


def test_an_added_student_is_in_canvas_when_the_page_answers(room, desk):
    ada = room.members("Project Team 1")[0]
    leaver = room.team(LEAVER)
    answer = desk.post(at(room, "add_student", leaver.pk), {"student": ada.pk}, follow=True)
    assert "1 student is where you want them." in answer.content.decode()
    assert ada.name in room.truth()[LEAVER]
    assert ada.name not in room.truth()["Project Team 1"]


def test_a_removed_student_is_out_in_canvas_too(room, desk):
    ada = room.members("Project Team 1")[0]
    told = ask(
        desk, at(room, "remove_student", room.team("Project Team 1").pk), {"student": ada.pk}
    )
    assert [one["name"] for one in told["done"]] == [ada.name]
    assert told["asked"][0] | {"to": None, "from_name": "Project Team 1"} == told["asked"][0]
    assert (told["pushed"], told["waiting"]) == (True, 0)
    assert ada.name not in room.truth()["Project Team 1"]


def test_whoever_is_in_another_team_is_not_removed_from_that(room, desk):
    ada = room.members("Project Team 1")[0]
    told = ask(
        desk, at(room, "remove_student", room.team("Project Team 2").pk), {"student": ada.pk}
    )
    assert told["asked"] == []
    assert told["sentence"] == "There was nobody to move."
    assert ada.name in room.truth()["Project Team 1"]


def test_many_are_assigned_at_once_and_who_finds_no_room_is_named(room, desk):
    ada, ben = room.members("Project Team 1")[:2]
    moves = [
        {"student": ada.pk, "team": room.team(LEAVER).pk},
        {"student": ben.pk, "team": room.team("Project Team 2").pk},
    ]
    told = ask(desk, at(room, "assign_students"), {"moves": moves})
    assert [one["name"] for one in told["done"]] == [ada.name]
    [refused] = told["refused"]
    assert (refused["student"], refused["to"]) == (ben.pk, room.team("Project Team 2").pk)
    assert "is full (limit 5)" in refused["reason"]
    assert room.truth() == room.wanted()
    assert ben.name in room.truth()["Project Team 1"]


def test_a_form_assigns_those_who_are_ticked(room, desk):
    pair = room.members("Project Team 1")[:2]
    fields = {"student": [one.pk for one in pair], "team": room.team(LEAVER).pk}
    assert desk.post(at(room, "assign_students"), fields).status_code == 302
    assert {one.name for one in pair} <= room.truth()[LEAVER]


def test_htmx_gets_a_fragment_with_the_reasons(room, desk):
    ada = room.members("Project Team 1")[0]
    fields = {"student": [ada.pk], "team": room.team("Project Team 2").pk}
    answer = desk.post(at(room, "assign_students"), fields, headers={"hx-request": "true"})
    html = answer.content.decode()
    assert "<html" not in html
    assert 'id="assign-result"' in html
    assert "is full (limit 5)" in html


def test_edits_that_wait_reach_canvas_by_the_push_of_the_course(room, desk):
    let_edits_wait(room)
    ada = room.members("Project Team 1")[0]
    told = ask(desk, at(room, "add_student", room.team(LEAVER).pk), {"student": ada.pk})
    assert [one["reason"] for one in told["later"]] == ["Waits for a review."]
    assert (told["pushed"], told["waiting"]) == (False, 1)
    assert room.writes() == []
    pushed = desk.post(reverse("push", args=[room.course.pk]), follow=True)
    assert "Pushed: Canvas shows all 1 changes." in pushed.content.decode()
    assert ada.name in room.truth()[LEAVER]


def test_while_canvas_is_down_a_move_is_kept_for_later(room, desk):
    ada = room.members("Project Team 1")[0]
    CanvasIntegration.objects.update(canvas_url="http://127.0.0.1:9")
    told = ask(desk, at(room, "add_student", room.team(LEAVER).pk), {"student": ada.pk})
    assert [one["name"] for one in told["later"]] == [ada.name]
    assert not told["pushed"]
    assert ada.name in room.wanted()[LEAVER]
    assert ada.name not in room.truth()[LEAVER]


@pytest.mark.parametrize("body", ['{"moves": [{"student": "x"}]}', '{"moves": 3}', "not json"])
def test_what_is_no_list_of_moves_is_refused_in_words(room, desk, body):
    answer = desk.post(
        at(room, "assign_students"),
        body,
        content_type="application/json",
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 400
    assert set(answer.json()) == {"error", "todo"}
    assert room.writes() == []


def test_a_student_or_a_team_from_elsewhere_is_not_there(room, desk):
    ada = room.members("Project Team 1")[0]
    other_set = room.team("Bench 1", "Lab Benches").pk if room.wanted("Lab Benches") else 0
    for move in ({"student": 10**9, "team": None}, {"student": ada.pk, "team": other_set}):
        assert send(desk, at(room, "assign_students"), {"moves": [move]}).status_code == 404
    assert room.writes() == []


def wishes(**changed: object) -> dict[str, object]:
    plain = {"by": "size", "value": 3, "within_sections": False, "fill": "empty", "seed": 7}
    return {**plain, **changed}


def empty_the_set(room: Classroom) -> set[str]:
    """Everybody out; returns their names."""
    everybody = [one for team in room.wanted() for one in room.members(team)]
    for one in everybody:
        room.move(one, None)
    assert room.push(yes=True).verified
    return {one.name for one in everybody}


def test_at_random_everybody_gets_a_team_of_even_size(room, desk):
    empty_the_set(room)
    told = ask(desk, at(room, "assign_at_random"), wishes(value=4))
    assert told["refused"] == []
    sizes = [len(names) for names in room.truth().values() if names]
    assert max(sizes) - min(sizes) <= 1
    assert sum(sizes) == len(told["done"])
    assert room.truth() == room.wanted()


def test_the_same_seed_draws_the_same_teams(room, desk):
    let_edits_wait(room)
    for one in room.members("Project Team 1"):
        room.move(one, None)
    first = ask(desk, at(room, "assign_at_random"), wishes(fill="half-full", by="number", value=6))
    drawn = room.wanted()
    for move in first["asked"]:
        room.move(next(s for s in _everybody(room) if s.pk == move["student"]), None)
    ask(desk, at(room, "assign_at_random"), wishes(fill="half-full", by="number", value=6))
    assert room.wanted() == drawn
    assert room.writes() == []


def _everybody(room: Classroom) -> list[Any]:
    return [one for team in room.wanted() for one in room.members(team)]


def test_new_teams_are_made_where_there_are_too_few(room, desk):
    let_edits_wait(room)
    before = set(room.wanted())
    for one in room.members("Project Team 1") + room.members("Project Team 2"):
        room.move(one, None)
    told = ask(desk, at(room, "assign_at_random"), wishes(by="number", value=4))
    assert len(set(room.wanted()) - before) == 2
    assert {len(room.wanted()[name]) for name in {one["to_name"] for one in told["asked"]}} <= {
        2,
        3,
    }


def test_new_teams_and_their_people_are_in_canvas_in_few_writes(room, desk):
    empty_the_set(room)
    room.sandbox.clear_requests()
    told = ask(desk, at(room, "assign_at_random"), wishes(by="number", value=9))
    assert told["pushed"]
    assert len([names for names in room.truth().values() if names]) == 9
    assert len(room.writes()) <= 9 + 3


def test_within_sections_nobody_meets_another_section(room, desk):
    let_edits_wait(room)
    for one in room.members("Project Team 1") + room.members("Project Team 2"):
        room.move(one, None)
    told = ask(desk, at(room, "assign_at_random"), wishes(value=2, within_sections=True))
    teams: dict[str, list[set[int]]] = {}
    for move in told["asked"]:
        student = next(one for one in _everybody(room) if one.pk == move["student"])
        own = student.canvas_user.enrollments.filter(gone_at=None, course=room.course)
        teams.setdefault(move["to_name"], []).append(set(own.values_list("section", flat=True)))
    assert teams
    assert all(set.intersection(*sections) for sections in teams.values())


def test_what_cannot_be_divided_is_told_on_the_form(room, desk):
    let_edits_wait(room)
    for one in room.members("Project Team 1") + room.members("Project Team 4"):
        room.move(one, None)
    fields = {"by": "number", "value": 1, "within_sections": "on", "fill": "empty", "seed": 1}
    answer = desk.post(at(room, "assign_at_random"), fields)
    assert answer.status_code == 200
    assert "sections need at least" in answer.content.decode()
