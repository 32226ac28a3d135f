"""Taking a plan back, and edits that are in Canvas when the function returns."""

import pytest
from django.utils import timezone

from gradebench.canvas.models import GroupPlan
from gradebench.canvas.push import single
from gradebench.canvas.push.history import history
from gradebench.canvas.push.scene import drift
from gradebench.canvas.push.staging import (
    stage_deletion,
    stage_leader,
    stage_name,
    stage_new_teams,
    stage_places,
)
from gradebench.canvas.push.storing import plan_of
from gradebench.canvas.push.trouble import NotApplicable
from gradebench.canvas.push.undoing import make_undo
from gradebench.canvas.sync_utils import perform_sync
from gradebench.core import people
from gradebench.core.models import TeamMembership, TeamSet
from tests.people import teacher


def undo(room, row: GroupPlan) -> GroupPlan:
    return perform_sync(room.integration, make_undo(row, by=teacher()))


def leaders(room) -> dict[str, int | None]:
    groups = room.sandbox.truth(submissions=False)["groups"]
    category = room.category().canvas_id
    return {
        one["name"]: one["leader"] and one["leader"]["id"]
        for one in groups
        if one["group_category_id"] == category
    }


def test_the_undo_of_moves_brings_everybody_back_and_is_itself_undone(room):
    before, led = room.truth(), leaders(room)
    ones, twos = room.members("Project Team 1"), room.members("Project Team 2")
    room.move(ones[0], None)
    room.move(twos[0], "Project Team 1")
    room.move(ones[1], "Project Team 2")
    made = room.plan()
    assert room.apply(made).verified
    after = room.truth()
    assert after != before
    back = undo(room, made)
    assert back.undoes == made
    assert plan_of(back).warnings is not None
    assert room.apply(back).verified
    assert room.truth() == before == room.wanted()
    assert leaders(room) == led
    again = undo(room, back)
    assert room.apply(again).verified
    assert room.truth() == after


def test_the_undo_of_new_renamed_and_deleted_teams(room):
    before = room.truth()
    category = room.category()
    [new] = stage_new_teams(category, ["Newcomers"])
    fifth = room.members("Project Team 5")
    stage_deletion(category, [room.team("Project Team 5")], by=teacher())
    stage_places(category, dict.fromkeys(fifth, new), by=teacher())
    stage_name(category, room.team("Project Team 1"), "Rockets")
    made = room.plan()
    assert room.apply(made).verified
    assert "Newcomers" in room.truth()
    report = room.apply(undo(room, made))
    assert report.verified, report
    assert room.truth() == before == room.wanted()
    assert room.planned().is_empty


def test_whoever_was_moved_again_since_stays_and_is_named(room):
    ada, ben = room.members("Project Team 1")[:2]
    room.move(ada, None)
    room.move(ben, None)
    made = room.plan()
    room.apply(made)
    room.move(ada, "Project Team with a leaver")
    room.push()
    back = undo(room, made)
    assert f"{ada.name} was moved again since, and stays." in plan_of(back).warnings
    room.apply(back)
    assert ada.name in room.truth()["Project Team with a leaver"]
    assert ben.name in room.truth()["Project Team 1"]


def test_nobody_goes_back_into_a_team_that_was_deleted_since(room):
    ada = room.members("Project Team 5")[0]
    room.move(ada, None)
    made = room.plan()
    room.apply(made)
    stage_deletion(room.category(), [room.team("Project Team 5")], by=teacher())
    back = undo(room, made)
    assert f"{ada.name} stays, because “Project Team 5” is gone since." in plan_of(back).warnings
    assert plan_of(back).is_empty
    assert not TeamMembership.objects.filter(student=ada, until=None, team__name="Project Team 5")


def test_a_plan_that_was_never_applied_cannot_be_undone(room):
    room.move(room.members("Project Team 1")[0], None)
    with pytest.raises(NotApplicable):
        undo(room, room.plan())


def test_an_undo_leaves_other_wishes_alone(room):
    ada, ben = room.members("Project Team 1")[:2]
    room.move(ada, None)
    made = room.plan()
    room.apply(made)
    room.move(ben, None)
    room.apply(undo(room, made))
    assert {ada.name, ben.name} <= room.truth()["Project Team 1"]
    assert ben.name not in room.wanted()["Project Team 1"]


def place(room, places) -> single.Outcome:
    return perform_sync(
        room.integration, single.place_students(room.category(), places, by=teacher())
    )


def test_adding_a_student_is_in_canvas_when_it_returns(room):
    ada = room.members("Project Team 1")[0]
    outcome = place(room, {ada: room.team("Project Team with a leaver")})
    assert [one.user_name for one in outcome.done] == [ada.name]
    assert outcome.refused == outcome.waiting == ()
    assert ada.name in room.truth()["Project Team with a leaver"]


def test_a_full_team_refuses_and_the_wish_is_not_kept(room):
    ada = room.members("Project Team 1")[0]
    ben = room.members("Project Team 2")[0]
    outcome = place(room, {ada: room.team("Project Team 2"), ben: None})
    assert [one.user_name for one in outcome.done] == [ben.name, ada.name] or {
        one.user_name for one in outcome.done
    } == {ada.name, ben.name}
    cy = room.members("Project Team 1")[0]
    outcome = place(room, {cy: room.team("Project Team 2")})
    assert outcome.done == ()
    assert "is full (limit 5)" in outcome.refused[0].reason
    assert cy.name in room.wanted()["Project Team 1"]
    assert drift(room.category()).is_empty


def test_edits_of_a_set_that_waits_for_a_review_stay_here(room):
    TeamSet.objects.filter(pk=room.category().team_set.pk).update(edits_wait=True)
    ada = room.members("Project Team 1")[0]
    outcome = place(room, {ada: None})
    assert [one.reason for one in outcome.waiting] == ["Waits for a review."]
    assert room.writes() == []
    assert [one.user_name for one in drift(room.category()).operations] == [ada.name]
    assert room.push().verified


def test_an_edit_while_canvas_is_down_is_kept_and_goes_out_later(room):
    ada = room.members("Project Team 1")[0]
    url = room.integration.canvas_url
    room.integration.canvas_url = "http://127.0.0.1:9"
    outcome = place(room, {ada: None})
    assert [one.user_name for one in outcome.waiting] == [ada.name]
    room.integration.canvas_url = url
    assert room.push().verified
    assert ada.name not in room.truth()["Project Team 1"]


def test_an_edit_while_canvas_answers_only_with_errors_is_kept_too(room):
    ada = room.members("Project Team 1")[0]
    room.sandbox.fault("status", status=500, count=None)
    outcome = place(room, {ada: None})
    room.sandbox.clear_faults()
    assert [one.user_name for one in outcome.waiting] == [ada.name]
    assert "500" in outcome.waiting[0].reason
    assert ada.name in room.truth()["Project Team 1"]
    assert room.push().verified
    assert ada.name not in room.truth()["Project Team 1"]


def test_teams_are_made_renamed_led_and_deleted_one_by_one(room):
    category = room.category()
    run = lambda edit: perform_sync(room.integration, edit)  # noqa: E731
    assert run(single.add_teams(category, ["Solo"], by=teacher())).done[0].text == "Create “Solo”"
    solo = room.team("Solo")
    assert run(single.rename_team(category, solo, "Duo", by=teacher())).done
    assert "Duo" in room.truth()
    ada = room.members("Project Team 1")[0]
    place(room, {ada: solo})
    assert run(single.lead_team(category, solo, ada, by=teacher())).done
    assert leaders(room)["Duo"] == room.canvas_id(ada)
    gone = run(single.remove_teams(category, [solo], by=teacher()))
    assert len(gone.done) == 2
    assert "Duo" not in room.truth()
    assert room.planned().is_empty


def test_the_history_tells_who_when_and_why_also_what_was_seen_in_canvas(room):
    red = room.team("Project Team 1")
    ada, ben = room.members("Project Team 1")[:2]
    before = timezone.now()
    stage_places(room.category(), {ada: None}, by=teacher(), because="Asked to leave")
    room.act("leave_group", user=room.canvas_id(ben), group=red.canvas_group.canvas_id)
    room.sync()
    events = {one.student: one for one in history(room.course, since=before)}
    assert (events[ada.name].because, events[ada.name].by) == ("Asked to leave", "lovelace")
    assert (events[ben.name].because, events[ben.name].by) == ("Seen in Canvas", None)
    assert events[ada.name].from_team == "Project Team 1"
    assert events[ada.name].to_team is None
    assert {ada, ben} <= set(people.members_on(red, before))
    assert not TeamMembership.objects.filter(student__in=[ada, ben], team=red, until=None).exists()


def test_a_leader_is_chosen_and_kept_through_a_sync(room):
    team = room.team("Project Team 1")
    leader = room.members("Project Team 1")[3]
    stage_leader(room.category(), team, leader)
    room.sync()
    assert room.push().verified
    assert leaders(room)["Project Team 1"] == room.canvas_id(leader)
