"""After a sync every row equals what Canvas has; what went wrong is said, and healed by the next."""

import pytest

from gradebench.canvas.models import CanvasCourse, CanvasSubmission, SyncRun
from gradebench.core.models import Student, Team
from gradebench.sandbox.launch import Sandbox
from tests.canvas.sync.conftest import desk_at

pytestmark = pytest.mark.django_db(transaction=True)
State = SyncRun.State


@pytest.fixture(scope="module")
def quirky_canvas():
    """Every oddity of data in one course, with ids that a double cannot hold, given as text."""
    with Sandbox.start(world="quirks", id_offset=21_070_000_000_000_000, string_ids=True) as canvas:
        yield canvas


def test_every_row_of_a_course_full_of_oddities_equals_canvas(quirky_canvas):
    desk = desk_at(quirky_canvas)
    run = desk.sync()
    assert (run.state, run.errors) == (State.COMPLETE, [])
    assert desk.differences() == []


def test_the_worked_example_equals_canvas_within_240_requests():
    with Sandbox.start(world="course") as canvas:
        desk = desk_at(canvas)
        run = desk.sync()
        assert run.state == State.COMPLETE
        assert desk.differences() == []
        assert run.counts["submissions"]["total"] == 18_000
        assert run.requests <= 240
        assert max(one.in_flight for one in canvas.requests()) <= 8

        again = desk.sync()
        assert again.state == State.COMPLETE
        assert again.requests <= 20
        assert sum(one["new"] + one["changed"] + one["gone"] for one in again.counts.values()) == 0


def test_groups_become_teams_and_people_students(quirky_canvas):
    desk = desk_at(quirky_canvas)
    desk.sync()
    owner = desk.integration.user
    truth = desk.truth()
    with_teams = {
        one["id"] for one in truth["group_categories"] if not one["allows_multiple_memberships"]
    }
    groups = [one for one in truth["groups"] if one["group_category_id"] in with_teams]
    teams = Team.objects.filter(team_set__owner=owner, gone_at=None)
    assert sorted(teams.values_list("name", flat=True)) == sorted(one["name"] for one in groups)
    students = {
        one["user_id"] for one in truth["enrollments"] if one["type"] == "StudentEnrollment"
    }
    known = Student.objects.filter(owner=owner).values_list("canvas_user__canvas_id", flat=True)
    assert students <= set(known)


def test_a_token_that_sees_one_section_mirrors_one_section(quirky_canvas):
    desk = desk_at(quirky_canvas, "ta_limited")
    run = desk.sync()
    assert run.state == State.COMPLETE
    assert CanvasCourse.objects.get(pk=run.course_id).section_limited
    sections = {one["course_section_id"] for one in desk.mirror()["enrollments"]}
    assert len(sections) == 1


def test_two_mirrors_of_one_course_do_not_touch_each_other(quirky_canvas):
    whole, limited = desk_at(quirky_canvas), desk_at(quirky_canvas, "ta_limited")
    whole.sync()
    limited.sync()
    assert whole.differences() == []
    assert len(limited.mirror()["users"]) < len(whole.mirror()["users"])


def test_a_stub_course_is_listed_and_cannot_be_read(quirky_canvas):
    desk = desk_at(quirky_canvas)
    stub = CanvasCourse.objects.get(integration=desk.integration, access_restricted_by_date=True)
    assert str(stub) == f"Course {stub.canvas_id}"


def test_an_unpublished_course_without_people_syncs():
    with Sandbox.start(world="demo") as canvas:
        desk = desk_at(canvas)
        for course in CanvasCourse.objects.filter(access_restricted_by_date=False):
            run = desk.sync(course.canvas_id)
            assert run.state == State.COMPLETE, run.summary
            assert desk.differences(course.canvas_id) == []


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_twenty_random_faults_are_survived_or_named_and_then_healed(seed):
    with Sandbox.start(world="course", students=200, teams=40, assignments=10) as canvas:
        desk = desk_at(canvas)
        canvas.random_faults(20, over=60, seed=seed)
        run = desk.sync()
        if desk.differences():
            assert run.state in (State.PARTLY, State.FAILED)
            assert run.errors
        canvas.clear_faults()
        healed = desk.sync()
        assert healed.state == State.COMPLETE
        assert desk.differences() == []


def test_one_bad_entity_is_recorded_and_the_others_are_saved(desk):
    desk.canvas.fault("withhold", path=r"/assignments/\d+/submissions", keys=["workflow_state"])
    run = desk.sync()
    assert run.state == State.PARTLY
    assert {error["part"] for error in run.errors} == {"submissions"}
    assert CanvasSubmission.objects.exists()
    assert desk.sync().state == State.COMPLETE
    assert desk.differences() == []


def test_a_part_that_fails_stays_as_it_was_and_the_others_are_done(desk):
    desk.sync()
    before = desk.mirror()
    desk.canvas.act("rename_person", user=desk.students()[0], name="Zoë Renamed")
    desk.canvas.fault("status", path=r"/quizzes", status=500, count=None)
    run = desk.sync()
    assert run.state == State.PARTLY
    assert "Quizzes" in run.errors[0]["reason"]
    assert desk.mirror()["quizzes"] == before["quizzes"]
    assert "Zoë Renamed" in {one["name"] for one in desk.mirror()["users"]}


def test_fields_that_canvas_withholds_do_not_clear_what_is_known(desk):
    desk.sync()
    desk.canvas.fault("withhold", path="/enrollments", keys=["email", "login_id"], count=None)
    assert desk.sync().state == State.COMPLETE
    assert desk.differences() == []


def test_without_the_groups_of_people_memberships_are_read_another_way(desk):
    desk.canvas.fault("withhold", path="/enrollments", keys=["group_ids"], count=None)
    desk.canvas.fault("withhold", path="/groups", keys=["users"], count=None)
    assert desk.sync().state == State.COMPLETE
    assert desk.differences() == []


def test_when_the_sets_cannot_be_read_their_groups_and_members_stay(desk):
    desk.sync()
    before = desk.mirror()
    desk.canvas.permissions(
        "TeacherEnrollment",
        off=["manage_groups_add", "manage_groups_manage", "manage_groups_delete"],
    )
    run = desk.sync()
    assert run.state == State.PARTLY
    assert [error["part"] for error in run.errors] == ["group_categories", "groups", "memberships"]
    after = desk.mirror()
    assert (after["groups"], after["memberships"]) == (before["groups"], before["memberships"])


def test_an_older_canvas_that_knows_no_tags_keeps_its_sets(desk):
    desk.canvas.settings(knows_tags=False)
    assert desk.sync().state == State.COMPLETE
    mirror, truth = desk.mirror(), desk.truth()
    for kind in ("group_categories", "groups"):
        assert {one["id"] for one in mirror[kind]} == {one["id"] for one in truth[kind]}
    assert mirror["tag_categories"] == mirror["tags"] == []
