"""The worked example: 600 students, 120 teams. Few writes, exact plans, complete undo."""

import random

import pytest

from gradebench.canvas import sync_utils
from gradebench.canvas.push.plan import Op
from gradebench.canvas.push.staging import stage_name, stage_new_teams, stage_places
from gradebench.canvas.push.storing import plan_of
from gradebench.canvas.push.undoing import make_undo
from gradebench.canvas.sync_utils import perform_sync
from gradebench.core.models import Student, Team
from gradebench.sandbox.launch import Sandbox
from tests.canvas.push.conftest import opened
from tests.people import teacher


@pytest.fixture
def big_room(db):
    """The worked example with few assignments, which these tests do not look at."""
    with Sandbox.start(world="course", assignments=2, job_seconds=0.2) as sandbox:
        yield opened(sandbox)


def students_of(room) -> list[Student]:
    return list(
        Student.objects.filter(
            memberships__team_set=room.category().team_set, memberships__until=None
        ).order_by("pk")
    )


def write_count(room) -> int:
    return len(room.writes())


def test_the_first_push_of_120_teams_and_600_students(big_room):
    room = big_room
    students = students_of(room)
    assert len(students) == 600
    made = sync_utils.create_group_category_sync(
        room.integration, room.course.canvas_id, "Second Round", group_limit=5
    )
    room.sandbox.clear_requests()
    teams = stage_new_teams(made, [f"Second Team {number:03}" for number in range(120)])
    chance = random.Random(5)
    order = chance.sample(students, 600)
    places = {student: teams[number % 120] for number, student in enumerate(order)}
    stage_places(made, places, by=teacher())
    report = room.push("Second Round")
    assert report.verified, report.summary
    assert write_count(room) <= 130
    truth = room.truth("Second Round")
    assert {len(members) for members in truth.values()} <= {4, 5}  # two people share a name
    assert len(truth) == 120
    assert room.planned("Second Round").is_empty
    row = plan_of(room.plan("Second Round"))
    assert row.operations == ()


def test_without_an_import_the_first_push_takes_a_write_for_each_team_twice(big_room):
    room = big_room
    students = students_of(room)
    made = sync_utils.create_group_category_sync(
        room.integration, room.course.canvas_id, "Second Round"
    )
    teams = stage_new_teams(made, [f"Second Team {number:03}" for number in range(20)])
    places = {student: teams[number % 20] for number, student in enumerate(students[:100])}
    stage_places(made, places, by=teacher())
    room.sandbox.clear_requests()
    report = room.push("Second Round", import_from=None)
    assert report.verified
    assert write_count(room) == 40


def test_thirty_moves_with_swaps_between_full_teams(big_room):
    room = big_room
    before = room.truth()
    chance = random.Random(30)
    students = chance.sample(students_of(room), 30)
    team = {
        one.pk: Team.objects.get(
            memberships__student=one, memberships__until=None, team_set=room.category().team_set
        )
        for one in students
    }
    places = {}
    for one, other in zip(students[::2], students[1::2], strict=True):
        places |= {one: team[other.pk], other: team[one.pk]}
    stage_places(room.category(), places, by=teacher())
    made = room.plan()
    moves = [one for one in plan_of(made).operations if one.op is Op.MOVE]
    assert 28 <= len(moves) <= 30
    report = room.apply(made)
    assert report.verified, report.summary
    assert write_count(room) <= 35
    assert room.truth() == room.wanted() != before


def test_200_random_edits_are_planned_exactly_applied_and_undone(big_room):
    room = big_room
    category = room.category()
    before = room.truth()
    chance = random.Random(200)
    where = {
        row["student"]: row["team"]
        for row in category.team_set.memberships.filter(until=None).values("student", "team")
    }
    goal = dict(where)
    new = stage_new_teams(category, [f"New {number}" for number in range(4)])
    renamed = chance.sample(sorted(set(where.values())), 6)
    for key in renamed:
        stage_name(category, Team.objects.get(pk=key), f"Renamed {key}")
    for _edit in range(95):
        one, other = chance.sample(sorted(goal), 2)
        goal[one], goal[other] = goal[other], goal[one]
    for key in chance.sample(sorted(goal), 10):
        goal[key] = chance.choice(new).pk if chance.random() < 0.6 else None
    full = [team.pk for team in new if sum(one == team.pk for one in goal.values()) > 5]
    assert not full
    teams, students = Team.objects.in_bulk(), Student.objects.in_bulk()
    stage_places(
        category,
        {students[one]: teams[team] if team else None for one, team in goal.items()},
        by=teacher(),
    )
    made = room.plan()
    plan = plan_of(made)
    planned = {
        (one.user_id, one.from_team, one.to_team)
        for one in plan.operations
        if one.op in (Op.ADD, Op.MOVE, Op.REMOVE)
    }
    assert planned == {
        (room.canvas_id(students[one]), where[one], goal[one])
        for one in goal
        if goal[one] != where[one]
    }
    assert sum(one.op is Op.CREATE_GROUP for one in plan.operations) == 4
    assert sum(one.op is Op.RENAME_GROUP for one in plan.operations) == 6
    assert plan.refused == plan.conflicts == ()
    report = room.apply(made, yes=True)
    assert report.verified, report.summary
    assert room.truth() == room.wanted()
    assert room.planned().is_empty
    undo = perform_sync(room.integration, make_undo(made, by=teacher()))
    assert room.apply(undo, yes=True).verified
    assert room.truth() == before
