"""Group sets as CSV, out and in."""

from __future__ import annotations

import csv
import io
import json

from tests.sandbox.test_group_sets import finished


def rows_of(canvas, category):
    reply = canvas.get(f"group_categories/{category}/export")
    assert reply.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(reply.text)))


def upload(canvas, category, text):
    files = {"attachment": ("groups.csv", text, "text/csv")}
    return canvas.post(f"group_categories/{category}/import", files=files)


def test_the_export_has_a_line_for_each_student_and_group_columns_once_there_are_members(
    canvas, course
):
    category = course.new_set("Exported")
    rows = rows_of(canvas, category)
    assert len(rows) == 26
    assert list(rows[0]) == [
        "name",
        "canvas_user_id",
        "user_id",
        "login_id",
        "sections",
        "group_name",
    ]
    ann = course.students()[0]
    group = course.new_group(category, "Ünïcode 组")
    course.put_members(group, [ann])
    placed = [row for row in rows_of(canvas, category) if row["group_name"]]
    assert [(row["canvas_user_id"], row["group_name"]) for row in placed] == [
        (str(ann), "Ünïcode 组")
    ]
    assert placed[0]["canvas_group_id"] == str(group)


def test_an_import_moves_the_listed_and_leaves_the_others(canvas, course):
    category = course.new_set("Imported set", group_limit=2)
    red = course.new_group(category, "Red")
    ann, ben, cid, dee = course.students()[:4]
    course.put_members(red, [ann, ben])
    lines = ["canvas_user_id,group_name", f"{ann},Blue", f"{cid},Blue", f"{dee},Blue", "99,Blue"]
    job = upload(canvas, category, "\n".join(lines)).json()
    assert (job["tag"], job["user_id"], job["workflow_state"]) == (
        "course_group_import",
        None,
        "queued",
    )
    message = json.loads(finished(canvas, job)["message"])
    assert message == {"type": "import_groups", "groups": 1, "users": 3, "error": None}
    groups = canvas.get(f"group_categories/{category}/groups").json()
    assert {group["name"]: group["members_count"] for group in groups} == {"Red": 1, "Blue": 3}


def test_a_raw_body_with_logins_works_too_and_a_deleted_group_comes_back(canvas, course):
    category = course.new_set("Raw import")
    group = course.new_group(category, "Gone")
    canvas.delete(f"groups/{group}")
    login = next(row["login_id"] for row in rows_of(canvas, category) if row["login_id"])
    body = f"login_id,canvas_group_id\n{login.upper()},{group}\n"
    headers = {"Content-Type": "text/csv"}
    job = canvas.post(f"group_categories/{category}/import", content=body, headers=headers).json()
    assert finished(canvas, job)["workflow_state"] == "completed"
    assert len(course.members(group)) == 1


def test_a_file_in_latin_1_fails_with_its_reason(canvas, course):
    category = course.new_set("Latin")
    job = upload(canvas, category, "name,group_name\nJosé,Café\n".encode("latin-1")).json()
    done = finished(canvas, job)
    assert done["workflow_state"] == "failed"
    assert json.loads(done["message"])["error"] == "Invalid UTF-8"


def test_jobs_can_be_made_to_wait_or_to_fail(canvas, course):
    category = course.new_set("Unlucky")
    course.sandbox.settings(jobs_stuck=True)
    job = upload(canvas, category, "canvas_user_id,group_name\n").json()
    assert canvas.get(f"progress/{job['id']}").json()["workflow_state"] == "queued"
    course.sandbox.settings(jobs_stuck=False, jobs_failing=True)
    done = finished(canvas, job)
    course.sandbox.settings(jobs_failing=False)
    assert (done["workflow_state"], done["message"]) == ("failed", "Unexpected error, ID: 31")


def test_nobody_can_cancel_an_import(canvas, course):
    category = course.new_set("Not cancelled")
    job = upload(canvas, category, "canvas_user_id,group_name\n").json()
    assert canvas.post(f"progress/{job['id']}/cancel").status_code == 403
