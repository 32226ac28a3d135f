"""Writing group sets: names, settings that a PUT resets, groups on creation, and deletion."""

from __future__ import annotations

import time

import pytest


def test_a_set_is_created_with_200_and_counts(canvas, course):
    reply = canvas.post(f"{course.path}/group_categories", data={"name": "Lab", "group_limit": "4"})
    assert reply.status_code == 200
    row = reply.json()
    assert (row["name"], row["group_limit"], row["groups_count"]) == ("Lab", 4, 0)
    assert row["unassigned_users_count"] == 26
    assert "non_collaborative" not in row


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "Name is required"),
        ("Project Teams", "Project Teams is already in use."),
        ("Student Groups", "Student Groups is a reserved name."),
        ("x" * 256, "Enter a shorter category name"),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_object_form(canvas, course, name, message):
    reply = canvas.post(f"{course.path}/group_categories", json={"name": name})
    assert reply.status_code == 400
    error = {"attribute": "name", "message": message, "type": message}
    assert reply.json() == {"errors": {"name": [error]}}


def test_a_limit_of_one_is_refused(canvas, course):
    reply = canvas.post(f"{course.path}/group_categories", json={"name": "Solo", "group_limit": 1})
    assert reply.json()["errors"]["group_limit"][0]["message"] == "Must be greater than 1"


def test_renaming_a_set_without_its_settings_resets_them_and_its_groups_limits(canvas, course):
    category = course.new_set("Limited", group_limit=3, self_signup="enabled", auto_leader="first")
    group = course.new_group(category)
    assert canvas.get(f"groups/{group}").json()["max_membership"] == 3
    row = canvas.put(f"group_categories/{category}", json={"name": "Unlimited"}).json()
    assert (row["group_limit"], row["self_signup"], row["auto_leader"]) == (None, None, None)
    assert canvas.get(f"groups/{group}").json()["max_membership"] is None


def test_a_put_without_a_name_keeps_it(canvas, course):
    category = course.new_set("Keeps its name")
    row = canvas.put(f"group_categories/{category}", json={"group_limit": 4}).json()
    assert (row["name"], row["group_limit"]) == ("Keeps its name", 4)


def test_groups_made_with_a_set_take_everybody_in_evenly(canvas, course):
    category = course.new_set("Rafts", create_group_count=5)
    groups = canvas.get(f"group_categories/{category}/groups").json()
    assert [group["name"] for group in groups] == [f"Raft {n}" for n in range(1, 6)]
    assert sorted(group["members_count"] for group in groups) == [5, 5, 5, 5, 6]


def test_assign_async_makes_empty_groups_which_a_job_then_fills(canvas, course):
    category = course.new_set("Boats", create_group_count=4, assign_async=True)
    groups = canvas.get(f"group_categories/{category}/groups").json()
    assert {group["members_count"] for group in groups} == {0}
    job = canvas.post(f"group_categories/{category}/assign_unassigned_members").json()
    assert (job["tag"], job["workflow_state"]) == ("assign_unassigned_members", "running")
    assert canvas.get(f"group_categories/{category}").json()["progress"]["id"] == job["id"]
    assert finished(canvas, job)["completion"] == 100
    left = canvas.get(f"group_categories/{category}/users", params={"unassigned": 1})
    assert left.json() == []


def finished(canvas, job):
    """The job once it is over."""
    until = time.monotonic() + 10
    while job["workflow_state"] in {"queued", "running"} and time.monotonic() < until:
        time.sleep(0.02)
        job = canvas.get(f"progress/{job['id']}").json()
    return job


def test_assigning_at_once_says_who_went_where(canvas, course):
    category = course.new_set("Canoes", create_group_count=3, assign_async=True)
    path = f"group_categories/{category}/assign_unassigned_members"
    rows = canvas.post(path, params={"sync": 1}).json()
    assert sum(len(row["new_members"]) for row in rows) == 26
    assert set(rows[0]["new_members"][0]) == {"user_id", "name", "display_name", "sections"}


def test_students_cannot_be_spread_over_a_restricted_set(canvas, course):
    category = course.new_set("By section", self_signup="restricted")
    reply = canvas.post(f"group_categories/{category}/assign_unassigned_members")
    assert (reply.status_code, reply.json()) == (400, {})


def test_deleting_a_set_takes_its_groups_and_frees_its_name(canvas, course):
    category = course.new_set("Short-lived")
    group = course.new_group(category)
    assert canvas.delete(f"group_categories/{category}").status_code == 200
    assert canvas.get(f"group_categories/{category}").status_code == 404
    assert canvas.get(f"groups/{group}").status_code == 404
    assert course.new_set("Short-lived") != category


def test_the_students_own_set_is_protected(canvas, course):
    sets = canvas.get(f"{course.path}/group_categories", params={"per_page": 100}).json()
    own = next(row for row in sets if row["role"] == "student_organized")
    assert own["protected"]
    assert own["allows_multiple_memberships"]
    reply = canvas.delete(f"group_categories/{own['id']}")
    assert (reply.status_code, reply.json()) == (401, {"status": "unauthorized"})


def test_tags_are_listed_only_when_asked_for(canvas, course):
    path = f"{course.path}/group_categories"
    params = {"per_page": 100}
    plain = {row["name"] for row in canvas.get(path, params=params).json()}
    tags = canvas.get(path, params={**params, "collaboration_state": "non_collaborative"}).json()
    everything = canvas.get(path, params={**params, "collaboration_state": "all"}).json()
    assert [row["name"] for row in tags] == ["Support"]
    assert len(everything) == len(plain) + 1
    bad = canvas.get(path, params={"collaboration_state": "some"})
    assert bad.json() == {"error": "Invalid collaboration_state parameter"}


def test_sis_ids_need_a_permission_and_the_refusal_comes_too_late(canvas, course):
    body = {"name": "With SIS id", "sis_group_category_id": "X1"}
    reply = canvas.post(f"{course.path}/group_categories", json=body)
    assert reply.status_code == 401
    assert reply.json() == {"message": "You must have manage_sis permission to set sis attributes"}
    names = {row["name"] for row in course.sandbox.truth(submissions=False)["group_categories"]}
    assert "With SIS id" in names


def test_includes_is_plural_and_must_be_an_array(canvas, course):
    category = course.new_set("Counted")
    path = f"group_categories/{category}"
    assert "groups_count" not in canvas.get(path, params={"include[]": "groups_count"}).json()
    assert canvas.get(path, params={"includes[]": "groups_count"}).json()["groups_count"] == 0
    assert canvas.get(path, params={"includes": "groups_count"}).status_code == 500
