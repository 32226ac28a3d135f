"""The review of a plan in the browser's words: shown, left out, settled, applied, undone, dropped."""

import re
from datetime import timedelta

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gradebench.canvas import runs, worker
from gradebench.canvas.models import GroupPlan, SyncRun
from gradebench.canvas.push.staging import stage_name, stage_new_teams, stage_places
from gradebench.canvas.push.storing import plan_of
from gradebench.core.models import TeamMembership
from tests.canvas.push.classroom import Classroom
from tests.people import teacher

QUERIES = 12
LEAVER = "Project Team with a leaver"


def review(room: Classroom, desk: Client) -> GroupPlan:
    """Ask for a review, and find the plan that it shows."""
    path = reverse("plan_set", args=[room.course.pk, room.category().pk])
    answer = desk.post(path)
    found = re.search(r"/plans/(\d+)$", answer["Location"])
    assert found is not None
    return GroupPlan.objects.get(pk=int(found[1]))


def to(room: Classroom, view: str, row: GroupPlan) -> str:
    return reverse(view, args=[room.course.pk, row.pk])


def page(room: Classroom, desk: Client, row: GroupPlan, query: str = "") -> str:
    """What the page says, in one line."""
    html = desk.get(to(room, "plan", row) + query).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("&#x27;", "'")


def carry_out() -> SyncRun:
    """The worker takes the run that waits."""
    run = runs.claim()
    assert run is not None
    return worker.carry_out(run)


def test_a_move_is_shown_by_group_and_by_student(room, desk):
    ada = room.members("Project Team 1")[0]
    room.move(ada, LEAVER)
    row = review(room, desk)
    words = page(room, desk, row)
    assert "1 change in 1 write to Canvas" in words
    assert f"comes: {ada.name} from Project Team 1" in words
    assert f"leaves: {ada.name} to {LEAVER}" in words
    assert "graded work" in words
    assert f"{ada.name} graded work Project Team 1 {LEAVER}" in page(
        room, desk, row, "?view=people"
    )
    assert room.writes() == []


def test_what_is_left_out_stays_in_canvas_and_can_be_taken_in_again(room, desk):
    ada, ben = room.members("Project Team 1")[:2]
    room.move(ada, None)
    room.move(ben, None)
    row = review(room, desk)
    place = f"place:{room.canvas_id(ada)}"
    desk.post(to(room, "leave_out", row), {"row": [place], "out": "1"})
    words = page(room, desk, row)
    assert "1 change in 1 write to Canvas" in words
    assert f"Remove {ada.name} from “Project Team 1”" in words
    desk.post(to(room, "leave_out", row), {"row": [place], "out": "0"})
    assert "2 changes in 1 write to Canvas" in page(room, desk, row)
    desk.post(to(room, "leave_out", row), {"row": [place], "out": "1", "view": "people"})
    desk.post(to(room, "apply_plan", row))
    assert carry_out().state == "complete"
    assert ada.name in room.truth()["Project Team 1"]
    assert ben.name not in room.truth()["Project Team 1"]
    assert ada.name not in room.wanted()["Project Team 1"]


def test_conflicts_are_settled_one_by_one_and_all_to_one_side(room, desk):
    ada, ben = room.members("Project Team 1")[:2]
    leaver = room.team(LEAVER).canvas_group.canvas_id
    for one in (ada, ben):
        room.move(one, None)
        room.act("switch_group", user=room.canvas_id(one), group=leaver)
    row = review(room, desk)
    assert "Nothing can be sent before the conflicts are settled" in page(room, desk, row)
    place = f"place:{room.canvas_id(ada)}"
    desk.post(to(room, "settle_plan", row), {"row": place, "side": "ours"})
    assert "1 conflict is not settled and stays as it is" in page(room, desk, row)
    desk.post(to(room, "settle_plan", row), {"row": "all", "side": "canvas"})
    assert "Every conflict is settled for Canvas" in page(room, desk, row)
    desk.post(to(room, "settle_plan", row), {"row": place, "side": "ours"})
    desk.post(to(room, "apply_plan", row))
    carry_out()
    assert ada.name not in room.truth()[LEAVER]
    assert {ben.name} <= room.truth()[LEAVER] & room.wanted()[LEAVER]


def test_a_settled_conflict_can_be_opened_again(room, desk):
    ada = room.members("Project Team 1")[0]
    room.move(ada, None)
    leaver = room.team(LEAVER).canvas_group.canvas_id
    room.act("switch_group", user=room.canvas_id(ada), group=leaver)
    row = review(room, desk)
    desk.post(to(room, "settle_plan", row), {"row": "all", "side": "ours"})
    desk.post(to(room, "settle_plan", row), {"row": "all", "side": "open"})
    row.refresh_from_db()
    assert len(plan_of(row).unsettled) == 1


def test_an_applied_plan_says_so_and_its_undo_is_a_plan(room, desk):
    before = room.truth()
    ada = room.members("Project Team 1")[0]
    room.move(ada, LEAVER)
    row = review(room, desk)
    asked = desk.post(to(room, "apply_plan", row))
    assert asked["Location"].startswith("/runs/")
    carry_out()
    shown = desk.get(asked["Location"]).content.decode()
    assert to(room, "plan", row) in shown
    assert "Sync again" not in shown
    words = page(room, desk, row)
    assert "Applied and verified" in words
    assert "Canvas shows all 1 changes." in words
    assert "read back and equal" in words
    undone = desk.post(to(room, "undo_plan", row))
    back = GroupPlan.objects.get(undoes=row)
    assert undone["Location"] == to(room, "plan", back)
    assert f"Undo of plan {row.pk}" in page(room, desk, back)
    desk.post(to(room, "apply_plan", back))
    carry_out()
    assert room.truth() == before


def test_a_plan_that_canvas_outran_names_what_changed(room, desk):
    ada, ben = room.members("Project Team 1")[:2]
    room.move(ada, None)
    row = review(room, desk)
    room.act(
        "leave_group",
        user=room.canvas_id(ben),
        group=room.team("Project Team 1").canvas_group.canvas_id,
    )
    desk.post(to(room, "apply_plan", row))
    carry_out()
    words = page(room, desk, row)
    assert "Canvas changed; plan again" in words
    assert f"{ben.name} was in “Project Team 1” and is now in no group." in words
    assert room.writes() == []


def test_many_removals_need_a_yes(room, desk):
    for one in room.members("Project Team 1"):
        room.move(one, None)
    row = review(room, desk)
    assert "Yes, 5 people will be in no group of this set any more." in page(room, desk, row)
    asked = desk.post(to(room, "apply_plan", row), follow=True)
    assert "5 people would be in no group" in asked.content.decode()
    assert not SyncRun.objects.filter(kind="push").exists()
    desk.post(to(room, "apply_plan", row), {"yes": "1"})
    assert carry_out().state == "complete"
    assert room.truth()["Project Team 1"] == set()


def test_a_new_review_drops_the_older_one_that_waits(room, desk):
    room.move(room.members("Project Team 1")[0], None)
    first, second = review(room, desk), review(room, desk)
    first.refresh_from_db()
    assert (first.state, second.state) == ("dropped", "ready")
    assert "It was dropped: nothing was sent" in page(room, desk, first)
    desk.post(to(room, "drop_plan", second))
    second.refresh_from_db()
    assert second.state == "dropped"
    refused = desk.post(to(room, "apply_plan", second), follow=True).content.decode()
    assert "The plan is not ready" in refused
    assert room.writes() == []


def test_the_plan_can_be_kept_as_a_file(room, desk):
    ada = room.members("Project Team 1")[0]
    room.move(ada, LEAVER)
    row = review(room, desk)
    answer = desk.get(to(room, "plan_json", row))
    assert f'filename="plan-{row.pk}.json"' in answer["Content-Disposition"]
    body = answer.json()
    assert body["plan_id"] == row.pk
    [operation] = body["operations"]
    assert (operation["op"], operation["user_id"]) == ("move", room.canvas_id(ada))


def test_what_canvas_would_not_take_is_named_beforehand(room, desk):
    ada = room.members("Project Team 1")[0]
    stage_places(room.category(), {ada: room.team("Project Team 2")}, by=teacher())
    words = page(room, desk, review(room, desk))
    assert "Cannot be done 1" in words
    assert "is full (limit 5)" in words


def test_pages_of_plans_take_few_queries(room, desk, django_assert_max_num_queries):
    category = room.category()
    [new] = stage_new_teams(category, ["新しい班"])
    stage_name(category, room.team("Project Team 3"), "Rockets")
    ones = room.members("Project Team 1")
    stage_places(category, {ones[0]: new, ones[1]: None}, by=teacher())
    row = review(room, desk)
    place = f"place:{room.canvas_id(ones[1])}"
    desk.post(to(room, "leave_out", row), {"row": [place], "out": "1"})
    groups = f"{reverse('groups', args=[room.course.pk])}?set={category.pk}"
    history = reverse("set_history", args=[room.course.pk, category.pk])
    for path in (to(room, "plan", row), to(room, "plan", row) + "?view=people", groups, history):
        with django_assert_max_num_queries(QUERIES):
            assert desk.get(path).status_code == 200
    desk.post(to(room, "apply_plan", row))
    carry_out()
    for path in (to(room, "plan", row), groups, history):
        with django_assert_max_num_queries(QUERIES):
            assert desk.get(path).status_code == 200


def test_a_plan_of_another_course_is_not_found_under_this_one(room, desk):
    row = review(room, desk)
    wrong = reverse("plan", args=[room.course.pk + 1, row.pk])
    answer: HttpResponse = desk.get(wrong)
    assert answer.status_code == 404


def test_the_groups_tab_says_how_much_waits_and_since_when(room, desk):
    category = room.category()
    groups = f"{reverse('groups', args=[room.course.pk])}?set={category.pk}"
    assert "Canvas has this set as it is wanted here." in desk.get(groups).content.decode()
    ada, ben = room.members("Project Team 1")[:2]
    room.move(ada, None)
    room.move(ben, LEAVER)
    now = timezone.now()
    TeamMembership.objects.filter(student=ada, until__isnull=False).update(
        since=now - timedelta(days=30), until=now - timedelta(days=3)
    )
    words = re.sub(r"<[^>]+>", " ", desk.get(groups).content.decode())
    assert "2 changes" in words
    assert "3 days ago" in words
    assert room.push().verified
    assert "Canvas has this set as it is wanted here." in desk.get(groups).content.decode()
