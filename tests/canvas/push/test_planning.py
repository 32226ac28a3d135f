"""What a plan says of a set: exactly the differences, in the instructor's terms."""

from itertools import product

import pytest
from msgspec.structs import replace

from gradebench.canvas.compare import Verdict, settle
from gradebench.canvas.push.plan import Op, Plan, Side
from gradebench.canvas.push.planning import plan
from gradebench.canvas.push.writes import (
    AddMember,
    CreateGroup,
    DeleteGroup,
    ImportMembers,
    RemoveMembers,
    SetLeader,
    SetMembers,
)
from tests.canvas.push.sets import StrictCanvas, moved, situation

RED_AND_BLUE = {"Red": ("Red",) * 3, "Blue": ("Blue",) * 3}


def said(made: Plan) -> list[tuple[str, str | None, str | None, str | None]]:
    return [(row.op.value, row.user_name, row.before, row.after) for row in made.operations]


@pytest.mark.parametrize(
    ("agreed", "wanted", "live"), list(product([None, "Red", "Blue"], repeat=3))
)
def test_every_combination_of_the_three_answers(agreed, wanted, live):
    made = plan(
        situation(
            agreed={"Ada": agreed},
            wanted={"Ada": wanted},
            live={"Ada": live},
            teams=RED_AND_BLUE,
        )
    )
    verdict = settle(agreed=agreed, wanted=wanted, live=live)
    if verdict is Verdict.PUSH:
        op = "add" if live is None else "remove" if wanted is None else "move"
        assert said(made) == [(op, "Ada", live, wanted)]
        assert len(made.writes) == 1
    else:
        assert made.operations == made.writes == ()
    assert len(made.conflicts) == (verdict is Verdict.CONFLICT)
    assert len(made.followed) == (verdict is Verdict.FOLLOW)


@pytest.mark.parametrize(
    ("agreed", "wanted", "live"), list(product([None, "Red", "Rouge"], repeat=3))
)
def test_every_combination_of_the_three_answers_for_a_teams_name(agreed, wanted, live):
    made = plan(situation(agreed={}, wanted={}, live={}, teams={"team": (agreed, wanted, live)}))
    verdict = settle(agreed=agreed, wanted=wanted, live=live)
    if verdict is Verdict.PUSH:
        op = "create_group" if live is None else "rename_group" if wanted else "delete_group"
        assert said(made) == [(op, None, live, wanted)]
        assert len(made.writes) == 1
    else:
        assert made.operations == made.writes == ()
    assert len(made.conflicts) == (verdict is Verdict.CONFLICT)


def test_a_conflict_settled_for_us_is_pushed_and_for_canvas_is_left():
    both = situation(
        agreed={"Ada": "Red"},
        wanted={"Ada": "Blue"},
        live={"Ada": None},
        teams=RED_AND_BLUE,
    )
    ours = plan(both, settled={"place:1": Side.OURS})
    assert said(ours) == [("add", "Ada", None, "Blue")]
    theirs = plan(both, settle_all=Side.CANVAS)
    assert theirs.is_empty
    assert theirs.conflicts[0].settled is Side.CANVAS
    assert not theirs.unsettled


def test_a_row_left_out_stays_as_canvas_has_it():
    two = moved({"Ada": "Red", "Ben": "Red"}, {"Ada": "Blue", "Ben": "Blue"}, teams=RED_AND_BLUE)
    made = plan(two, leave_out=frozenset({"place:1"}))
    assert said(made) == [("move", "Ben", "Red", "Blue")]
    assert made.left_out == ("place:1",)


def test_whoever_is_put_into_a_new_team_that_is_left_out_stays_where_they_are():
    new = moved({"Ada": "Red"}, {"Ada": "Green"}, teams={"Green": (None, "Green", None)})
    green = next(team.key for team in new.teams if team.label == "Green")
    made = plan(new, leave_out=frozenset({f"team:{green}"}))
    assert made.is_empty
    assert [one.user_name for one in made.refused] == ["Ada"]


def test_a_move_from_a_team_costs_one_write_in_the_other():
    made = plan(moved({"Ada": "Red"}, {"Ada": "Blue"}, teams=RED_AND_BLUE))
    assert made.writes == (AddMember(team=1, user=1),)


def test_a_swap_between_full_teams_takes_two_writes():
    swap = moved(
        {"Ada": "Red", "Ben": "Red", "Cy": "Blue", "Di": "Blue"},
        {"Ada": "Blue", "Ben": "Red", "Cy": "Red", "Di": "Blue"},
        limit=2,
    )
    made = plan(swap)
    assert len(made.writes) == 2
    canvas = StrictCanvas(swap)
    for write in made.writes:
        canvas.do(write)
    assert canvas.members == {2: {2, 3}, 1: {1, 4}}
    assert canvas.nowhere_in_between == 1


def test_a_ring_of_three_full_teams_lets_one_person_go_first():
    ring = moved(
        {"Ada": "Red", "Ben": "Blue", "Cy": "Green"},
        {"Ada": "Blue", "Ben": "Green", "Cy": "Red"},
        limit=1,
    )
    canvas = StrictCanvas(ring)
    for write in plan(ring).writes:
        canvas.do(write)
    assert canvas.nowhere_in_between == 1
    assert len(plan(ring).writes) == 3


def test_groups_that_lose_people_come_before_full_groups_that_gain():
    chain = moved(
        {"Ada": "Red", "Ben": "Blue"},
        {"Ada": "Blue", "Ben": "Green"},
        limit=1,
        teams={"Green": ("Green",) * 3},
    )
    assert plan(chain).writes == (AddMember(team=2, user=2), AddMember(team=1, user=1))


def test_a_view_limited_to_some_sections_never_sends_a_whole_list():
    many = dict.fromkeys("ABCD", "Red") | dict.fromkeys("WXYZ", "Blue")
    after = dict.fromkeys("ABCD", "Blue") | dict.fromkeys("WXYZ", "Red")
    swap = moved(many, after, limit=4, section_limited=True)
    made = plan(swap)
    assert all(isinstance(write, AddMember | RemoveMembers) for write in made.writes)
    canvas = StrictCanvas(swap)
    for write in made.writes:
        canvas.do(write)
    assert canvas.members == {2: {5, 6, 7, 8}, 1: {1, 2, 3, 4}}


def test_a_view_limited_to_some_sections_deletes_no_team():
    one = situation(
        agreed={}, wanted={}, live={}, teams={"Red": ("Red", None, "Red")}, section_limited=True
    )
    made = plan(one)
    assert made.is_empty
    assert "sections that this token does not see" in made.refused[0].reason


def test_more_people_than_a_team_holds_are_refused_by_name_before_anything_is_sent():
    made = plan(
        moved(
            {"Ada": "Red", "Ben": None, "Cy": None},
            {"Ada": "Red", "Ben": "Red", "Cy": "Red"},
            limit=2,
        )
    )
    assert said(made) == [("add", "Ben", None, "Red")]
    assert [(one.user_name, one.reason) for one in made.refused] == [
        ("Cy", "Cy cannot be placed: “Red” is full (limit 2).")
    ]


def test_whoever_is_refused_keeps_a_place_that_others_then_cannot_have():
    made = plan(
        moved(
            {"Ada": "Red", "Ben": "Blue", "Cy": None},
            {"Ada": "Blue", "Ben": "Blue", "Cy": "Red"},
            limit=1,
        )
    )
    assert made.is_empty
    assert sorted(one.user_name or "" for one in made.refused) == ["Ada", "Cy"]


def test_a_restricted_set_takes_only_people_who_share_a_section():
    made = plan(
        moved(
            {"Ada": "Red", "Ben": None, "Cy": None},
            {"Ada": "Red", "Ben": "Red", "Cy": "Red"},
            self_signup="restricted",
            Ada={"sections": (1,)},
            Ben={"sections": (2,)},
            Cy={"sections": (1, 2)},
        )
    )
    assert said(made) == [("add", "Cy", None, "Red")]
    assert "shares no section" in made.refused[0].reason


def test_somebody_who_left_the_course_cannot_be_placed():
    made = plan(moved({}, {"Ada": "Red"}, Ada={"enrolled": False}))
    assert made.is_empty
    assert "not in the course" in made.refused[0].reason


def test_a_new_team_is_made_before_its_people_move_and_a_deleted_one_goes_last():
    made = plan(
        moved(
            {"Ada": "Old", "Ben": "Old"},
            {"Ada": "New", "Ben": "New"},
            teams={"New": (None, "New", None), "Old": ("Old", None, "Old")},
        )
    )
    assert [type(write) for write in made.writes] == [CreateGroup, SetMembers, DeleteGroup]


def test_deleting_a_team_with_people_in_it_names_everybody_who_loses_their_place():
    made = plan(
        moved({"Ada": "Red", "Prof": "Red"}, {"Prof": "Red"}, teams={"Red": ("Red", None, "Red")})
    )
    assert said(made) == [
        ("remove", "Ada", "Red", None),
        ("remove", "Prof", "Red", None),
        ("delete_group", None, "Red", None),
    ]
    assert made.writes == (DeleteGroup(team=1, name="Red"),)
    assert made.removals == 2


def test_a_team_is_not_deleted_under_someone_who_joined_it_unseen():
    joined = situation(
        agreed={"Ada": None},
        wanted={"Ada": None},
        live={"Ada": "Red"},
        teams={"Red": ("Red", None, "Red")},
    )
    made = plan(joined)
    assert made.is_empty
    assert "Ada joined it in Canvas" in made.conflicts[0].text
    ours = plan(joined, settle_all=Side.OURS)
    assert [write.team for write in ours.writes if isinstance(write, DeleteGroup)] == [1]


def test_people_put_into_a_team_that_canvas_deleted_are_a_conflict_not_a_loss():
    lost = situation(
        agreed={"Ada": "Red", "Ben": "Blue"},
        wanted={"Ada": "Red", "Ben": "Red"},
        live={"Ada": None, "Ben": "Blue"},
        teams={"Red": ("Red", "Red", None)},
    )
    made = plan(lost)
    assert made.is_empty
    assert "Ben was put into it here" in made.conflicts[0].text
    ours = plan(lost, settle_all=Side.OURS)
    assert said(ours) == [
        ("create_group", None, None, "Red"),
        ("add", "Ada", None, "Red"),
        ("move", "Ben", "Blue", "Red"),
    ]


def test_a_team_left_in_place_for_someone_keeps_the_others_who_only_went_with_it():
    made = plan(
        moved({"Ada": "Red", "Prof": "Red"}, {"Prof": "Red"}, teams={"Red": ("Red", None, "Red")}),
        leave_out=frozenset({"place:1"}),
    )
    assert made.is_empty
    assert "Ada stays in it" in made.refused[0].reason


def test_a_leader_is_set_after_they_came_into_the_team():
    made = plan(
        moved(
            {"Ada": "Red"},
            {"Ada": "Blue"},
            teams=RED_AND_BLUE,
            leaders={"Blue": (None, "Ada", None)},
        )
    )
    assert made.writes == (AddMember(team=1, user=1), SetLeader(team=1, user=1))


def test_a_leader_who_moves_away_needs_no_write_of_their_own():
    made = plan(
        moved(
            {"Ada": "Red", "Ben": "Red"},
            {"Ada": "Blue", "Ben": "Red"},
            teams=RED_AND_BLUE,
            leaders={"Red": ("Ada", "Ada", "Ada")},
        )
    )
    assert [row.op for row in made.operations] == [Op.MOVE]


def test_nobody_is_no_wish_where_canvas_picks_leaders():
    made = plan(
        moved(
            {"Ada": "Red"},
            {"Ada": "Red"},
            auto_leader="first",
            leaders={"Red": (None, None, "Ada")},
        )
    )
    assert made.is_empty


def test_moves_that_touch_group_work_are_flagged_and_no_others():
    made = plan(
        moved(
            {"Ada": "Red", "Ben": "Red", "Cy": "Red"},
            {"Ada": "Blue", "Ben": "Blue", "Cy": "Blue"},
            Ada={"submitted": True},
            Ben={"submitted": True, "graded": True},
        )
    )
    assert {row.user_name: row.touches for row in made.operations} == {
        "Ada": "submitted",
        "Ben": "graded",
        "Cy": None,
    }
    assert "for 2 people" in made.warnings[0]


def test_someone_in_two_groups_of_a_set_is_taken_out_of_the_wrong_one():
    twice = moved({"Ada": "Red"}, {"Ada": "Red"}, teams=RED_AND_BLUE)
    blue, red = twice.teams
    groups = {
        blue.group_id: twice.reading.groups[1002],
        red.group_id: twice.reading.groups[1002],
    }
    twice = replace(
        twice,
        people=(replace(twice.people[0], also_in=(blue.key,)),),
        reading=replace(twice.reading, groups=groups),
    )
    made = plan(twice)
    assert made.writes == (RemoveMembers(team=blue.key, users=(1,)),)


def test_removals_beyond_the_brake_need_a_yes():
    before = {f"Student {number:03}": f"Team {number % 20}" for number in range(100)}
    few = plan(moved(before, dict(list(before.items())[5:])))
    many = plan(moved(before, dict(list(before.items())[6:])))
    assert (few.removals, few.needs_yes) == (5, False)
    assert (many.removals, many.needs_yes) == (6, True)
    assert not plan(moved({"Ada": "Red"}, {})).needs_yes


def test_a_first_push_of_120_teams_and_600_students_is_one_import():
    wanted = {f"Student {number:03}": f"Team {number % 120:03}" for number in range(600)}
    new = {name: (None, name, None) for name in set(wanted.values())}
    first = situation(agreed={}, wanted=wanted, live={}, teams=new, limit=5)
    made = plan(first)
    assert [type(write) for write in made.writes] == [ImportMembers]
    canvas = StrictCanvas(first)
    canvas.do(made.writes[0])
    assert {len(users) for users in canvas.members.values()} == {5}
    without = plan(first, import_from=None)
    assert len(without.writes) == 240


def test_teams_whose_name_is_not_the_only_one_are_made_by_themselves():
    wanted = {f"Student {number:03}": f"Team {number % 60:03}" for number in range(120)}
    new = {name: (None, name, None) for name in set(wanted.values())}
    new["Team 000"] = (None, "Team 001", None)
    made = plan(situation(agreed={}, wanted=wanted, live={}, teams=new))
    assert sum(isinstance(write, CreateGroup) for write in made.writes) == 60
    assert sum(isinstance(write, ImportMembers) for write in made.writes) == 1


def test_an_import_is_no_way_where_canvas_picks_leaders():
    wanted = {f"Student {number:03}": f"Team {number % 60:03}" for number in range(120)}
    made = plan(situation(agreed={}, wanted=wanted, live={}, auto_leader="first"))
    assert not any(isinstance(write, ImportMembers) for write in made.writes)
