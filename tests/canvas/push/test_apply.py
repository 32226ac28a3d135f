"""From a wish to Canvas and back: planned, written, read back, agreed."""

import pytest

from gradebench.canvas import runs
from gradebench.canvas.models import AgreedTeam, GroupPlan, Placement, PlannedWrite, SyncRun
from gradebench.canvas.push.plan import Op, Side
from gradebench.canvas.push.staging import (
    stage_deletion,
    stage_leader,
    stage_name,
    stage_new_teams,
    stage_places,
)
from gradebench.canvas.push.storing import plan_of
from gradebench.canvas.push.trouble import Busy, NeedsYes, NotApplicable, NotATeamSet
from gradebench.core.models import Team, TeamMembership
from tests.people import teacher


def test_nothing_wanted_is_an_empty_plan(room):
    made = room.planned()
    assert made.is_empty
    assert made.operations == made.conflicts == made.refused == ()


def test_a_student_moved_here_is_moved_in_canvas(room):
    ada = room.members("Project Team 1")[0]
    ben = room.members("Project Team 2")[0]
    room.move(ada, "Project Team 2")
    room.move(ben, "Project Team 1")
    report = room.push()
    assert (report.state, report.applied, report.verified) == ("verified", 2, True)
    assert room.truth() == room.wanted()
    assert ada.name in room.truth()["Project Team 2"]
    assert room.planned().is_empty
    assert len(room.writes()) == report.writes == 2


def test_after_a_verified_push_both_sides_agree(room):
    ada = room.members("Project Team 1")[0]
    room.move(ada, None)
    assert not TeamMembership.objects.filter(student=ada, until=None, confirmed=False).exists()
    room.move(ada, "Project Team 1")
    room.move(ada, None)
    room.push()
    assert not Placement.objects.filter(user__student=ada, category=room.category()).exists()
    other = room.members("Project Team 2")[0]
    room.move(other, "Project Team 1")
    assert (
        TeamMembership.objects.get(student=other, until=None, team__name="Project Team 1").confirmed
        is False
    )
    room.push()
    place = Placement.objects.get(user__student=other, category=room.category())
    assert place.agreed_team.name == "Project Team 1"
    assert TeamMembership.objects.get(
        student=other, until=None, team__name="Project Team 1"
    ).confirmed


def test_a_new_team_gets_its_group_and_its_people(room):
    [team] = stage_new_teams(room.category(), ["Project Team 99"])
    ada = room.members("Project Team 1")[0]
    stage_places(room.category(), {ada: team}, by=teacher())
    report = room.push()
    assert report.verified, report
    assert room.truth()["Project Team 99"] == {ada.name}
    team.refresh_from_db()
    assert team.canvas_group.name == "Project Team 99"
    assert team.confirmed
    assert AgreedTeam.objects.get(team=team).name == "Project Team 99"
    assert room.planned().is_empty


def test_a_renamed_team_a_new_leader_and_a_deleted_team(room):
    category = room.category()
    stage_name(category, room.team("Project Team 1"), "Rockets")
    leader = room.members("Rockets")[1]
    stage_leader(category, room.team("Rockets"), leader)
    stage_deletion(category, [room.team("Project Team 5")], by=teacher())
    made = room.plan()
    ops = [row.op for row in plan_of(made).operations]
    assert set(ops) >= {Op.RENAME_GROUP, Op.LEADER, Op.DELETE_GROUP, Op.REMOVE}
    report = room.apply(made, yes=True)
    assert report.verified, report
    assert "Rockets" in room.truth()
    assert "Project Team 5" not in room.truth()
    group = next(
        one for one in room.sandbox.truth(submissions=False)["groups"] if one["name"] == "Rockets"
    )
    assert group["leader"]["id"] == room.canvas_id(leader)
    assert room.planned().is_empty


def test_a_plan_is_stale_when_somebody_moved_in_canvas_meanwhile(room):
    ada, ben = room.members("Project Team 1")[:2]
    room.move(ada, None)
    made = room.plan()
    room.act(
        "leave_group",
        user=room.canvas_id(ben),
        group=room.team("Project Team 1").canvas_group.canvas_id,
    )
    report = room.apply(made)
    assert report.state == "stale"
    assert report.differences == (f"{ben.name} was in “Project Team 1” and is now in no group.",)
    assert room.writes() == []
    with pytest.raises(NotApplicable):
        room.apply(made)
    assert room.push().verified
    assert room.truth() == room.wanted()


def test_many_removals_wait_for_a_yes(room):
    students = [one for team in (1, 2) for one in room.members(f"Project Team {team}")]
    stage_places(room.category(), dict.fromkeys(students), by=teacher())
    made = room.plan()
    assert plan_of(made).needs_yes
    with pytest.raises(NeedsYes):
        room.apply(made)
    assert room.writes() == []
    assert room.apply(made, yes=True).verified
    assert room.truth()["Project Team 1"] == set()


def test_somebody_who_dropped_out_is_named_and_the_others_are_in(room):
    [team] = stage_new_teams(room.category(), ["Project Team 99"])
    ada, ben = room.members("Project Team 1")[:2]
    stage_places(room.category(), {ada: None, ben: None}, by=teacher())
    room.push()
    stage_places(room.category(), {ada: team, ben: team}, by=teacher())
    made = room.plan()
    room.act("drop_student", course=room.course.canvas_id, user=room.canvas_id(ada))
    report = room.apply(made)
    assert (report.state, report.applied, report.failed) == ("remainder", 1, 1)
    assert [one.text for one in report.unmet] == [f"Add {ada.name} to “Project Team 99”"]
    assert "left out 1" in report.unmet[0].reason
    assert room.truth()["Project Team 99"] == {ben.name}


def test_a_conflict_waits_and_is_settled_for_either_side(room):
    ada, ben = room.members("Project Team 1")[:2]
    room.move(ada, None)
    room.move(ben, None)
    second = room.team("Project Team with a leaver").canvas_group.canvas_id
    for one in (ada, ben):
        room.act("switch_group", user=room.canvas_id(one), group=second)
    made = room.plan()
    assert len(plan_of(made).unsettled) == 2
    assert plan_of(made).is_empty
    sides = {
        f"place:{room.canvas_id(ada)}": Side.OURS,
        f"place:{room.canvas_id(ben)}": Side.CANVAS,
    }
    assert room.push(settled=sides).verified
    assert ada.name not in {name for names in room.truth().values() for name in names}
    assert ben.name in room.wanted()["Project Team with a leaver"]
    assert not room.planned().conflicts


def test_only_one_push_works_on_a_course(room):
    other = runs.ask(room.course, by=None, kind=SyncRun.Kind.PUSH)
    runs.claim_this(other)
    made = room.plan()
    with pytest.raises(Busy):
        room.apply(made)
    made.refresh_from_db()
    assert made.state == GroupPlan.State.READY


def test_a_sync_and_a_push_of_one_course_wait_for_each_other(room):
    push = runs.ask(room.course, by=None, kind=SyncRun.Kind.PUSH)
    assert runs.claim_this(push)
    sync = runs.ask(room.course, by=None)
    assert not runs.claim_this(sync)
    runs.finish(push, runs.Outcome(state=SyncRun.State.COMPLETE, summary="Done."))
    assert runs.claim_this(sync)
    with pytest.raises(Busy):
        room.apply(room.plan())


def test_sets_that_form_no_teams_are_left_alone(room):
    with pytest.raises(NotATeamSet):
        room.plan("Student Groups")


def test_the_journal_tells_every_write_and_what_came_of_it(room):
    ada = room.members("Project Team 1")[0]
    room.move(ada, None)
    made = room.plan()
    assert [one.state for one in made.journal.all()] == [PlannedWrite.State.PLANNED]
    room.apply(made)
    [noted] = made.journal.all()
    assert noted.state == PlannedWrite.State.APPLIED
    assert noted.sent_at is not None
    assert noted.settled_at is not None
    assert made.run is None or made.run
    made.refresh_from_db()
    assert made.run.state == "complete"
    assert made.run.counts == {"operations": {"changed": 1, "failed": 0}}


def test_a_team_deleted_here_with_people_going_elsewhere(room):
    category = room.category()
    sixth, first = room.members("Project Team 5"), room.members("Project Team 1")
    free = stage_new_teams(category, ["Overflow"])[0]
    stage_deletion(category, [room.team("Project Team 5")], by=teacher())
    stage_places(category, dict.fromkeys(sixth, free), by=teacher())
    report = room.push()
    assert report.verified, report
    assert room.truth()["Overflow"] == {one.name for one in sixth}
    assert {one.name for one in first} == room.truth()["Project Team 1"]
    assert Team.objects.filter(name="Project Team 5", gone_at=None).count() == 0


def test_someone_in_two_groups_at_once_is_taken_out_of_the_wrong_one(room):
    ada = room.members("Project Team 1")[0]
    group = room.team("Project Team with a leaver").canvas_group.canvas_id
    room.act("double_membership", user=room.canvas_id(ada), group=group)
    made = room.plan()
    [operation] = plan_of(made).operations
    assert (operation.op, operation.user_name) == (Op.MOVE, ada.name)
    assert room.apply(made).verified
    assert ada.name in room.truth()["Project Team 1"]
    assert ada.name not in room.truth()["Project Team with a leaver"]
    assert room.planned().is_empty
