"""Faults on request: each does what it says, where it says, and no more often."""

from __future__ import annotations

import httpx2
import pytest

from tests.sandbox.conftest import walk


@pytest.fixture(autouse=True)
def disarmed(sandbox):
    yield
    sandbox.clear_faults()


def test_a_status_fault_strikes_its_endpoint_as_often_as_asked(sandbox, canvas, course):
    sandbox.fault("status", path=r"/sections$", status=500, count=2, after=1)
    codes = [canvas.get(f"{course.path}/sections").status_code for _ in range(4)]
    assert codes == [200, 500, 500, 200]
    assert canvas.get(course.path).status_code == 200
    assert sandbox.armed_faults()[0].struck == 2


def test_a_json_error_carries_a_report_id_and_a_proxy_page_is_html(sandbox, canvas):
    sandbox.fault("status", status=500)
    sandbox.fault("html", status=502)
    first, second = canvas.get("users/self"), canvas.get("users/self")
    assert first.json()["errors"][0]["error_code"] == "internal_server_error"
    assert "error_report_id" in first.json()
    assert (second.status_code, second.headers["content-type"]) == (502, "text/html; charset=utf-8")


def test_a_cut_connection_ends_without_an_answer_or_inside_one(sandbox, canvas, course):
    sandbox.fault("cut")
    with pytest.raises(httpx2.RemoteProtocolError):
        canvas.get("users/self")
    sandbox.fault("cut_body", path="/assignments$")
    with pytest.raises(httpx2.RemoteProtocolError):
        canvas.get(f"{course.path}/assignments")
    assert canvas.get("users/self").status_code == 200


def test_truncated_json_is_a_whole_http_answer(sandbox, canvas, course):
    sandbox.fault("truncate")
    reply = canvas.get(f"{course.path}/assignments")
    assert reply.status_code == 200
    assert int(reply.headers["content-length"]) == len(reply.content)
    with pytest.raises(ValueError, match=r"Expecting|Unterminated|Invalid"):
        reply.json()


def test_a_hanging_request_outlasts_the_clients_patience(sandbox):
    sandbox.fault("hang", seconds=30)
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    with pytest.raises(httpx2.ReadTimeout):
        httpx2.get(f"{sandbox.url}/api/v1/users/self", headers=headers, timeout=0.2)


def test_a_lost_reply_hides_a_write_that_was_done(sandbox, canvas, course):
    sandbox.fault("lost", method="POST")
    with pytest.raises(httpx2.RemoteProtocolError):
        course.new_set("Written but not told")
    assert_set(canvas, course, "Written but not told", exists=True)
    sandbox.fault("html", method="POST", status=504, done=True)
    reply = canvas.post(f"{course.path}/group_categories", json={"name": "Behind a 504"})
    assert reply.status_code == 504
    assert_set(canvas, course, "Behind a 504", exists=True)
    sandbox.fault("cut", method="POST")
    with pytest.raises(httpx2.RemoteProtocolError):
        course.new_set("Never written")
    assert_set(canvas, course, "Never written", exists=False)


def assert_set(canvas, course, name, *, exists):
    rows = canvas.get(f"{course.path}/group_categories", params={"per_page": 100}).json()
    assert (name in [row["name"] for row in rows]) == exists


def test_a_stale_read_shows_the_time_before_the_last_write(sandbox, canvas, course):
    group = course.new_group(course.new_set("Replicated"), "Old name")
    sandbox.fault("stale", method="GET", path=rf"/groups/{group}$")
    canvas.put(f"groups/{group}", json={"name": "New name"})
    assert canvas.get(f"groups/{group}").json()["name"] == "Old name"
    assert canvas.get(f"groups/{group}").json()["name"] == "New name"


def test_what_was_just_created_can_be_unknown_for_a_moment(sandbox, canvas, course):
    category = course.new_set("Young")
    sandbox.fault("stale", path=r"/groups/\d+$", count=2)
    group = course.new_group(category)
    assert canvas.get(f"groups/{group}").status_code == 404
    assert canvas.put(f"groups/{group}", json={"members": []}).status_code == 404
    assert canvas.put(f"groups/{group}", json={"members": []}).status_code == 200


def test_a_page_can_lose_its_rows_its_next_or_its_links(sandbox, canvas, course):
    path, params = f"{course.path}/students/submissions", {"student_ids[]": "all", "per_page": 50}
    whole = walk(canvas, path, **params)
    sandbox.fault("page", path="bookmark", lose="rows")
    gap = walk(canvas, path, **params)
    assert [len(page) for page in gap[:3]] == [50, 0, 50]
    sandbox.fault("page", path="bookmark", lose="next")
    assert len(walk(canvas, path, **params)) == 2 < len(whole)
    sandbox.fault("page", path="groups", page=2, lose="link")
    pages = walk(canvas, f"{course.path}/groups", per_page=5)
    assert len(pages) == 2


def test_next_can_lead_in_a_circle(sandbox, canvas, course):
    sandbox.fault("loop", path="enrollments")
    reply = canvas.get(f"{course.path}/enrollments", params={"per_page": 5})
    assert reply.links["next"]["url"] == reply.links["current"]["url"]


def test_fields_can_be_withheld_at_any_depth(sandbox, canvas, course):
    sandbox.fault("withhold", path="enrollments", keys=["user", "grades", "sis_user_id"])
    row = canvas.get(f"{course.path}/enrollments").json()[0]
    assert not {"user", "grades", "sis_user_id"} & set(row)
    assert "user_id" in row


def test_random_faults_are_as_many_as_asked_and_the_same_for_a_seed(sandbox, canvas):
    runs = []
    for _ in range(2):
        sandbox.clear_requests()
        sandbox.random_faults(5, over=20, seed=3, kinds=["status", "html"])
        codes = [canvas.get("users/self").status_code for _ in range(20)]
        runs.append(codes)
        assert sum(code != 200 for code in codes) == 5
        assert sum(entry.fault is not None for entry in sandbox.requests()) == 5
    assert runs[0] == runs[1]


def test_the_log_tells_what_was_asked_and_what_came_of_it(sandbox, canvas, course):
    sandbox.clear_requests()
    canvas.get(course.path, params={"include[]": "term"})
    course.new_set("Logged")
    read, write = sandbox.requests()
    assert (read.method, read.path, read.query) == (
        "GET",
        f"/api/v1/{course.path}",
        "include%5B%5D=term",
    )
    assert (read.status, read.role, read.in_flight, read.fault) == (200, "teacher", 1, None)
    assert write.body == '{"name":"Logged"}'
    assert write.started > read.started
    assert write.cost > read.cost
