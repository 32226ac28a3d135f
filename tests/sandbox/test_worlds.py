"""The worlds: the promised numbers, the same for the same seed, with the people that real lists have."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from gradebench.sandbox.control.truth import course_truth
from gradebench.sandbox.launch import Sandbox, SandboxError
from gradebench.sandbox.world.worlds import WorldOptions, make_world
from tests.sandbox.conftest import client_of, walk

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)


def made(**options):
    return make_world(WorldOptions(now=NOON, **options))


def test_the_worked_example_has_exactly_the_promised_numbers():
    world = made(world="course")
    course = next(iter(world.courses))
    assert len(world.current_students(course.id)) == 600
    assert len(world.sections.of("course", course.id)) == 6
    assert len(world.assignments) == 30
    assert all(assignment.published for assignment in world.assignments)
    assert len(world.submissions) == 18_000
    teams = next(row for row in world.categories if row.name == "Project Teams")
    sizes = [len(world.members(group.id)) for group in world.groups_of_set(teams.id)]
    assert sizes == [5] * 120


def test_the_worked_example_is_read_in_few_requests():
    with Sandbox.start(world="course", throttle=False) as sandbox, client_of(sandbox) as canvas:
        course = f"courses/{sandbox.course}"
        assert len(walk(canvas, f"{course}/enrollments", per_page=100)) == 7
        assert len(walk(canvas, f"{course}/groups", per_page=100)) == 2
        assert len(walk(canvas, f"{course}/assignments/301/submissions", per_page=100)) == 6


@pytest.mark.parametrize("world", ["small", "quirks", "demo"])
def test_the_same_seed_makes_the_same_world_and_another_seed_another(world):
    def everything(seed):
        canvas = made(world=world, seed=seed)
        return [course_truth(canvas, course) for course in canvas.courses]

    assert everything(1) == everything(1)
    assert everything(1) != everything(2)


def test_numbers_given_override_the_world():
    world = made(world="demo", students=40, teams=7, sections=4, assignments=6)
    course = next(iter(world.courses))
    assert len(world.current_students(course.id)) == 40
    teams = world.groups_of_set(world.categories.of("course", course.id)[0].id)
    assert len(teams) == 7
    assert {len(world.members(group.id)) for group in teams} <= {5, 6}
    assert len(world.assignments.of("course", course.id)) == 6


def test_the_demo_has_four_believable_courses():
    world = made(world="demo")
    sizes = [len(world.current_students(course.id)) for course in world.courses]
    assert sizes == [120, 25, 0, 0]
    states = [course.workflow_state for course in world.courses]
    assert states == ["available", "available", "unpublished", "available"]
    assert [course.restricted_by_date for course in world.courses] == [False, False, False, True]


def test_names_come_from_many_scripts_with_duplicates_and_apostrophes():
    world = made(world="course")
    names = [user.name for user in world.users]
    text = " ".join(names)
    assert Counter(names)["Wei Zhang"] >= 2
    assert "Siobhán O'Connor" in names
    assert "Sukarno" in names
    for script in ("ن", "李", "рен", "さ", "א", "Ελ", "ธ", "ễ"):
        assert script in text
    logins = [user.login_id for user in world.users if user.login_id]
    assert len(logins) == len(set(logins))


def test_submissions_look_like_a_term_in_progress():
    world = made(world="course")
    states = Counter(row.workflow_state for row in world.submissions)
    assert states["graded"] > 9_000
    assert states["unsubmitted"] > 2_000
    assert states["submitted"] > 100
    assert states["pending_review"] > 0
    assert sum(bool(row.excused) for row in world.submissions) > 50
    by_skill = sorted(
        (user for user in world.users if user.skill), key=lambda user: user.skill, reverse=True
    )
    best, worst = (mean_score(world, users) for users in (by_skill[:60], by_skill[-60:]))
    assert best > worst + 0.1


def mean_score(world, users):
    ids = {user.id for user in users}
    shares = [
        row.score / world.assignments[row.assignment_id].points_possible
        for row in world.submissions
        if row.user_id in ids and row.score is not None
    ]
    return sum(shares) / len(shares)


def test_a_team_shares_its_group_and_its_score():
    world = made(world="course")
    work = next(row for row in world.assignments if row.group_category_id is not None)
    teams = {}
    for row in world.submissions.of("assignment", work.id):
        teams.setdefault(row.group_id, set()).add(row.score)
    assert len(teams) == 120
    assert max(map(len, teams.values())) == 1


def test_the_quirks_hold_every_state_of_enrollment_and_course():
    world = made(world="quirks")
    states = {row.state for row in world.enrollments}
    assert states == {"active", "invited", "inactive", "completed", "rejected", "deleted"}
    courses = {course.workflow_state for course in world.courses}
    assert courses == {"available", "unpublished", "completed", "deleted"}


def test_a_stub_course_has_two_keys_and_a_nickname_hides_the_name():
    with Sandbox.start(world="quirks", throttle=False) as sandbox, client_of(sandbox) as canvas:
        rows = canvas.get("courses", params={"per_page": 100}).json()
        stub = next(row for row in rows if "access_restricted_by_date" in row)
        assert set(stub) == {"id", "access_restricted_by_date"}
        nicknamed = next(row for row in rows if row.get("original_name"))
        assert nicknamed["name"] == "Widgets"
        assert canvas.get(f"courses/{stub['id']}").status_code == 403


def test_an_unknown_world_is_refused_with_the_known_ones(capfd):
    with pytest.raises(SandboxError, match="ended with code 2"):
        Sandbox.start(world="atlantis")
    assert "'course', 'demo', 'quirks', 'small'" in capfd.readouterr().err
