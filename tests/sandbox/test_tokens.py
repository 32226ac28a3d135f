"""Who is let in, and the words with which the others are turned away."""

from __future__ import annotations

import httpx2
import pytest

from gradebench.sandbox.launch import Sandbox
from tests.sandbox.conftest import client_of

CHALLENGE = 'Bearer realm="canvas-lms"'


def test_without_a_token_canvas_asks_for_one(sandbox):
    reply = httpx2.get(f"{sandbox.url}/api/v1/users/self")
    assert reply.status_code == 401
    assert reply.headers["www-authenticate"] == CHALLENGE
    message = {"message": "user authorization required"}
    assert reply.json() == {"status": "unauthenticated", "errors": [message]}


@pytest.mark.parametrize(
    ("role", "message"),
    [("expired", "Expired access token."), ("revoked", "Revoked access token.")],
)
def test_a_dead_token_is_refused_with_its_reason(sandbox, role, message):
    reply = client_of(sandbox, role).get("users/self")
    assert reply.status_code == 401
    assert reply.headers["www-authenticate"] == CHALLENGE
    error = reply.json()["errors"][0]
    assert error["message"] == message
    assert ("expired_at" in error) == (role == "expired")


def test_an_unknown_token_is_invalid_and_the_scheme_must_be_bearer(sandbox):
    for header in ("Bearer nonsense", f"bearer {sandbox.token}"):
        reply = httpx2.get(f"{sandbox.url}/api/v1/users/self", headers={"Authorization": header})
        assert reply.status_code == 401
    assert httpx2.get(
        f"{sandbox.url}/api/v1/users/self", headers={"Authorization": "Bearer nonsense"}
    ).json() == {"errors": [{"message": "Invalid access token."}]}


def test_the_token_may_come_as_a_parameter(sandbox):
    params = {"access_token": sandbox.token}
    reply = httpx2.get(f"{sandbox.url}/api/v1/users/self", params=params)
    assert reply.json()["name"] == "Dana Whitfield"


def test_a_read_only_token_lacks_the_scope_to_write_and_gets_no_challenge(sandbox, course):
    reader = client_of(sandbox, "readonly")
    assert reader.get(course.path).status_code == 200
    reply = reader.post(f"{course.path}/group_categories", json={"name": "Lab"})
    assert reply.status_code == 401
    assert "www-authenticate" not in reply.headers
    assert reply.json() == {"errors": [{"message": "Insufficient scopes on access token."}]}


def test_nobody_can_act_as_somebody_else(canvas):
    reply = canvas.get("users/self", params={"as_user_id": 5})
    assert (reply.status_code, reply.json()) == (401, {"errors": "Invalid as_user_id"})


def test_not_permitted_is_403_and_in_an_older_canvas_401(sandbox, course):
    student = client_of(sandbox, "student")
    path = f"{course.path}/group_categories"
    newer = student.get(path)
    sandbox.settings(legacy_401=True)
    older = student.get(path)
    sandbox.settings(legacy_401=False)
    assert (newer.status_code, older.status_code) == (403, 401)
    assert (
        newer.json()
        == older.json()
        == {
            "status": "unauthorized",
            "errors": [{"message": "user not authorized to perform that action"}],
        }
    )
    assert "www-authenticate" not in older.headers


def test_a_client_without_a_user_agent_can_be_turned_away(sandbox):
    sandbox.settings(require_user_agent=True)
    reply = client_of(sandbox, **{"User-Agent": ""}).get("users/self")
    named = client_of(sandbox).get("users/self")
    sandbox.settings(require_user_agent=False)
    assert reply.status_code == 403
    assert reply.json()["error"] == "Forbidden"
    assert named.status_code == 200


def test_ids_are_text_for_clients_that_ask(sandbox, course):
    accept = "application/json+canvas-string-ids"
    reply = client_of(sandbox, Accept=accept).get(
        f"{course.path}/users", params={"include[]": ["enrollments", "group_ids"]}
    )
    person = reply.json()[0]
    assert isinstance(person["id"], str)
    assert isinstance(person["enrollments"][0]["course_section_id"], str)
    assert all(isinstance(number, str) for number in person["group_ids"])


def test_ids_can_be_larger_than_a_float_holds():
    offset = 9_010_000_000_000_000_000
    with Sandbox.start(world="small", id_offset=offset, throttle=False) as far:
        rows = client_of(far).get("courses").json()
        assert rows[0]["id"] == far.course > 2**53
        assert client_of(far).get(f"courses/{far.course}").json()["id"] == far.course


def test_sis_ids_name_courses_sections_and_people(canvas, course):
    truth = course.sandbox.truth(submissions=False)
    sis_course = truth["course"]["sis_course_id"]
    assert canvas.get(f"courses/sis_course_id:{sis_course}").json()["id"] == course.id
    in_hex = sis_course.encode().hex()
    assert canvas.get(f"courses/hex:sis_course_id:{in_hex}").json()["id"] == course.id
    section = truth["sections"][0]
    reply = canvas.get(f"sections/sis_section_id:{section['sis_section_id']}")
    assert reply.json()["id"] == section["id"]
    assert canvas.get("users/sis_login_id:DWHITFIELD/profile").json()["login_id"] == "dwhitfield"


@pytest.mark.parametrize("path", ["courses/99", "courses/abc", "nothing", "groups/1", "progress/1"])
def test_what_is_not_there_is_404_in_canvas_words(canvas, path):
    reply = canvas.get(path)
    assert reply.status_code == 404
    expected = {"errors": [{"message": "The specified resource does not exist."}]}
    assert reply.json() == expected


def test_a_missing_group_set_has_a_body_of_its_own(canvas):
    reply = canvas.get("group_categories/1")
    assert (reply.status_code, reply.json()) == (404, {"status": "not found"})


def test_broken_json_in_a_body_is_a_bad_request(canvas, course):
    headers = {"Content-Type": "application/json"}
    reply = canvas.post(f"{course.path}/group_categories", content=b"{oops", headers=headers)
    assert reply.status_code == 400
