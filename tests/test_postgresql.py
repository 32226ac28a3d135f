"""The same product on PostgreSQL: migrations, a sync, an export, the whole sync suite when asked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gradebench.sandbox.launch import Sandbox
from tests.canvas.sync.conftest import differences, listed_truth
from tests.cli.conftest import Home
from tests.postgres import LEFT_OUT, cluster

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(LEFT_OUT, reason="GRADEBENCH_NO_POSTGRES=1"),
]
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def postgres():
    """An empty PostgreSQL of this run's own."""
    with cluster() as address:
        yield address


def test_a_course_syncs_into_postgresql_row_by_row(postgres, tmp_path):
    home = Home(tmp_path, {"DATABASE_URL": postgres})
    with Sandbox.start(world="quirks", id_offset=21_070_000_000_000_000) as canvas:
        assert home.connect(canvas).code == 0
        for _again in range(2):
            code, [ended] = home.sync(str(canvas.course))
            assert (code, ended["state"]) == (0, "complete")
        mirror = home.run("export", str(canvas.course)).json
        assert not list(differences(mirror, listed_truth(canvas)))


@pytest.mark.slow
def test_the_suite_of_syncs_and_teams_passes_on_postgresql(postgres):
    """The long form: everything that touches the database, on PostgreSQL."""
    folders = ["tests/core", "tests/canvas/sync", "tests/canvas/test_runs.py", "tests/web"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *folders],
        env={**os.environ, "DATABASE_URL": postgres},
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout[-3000:]
