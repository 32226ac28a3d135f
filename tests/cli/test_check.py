"""What the token may do, on the command line."""

from gradebench.sandbox.launch import Sandbox
from tests.cli.conftest import Home


def test_check_says_that_a_teacher_may_do_everything(connected: Home, sandbox: Sandbox) -> None:
    ended = connected.run("check", sandbox.course)
    assert ended.code == 0
    assert "Rename groups and move people" in ended.out
    assert " no " not in ended.out


def test_check_names_who_can_change_what_is_missing(connected: Home, sandbox: Sandbox) -> None:
    sandbox.permissions("TeacherEnrollment", off=["manage_groups_add"])
    ended = connected.run("check", sandbox.course, "--json")
    sandbox.reset_permissions()
    assert ended.code == 1
    (missing,) = [one for one in ended.json["abilities"] if one["may"] is False]
    assert missing["permission"] == "manage_groups_add"
    assert "Groups - add" in missing["who"]


def test_check_of_a_course_that_is_not_theirs_is_a_sentence(
    connected: Home, sandbox: Sandbox
) -> None:
    ended = connected.run("check", 999_999)
    assert (ended.code, ended.out) == (2, "")
    assert "Traceback" not in ended.err
