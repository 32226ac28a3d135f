"""Every write endpoint against the sandbox Canvas, and what is known of a change whose answer is lost."""

import time

import pytest

from gradebench.canvas.api import endpoints, errors
from gradebench.canvas.api.drivers import Canvas

from .conftest import QUICK


@pytest.fixture
def course(sandbox):
    return sandbox.course


@pytest.fixture
def lab(canvas, course):
    """A new set of its own, taken away again."""
    category = canvas.perform(endpoints.create_group_category(course, name="Lab"))
    yield category
    canvas.perform(endpoints.delete_group_category(category.id))


@pytest.fixture
def students(canvas, course):
    listing = endpoints.list_enrollments(course, types=["StudentEnrollment"], states=["active"])
    return sorted({row.user_id for row in canvas.list(listing)})


def members(canvas, group):
    return {user.id for user in canvas.list(endpoints.list_group_users(group.id))}


def finished(canvas, progress):
    deadline = time.monotonic() + 20
    while not progress.is_over and time.monotonic() < deadline:
        time.sleep(0.1)
        progress = canvas.perform(endpoints.get_progress(progress.id))
    return progress


def test_a_set_is_made_changed_and_deleted(canvas, course):
    made = canvas.perform(
        endpoints.create_group_category(course, name="Seminar", group_limit=4, create_group_count=3)
    )
    assert (made.name, made.group_limit) == ("Seminar", 4)
    groups = canvas.list(endpoints.list_category_groups(made.id))
    assert [group.members_count for group in groups] == [0, 0, 0]
    changed = canvas.perform(
        endpoints.update_group_category(
            made.id, name="Séminaire", self_signup="enabled", auto_leader=None, group_limit=5
        )
    )
    assert (changed.name, changed.self_signup, changed.group_limit) == ("Séminaire", "enabled", 5)
    canvas.perform(endpoints.delete_group_category(made.id))
    with pytest.raises(errors.NotFound):
        canvas.perform(endpoints.get_group_category(made.id))


def test_a_name_that_is_taken_is_refused_with_its_reason(canvas, course, lab):
    with pytest.raises(errors.Invalid, match="already in use") as caught:
        canvas.perform(endpoints.create_group_category(course, name="Lab"))
    assert caught.value.about("name")


def test_a_group_is_made_filled_renamed_and_deleted(canvas, lab, students):
    ada, ben, cyn = students[:3]
    group = canvas.perform(endpoints.create_group(lab.id, name="Team Ümlaut", description="x"))
    assert (group.name, group.members_count) == ("Team Ümlaut", 0)
    filled = canvas.perform(endpoints.update_group(group.id, members=[ada, ben]))
    assert {user.id for user in filled.users or []} == {ada, ben}
    renamed = canvas.perform(endpoints.update_group(group.id, name="Team 2"))
    assert (renamed.name, members(canvas, group)) == ("Team 2", {ada, ben})
    canvas.perform(endpoints.update_group(group.id, members=[cyn]))
    assert members(canvas, group) == {cyn}
    canvas.perform(endpoints.update_group(group.id, members=[]))
    assert members(canvas, group) == set()
    canvas.perform(endpoints.delete_group(group.id))
    with pytest.raises(errors.NotFound):
        canvas.perform(endpoints.get_group(group.id))


def test_a_leader_is_named_and_cleared(canvas, lab, students):
    group = canvas.perform(endpoints.create_group(lab.id, name="Team 1"))
    led = canvas.perform(
        endpoints.update_group(group.id, members=students[:2], leader_id=students[0])
    )
    assert led.leader
    assert led.leader.id == students[0]
    assert canvas.perform(endpoints.update_group(group.id, leader_id=None)).leader is None


def test_members_come_move_and_go_one_by_one_or_together(canvas, lab, students):
    ada, ben, cyn = students[:3]
    one, two = (
        canvas.perform(endpoints.create_group(lab.id, name=name)) for name in ("One", "Two")
    )
    first = canvas.perform(endpoints.add_group_member(one.id, ada))
    again = canvas.perform(endpoints.add_group_member(one.id, ada))
    assert (first.just_created, again.just_created) == (True, False)
    assert canvas.perform(endpoints.get_membership(one.id, ada)).id == first.id
    assert canvas.perform(endpoints.update_membership(one.id, ada, moderator=True)).moderator
    canvas.perform(endpoints.add_group_member(two.id, ada))
    assert (members(canvas, one), members(canvas, two)) == (set(), {ada})
    assert canvas.perform(endpoints.remove_group_member(two.id, ada)).ok
    with pytest.raises(errors.NotFound):
        canvas.perform(endpoints.remove_group_member(two.id, ada))
    canvas.perform(endpoints.update_group(two.id, members=[ada, ben, cyn]))
    gone = canvas.perform(endpoints.remove_group_members(two.id, [ada, ben, 999999]))
    assert sorted(gone.deleted_user_ids) == [ada, ben]
    assert members(canvas, two) == {cyn}


def test_a_full_group_refuses_with_its_reason(canvas, course, students):
    small = canvas.perform(
        endpoints.create_group_category(course, name="Pairs", group_limit=2, create_group_count=1)
    )
    [pair] = canvas.list(endpoints.list_category_groups(small.id))
    canvas.perform(endpoints.update_group(pair.id, members=students[:2]))
    with pytest.raises(errors.Invalid, match="full") as caught:
        canvas.perform(endpoints.add_group_member(pair.id, students[2]))
    assert caught.value.about("group_id")
    canvas.perform(endpoints.delete_group_category(small.id))


def test_a_set_goes_out_and_in_as_csv(canvas, lab, students):
    rows = "".join(f"{student},Team {index % 2}\n" for index, student in enumerate(students[:4]))
    csv = f"canvas_user_id,group_name\n{rows}".encode()
    progress = finished(canvas, canvas.perform(endpoints.import_group_category(lab.id, csv)))
    assert progress.workflow_state == "completed"
    groups = canvas.list(endpoints.list_category_groups(lab.id))
    assert {group.name: group.members_count for group in groups} == {"Team 0": 2, "Team 1": 2}
    exported = canvas.perform(endpoints.export_group_category(lab.id)).decode()
    assert exported.splitlines()[0].startswith("name,canvas_user_id")
    assert exported.count("Team 0") == 2


def test_the_students_without_a_group_are_spread_at_once_or_in_the_background(canvas, lab, course):
    for name in ("One", "Two"):
        canvas.perform(endpoints.create_group(lab.id, name=name))
    placed = canvas.perform(endpoints.assign_unassigned_members_now(lab.id))
    assert sum(len(group.new_members) for group in placed) > 10
    progress = canvas.perform(endpoints.assign_unassigned_members(lab.id))
    assert finished(canvas, progress).workflow_state == "completed"
    listing = endpoints.list_category_users(lab.id, unassigned=True)
    assert canvas.list(listing) == []


def test_grades_are_given_one_by_one_and_together(canvas, course, students):
    individual = next(
        assignment
        for assignment in canvas.list(endpoints.list_assignments(course))
        if assignment.published
        and assignment.group_category_id is None
        and assignment.grading_type == "points"
    )
    rows = canvas.list(endpoints.list_submissions(course, individual.id))
    ada, ben = [row.user_id for row in rows if row.user_id in students][:2]
    graded = canvas.perform(
        endpoints.grade_submission(
            course, individual.id, ada, posted_grade="7.5", comment="Well done"
        )
    )
    assert graded.score == 7.5
    assert [row.user_id for row in graded.all_submissions or []] == [ada]
    excused = canvas.perform(endpoints.grade_submission(course, individual.id, ada, excuse=True))
    assert excused.excused is True
    call = endpoints.update_grades(course, individual.id, {ada: "3", ben: "4"})
    assert finished(canvas, canvas.perform(call)).workflow_state == "completed"
    rows = canvas.list(endpoints.list_submissions(course, individual.id))
    assert {row.user_id: row.score for row in rows if row.user_id in {ada, ben}} == {ada: 3, ben: 4}


@pytest.mark.parametrize("kind", ["lost", "cut", "html", "truncate"])
def test_a_group_whose_answer_is_lost_is_never_made_twice(canvas, sandbox, lab, kind):
    sandbox.fault(kind, method="POST", path="groups$", status=502)
    with pytest.raises(errors.Uncertain):
        canvas.perform(endpoints.create_group(lab.id, name="Once"))
    groups = canvas.list(endpoints.list_category_groups(lab.id))
    happened = kind in {"lost", "truncate"}
    assert [group.name for group in groups] == ["Once"] * happened
    posts = [row for row in sandbox.requests() if row.path.endswith(f"{lab.id}/groups")]
    assert [row.method for row in posts].count("POST") == 1


@pytest.mark.parametrize("status", [403, 429])
def test_a_throttled_change_is_made_once_after_the_wait(canvas, sandbox, lab, status):
    sandbox.throttle(status=status, outflow=400, token=sandbox.token, level=800)
    canvas.perform(endpoints.create_group(lab.id, name="Patient"))
    sandbox.throttle(level=0)
    groups = canvas.list(endpoints.list_category_groups(lab.id))
    assert [group.name for group in groups] == ["Patient"]
    assert status in {row.status for row in sandbox.requests()}


def test_a_copy_that_lags_behind_a_new_group_is_waited_for(canvas, sandbox, lab, students):
    group = canvas.perform(endpoints.create_group(lab.id, name="Fresh"))
    sandbox.fault("status", status=404, path=f"groups/{group.id}", count=2)
    listing = endpoints.list_group_users(group.id).of_just_created()
    assert canvas.list(listing) == []
    sandbox.fault("status", status=404, path=f"groups/{group.id}", count=2)
    call = endpoints.update_group(group.id, members=students[:1]).of_just_created()
    assert len(canvas.perform(call).users or []) == 1


def test_a_token_that_may_only_read_changes_nothing(sandbox, course):
    with (
        Canvas(sandbox.url, sandbox.tokens["readonly"], patience=QUICK) as reader,
        pytest.raises((errors.NotPermitted, errors.MissingScope)),
    ):
        reader.perform(endpoints.create_group_category(course, name="No"))
