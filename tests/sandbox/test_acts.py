"""What others do in Canvas meanwhile, with the effects that Canvas gives it."""

from __future__ import annotations

import httpx2
import pytest

from gradebench.sandbox.launch import SandboxError


def groups_of(course, user):
    rows = course.sandbox.truth(submissions=False)["memberships"]
    return [row["group_id"] for row in rows if row["user_id"] == user]


def states_of(course, user):
    rows = course.sandbox.truth(submissions=False)["enrollments"]
    return [row["enrollment_state"] for row in rows if row["user_id"] == user]


def test_a_student_who_drops_leaves_all_groups_and_one_who_is_concluded_stays(course):
    dropped, concluded = course.students()[18:20]
    assert groups_of(course, dropped)
    course.sandbox.act("drop_student", course=course.id, user=dropped)
    course.sandbox.act("conclude_student", course=course.id, user=concluded)
    assert (states_of(course, dropped), groups_of(course, dropped)) == (["deleted"], [])
    assert states_of(course, concluded) == ["completed"]
    assert groups_of(course, concluded)


def test_leaving_one_of_two_sections_keeps_the_groups(canvas, course):
    twice = next(
        user for user in course.students() if states_of(course, user) == ["active", "active"]
    )
    section = canvas.get(f"{course.path}/sections").json()[0]["id"]
    course.sandbox.act("drop_student", course=course.id, user=twice, section=section)
    assert groups_of(course, twice)


def test_a_student_who_returns_has_the_old_enrollment_and_no_group(course):
    back = course.students()[16]
    course.sandbox.act("drop_student", course=course.id, user=back)
    course.sandbox.act("return_student", course=course.id, user=back)
    assert (states_of(course, back), groups_of(course, back)) == (["active"], [])


def test_a_late_student_has_rows_for_every_published_assignment(course):
    new = course.sandbox.act("add_student", course=course.id, name="Zoë Späth")
    truth = course.sandbox.truth()
    assert "Zoë Späth" in [user["name"] for user in truth["users"]]
    rows = [row for row in truth["submissions"] if row["user_id"] == new["user"]]
    published = [row for row in truth["assignments"] if row["published"]]
    assert len(rows) == len(published)


def test_a_student_changes_section(canvas, course):
    mover = course.students()[15]
    other = canvas.get(f"{course.path}/sections").json()[0]["id"]
    course.sandbox.act("move_section", course=course.id, user=mover, section=other)
    params = {"user_id": mover}
    rows = canvas.get(f"{course.path}/enrollments", params=params).json()
    assert [row["course_section_id"] for row in rows] == [other]


def test_a_race_can_leave_somebody_in_two_groups_of_a_set(course):
    category = course.new_set("Raced")
    red, blue = course.new_group(category), course.new_group(category)
    ann = course.students()[0]
    course.put_members(red, [ann])
    course.sandbox.act("double_membership", user=ann, group=blue)
    assert course.members(red) == course.members(blue) == [ann]


def test_instructors_make_rename_and_delete_sets_and_groups(canvas, course):
    act = course.sandbox.act
    category = act("create_set", course=course.id, name="Made elsewhere", group_limit=3)["category"]
    group = act("create_group", category=category, name="One")["group"]
    act("change_group", group=group, name="Renamed elsewhere")
    assert canvas.get(f"groups/{group}").json()["name"] == "Renamed elsewhere"
    act("change_set", category=category, group_limit=None, name="Renamed set")
    assert canvas.get(f"groups/{group}").json()["max_membership"] is None
    act("delete_group", group=group)
    assert canvas.get(f"groups/{group}").status_code == 404
    act("delete_set", category=category)
    assert canvas.get(f"group_categories/{category}").status_code == 404


def test_assignments_come_change_and_go(canvas, course):
    act = course.sandbox.act
    new = act("create_assignment", course=course.id, name="Pop quiz", points=3)["assignment"]
    act("change_assignment", assignment=new, name="Pop quiz, moved")
    assert canvas.get(f"{course.path}/assignments/{new}").json()["name"] == "Pop quiz, moved"
    act("delete_assignment", assignment=new)
    assert canvas.get(f"{course.path}/assignments/{new}").status_code == 404


def test_a_person_gets_another_name(canvas, course):
    ann = course.students()[2]
    course.sandbox.act("rename_person", user=ann, name="Anneliese van Dyck", email=None)
    row = canvas.get(f"{course.path}/users/{ann}").json()
    assert (row["name"], row["sortable_name"]) == ("Anneliese van Dyck", "Dyck, Anneliese van")


def test_an_act_that_cannot_be_says_why(course):
    with pytest.raises(SandboxError, match="no such act: 'fly'"):
        course.sandbox.act("fly")
    with pytest.raises(SandboxError, match="drop_student"):
        course.sandbox.act("drop_student", course=course.id)
    with pytest.raises(SandboxError, match="no student"):
        course.sandbox.act("drop_student", course=course.id, user=1)


def test_a_deleted_course_is_not_found(canvas, course):
    course.sandbox.act("delete_course", course=course.id)
    gone = canvas.get(course.path).status_code
    course.sandbox.act("change_course", course=course.id, state="available")
    assert (gone, canvas.get(course.path).status_code) == (404, 200)


def test_enrollments_written_by_the_api_have_the_same_effects(canvas, course):
    ann = course.students()[9]
    rows = canvas.get(f"{course.path}/enrollments", params={"user_id": ann}).json()
    path = f"{course.path}/enrollments/{rows[0]['id']}"
    ended = canvas.request("DELETE", path, params={"task": "delete"}).json()
    assert (ended["enrollment_state"], groups_of(course, ann)) == ("deleted", [])
    enrollment = {"user_id": ann, "type": "StudentEnrollment", "enrollment_state": "active"}
    again = canvas.post(f"{course.path}/enrollments", json={"enrollment": enrollment}).json()
    assert again["enrollment_state"] == "active"


def test_the_pages_for_people_show_sets_and_their_buttons_act(sandbox, course):
    site = httpx2.Client(base_url=sandbox.url)
    home = site.get("/")
    assert "Design Thinking Workshop" in home.text
    category = sandbox.truth(submissions=False)["group_categories"][0]
    page = site.get(f"/courses/{course.id}/sets/{category['id']}")
    assert "Project Team 1" in page.text
    assert "O&#x27;Connor" in page.text
    assert site.get("/style.css").headers["content-type"] == "text/css; charset=utf-8"
    form = {"verb": "create_set", "course": course.id, "name": "By button", "back": "/"}
    reply = site.post("/do", data=form)
    assert (reply.status_code, reply.headers["location"]) == (303, "/?did=create+set&who=")
    assert "Done: create set." in site.get(reply.headers["location"]).text
    names = [row["name"] for row in sandbox.truth(submissions=False)["group_categories"]]
    assert "By button" in names
