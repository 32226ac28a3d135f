"""Assignments and submissions: what is listed, refused, and graded."""

from __future__ import annotations

from tests.sandbox.conftest import client_of, walk
from tests.sandbox.test_group_sets import finished


def assignments(canvas, course):
    return canvas.get(f"{course.path}/assignments", params={"per_page": 100}).json()


def named(canvas, course, name):
    return next(row for row in assignments(canvas, course) if row["name"] == name)


def test_teachers_see_unpublished_assignments_and_students_do_not(canvas, course):
    draft = "Draft, not published"
    student = client_of(course.sandbox, "student")
    assert draft in [row["name"] for row in assignments(canvas, course)]
    assert draft not in [row["name"] for row in assignments(student, course)]
    assert "Deleted by mistake" not in [row["name"] for row in assignments(canvas, course)]


def test_group_work_names_its_set_and_a_rubric_its_criteria(canvas, course):
    milestone = named(canvas, course, "Team milestone 1")
    sets = canvas.get(f"{course.path}/group_categories").json()
    assert milestone["group_category_id"] in [row["id"] for row in sets]
    assert [line["description"] for line in milestone["rubric"]] == [
        "Substance",
        "Craft",
        "Presentation",
    ]
    assert "rubric" not in named(canvas, course, "Homework 1")


def test_ids_that_do_not_fit_on_the_page_are_invalid(canvas, course):
    ids = [row["id"] for row in assignments(canvas, course)]
    path = f"{course.path}/assignments"
    fine = canvas.get(path, params={"assignment_ids[]": ids, "per_page": 100})
    assert len(fine.json()) == len(ids)
    short = canvas.get(path, params={"assignment_ids[]": ids})
    assert short.status_code == 200 or short.json()["message"].startswith("Invalid assignment_ids")
    unknown = canvas.get(path, params={"assignment_ids[]": [ids[0], 9]})
    assert (unknown.status_code, unknown.json()) == (400, {"message": "Invalid assignment_ids: 9"})


def test_groups_of_assignments_bring_them_along(canvas, course):
    rows = canvas.get(
        f"{course.path}/assignment_groups", params={"include[]": "assignments"}
    ).json()
    inside = [item["id"] for row in rows for item in row["assignments"]]
    assert sorted(inside) == sorted(row["id"] for row in assignments(canvas, course))


def test_an_unpublished_assignment_spoils_the_whole_request_for_submissions(canvas, course):
    draft = named(canvas, course, "Draft, not published")["id"]
    params = {"student_ids[]": "all", "assignment_ids[]": draft}
    reply = canvas.get(f"{course.path}/students/submissions", params=params)
    assert reply.status_code == 403
    assert reply.json() == {"error": "invalid assignment ids requested"}


def test_more_than_a_hundred_students_and_loose_dates_are_refused(canvas, course):
    path = f"{course.path}/students/submissions"
    many = canvas.get(path, params={"student_ids[]": list(range(101))})
    assert (many.status_code, many.json()) == (400, {"error": "too many students"})
    loose = canvas.get(path, params={"student_ids[]": "all", "graded_since": "2026-01-01"})
    message = "Invalid datetime for graded_since"
    assert (loose.status_code, loose.json()) == (400, {"errors": {"graded_since": message}})


def test_all_students_include_concluded_ones_and_the_test_student(canvas, course):
    rows = course.sandbox.truth(submissions=False)["enrollments"]
    people = {
        row["user_id"]
        for row in rows
        if row["type"] in {"StudentEnrollment", "StudentViewEnrollment"}
        and row["enrollment_state"] not in {"deleted", "rejected"}
    }
    path = f"{course.path}/students/submissions"
    pages = walk(canvas, path, per_page=100, **{"student_ids[]": "all"})
    assert {row["user_id"] for page in pages for row in page} == people


def test_only_what_was_graded_since_is_listed(canvas, course):
    ann = course.students()[12]
    homework = named(canvas, course, "Homework 2")["id"]
    path = f"{course.path}/students/submissions"
    before = canvas.get(f"{course.path}/assignments/{homework}/submissions/{ann}").json()
    since = max(
        row["graded_at"] or ""
        for page in walk(canvas, path, per_page=100, **{"student_ids[]": "all"})
        for row in page
    )
    course.sandbox.act("grade", assignment=homework, user=ann, score=3)
    params = {"student_ids[]": "all", "graded_since": since, "per_page": 100}
    found = [row for page in walk(canvas, path, **params) for row in page]
    assert [(row["id"], row["score"]) for row in found] == [(before["id"], 3.0)]


def test_students_read_their_own_submissions_and_nobody_elses(course):
    student = client_of(course.sandbox, "student")
    own = student.get("users/self").json()["id"]
    rows = student.get(f"{course.path}/students/submissions").json()
    assert {row["user_id"] for row in rows} == {own}
    other = course.students()[5]
    params = {"student_ids[]": other}
    assert student.get(f"{course.path}/students/submissions", params=params).status_code == 403


def test_an_anonymous_assignment_hides_who_it_was(canvas, course):
    essay = named(canvas, course, "Anonymous peer essay")["id"]
    row = canvas.get(f"{course.path}/assignments/{essay}/submissions", params={"include[]": "user"})
    assert not {"user", "preview_url"} & set(row.json()[0])


def test_a_posted_grade_is_points_percent_letters_or_pass(canvas, course):
    homework = named(canvas, course, "Homework 1")
    ann = course.students()[14]
    path = f"{course.path}/assignments/{homework['id']}/submissions/{ann}"
    expected = {"7.5": 7.5, "50%": 10.0, "A": 20.0, "complete": 20.0, "fail": 0.0}
    for text, score in expected.items():
        row = canvas.put(path, json={"submission": {"posted_grade": text}}).json()
        assert (row["score"], row["workflow_state"]) == (score, "graded")
    cleared = canvas.put(path, data={"submission[posted_grade]": ""}).json()
    assert (cleared["score"], cleared["grade"], cleared["graded_at"]) == (None, None, None)
    bad = canvas.put(path, json={"submission": {"posted_grade": "banana"}})
    assert bad.status_code == 400


def test_a_team_is_graded_together_and_excused_one_by_one(canvas, course):
    milestone = named(canvas, course, "Team milestone 1")
    groups = canvas.get(f"group_categories/{milestone['group_category_id']}/groups").json()
    team = course.members(groups[0]["id"])
    path = f"{course.path}/assignments/{milestone['id']}/submissions"
    row = canvas.put(f"{path}/{team[0]}", json={"submission": {"posted_grade": "81"}}).json()
    assert sorted(each["user_id"] for each in row["all_submissions"]) == team
    scores = {row["user_id"]: row["score"] for row in canvas.get(path, params=ALL).json()}
    assert {scores[user] for user in team} == {81.0}
    canvas.put(f"{path}/{team[0]}", json={"submission": {"excuse": True}})
    rows = {row["user_id"]: row for row in canvas.get(path, params=ALL).json()}
    assert [rows[user]["excused"] for user in team] == [True, False, False, False, False]


ALL = {"per_page": 100}


def test_many_grades_are_written_by_a_job_that_names_its_problems(canvas, course):
    homework = named(canvas, course, "Homework 1")["id"]
    ann, ben = course.students()[15:17]
    data = {
        f"grade_data[{ann}][posted_grade]": "11",
        f"grade_data[{ben}][posted_grade]": "12",
        "grade_data[6][posted_grade]": "1",
    }
    path = f"{course.path}/assignments/{homework}/submissions"
    job = canvas.post(f"{path}/update_grades", data=data).json()
    assert (job["tag"], job["completion"]) == ("submissions_update", None)
    assert "'6'" in finished(canvas, job)["message"]
    assert canvas.get(f"{path}/{ben}").json()["score"] == 12.0
    missing = canvas.post(f"{path}/update_grades")
    assert missing.json() == {"error": "'grade_data' parameter required"}
    unknown = canvas.post(
        f"{course.path}/submissions/update_grades", json={"grade_data": {"9": {}}}
    )
    assert unknown.json() == {"error": "Some assignments could not be found: ( 9 )"}


def test_include_group_shows_the_group_at_hand_in(canvas, course):
    milestone = named(canvas, course, "Team milestone 1")
    sets = canvas.get(f"group_categories/{milestone['group_category_id']}/groups").json()
    old, new = sets[1], sets[2]
    mover = course.members(old["id"])[0]
    course.sandbox.act("submit", assignment=milestone["id"], user=mover)
    course.sandbox.act("switch_group", user=mover, group=new["id"])
    path = f"{course.path}/assignments/{milestone['id']}/submissions/{mover}"
    row = canvas.get(path, params={"include[]": "group"}).json()
    assert row["group"] == {"id": old["id"], "name": old["name"]}
