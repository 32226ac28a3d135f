"""A push that is killed anywhere goes on where it was: nothing lost, nothing twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ALL_IN_ORDER = {
    "killed": True,
    "state": "verified",
    "unmet": [],
    "differences": [],
    "same": True,
    "green": 1,
    "second_plan_is_empty": True,
}


def points(home: Path, *arguments: str) -> list[dict[str, object]]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    ended = subprocess.run(
        [sys.executable, "-m", "tests.canvas.push.kill_points", *arguments],
        env={
            **kept,
            "GRADEBENCH_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "gradebench.settings",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def assert_nothing_lost_and_nothing_twice(found: list[dict[str, object]]) -> None:
    for point in found:
        assert ALL_IN_ORDER.items() <= point.items(), point


@pytest.mark.parametrize("arguments", [("0", "no", "6"), ("1", "sync", "5")])
def test_a_push_killed_at_some_points_goes_on_from_its_journal(arguments, tmp_path):
    """By single writes, and by an import with a sync between the death and the resumption."""
    found = points(tmp_path, *arguments)
    assert len(found) >= 6
    assert_nothing_lost_and_nothing_twice(found)


@pytest.mark.slow
@pytest.mark.parametrize("sync", ["no", "sync"])
@pytest.mark.parametrize("import_from", ["0", "1"])
def test_a_push_killed_at_every_point_goes_on_from_its_journal(import_from, sync, tmp_path):
    assert_nothing_lost_and_nothing_twice(points(tmp_path, import_from, sync, "1"))
