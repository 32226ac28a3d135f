"""Group sets and groups, made, changed and deleted from the pages: in Canvas when they answer."""

import pytest
from django.urls import reverse

from gradebench.canvas.models import CanvasGroupCategory
from gradebench.core.models import TeamSet
from tests.canvas.push.classroom import PROJECTS, Classroom

JSON = {"accept": "application/json"}


def at(room: Classroom, view: str, *more: int, set_name: str = PROJECTS) -> str:
    return reverse(view, args=[room.course.pk, room.category(set_name).pk, *more])


def in_canvas(room: Classroom, name: str) -> dict[str, object] | None:
    sets = room.sandbox.truth(submissions=False)["group_categories"]
    return next((one for one in sets if one["name"] == name), None)


def new_set(room: Classroom) -> str:
    return reverse("create_set", args=[room.course.pk])


def test_a_set_is_made_with_its_settings(room, desk):
    fields = {"name": "Juries", "group_limit": "4", "self_signup": "enabled", "auto_leader": ""}
    answer = desk.post(new_set(room), fields, follow=True)
    assert "The group set “Juries” is in Canvas now." in answer.content.decode()
    there = in_canvas(room, "Juries")
    assert there is not None
    assert (there["group_limit"], there["self_signup"]) == (4, "enabled")
    assert room.category("Juries").team_set is not None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "   "}, "This field is required."),
        ({"name": PROJECTS}, "Canvas did not"),
        ({"name": "Student Groups"}, "is a name that Canvas keeps for itself"),
        ({"name": "Juries", "group_limit": "1"}, "greater than or equal to 2"),
    ],
)
def test_what_canvas_would_not_take_is_told_at_the_field(room, desk, fields, sentence):
    answer = desk.post(new_set(room), fields)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert sentence in html
    assert "input-error" in html
    assert CanvasGroupCategory.objects.filter(name="Juries").count() == 0


def test_a_changed_set_keeps_what_was_not_changed(room, desk):
    page = desk.get(at(room, "edit_set", set_name="Section Showcases")).content.decode()
    assert 'value="Section Showcases"' in page
    fields = {"name": "Showcases", "group_limit": "6", "self_signup": "restricted"}
    desk.post(at(room, "edit_set", set_name="Section Showcases"), fields)
    there = in_canvas(room, "Showcases")
    assert there is not None
    assert (there["self_signup"], there["group_limit"]) == ("restricted", 6)


def test_before_a_set_is_deleted_the_page_says_what_hangs_on_it(room, desk):
    page = desk.get(at(room, "delete_set")).content.decode()
    assert f"the group set with {len(room.truth())} groups" in page
    assert "Team milestone 1" in page
    assert "25 submissions" in page
    assert room.writes() == []
    desk.post(at(room, "delete_set"))
    assert in_canvas(room, PROJECTS) is None
    assert not CanvasGroupCategory.objects.filter(name=PROJECTS, gone_at=None).exists()


def test_a_set_that_canvas_manages_is_not_deleted(room, desk):
    answer = desk.post(at(room, "delete_set", set_name="Student Groups"), headers=JSON)
    assert answer.status_code == 409
    assert "Canvas manages this set itself" in answer.json()["error"]
    assert in_canvas(room, "Student Groups") is not None


def test_a_group_is_made_renamed_led_and_deleted(room, desk):
    answer = desk.post(at(room, "create_group"), {"name": "Ponies"}, follow=True)
    assert "In Canvas now: Create “Ponies”." in answer.content.decode()
    assert room.truth()["Ponies"] == set()
    desk.post(at(room, "edit_group", room.team("Ponies").pk), {"name": "Horses", "leader": ""})
    assert "Ponies" not in room.truth()
    first = room.team("Project Team 1")
    ada = room.members("Project Team 1")[0]
    fields = {"name": first.name, "leader": ada.pk}
    desk.post(at(room, "edit_group", first.pk), fields)
    groups = room.sandbox.truth(submissions=False)["groups"]
    led = next(one for one in groups if one["name"] == first.name and one["leader"])
    assert led["leader"]["id"] == room.canvas_id(ada)
    told = desk.post(at(room, "delete_group", room.team("Horses").pk), headers=JSON).json()
    assert told["done"] == ["Delete “Horses”"]
    assert "Horses" not in room.truth()


def test_before_a_group_is_deleted_the_page_names_its_people_and_their_work(room, desk):
    team = room.team("Project Team 1")
    page = desk.get(at(room, "delete_group", team.pk)).content.decode()
    for student in room.members("Project Team 1"):
        assert student.canvas_user.name.replace("'", "&#x27;") in page
    assert "Group work of this set was handed in or graded" in page


def test_a_program_learns_the_key_of_the_group_it_made(room, desk):
    told = desk.post(at(room, "create_group"), {"name": "Ponies"}, headers=JSON).json()
    assert told["teams"] == [room.team("Ponies").pk]
    assert (told["pushed"], told["waiting"]) == (True, 0)


def test_a_blank_name_is_told_to_programs_too(room, desk):
    answer = desk.post(at(room, "create_group"), {"name": " "}, headers=JSON)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error", "todo"}


def test_a_set_can_let_its_edits_wait(room, desk):
    desk.post(at(room, "set_policy"), {"wait": "1"})
    assert TeamSet.objects.get(pk=room.category().team_set_id).edits_wait
    answer = desk.post(at(room, "create_group"), {"name": "Ponies"}, follow=True)
    assert "Noted here: Create “Ponies”." in answer.content.decode()
    assert room.writes() == []
    assert "Review 1 change" in desk.get(
        f"{reverse('groups', args=[room.course.pk])}?set={room.category().pk}"
    ).content.decode().replace("\n", " ").replace("  ", "")
    desk.post(at(room, "set_policy"), {"wait": "0"})
    assert not TeamSet.objects.get(pk=room.category().team_set_id).edits_wait


def test_tags_are_no_teams_and_cannot_be_reviewed(room, desk):
    answer = desk.post(at(room, "plan_set", set_name="Support"), follow=True)
    assert "is not a set of teams" in answer.content.decode()


def test_a_missing_permission_is_named(room, desk):
    room.sandbox.permissions("TeacherEnrollment", off=["manage_groups_add"])
    answer = desk.post(new_set(room), {"name": "Juries"})
    assert "manage_groups_add" in answer.content.decode()
