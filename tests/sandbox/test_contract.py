"""The sandbox answers the keys that a real Canvas answered."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings"
FILES = sorted(RECORDINGS.glob("*.json"))

# Removed from the recordings where they were made, because they change from one run to the next.
VOLATILE = {
    "created_at",
    "updated_at",
    "uuid",
    "url",
    "id",
    "lti_context_id",
    "secure_params",
    "preview_url",
    "last_activity_at",
    "total_activity_time",
    "avatar_url",
    "ics",
    "sis_group_category_id",
}
# Keys that Canvas adds for some objects only, so that one recording cannot show them.
SOMETIMES = {"use_rubric_for_grading", "rubric", "rubric_settings", "quiz_id", "login_id"}

pytestmark = pytest.mark.skipif(not FILES, reason="the recordings are not part of the project")


def keys_of(value, *, at=""):
    """Every path of keys in a JSON value; of a list the union over its elements."""
    if isinstance(value, list):
        return set().union(*(keys_of(item, at=f"{at}[]") for item in value)) if value else set()
    if not isinstance(value, dict):
        return set()
    found = set()
    for key, item in value.items():
        found |= {f"{at}.{key}"} | keys_of(item, at=f"{at}.{key}")
    return found


def steady(keys):
    parts = {key: re.split(r"[.\[\]]+", key) for key in keys}
    return {key for key, words in parts.items() if not (VOLATILE | SOMETIMES) & set(words)}


@pytest.fixture
def places(canvas, course):
    """What stands for the recording's ids here."""
    quizzes = canvas.get(f"{course.path}/quizzes").json()
    student = course.students()[3]
    return {"course": course.id, "assignment": 301, "quiz": quizzes[0]["id"], "student": student}


def translated(recording, places):
    """The recording's request with the sandbox's ids."""
    path = recording["path"].removeprefix("/api/v1/")
    path = re.sub(r"courses/\d+", f"courses/{places['course']}", path)
    path = re.sub(r"assignments/\d+", f"assignments/{places['assignment']}", path)
    path = re.sub(r"quizzes/\d+", f"quizzes/{places['quiz']}", path)
    parameters = {}
    for name, value in recording["parameters"].items():
        here = re.sub(r"\[\d+\]", f"[{places['student']}]", name)
        if name == "assignment_ids[]":
            value = places["assignment"]
        if name == "student_ids[]" and value != "all":
            value = places["student"]
        parameters[here] = value
    return path, parameters


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_answer_has_the_keys_of_the_recording(file, canvas, places):
    recording = json.loads(file.read_text())
    path, parameters = translated(recording, places)
    if recording["method"] == "GET":
        reply = canvas.get(path, params=parameters)
    else:
        reply = canvas.post(path, data=parameters)
    assert reply.status_code == recording["status"]
    want, have = steady(keys_of(recording["body"])), steady(keys_of(reply.json()))
    if recording["body"] == []:
        assert isinstance(reply.json(), list)
        return
    missing, extra = want - have, have - want
    assert (missing, extra) == (set(), set())
