"""Rows vanish only when Canvas certainly has them no more, and many at once wait for a person."""

import pytest

from gradebench.canvas import runs
from gradebench.canvas.models import CanvasEnrollment, CanvasSubmission, SyncRun
from gradebench.canvas.worker import carry_out
from gradebench.core.models import TeamMembership

pytestmark = pytest.mark.django_db(transaction=True)
State = SyncRun.State


def names(desk) -> set[str]:
    return {one["name"] for one in desk.mirror()["users"]}


def drop(desk, students):
    for student in students:
        desk.act("drop_student", user=student)


def gone_rows(desk) -> int:
    lists = desk.mirror(gone=True)
    return sum(row.get("gone", False) for kind in lists.values() for row in kind)


def removed(desk) -> dict[str, int]:
    """How many rows of the kinds that matter most are marked as gone."""
    course = desk.integration.courses.get(canvas_id=desk.canvas.course)
    kinds = ("enrollments", "submissions", "memberships", "assignments", "groups")
    counts = {kind: getattr(course, kind).exclude(gone_at=None).count() for kind in kinds}
    return {kind: count for kind, count in counts.items() if count}


def test_a_student_who_dropped_is_gone_with_a_time_and_not_deleted(desk):
    desk.sync()
    student = desk.students()[0]
    drop(desk, [student])
    run = desk.sync()
    assert run.state == State.COMPLETE
    assert desk.differences() == []
    enrollment = CanvasEnrollment.objects.get(user__canvas_id=student)
    assert enrollment.gone_at is not None
    assert not TeamMembership.objects.filter(
        student__canvas_user__canvas_id=student, until=None
    ).exists()
    assert not CanvasSubmission.objects.filter(user__canvas_id=student, gone_at=None).exists()


def test_a_sync_that_asks_for_a_yes_still_tells_what_it_could_not_read(desk):
    desk.sync()
    drop(desk, desk.students()[:6])
    assert desk.sync().summary.endswith(
        "Everything else is up to date. Look at the list, then agree or leave it."
    )
    desk.canvas.fault("status", status=500, path="/assignments", count=None)
    run = desk.sync()
    desk.canvas.clear_faults()
    assert run.state == State.WAITS
    assert "Canvas no longer lists 6 students" in run.summary
    assert "Not everything could be read: assignments" in run.summary


def test_a_student_who_returns_comes_back_with_everything(desk):
    desk.sync()
    student = desk.students()[0]
    drop(desk, [student])
    desk.sync()
    desk.act("return_student", user=student)
    run = desk.sync()
    assert run.state == State.COMPLETE
    assert desk.differences() == []
    assert CanvasEnrollment.objects.get(user__canvas_id=student).gone_at is None


def test_four_of_twenty_five_students_at_once_wait_for_a_yes(desk):
    desk.sync()
    leaving = desk.students()[:4]
    drop(desk, leaving)
    run = desk.sync()
    assert run.state == State.WAITS
    assert run.held["students"] == sorted(leaving)
    assert removed(desk) == {}


def test_a_yes_removes_exactly_those_that_were_shown(desk):
    desk.sync()
    drop(desk, desk.students()[:4])
    waiting = desk.sync()
    approved = runs.approve(waiting, by=None)
    assert runs.claim_this(approved)
    assert carry_out(approved).state == State.COMPLETE
    assert desk.differences() == []


def test_a_yes_for_some_is_no_yes_for_others_who_left_since(desk):
    desk.sync()
    drop(desk, desk.students()[:4])
    waiting = desk.sync()
    more = desk.students()[:4]
    drop(desk, more)
    approved = runs.approve(waiting, by=None)
    assert runs.claim_this(approved)
    assert carry_out(approved).state == State.WAITS
    assert set(approved.held["students"]) == set(more)


def test_a_yes_beforehand_lets_many_go(desk):
    desk.sync()
    drop(desk, desk.students()[:6])
    assert desk.sync(yes=True).state == State.COMPLETE
    assert desk.differences() == []


def test_three_students_may_go_without_a_question(desk):
    desk.sync()
    drop(desk, desk.students()[:3])
    assert desk.sync().state == State.COMPLETE
    assert desk.differences() == []


def test_many_memberships_at_once_wait_for_a_yes(desk):
    desk.sync()
    for membership in desk.truth()["memberships"][:8]:
        desk.canvas.act("leave_group", group=membership["group_id"], user=membership["user_id"])
    run = desk.sync()
    assert run.state == State.WAITS
    assert len(run.held["memberships"]) == 8
    assert removed(desk) == {}
    assert desk.sync(yes=True).state == State.COMPLETE
    assert desk.differences() == []


def test_a_whole_set_deleted_in_canvas_waits_for_a_yes(desk):
    desk.sync()
    desk.canvas.act("delete_set", category=desk.truth()["groups"][0]["group_category_id"])
    assert desk.sync().state == State.WAITS
    assert removed(desk) == {}
    assert desk.sync(yes=True).state == State.COMPLETE
    assert desk.differences() == []


def test_students_who_swap_their_groups_are_no_removal(desk):
    desk.sync()
    truth = desk.truth()
    category = truth["groups"][0]["group_category_id"]
    groups = [one["id"] for one in truth["groups"] if one["group_category_id"] == category]
    members = [one for one in truth["memberships"] if one["group_id"] in groups]
    for one in members:
        other = groups[(groups.index(one["group_id"]) + 1) % len(groups)]
        desk.canvas.act("switch_group", group=other, user=one["user_id"])
    assert desk.sync().state == State.COMPLETE
    assert desk.differences() == []


def test_an_assignment_deleted_in_canvas_takes_its_submissions_along(desk):
    desk.sync()
    desk.canvas.act("delete_assignment", assignment=desk.truth()["assignments"][0]["id"])
    assert desk.sync().state == State.COMPLETE
    assert desk.differences() == []


def test_concluded_students_keep_their_work(desk):
    desk.sync()
    student = desk.students()[0]
    desk.act("conclude_student", user=student)
    for full in (False, True):
        assert desk.sync(full=full).state == State.COMPLETE
        assert desk.differences() == []
    assert CanvasSubmission.objects.filter(user__canvas_id=student, gone_at=None).exists()


LISTS = {
    "sections": r"/courses/\d+/sections",
    "enrollments": r"/courses/\d+/enrollments",
    "assignments": r"/courses/\d+/assignments($|\?)",
    "submissions": r"/assignments/\d+/submissions",
    "group_categories": r"/group_categories",
    "groups": r"/courses/\d+/groups",
}


FAULTS = (
    {"kind": "page", "lose": "rows"},
    {"kind": "page", "lose": "both"},
    {"kind": "truncate"},
    {"kind": "cut_body"},
    {"kind": "html", "status": 502},
)


@pytest.mark.parametrize("path", LISTS.values(), ids=LISTS)
def test_no_fault_at_any_list_removes_anybody(desk, path):
    desk.sync()
    for fault in FAULTS:
        desk.canvas.fault(path=path, count=1, **fault)
        desk.sync(full=True)
        assert removed(desk) == {}, fault
    desk.canvas.clear_faults()
    assert desk.sync(full=True).state == State.COMPLETE
    assert desk.differences() == []
