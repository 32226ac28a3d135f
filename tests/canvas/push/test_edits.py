"""The functions that were asked for, async and blocking: the same requests, the same rows."""

import pytest
from asgiref.sync import async_to_sync

from gradebench.canvas import sync_utils
from gradebench.canvas.client import Client
from gradebench.canvas.edits.members import MembersLeftOut
from gradebench.canvas.edits.refusals import (
    GroupGone,
    LimitTooSmall,
    MayNot,
    NameBlank,
    NameReserved,
    NameTaken,
    SetGone,
    SetProtected,
)
from gradebench.canvas.models import CanvasGroup, CanvasGroupCategory
from gradebench.core.models import Team
from tests.canvas.push.classroom import PROJECTS


def everything_async(room):
    ids = some_ids(room)

    async def work():
        async with Client(room.integration) as client:
            made = await client.create_group_category(room.course.canvas_id, "Labs", group_limit=3)
            await client.update_group_category(made.canvas_id, name="Laboratories")
            group = await client.create_group(made.canvas_id, "Bench A", "By the window")
            await client.update_group(group.canvas_id, name="Bench Z")
            users = await client.set_group_members(group.canvas_id, ids[:2])
            await client.update_group(group.canvas_id, members=ids[1:3])
            await client.delete_group(group.canvas_id)
            gone = await client.delete_group_category(made.canvas_id)
            return made, group, users, gone

    return async_to_sync(work)()


def everything_blocking(room):
    here, ids = room.integration, some_ids(room)
    made = sync_utils.create_group_category_sync(here, room.course.canvas_id, "Labs", group_limit=3)
    sync_utils.update_group_category_sync(here, made.canvas_id, name="Laboratories")
    group = sync_utils.create_group_sync(here, made.canvas_id, "Bench A", "By the window")
    sync_utils.update_group_sync(here, group.canvas_id, name="Bench Z")
    users = sync_utils.push_group_memberships_sync(here, group.canvas_id, ids[:2])
    sync_utils.update_group_sync(here, group.canvas_id, members=ids[1:3])
    sync_utils.delete_group_sync(here, group.canvas_id)
    gone = sync_utils.delete_group_category_sync(here, made.canvas_id)
    return made, group, users, gone


def some_ids(room):
    return [room.canvas_id(one) for one in room.members("Project Team 1")]


def log(room, made, group):
    """The requests, with the ids of what was made replaced by words."""
    words = {str(made.canvas_id): "SET", str(group.canvas_id): "GROUP"}
    return [
        (
            one.method,
            "/".join(words.get(part, part) for part in one.path.split("/")),
            one.body,
        )
        for one in room.sandbox.requests()
    ]


def test_async_and_blocking_send_the_same_requests_in_the_same_order(room):
    made, group, users, gone = everything_async(room)
    first = log(room, made, group)
    assert set(users.members) == set(some_ids(room)[:2])
    assert gone.gone_at is not None
    room.sandbox.clear_requests()
    made, group, users, gone = everything_blocking(room)
    assert log(room, made, group) == first
    assert set(users.members) == set(some_ids(room)[:2])
    assert gone.gone_at is not None


def test_renaming_a_set_keeps_its_limit_and_its_other_settings(room):
    sync_utils.update_group_category_sync(
        room.integration, room.category("Study Circles").canvas_id, name="Circles"
    )
    truth = room.sandbox.truth(submissions=False)["group_categories"]
    circles = next(one for one in truth if one["name"] == "Circles")
    assert (circles["group_limit"], circles["self_signup"]) == (8, "enabled")
    row = CanvasGroupCategory.objects.get(name="Circles", gone_at=None)
    assert (row.group_limit, row.self_signup) == (8, "enabled")
    assert row.team_set.name == "Circles"


def test_a_limit_of_a_set_reaches_its_groups_here_too(room):
    sync_utils.update_group_category_sync(
        room.integration, room.category().canvas_id, group_limit=6
    )
    limits = CanvasGroup.objects.filter(category=room.category()).values_list(
        "max_membership", flat=True
    )
    assert set(limits) == {6}
    cleared = sync_utils.update_group_category_sync(
        room.integration, room.category().canvas_id, group_limit=None
    )
    assert cleared.group_limit is None


def test_a_new_set_and_its_groups_become_teams_at_once(room):
    made = sync_utils.create_group_category_sync(room.integration, room.course.canvas_id, "Labs")
    group = sync_utils.create_group_sync(room.integration, made.canvas_id, "Bench A")
    assert made.team_set.name == "Labs"
    assert group.team.name == "Bench A"
    ids = some_ids(room)[:3]
    sync_utils.push_group_memberships_sync(room.integration, group.canvas_id, ids)
    assert room.wanted("Labs") == room.truth("Labs")
    assert {room.canvas_id(one) for one in room.members("Bench A", "Labs")} == set(ids)
    assert room.planned("Labs").is_empty


def test_who_did_not_come_in_is_named_with_the_reason(room):
    second = room.team("Project Team 2").canvas_group.canvas_id
    everybody = [*some_ids(room), room.canvas_id(room.members("Project Team 2")[0]), 999_999]
    outcome = sync_utils.push_group_memberships_sync(room.integration, second, everybody)
    assert len(outcome.members) == 5
    reasons = " ".join(one.reason for one in outcome.left_out)
    assert "is full (limit 5)" in reasons
    assert "Person 999999 is not in the course" in reasons
    assert room.wanted() == room.truth()
    with pytest.raises(MembersLeftOut):
        sync_utils.update_group_sync(room.integration, second, members=[999_999])


def test_a_restricted_set_names_who_shares_no_section(room):
    group = room.team("Showcase DES 120 Section 01", "Section Showcases").canvas_group
    there = [room.canvas_id(one) for one in group.team.students]
    other = room.canvas_id(room.members("Project Team 4")[0])
    outcome = sync_utils.push_group_memberships_sync(
        room.integration, group.canvas_id, [*there, other]
    )
    assert [one.user_id for one in outcome.left_out] == [other]
    assert "shares no section" in outcome.left_out[0].reason


@pytest.mark.parametrize(
    ("name", "limit", "error"),
    [
        ("  ", None, NameBlank),
        ("Student Groups", None, NameReserved),
        (PROJECTS, None, NameTaken),
        ("Labs", 1, LimitTooSmall),
    ],
)
def test_sets_that_cannot_be_made_leave_the_rows_alone(room, name, limit, error):
    before = set(CanvasGroupCategory.objects.values_list("pk", flat=True))
    with pytest.raises(error):
        sync_utils.create_group_category_sync(
            room.integration, room.course.canvas_id, name, group_limit=limit
        )
    assert set(CanvasGroupCategory.objects.values_list("pk", flat=True)) == before


def test_what_was_deleted_meanwhile_is_told_as_such(room):
    category, team = room.category(), room.team("Project Team 1")
    room.act("delete_group", group=team.canvas_group.canvas_id)
    with pytest.raises(GroupGone):
        sync_utils.update_group_sync(room.integration, team.canvas_group.canvas_id, name="X")
    room.act("delete_set", category=category.canvas_id)
    with pytest.raises(SetGone):
        sync_utils.create_group_sync(room.integration, category.canvas_id, "X")
    assert Team.objects.filter(name="Project Team 1", gone_at=None).exists()


def test_a_missing_permission_and_a_protected_set_are_named(room):
    with pytest.raises(SetProtected):
        sync_utils.delete_group_category_sync(
            room.integration, room.category("Student Groups").canvas_id
        )
    room.sandbox.permissions("TeacherEnrollment", off=["manage_groups_add"])
    with pytest.raises(MayNot) as refusal:
        sync_utils.create_group_sync(room.integration, room.category().canvas_id, "X")
    assert refusal.value.permission == "manage_groups_add"


@pytest.mark.parametrize("kind", ["lost", "cut"])
def test_a_set_whose_answer_was_lost_is_made_exactly_once(room, kind):
    room.sandbox.fault(kind, method="POST", path="group_categories")
    made = sync_utils.create_group_category_sync(room.integration, room.course.canvas_id, "Labs")
    room.sandbox.fault(kind, method="POST", path="/groups")
    group = sync_utils.create_group_sync(room.integration, made.canvas_id, "Bench A")
    room.sandbox.fault(kind, method="PUT", path="/groups/")
    ids = some_ids(room)[:2]
    outcome = sync_utils.push_group_memberships_sync(room.integration, group.canvas_id, ids)
    assert set(outcome.members) == set(ids)
    room.sandbox.fault(kind, method="DELETE", path="/groups/")
    sync_utils.delete_group_sync(room.integration, group.canvas_id)
    truth = room.sandbox.truth(submissions=False)
    assert [one["name"] for one in truth["group_categories"]].count("Labs") == 1
    assert "Bench A" not in [one["name"] for one in truth["groups"]]


def test_a_member_put_back_in_canvas_by_the_direct_function_is_what_is_wanted(room):
    ada = room.members("Project Team 1")[0]
    room.move(ada, None)
    group = room.team("Project Team 1").canvas_group.canvas_id
    ids = [*some_ids(room), room.canvas_id(ada)]
    sync_utils.push_group_memberships_sync(room.integration, group, ids)
    assert ada.name in room.wanted()["Project Team 1"]
    assert room.planned().is_empty


def test_push_all_memberships_brings_every_set_of_the_course(room):
    ada = room.members("Project Team 1")[0]
    bea = room.members("Bench 1", "Lab Benches")[0]
    room.move(ada, None)
    room.move(bea, "Bench 2", "Lab Benches")
    reports = sync_utils.push_all_group_memberships_sync(room.integration, room.course.canvas_id)
    assert all(one.verified for one in reports)
    assert room.truth() == room.wanted()
    assert room.truth("Lab Benches") == room.wanted("Lab Benches")
    assert len(room.writes()) == 2


def test_a_set_that_cannot_be_pushed_does_not_keep_the_others_from_it(room):
    room.move(room.members("Bench 1", "Lab Benches")[0], "Bench 2", "Lab Benches")
    room.act("delete_set", category=room.category().canvas_id)
    reports = sync_utils.push_all_group_memberships_sync(room.integration, room.course.canvas_id)
    told = {one.state for one in reports}
    assert told == {"verified", "failed"}
    assert room.truth("Lab Benches") == room.wanted("Lab Benches")
