"""`gradebench groups …` as typed: files, plans, applying, undoing, what was."""

import csv
import io

import pytest

from gradebench.sandbox.launch import Sandbox
from tests.cli.conftest import Home

PROJECTS = 41


@pytest.fixture
def canvas():
    with Sandbox.start(world="small", job_seconds=0.1) as running:
        yield running


@pytest.fixture
def fresh(home: Home, canvas: Sandbox) -> Home:
    """A data folder and a Canvas of the test's own, to be written to."""
    assert home.connect(canvas).code == 0
    assert home.sync(canvas.course)[0] == 0
    canvas.clear_requests()
    return home


def exported(home: Home, course: int, tmp_path) -> list[dict[str, str]]:
    file = tmp_path / "teams.csv"
    assert home.run("groups", "export", course, "--set", PROJECTS, "-o", file).code == 0
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))


def written(rows: list[dict[str, str]], tmp_path):
    file = tmp_path / "changed.csv"
    text = io.StringIO()
    table = csv.DictWriter(text, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    file.write_text(text.getvalue(), encoding="utf-8")
    return file


def plan(home: Home, course: int, *more: str):
    ended = home.run("groups", "plan", course, "--set", PROJECTS, "--json", *more)
    assert ended.code == 0, ended.err
    return ended.json


def test_what_was_exported_is_imported_as_an_empty_plan(synced, sandbox, tmp_path):
    rows = exported(synced, sandbox.course, tmp_path)
    assert len(rows) >= 25
    ended = synced.run(
        "groups", "import", sandbox.course, "--set", PROJECTS, written(rows, tmp_path), "--json"
    )
    assert (ended.code, ended.json["moved"], ended.json["bad"]) == (0, 0, [])
    made = plan(synced, sandbox.course)
    assert made["operations"] == []
    assert made["writes"] == 0


def test_a_file_is_planned_applied_verified_and_undone(fresh, canvas, tmp_path):
    rows = exported(fresh, canvas.course, tmp_path)
    ada, ben = (one for one in rows if one["group_name"] == "Project Team 1"), None
    ada, ben = next(ada), next(one for one in rows if one["group_name"] == "Project Team 2")
    for one, name in ((ada, "Project Team 2"), (ben, "Brand new")):
        one.update(group_name=name, canvas_group_id="", group_id="")
    ended = fresh.run("groups", "import", canvas.course, "--set", PROJECTS, written(rows, tmp_path))
    assert ended.code == 0, ended.err
    made = plan(fresh, canvas.course)
    ops = {(one["op"], one["user_id"]) for one in made["operations"]}
    assert ops == {
        ("create_group", None),
        ("move", int(ada["canvas_user_id"])),
        ("move", int(ben["canvas_user_id"])),
    }
    moved = next(one for one in made["operations"] if one["user_id"] == int(ada["canvas_user_id"]))
    assert (moved["from_group_id"], moved["to_group_id"]) == (701, 702)
    ended = fresh.run("groups", "apply", made["plan_id"], "--json")
    assert ended.code == 0, ended.out + ended.err
    report = ended.json
    assert (report["applied"], report["failed"], report["uncertain"]) == (3, 0, 0)
    assert report["verified"] is True
    assert (
        report["requests"]
        == len([one for one in canvas.requests() if "sandbox" not in one.path]) - 2
    )
    again = fresh.run("groups", "apply", made["plan_id"])
    assert again.code == 2
    undone = fresh.run("groups", "undo", made["plan_id"], "--json")
    assert {one["op"] for one in undone.json["operations"]} == {"move", "delete_group"}
    assert fresh.run("groups", "apply", undone.json["plan_id"]).code == 0
    assert "Brand new" not in {one["name"] for one in canvas.truth(submissions=False)["groups"]}
    told = fresh.run("groups", "history", canvas.course, "--json").json
    assert [one["because"] for one in told if one["user_id"] == int(ada["canvas_user_id"])][:2] == [
        f"Undo of plan {made['plan_id']}",
        "From a file",
    ]
    listed = fresh.run("groups", "plans", canvas.course, "--json").json
    assert [one["state"] for one in listed][:2] == ["verified", "verified"]
    assert fresh.run("groups", "show", made["plan_id"]).code == 0


def test_bad_rows_are_named_and_nothing_is_staged_without_skip_bad(synced, sandbox, tmp_path):
    rows = exported(synced, sandbox.course, tmp_path)
    placed = [one for one in rows if one["group_name"] == "Project Team 1"]
    placed[0].update(group_name="Elsewhere", canvas_group_id="")
    placed[1].update(canvas_user_id="777777")
    file = written(rows, tmp_path)
    ended = synced.run("groups", "import", sandbox.course, "--set", PROJECTS, file)
    assert ended.code == 2
    assert "nobody in the course has this canvas_user_id" in ended.err
    assert "777777" in ended.err
    assert plan(synced, sandbox.course)["operations"] == []
    ended = synced.run("groups", "import", sandbox.course, "--set", PROJECTS, file, "--skip-bad")
    assert ended.code == 1
    assert len(plan(synced, sandbox.course)["operations"]) == 2


def test_a_latin_1_file_gets_a_sentence(synced, sandbox, tmp_path):
    file = tmp_path / "latin.csv"
    file.write_bytes("login_id,group_name\nx,Équipe\n".encode("latin-1"))
    ended = synced.run("groups", "import", sandbox.course, "--set", PROJECTS, file)
    assert ended.code == 2
    assert "not UTF-8" in ended.err
    assert "Traceback" not in ended.err


def test_a_stale_plan_writes_nothing_and_names_what_changed(fresh, canvas, tmp_path):
    rows = exported(fresh, canvas.course, tmp_path)
    one = next(one for one in rows if one["group_name"] == "Project Team 1")
    one.update(group_name="Brand new", canvas_group_id="")
    fresh.run("groups", "import", canvas.course, "--set", PROJECTS, written(rows, tmp_path))
    made = plan(fresh, canvas.course)
    other = next(one for one in rows if one["group_name"] == "Project Team 2")
    canvas.act("leave_group", user=int(other["canvas_user_id"]), group=702)
    ended = fresh.run("groups", "apply", made["plan_id"], "--json")
    assert (ended.code, ended.json["state"]) == (3, "stale")
    assert "Project Team 2" in ended.json["differences"][0]
    assert {one.method for one in canvas.requests()} == {"GET"}


def test_many_removals_need_a_yes(fresh, canvas, tmp_path):
    code = (
        "from gradebench.core import people; from gradebench.core.models import *\n"
        "s = TeamSet.objects.get(name='Project Teams')\n"
        "who = list(people.current_places(s))[:6]\n"
        "people.place(s, dict.fromkeys(who), reason=people.Reason(because='x'), confirmed=False)\n"
    )
    assert fresh.python(code).code == 0
    made = plan(fresh, canvas.course)
    assert (made["removals"], made["needs_yes"]) == (6, True)
    ended = fresh.run("groups", "apply", made["plan_id"], "--json")
    assert (ended.code, ended.json["state"]) == (3, "waits")
    assert fresh.run("groups", "apply", made["plan_id"], "--yes").code == 0


def test_the_sets_are_listed_with_their_groups_and_people(synced, sandbox):
    listed = synced.run("groups", "list", sandbox.course, "--json").json
    projects = next(one for one in listed if one["id"] == PROJECTS)
    assert projects["groups"][0]["name"] == "Project Team 1"
    assert len(projects["groups"][0]["members"]) == 5
    assert projects["waiting"] == 0
    assert "Project Team 1" in synced.run("groups", "list", sandbox.course).out


def test_what_does_not_exist_gets_a_sentence(synced, sandbox):
    for arguments in (
        ("plan", sandbox.course, "--set", 999),
        ("plan", 999, "--set", PROJECTS),
        ("apply", 999),
        ("plan", sandbox.course, "--set", 46),
    ):
        ended = synced.run("groups", *arguments)
        assert ended.code == 2, ended
        assert "Traceback" not in ended.err
        assert ended.err.strip()
