"""What each role may see and do."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import client_of


def test_a_section_limited_assistant_sees_only_that_section(course):
    limited = client_of(course.sandbox, "ta_limited")
    rows = limited.get(f"{course.path}/enrollments", params={"per_page": 100}).json()
    sections = limited.get(f"{course.path}/sections").json()
    assert [row["id"] for row in sections] == [min(row["course_section_id"] for row in rows)]
    assert {row["course_section_id"] for row in rows} == {sections[0]["id"]}
    people = limited.get(f"{course.path}/users", params={"per_page": 100}).json()
    everybody = client_of(course.sandbox).get(f"{course.path}/users", params={"per_page": 100})
    assert 0 < len(people) < len(everybody.json())


def test_a_section_limited_assistant_counts_only_visible_members(course):
    teacher, limited = client_of(course.sandbox), client_of(course.sandbox, "ta_limited")
    counts = [
        {
            row["id"]: row["members_count"]
            for row in who.get(f"{course.path}/groups", params=ALL).json()
        }
        for who in (teacher, limited)
    ]
    assert any(counts[1][group] < count for group, count in counts[0].items())


ALL = {"per_page": 100}


def test_a_student_lists_groups_but_no_sets_and_no_other_group(course):
    student = client_of(course.sandbox, "student")
    assert student.get(f"{course.path}/groups").status_code == 200
    assert student.get(f"{course.path}/group_categories").status_code == 403
    own = {row["id"] for row in student.get("users/self/groups", params=ALL).json()}
    everything = {row["id"] for row in student.get(f"{course.path}/groups", params=ALL).json()}
    assert own
    assert student.get(f"groups/{min(own)}").status_code == 200
    assert student.get(f"groups/{min(everything - own)}").status_code == 403


def test_a_student_sees_no_logins_no_mail_and_no_scores_of_others(course):
    student = client_of(course.sandbox, "student")
    for row in student.get(f"{course.path}/users", params=ALL).json():
        assert not {"login_id", "email", "sis_user_id"} & set(row)
    own = student.get("users/self").json()["id"]
    for row in student.get(f"{course.path}/enrollments", params=ALL).json():
        if "grades" in row and row["user_id"] != own:
            assert set(row["grades"]) == {"html_url"}


def test_an_outsider_has_no_courses_and_may_not_look(course):
    outsider = client_of(course.sandbox, "outsider")
    assert outsider.get("courses").json() == []
    assert outsider.get(course.path).status_code == 403
    assert outsider.get(f"{course.path}/enrollments").status_code == 403


@pytest.mark.parametrize(
    ("permission", "method", "path"),
    [
        ("manage_groups_add", "POST", "courses/{course}/group_categories"),
        ("manage_groups_add", "POST", "group_categories/{category}/groups"),
        ("manage_groups_manage", "PUT", "group_categories/{category}"),
        ("manage_groups_manage", "PUT", "groups/{group}"),
        ("manage_groups_delete", "DELETE", "groups/{group}"),
        ("manage_groups_delete", "DELETE", "group_categories/{category}"),
        ("read_roster", "GET", "courses/{course}/groups"),
        ("manage_students", "POST", "courses/{course}/enrollments"),
    ],
)
def test_a_permission_that_is_switched_off_refuses_the_assistant(course, permission, method, path):
    category = course.new_set(f"For {permission} {method} {len(path)}")
    where = {"course": course.id, "category": category, "group": course.new_group(category)}
    assistant = client_of(course.sandbox, "assistant")
    course.sandbox.permissions("TaEnrollment", off=[permission])
    asked = assistant.get(f"{course.path}/permissions", params={"permissions[]": permission})
    reply = assistant.request(method, path.format(**where), json={"name": "X"})
    course.sandbox.reset_permissions()
    assert asked.json() == {permission: False}
    assert reply.status_code == 403


def test_grades_are_hidden_without_either_grading_permission(course):
    assistant = client_of(course.sandbox, "assistant")
    course.sandbox.permissions("TaEnrollment", off=["view_all_grades", "manage_grades"])
    path = f"{course.path}/assignments/301/submissions"
    submissions = assistant.get(path)
    enrollments = assistant.get(f"{course.path}/enrollments", params=ALL)
    course.sandbox.reset_permissions()
    assert submissions.status_code == 403
    assert enrollments.status_code == 200


def test_an_invited_student_lacks_login_mail_and_sis_id(canvas, course):
    rows = canvas.get(f"{course.path}/enrollments", params=ALL | {"state[]": "invited"}).json()
    params = {"include[]": "email"}
    person = canvas.get(f"{course.path}/users/{rows[0]['user_id']}", params=params).json()
    assert not {"login_id", "email"} & set(person)
    assert person["sis_user_id"] is None


def test_inactive_people_are_in_the_enrollments_of_a_teacher_but_not_among_the_users(
    canvas, course
):
    rows = canvas.get(f"{course.path}/enrollments", params=ALL).json()
    states = {row["enrollment_state"] for row in rows}
    assert states == {"active", "invited", "inactive"}
    inactive = next(row["user_id"] for row in rows if row["enrollment_state"] == "inactive")
    people = canvas.get(f"{course.path}/users", params=ALL).json()
    assert inactive not in [row["id"] for row in people]
