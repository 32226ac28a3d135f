"""Bad days: answers lost, servers failing, other people at work in the middle of a push."""

import pytest

from gradebench.canvas.api.errors import CanvasError, TokenRevoked
from gradebench.canvas.edits import Ended, advance
from gradebench.canvas.models import GroupPlan, PlannedWrite
from gradebench.canvas.push.applying import apply_plan
from gradebench.canvas.push.staging import (
    stage_deletion,
    stage_leader,
    stage_name,
    stage_new_teams,
    stage_places,
)
from gradebench.canvas.push.storing import plan_of
from gradebench.canvas.sync_utils import BlockingClient
from tests.people import teacher

EVERY_WRITE = [
    ("POST", r"/group_categories/\d+/groups"),
    ("PUT", r"/groups/\d+"),
    ("POST", r"/memberships"),
    ("DELETE", r"/groups/\d+/users"),
    ("DELETE", r"/groups/\d+$"),
]


def wish_a_bit_of_everything(room) -> None:
    category = room.category()
    one, two = room.members("Project Team 1"), room.members("Project Team 2")
    [green] = stage_new_teams(category, ["Green"])
    stage_name(category, room.team("Project Team 4"), "Rockets")
    stage_deletion(category, [room.team("Project Team with a leaver")], by=teacher())
    places = {
        one[0]: room.team("Project Team 2"),
        two[0]: room.team("Project Team 1"),
        one[1]: green,
        two[1]: green,
        one[2]: None,
        room.members("Project Team 3")[0]: None,
    }
    stage_places(category, places, by=teacher())
    stage_leader(category, green, two[1])


@pytest.mark.parametrize(
    "fault", [{"kind": "lost"}, {"kind": "cut"}, {"kind": "html", "status": 502, "done": True}]
)
def test_writes_whose_answers_were_lost_happen_once_each(room, fault):
    """Of every kind of write one loses its answer, done or not."""
    wish_a_bit_of_everything(room)
    made = room.plan()
    for method, path in EVERY_WRITE:
        room.sandbox.fault(method=method, path=path, **fault)
    report = room.apply(made)
    assert report.verified, report
    assert room.truth() == room.wanted()
    assert all(one.struck == 1 for one in room.sandbox.armed_faults())
    names = [one["name"] for one in room.sandbox.truth(submissions=False)["groups"]]
    assert names.count("Green") == 1
    assert room.planned().is_empty


def test_an_import_whose_answer_was_lost_is_waited_for(room):
    wish_a_bit_of_everything(room)
    made = room.plan(import_from=1)
    room.sandbox.settings(job_seconds=2.0)
    room.sandbox.fault("lost", method="POST", path="import")
    report = room.apply(made)
    assert report.verified, report
    assert [path for _method, path in room.writes()].count(
        f"/api/v1/group_categories/{room.category().canvas_id}/import"
    ) == 1


def test_an_import_that_failed_is_told_and_the_rest_goes_on(room):
    wish_a_bit_of_everything(room)
    made = room.plan(import_from=1)
    room.sandbox.settings(jobs_failing=True)
    report = room.apply(made)
    assert report.state == "remainder"
    assert any("import ended" in one.reason for one in report.unmet)
    assert "Rockets" in room.truth()
    room.sandbox.settings(jobs_failing=False)
    assert room.push().verified
    assert room.truth() == room.wanted()


def test_a_switch_between_two_writes_stops_the_push_before_it_is_overwritten(room):
    """Somebody joins a group by themselves just before its whole list would be replaced."""
    one, two = room.members("Project Team 1"), room.members("Project Team 2")
    for student in (one[0], one[1]):
        room.move(student, "Project Team 2")
    for student in (two[0], two[1]):
        room.move(student, "Project Team 1")
    made = room.plan()
    assert {type(write).__name__ for write in made_writes(made)} == {"SetMembers"}
    third = room.members("Project Team 3")[0]

    talk = apply_plan(made, by=teacher()).start()
    with BlockingClient(room.integration) as client:
        turn = advance(talk)
        while not isinstance(turn, Ended):
            if getattr(turn, "method", "") == "PUT":
                break
            turn = advance(talk, client._answer(turn))
        turn = advance(talk, client._answer(turn))
        group = room.team("Project Team 2").canvas_group.canvas_id
        other = room.team("Project Team 1").canvas_group.canvas_id
        for id_ in (group, other):
            room.act("change_group", group=id_, max_membership=9)
        room.act("switch_group", user=room.canvas_id(third), group=group)
        while not isinstance(turn, Ended):
            turn = advance(talk, client._answer(turn))
    report = turn.value
    assert report.state == "remainder"
    assert any(third.name in text for text in report.differences)
    assert third.name in room.truth()["Project Team 2"]
    room.sync()
    assert third.name in room.wanted()["Project Team 2"]


def made_writes(row: GroupPlan):
    return plan_of(row).writes


def test_a_refusal_that_nobody_foresaw_leaves_a_named_remainder(room):
    ada = room.members("Project Team 1")[0]
    room.move(ada, "Project Team with a leaver")
    made = room.plan()
    room.sandbox.fault("status", method="POST", path="memberships", status=400)
    report = room.apply(made)
    assert (report.state, report.applied, report.failed) == ("failed", 0, 1)
    assert ada.name in room.truth()["Project Team 1"]
    assert ada.name in room.wanted()["Project Team with a leaver"]
    assert room.push().verified


def test_a_token_revoked_in_the_middle_leaves_a_plan_that_goes_on_later(room):
    wish_a_bit_of_everything(room)
    made = room.plan()
    good = room.integration.api_key
    room.integration.api_key = room.sandbox.tokens["revoked"]
    with pytest.raises(TokenRevoked):
        room.apply(made)
    made.refresh_from_db()
    assert made.state == GroupPlan.State.READY
    room.integration.api_key = good
    assert room.apply(made).verified


def test_canvas_going_down_in_the_middle_leaves_a_plan_that_goes_on_later(room):
    wish_a_bit_of_everything(room)
    made = room.plan()
    room.sandbox.fault("cut", count=None, after=4)
    with pytest.raises(CanvasError):
        room.apply(made)
    made.refresh_from_db()
    assert made.state == GroupPlan.State.REMAINDER
    states = set(made.journal.values_list("state", flat=True))
    assert PlannedWrite.State.PLANNED in states
    room.sandbox.clear_faults()
    report = room.apply(made)
    assert report.verified, report
    assert room.truth() == room.wanted()


def test_whoever_stays_because_their_move_failed_does_not_lose_their_place(room):
    """Ben was to leave a full team that then gets a list without him."""
    one, two = room.members("Project Team 1"), room.members("Project Team 2")
    [green] = stage_new_teams(room.category(), ["Green"])
    stage_places(
        room.category(),
        {
            two[0]: green,
            two[1]: green,
            one[0]: room.team("Project Team 2"),
            one[1]: room.team("Project Team 2"),
        },
        by=teacher(),
    )
    made = room.plan()
    room.sandbox.fault("status", method="PUT", path="groups", status=400)
    report = room.apply(made)
    placed = {name for names in room.truth().values() for name in names}
    assert {student.name for student in (*one, *two)} <= placed
    assert report.state in ("remainder", "failed")
    assert room.push().verified
    assert room.truth() == room.wanted()
