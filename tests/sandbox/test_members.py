"""Who is in which group: the replacement of members to the letter, and single memberships."""

from __future__ import annotations

from tests.sandbox.conftest import client_of


def test_members_are_replaced_as_a_whole(course):
    category = course.new_set("Replaced")
    group = course.new_group(category)
    ann, ben, cid = course.students()[:3]
    assert course.put_members(group, [ann, ben]) == [ann, ben]
    assert course.put_members(group, [ben, cid]) == [ben, cid]


def test_who_stays_keeps_the_membership_and_who_returns_gets_a_new_one(canvas, course):
    group = course.new_group(course.new_set("Ids of memberships"))
    ann, ben = course.students()[:2]
    course.put_members(group, [ann, ben])
    first = {m["user_id"]: m["id"] for m in canvas.get(f"groups/{group}/memberships").json()}
    course.put_members(group, [ann])
    course.put_members(group, [ann, ben])
    then = {m["user_id"]: m["id"] for m in canvas.get(f"groups/{group}/memberships").json()}
    assert then[ann] == first[ann]
    assert then[ben] > first[ben]


def test_a_member_of_a_sibling_group_is_moved(course):
    category = course.new_set("Siblings")
    red, blue = course.new_group(category, "Red"), course.new_group(category, "Blue")
    ann, ben = course.students()[:2]
    course.put_members(red, [ann, ben])
    course.put_members(blue, [ben])
    assert course.members(red) == [ann]
    assert course.members(blue) == [ben]


def test_over_the_limit_people_are_skipped_silently_after_room_was_made(course):
    category = course.new_set("Two at most", group_limit=2)
    group = course.new_group(category)
    ann, ben, cid, dee = course.students()[:4]
    course.put_members(group, [cid, dee])
    assert course.put_members(group, [dee, ben, ann]) == [ann, dee]


def test_strangers_sis_ids_and_other_shards_are_ignored_silently(canvas, course):
    group = course.new_group(course.new_set("Strangers"))
    ann = course.students()[0]
    body = {"members": [ann, 99_999, "sis_user_id:S2100001", "1~5", "self"]}
    reply = canvas.put(f"groups/{group}", json=body)
    assert [user["id"] for user in reply.json()["users"]] == [ann]


def test_staff_the_test_student_and_the_inactive_can_be_put_into_a_group(course):
    group = course.new_group(course.new_set("Anybody of the course"))
    rows = course.sandbox.truth(submissions=False)["enrollments"]
    states = {"active", "invited", "inactive", "completed", "rejected"}
    anybody = sorted({r["user_id"] for r in rows if r["enrollment_state"] in states})
    assert course.put_members(group, anybody) == anybody


def test_null_leaves_the_members_and_an_empty_list_removes_them_all(canvas, course):
    group = course.new_group(course.new_set("Emptied"))
    members = course.students()[:3]
    for body in ({"json": {"members": []}}, {"data": {"members[]": ""}}, {"data": {"members": ""}}):
        course.put_members(group, members)
        canvas.put(f"groups/{group}", json={"members": None, "name": "Still full"})
        assert course.members(group) == members
        assert canvas.put(f"groups/{group}", **body).json()["users"] == []


def test_members_may_come_as_a_comma_separated_text_or_as_a_form(canvas, course):
    group = course.new_group(course.new_set("Spelled"))
    ann, ben = course.students()[:2]
    canvas.put(f"groups/{group}", data={"members": f"{ann},{ben}"})
    assert course.members(group) == [ann, ben]
    canvas.put(f"groups/{group}", data={"members[]": [str(ben)]})
    assert course.members(group) == [ben]


def test_a_refused_name_does_not_stop_the_members(canvas, course):
    group = course.new_group(course.new_set("Half refused"))
    ann = course.students()[0]
    reply = canvas.put(f"groups/{group}", json={"name": "", "members": [ann]})
    assert reply.status_code == 400
    assert reply.json()["errors"]["name"][0]["message"] == "Name is required"
    assert course.members(group) == [ann]


def test_a_group_put_is_a_patch(canvas, course):
    group = course.new_group(course.new_set("Patched"), "Before", description="About us")
    row = canvas.put(f"groups/{group}", json={"name": "After"}).json()
    assert (row["name"], row["description"]) == ("After", "About us")
    assert {"users", "group_category", "permissions"} <= set(row)


def test_a_leader_must_be_a_member_and_leaves_office_on_leaving(canvas, course):
    group = course.new_group(course.new_set("Led"))
    ann, ben = course.students()[:2]
    course.put_members(group, [ann])
    assert canvas.put(f"groups/{group}", json={"leader": {"id": ben}}).status_code == 400
    row = canvas.put(f"groups/{group}", json={"leader": {"id": ann}}).json()
    assert row["leader"]["id"] == ann
    course.put_members(group, [ben])
    assert canvas.get(f"groups/{group}").json()["leader"] is None


def test_a_set_with_auto_leader_chooses_the_first_member(canvas, course):
    group = course.new_group(course.new_set("Auto-led", auto_leader="first"))
    ann, ben = course.students()[:2]
    course.put_members(group, [ann, ben])
    assert canvas.get(f"groups/{group}").json()["leader"]["id"] == ann
    course.put_members(group, [ben])
    assert canvas.get(f"groups/{group}").json()["leader"]["id"] == ben


def test_a_restricted_set_skips_people_without_a_common_section(canvas, course):
    group = course.new_group(course.new_set("One section", self_signup="restricted"))
    first, *_, last = course.students()[2:]
    assert course.put_members(group, [first, last]) == [first]
    reply = canvas.post(f"groups/{group}/memberships", json={"user_id": last})
    assert reply.status_code == 400
    assert "does not share a section" in reply.json()["errors"]["user_id"][0]["message"]


def test_one_person_is_added_moved_and_found_again(canvas, course):
    category = course.new_set("One by one")
    red, blue = course.new_group(category, "Red"), course.new_group(category, "Blue")
    ann = course.students()[0]
    added = canvas.post(f"groups/{red}/memberships", json={"user_id": ann}).json()
    again = canvas.post(f"groups/{red}/memberships", json={"user_id": ann}).json()
    moved = canvas.post(f"groups/{blue}/memberships", json={"user_id": ann}).json()
    assert (added["just_created"], again["just_created"], moved["just_created"]) == (1, 0, 1)
    assert added["id"] == again["id"] != moved["id"]
    assert course.members(red) == []
    assert added["workflow_state"] == "accepted"


def test_a_full_group_refuses_one_more(canvas, course):
    group = course.new_group(course.new_set("Full", group_limit=2))
    ann, ben, cid = course.students()[:3]
    course.put_members(group, [ann, ben])
    reply = canvas.post(f"groups/{group}/memberships", json={"user_id": cid})
    message = "The group is full."
    error = {"attribute": "group_id", "message": message, "type": message}
    assert (reply.status_code, reply.json()) == (400, {"errors": {"group_id": [error]}})
    assert canvas.get(f"groups/{group}").json()["is_full"]


def test_the_test_student_and_outsiders_cannot_be_added_singly(canvas, course):
    group = course.new_group(course.new_set("No outsiders"))
    rows = course.sandbox.truth(submissions=False)["enrollments"]
    tester = next(row["user_id"] for row in rows if row["type"] == "StudentViewEnrollment")
    outsider = client_of(course.sandbox, "outsider").get("users/self").json()["id"]
    for user in (tester, outsider):
        assert canvas.post(f"groups/{group}/memberships", json={"user_id": user}).status_code == 403
    assert canvas.post(f"groups/{group}/memberships", json={"user_id": 5}).status_code == 404


def test_memberships_end_by_their_id_by_person_and_many_at_once(canvas, course):
    group = course.new_group(course.new_set("Endings"))
    ann, ben, cid, dee = course.students()[:4]
    course.put_members(group, [ann, ben, cid, dee])
    first = canvas.get(f"groups/{group}/users/{ann}").json()["id"]
    assert canvas.delete(f"groups/{group}/memberships/{first}").json() == {"ok": True}
    assert canvas.delete(f"groups/{group}/users/{ben}").json() == {"ok": True}
    assert canvas.delete(f"groups/{group}/users/{ben}").status_code == 404
    params = {"user_ids[]": [cid, dee, 99_999]}
    reply = canvas.request("DELETE", f"groups/{group}/users", params=params).json()
    assert sorted(reply["deleted_user_ids"]) == [cid, dee]
    assert reply["unauthorized_user_ids"] == []


def test_a_nameless_group_gets_a_name_and_an_empty_name_is_refused(canvas, course):
    category = course.new_set("Names")
    assert canvas.post(f"group_categories/{category}/groups").json()["name"]
    assert canvas.post(f"group_categories/{category}/groups", json={"name": ""}).status_code == 400
    missing = canvas.post("group_categories/99/groups", json={"name": "X"})
    assert missing.json() == {"errors": [{"message": "The specified resource does not exist."}]}


def test_two_groups_of_a_set_may_share_a_name(course):
    category = course.new_set("Twins")
    assert course.new_group(category, "Same") != course.new_group(category, "Same")


def test_members_of_a_deleted_group_count_as_unassigned(canvas, course):
    category = course.new_set("Dissolved")
    group = course.new_group(category)
    ann = course.students()[0]
    course.put_members(group, [ann])
    assert canvas.delete(f"groups/{group}").status_code == 200
    path = f"group_categories/{category}/users"
    left = canvas.get(path, params={"unassigned": 1, "per_page": 100}).json()
    assert ann in [user["id"] for user in left]


def test_a_moderator_may_change_the_group_as_a_student(canvas, course):
    group = course.new_group(course.new_set("Moderated"))
    student = client_of(course.sandbox, "student")
    own = student.get("users/self").json()["id"]
    course.put_members(group, [own])
    assert student.put(f"groups/{group}", json={"name": "Ours"}).status_code == 403
    canvas.put(f"groups/{group}/users/{own}", json={"moderator": True})
    assert student.put(f"groups/{group}", json={"name": "Ours"}).json()["name"] == "Ours"


def test_a_student_signs_up_and_leaves_while_sign_up_is_open(canvas, course):
    category = course.new_set("Sign up", self_signup="enabled", group_limit=2)
    red, blue = course.new_group(category, "Red"), course.new_group(category, "Blue")
    student = client_of(course.sandbox, "student")
    assert student.post(f"groups/{red}/memberships", json={"user_id": "self"}).status_code == 200
    assert student.post(f"groups/{blue}/memberships", json={"user_id": "self"}).status_code == 200
    assert (len(course.members(red)), len(course.members(blue))) == (0, 1)
    assert student.delete(f"groups/{blue}/memberships/self").json() == {"ok": True}
    closed = course.new_group(course.new_set("No sign up"))
    assert student.post(f"groups/{closed}/memberships", json={"user_id": "self"}).status_code == 403


def test_tags_take_many_at_once_and_let_people_hold_several(canvas, course):
    params = {"collaboration_state": "non_collaborative"}
    tags = canvas.get(f"{course.path}/groups", params=params).json()
    ann, ben = course.students()[:2]
    for tag in tags[:2]:
        reply = canvas.post(f"groups/{tag['id']}/memberships", json={"members": [ann, ben]})
        assert (reply.status_code, reply.content) == (200, b"")
        assert {ann, ben} <= set(course.members(tag["id"]))
    partly = canvas.post(f"groups/{tags[0]['id']}/memberships", json={"members": [ann, 99_999]})
    assert partly.json()["invalid_user_ids"] == [99_999]
    team = course.new_group(course.new_set("Not a tag"))
    assert canvas.post(f"groups/{team}/memberships", json={"members": [ann]}).status_code == 400
