"""Between full readings a few requests find what changed, dates or no dates."""

import pytest

from gradebench.canvas.models import SyncRun

pytestmark = pytest.mark.django_db(transaction=True)
State = SyncRun.State


@pytest.fixture
def synced(desk):
    """Everything was read once; from now on requests are counted."""
    assert desk.sync().state == State.COMPLETE
    desk.canvas.clear_requests()
    return desk


def submission(desk, **wanted) -> dict:
    """One of the course's submissions, of an active student, with these values."""
    students = set(desk.students())
    return next(
        one
        for one in desk.truth()["submissions"]
        if one["user_id"] in students and all(one[name] == value for name, value in wanted.items())
    )


def assert_in_step_by_few(desk, most: int = 24):
    run = desk.sync()
    assert run.state == State.COMPLETE, run.summary
    assert desk.differences() == []
    assert run.requests <= most


def test_a_new_grade_is_found(synced):
    work = submission(synced, workflow_state="submitted")
    synced.canvas.act("grade", assignment=work["assignment_id"], user=work["user_id"], score=3.5)
    assert_in_step_by_few(synced)


def test_work_handed_in_is_found(synced):
    work = submission(synced, workflow_state="unsubmitted")
    synced.canvas.act("submit", assignment=work["assignment_id"], user=work["user_id"])
    assert_in_step_by_few(synced)


def test_an_excuse_is_found(synced):
    work = submission(synced, workflow_state="graded", late_policy_status=None)
    synced.canvas.act("excuse", assignment=work["assignment_id"], user=work["user_id"])
    assert_in_step_by_few(synced)


def test_a_new_assignment_is_read_whole(synced):
    synced.act("create_assignment", name="Reflection", points=5)
    assert_in_step_by_few(synced)


def test_a_late_student_comes_with_all_their_rows(synced):
    synced.act("add_student", name="Nadia Late")
    assert_in_step_by_few(synced)
    assert "Nadia Late" in {one["name"] for one in synced.mirror()["users"]}


def test_a_changed_due_date_is_followed_by_its_submissions(synced):
    assignment = synced.truth()["assignments"][0]["id"]
    synced.canvas.act("change_assignment", assignment=assignment, due_at="2031-05-05T12:00:00Z")
    assert_in_step_by_few(synced)


def test_a_student_who_moved_section_is_followed(synced):
    truth = synced.truth()
    student = synced.students()[0]
    now = {one["course_section_id"] for one in truth["enrollments"] if one["user_id"] == student}
    other = next(one["id"] for one in truth["sections"] if one["id"] not in now)
    synced.act("move_section", user=student, section=other)
    assert_in_step_by_few(synced)
