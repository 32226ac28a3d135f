"""Syncing from the command line, and what scripts see of it."""

from typing import Any

from gradebench.sandbox.launch import Sandbox
from tests.cli.conftest import Home

FIGURES = {"new", "changed", "gone", "failed", "total"}


def students(sandbox: Sandbox, count: int) -> list[int]:
    """Some active students of the main course."""
    found = [
        row["user_id"]
        for row in rows(sandbox, "enrollments")
        if row["type"] == "StudentEnrollment" and row["enrollment_state"] == "active"
    ]
    return list(dict.fromkeys(found))[-count:]


def rows(sandbox: Sandbox, kind: str) -> list[dict[str, Any]]:
    truth: Any = sandbox.truth()
    return truth[kind]


def test_sync_says_per_course_what_came_of_it(connected: Home, sandbox: Sandbox) -> None:
    code, (course,) = connected.sync(sandbox.course)
    assert code == 0
    assert {"course_id", "state", "counts", "requests", "seconds", "errors"} <= set(course)
    assert (course["course_id"], course["state"], course["errors"]) == (
        sandbox.course,
        "complete",
        [],
    )
    assert all(set(figures) == FIGURES for figures in course["counts"].values())
    assert course["counts"]["submissions"]["total"] == len(rows(sandbox, "submissions"))
    assert course["requests"] > 0


def test_a_second_sync_finds_nothing_new(synced: Home, sandbox: Sandbox) -> None:
    code, (course,) = synced.sync(sandbox.course)
    assert code == 0
    changes = [
        figures[name] for figures in course["counts"].values() for name in FIGURES - {"total"}
    ]
    assert not any(changes)


def test_without_json_people_read_a_table(synced: Home, sandbox: Sandbox) -> None:
    ended = synced.run("sync", sandbox.course)
    assert ended.code == 0
    assert "Complete" in ended.out
    assert "memberships" in ended.out
    assert ": Complete" in ended.err


def test_all_syncs_every_course_when_none_was_chosen(connected: Home, sandbox: Sandbox) -> None:
    code, courses = connected.sync("--all")
    assert code == 0
    assert [course["course_id"] for course in courses] == sandbox.courses
    listed = connected.run("courses", "--json").json
    assert [course["state"] for course in listed] == ["complete"] * len(sandbox.courses)
    assert all(course["synced_at"].endswith("Z") for course in listed)


def test_a_course_that_canvas_does_not_show_fails_alone(connected: Home, sandbox: Sandbox) -> None:
    code, (known, unknown) = connected.sync(sandbox.course, 424242)
    assert code == 2
    assert (known["state"], unknown["state"]) == ("complete", "failed")
    assert unknown["errors"][0]["reason"]
    assert unknown["errors"][0]["todo"]


def test_sync_wants_to_know_which_courses(connected: Home, sandbox: Sandbox) -> None:
    for arguments in ([], ["--all", sandbox.course]):
        ended = connected.run("sync", *arguments)
        assert ended.code == 2
        assert "give --all" in ended.err


def test_a_part_that_cannot_be_read_is_named_and_the_next_sync_heals_it(
    connected: Home, sandbox: Sandbox
) -> None:
    sandbox.fault("status", path="/quizzes", status=403, count=None)
    code, (course,) = connected.sync(sandbox.course)
    sandbox.clear_faults()
    assert (code, course["state"]) == (1, "partly")
    assert {error["part"] for error in course["errors"]} == {"quizzes"}
    assert connected.sync(sandbox.course)[0] == 0


def test_a_revoked_token_is_told_and_nothing_is_lost(
    synced_home: Home, synced: Home, sandbox: Sandbox
) -> None:
    sandbox.act("revoke_token", token=sandbox.token)
    code, (course,) = synced.sync(sandbox.course)
    sandbox.act("restore_token", token=sandbox.token)
    assert (code, course["state"]) == (2, "failed")
    assert "token" in course["summary"]
    before = synced_home.run("export", sandbox.course).json
    assert synced.run("export", sandbox.course).json == before


def test_runs_lists_the_latest_first(synced: Home, sandbox: Sandbox) -> None:
    synced.sync(sandbox.course, "--full")
    latest, first = synced.run("runs", "--json").json
    assert latest["id"] > first["id"]
    assert (latest["course_id"], latest["state"]) == (sandbox.course, "complete")
    assert len(synced.run("runs", "--limit", "1").out.splitlines()) == 2


def test_a_token_that_no_key_reads_any_more_is_told(synced: Home, sandbox: Sandbox) -> None:
    (synced.folder / "keys").unlink()
    code, (course,) = synced.sync(sandbox.course)
    assert code == 2
    assert "key" in course["summary"]


def test_many_students_leaving_at_once_wait_for_a_yes(synced: Home, sandbox: Sandbox) -> None:
    leaving = students(sandbox, 6)
    for student in leaving:
        sandbox.act("drop_student", course=sandbox.course, user=student)

    code, (course,) = synced.sync(sandbox.course)
    assert (code, course["state"]) == (3, "waits")
    assert set(course["held"]["students"]) == set(leaving)
    still_there = {user["id"] for user in synced.run("export", sandbox.course).json["users"]}
    assert still_there >= set(leaving)

    code, (course,) = synced.sync(sandbox.course, "--yes")
    assert (code, course["state"]) == (0, "complete")
    left = {user["id"] for user in synced.run("export", sandbox.course).json["users"]}
    assert not left & set(leaving)
