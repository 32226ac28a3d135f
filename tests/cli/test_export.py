"""An exported course is what Canvas has."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gradebench.sandbox.launch import Sandbox
from tests.cli.conftest import Home

KINDS = (
    "sections",
    "users",
    "enrollments",
    "assignments",
    "quizzes",
    "submissions",
    "group_categories",
    "groups",
    "memberships",
)


@pytest.fixture(scope="module")
def exported(synced_home: Home, sandbox: Sandbox) -> dict[str, Any]:
    return synced_home.run("export", sandbox.course).json


@pytest.fixture(scope="module")
def truth(sandbox: Sandbox) -> dict[str, Any]:
    told: Any = sandbox.truth()
    return told


def by_key(kind: str, rows: list[dict[str, Any]]) -> dict[object, dict[str, Any]]:
    key: Callable[[dict[str, Any]], object] = (
        (lambda row: (row["group_id"], row["user_id"]))
        if kind == "memberships"
        else (lambda row: row["id"])
    )
    return {key(row): row for row in rows}


def is_there(row: dict[str, Any], truth: dict[str, Any], kind: str) -> bool:
    """Canvas keeps deleted enrollments and their people; they are not in the course any more."""
    if kind == "enrollments":
        return row["enrollment_state"] != "deleted"
    if kind == "users":
        return any(
            enrollment["user_id"] == row["id"] and enrollment["enrollment_state"] != "deleted"
            for enrollment in truth["enrollments"]
        )
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_is_the_one_that_canvas_has(
    kind: str, exported: dict[str, Any], truth: dict[str, Any]
) -> None:
    ours = by_key(kind, exported[kind])
    theirs = by_key(kind, [row for row in truth[kind] if is_there(row, truth, kind)])
    assert ours.keys() == theirs.keys()
    for key, row in ours.items():
        for name in row.keys() & theirs[key].keys() - {"grades", "leader"}:
            if (kind, name) != ("memberships", "id"):
                assert row[name] == theirs[key][name], (kind, key, name)


def test_scores_and_leaders_are_where_canvas_has_them(
    exported: dict[str, Any], truth: dict[str, Any]
) -> None:
    theirs = by_key("enrollments", truth["enrollments"])
    for row in exported["enrollments"]:
        for name, value in row.get("grades", {}).items():
            assert value == theirs[row["id"]]["grades"][name]
    leaders = {row["id"]: row["leader"] and row["leader"]["id"] for row in exported["groups"]}
    assert leaders == {row["id"]: row["leader"] and row["leader"]["id"] for row in truth["groups"]}


def test_tags_are_kept_apart_from_groups(exported: dict[str, Any], truth: dict[str, Any]) -> None:
    tags = {row["id"] for row in truth["tags"]["groups"]}
    assert {row["id"] for row in exported["tags"]} == tags
    assert not tags & {row["id"] for row in exported["groups"]}


def test_a_file_gets_the_same_object_whole(
    synced_home: Home, sandbox: Sandbox, exported: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "course.json"
    file.write_text("what was there before")
    ended = synced_home.run("export", sandbox.course, "-o", file)
    assert (ended.code, ended.out) == (0, "")
    assert json.loads(file.read_text()) == exported
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_is_not_there_is_named(
    synced_home: Home, sandbox: Sandbox, tmp_path: Path
) -> None:
    ended = synced_home.run("export", sandbox.course, "-o", tmp_path / "nowhere" / "course.json")
    assert ended.code == 2
    assert "nowhere" in ended.err
    assert "Traceback" not in ended.err


def test_a_course_that_was_never_synced_says_how_to(synced_home: Home) -> None:
    ended = synced_home.run("export", 424242)
    assert ended.code == 2
    assert "gradebench sync 424242" in ended.err


def test_a_student_who_left_is_exported_as_gone_when_asked_for(
    synced: Home, sandbox: Sandbox, truth: dict[str, Any]
) -> None:
    student = truth["memberships"][0]["user_id"]
    sandbox.act("drop_student", course=sandbox.course, user=student)
    assert synced.sync(sandbox.course)[0] == 0

    now = synced.run("export", sandbox.course).json
    assert student not in {row["id"] for row in now["users"]}
    assert student not in {row["user_id"] for row in now["memberships"]}
    before = synced.run("export", sandbox.course, "--gone").json
    gone = [row for row in before["memberships"] if row["user_id"] == student]
    assert gone
    assert all(row["gone"] is True and row["gone_at"].endswith("Z") for row in gone)
    assert student in {row["id"] for row in before["users"]}
