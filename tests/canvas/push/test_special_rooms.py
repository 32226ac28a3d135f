"""Tokens that see a part, workers that push in the background, and Canvas showing too little."""

import time

import pytest

from gradebench.canvas import runs, worker
from gradebench.canvas.edits import Ended, advance
from gradebench.canvas.models import CanvasCourse, GroupPlan, SyncRun
from gradebench.canvas.push.applying import apply_plan
from gradebench.canvas.push.background import ask_to_apply
from gradebench.canvas.push.staging import stage_places
from gradebench.canvas.push.storing import Wishes, drop, plan_of, revise
from gradebench.canvas.push.trouble import ManyGone, NeedsYes, NotApplicable
from gradebench.canvas.push.writes import AddMember, RemoveMembers
from gradebench.canvas.runs import RunTakenAway
from gradebench.canvas.sync_utils import BlockingClient, push_group_memberships_sync
from gradebench.sandbox.launch import Sandbox
from tests.canvas.push.classroom import Classroom
from tests.canvas.push.conftest import opened
from tests.people import integration, teacher


@pytest.fixture
def limited_room(db, sandbox) -> Classroom:
    """An assistant who sees the people of the first section only."""
    here = integration(canvas_url=sandbox.url, api_key=sandbox.tokens["ta_limited"])
    course = CanvasCourse.objects.create(integration=here, canvas_id=sandbox.course)
    room = Classroom(sandbox, here, course)
    room.sync()
    sandbox.clear_requests()
    return room


def test_a_limited_view_is_noticed(limited_room):
    assert limited_room.course.section_limited


def test_a_limited_view_moves_people_one_by_one_and_throws_nobody_out(limited_room):
    room = limited_room
    before = room.truth("Lab Benches")
    seen = room.wanted("Lab Benches")
    assert sum(map(len, seen.values())) < sum(map(len, before.values()))
    mover, other = room.members("Bench 4", "Lab Benches")[:2]
    stage_places(
        room.category("Lab Benches"),
        {mover: room.team("Bench 1", "Lab Benches"), other: room.team("Bench 3", "Lab Benches")},
        by=teacher(),
    )
    made = room.plan("Lab Benches")
    assert all(isinstance(one, AddMember | RemoveMembers) for one in plan_of(made).writes)
    room.apply(made)
    after = room.truth("Lab Benches")
    everybody = set().union(*before.values())
    assert set().union(*after.values()) == everybody
    moved = {mover.name, other.name}
    for bench, members in before.items():
        assert members - moved == after[bench] - moved


def test_setting_the_members_in_a_limited_view_keeps_those_it_does_not_show(limited_room):
    room = limited_room
    group = room.team("Bench 3", "Lab Benches").canvas_group
    hidden = room.truth("Lab Benches")["Bench 3"] - room.wanted("Lab Benches")["Bench 3"]
    assert hidden
    newcomer = room.members("Bench 4", "Lab Benches")[0]
    push_group_memberships_sync(room.integration, group.canvas_id, [room.canvas_id(newcomer)])
    assert hidden <= room.truth("Lab Benches")["Bench 3"]


def test_a_worker_applies_a_plan_in_the_background(room):
    ada = room.members("Project Team 1")[0]
    room.move(ada, None)
    made = room.plan()
    run = ask_to_apply(made, by=teacher())
    assert ask_to_apply(made, by=teacher()) == run
    claimed = runs.claim()
    assert claimed == run
    ended = worker.carry_out(claimed)
    assert (ended.state, ended.kind) == ("complete", "push")
    assert ended.counts == {"operations": {"changed": 1, "failed": 0}}
    made.refresh_from_db()
    assert made.state == GroupPlan.State.VERIFIED
    assert ada.name not in room.truth()["Project Team 1"]
    with pytest.raises(NotApplicable):
        ask_to_apply(made, by=teacher())


def test_a_worker_that_meets_a_broken_canvas_leaves_the_plan_ready(room):
    room.move(room.members("Project Team 1")[0], None)
    made = room.plan()
    run = ask_to_apply(made, by=teacher())
    room.sandbox.fault("status", count=None, status=500)
    runs.claim_this(run)
    ended = worker.carry_out(run)
    assert ended.state == "failed"
    assert ended.summary
    made.refresh_from_db()
    assert made.state == GroupPlan.State.READY
    room.sandbox.clear_faults()
    assert room.apply(made).verified


def test_many_removals_are_not_asked_of_a_worker_without_a_yes(room):
    stage_places(
        room.category(),
        dict.fromkeys([*room.members("Project Team 1"), *room.members("Project Team 2")]),
        by=teacher(),
    )
    made = room.plan()
    with pytest.raises(NeedsYes):
        ask_to_apply(made, by=teacher())
    run = ask_to_apply(made, by=teacher(), yes=True)
    runs.claim_this(run)
    assert worker.carry_out(run).state == "complete"


def test_a_canvas_that_shows_far_fewer_people_is_not_believed(room):
    for name in ("Project Team 1", "Project Team 2"):
        for student in room.members(name):
            room.act("leave_set", user=room.canvas_id(student), category=room.category().canvas_id)
    before = room.wanted()
    with pytest.raises(ManyGone):
        room.plan()
    assert room.wanted() == before
    room.sync()
    assert room.planned().is_empty
    assert room.wanted()["Project Team 1"] == set()


def test_a_plan_is_reviewed_and_put_aside(room):
    ada, ben = room.members("Project Team 1")[:2]
    room.move(ada, None)
    room.move(ben, None)
    made = room.plan()
    revised = revise(made, Wishes(leave_out=frozenset({f"place:{room.canvas_id(ada)}"})))
    assert [one.user_name for one in plan_of(revised).operations] == [ben.name]
    assert revised.journal.count() == 1
    assert room.apply(revised).verified
    assert ada.name in room.truth()["Project Team 1"]
    assert ada.name not in room.wanted()["Project Team 1"]
    other = room.plan()
    assert drop(other)
    with pytest.raises(NotApplicable):
        room.apply(other)
    with pytest.raises(NotApplicable):
        revise(other, Wishes())


def test_a_wish_made_after_the_plan_waits_for_the_next_one(room):
    ada, ben = room.members("Project Team 1")[:2]
    room.move(ada, None)
    made = room.plan()
    room.move(ben, None)
    assert room.apply(made).verified
    assert ben.name in room.truth()["Project Team 1"]
    assert [one.user_name for one in room.planned().operations] == [ben.name]


def test_moves_that_touch_group_work_are_flagged_and_no_others(db):
    with Sandbox.start(world="small") as sandbox:
        room = opened(sandbox)
        truth = sandbox.truth()
        of_set = {
            one["id"]
            for one in truth["assignments"]
            if one["group_category_id"] == room.category().canvas_id
        }
        rows = [one for one in truth["submissions"] if one["assignment_id"] in of_set]
        graded = {one["user_id"] for one in rows if one["workflow_state"] == "graded"}
        submitted = {one["user_id"] for one in rows if one["submitted_at"]}
        assert submitted
        students = [one for number in range(1, 6) for one in room.members(f"Project Team {number}")]
        stage_places(room.category(), dict.fromkeys(students), by=teacher())
        made = room.planned()
        assert {one.user_id for one in made.operations if one.touches} == submitted | graded
        assert {one.user_id for one in made.operations if one.touches == "graded"} <= graded
        assert any("submitted or graded" in text for text in made.warnings)


def to_the_end(client, talk, turn):
    while not isinstance(turn, Ended):
        turn = advance(talk, client._answer(turn))
    return turn.value


def test_a_process_that_was_given_up_writes_no_more(room):
    """Another worker took the run over while this one was thought dead."""
    room.move(room.members("Project Team 1")[0], None)
    made = room.plan()
    talk = apply_plan(made, by=teacher()).start()
    with BlockingClient(room.integration) as client:
        turn = advance(talk)
        made.refresh_from_db()
        SyncRun.objects.filter(pk=made.run_id).update(worker="elsewhere:1:1")
        time.sleep(1.1)
        with pytest.raises(RunTakenAway):
            to_the_end(client, talk, turn)
    assert room.writes() == []
    made.refresh_from_db()
    assert made.state == GroupPlan.State.APPLYING
