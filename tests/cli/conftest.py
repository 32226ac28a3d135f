"""The real command in a process of its own, with a data folder of its own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from gradebench.sandbox.launch import Sandbox

# Whatever the test run or its machine has set must not reach the command.
FOREIGN = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "COLUMNS")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Home:
    """A data folder, and the command line on it."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: object, stdin: str = "", **options: Any) -> Ended:
        """Run a command to its end."""
        process = subprocess.run(
            self.command(*arguments),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            env=self.env(),
            check=False,
            **options,
        )
        return Ended(process.returncode, process.stdout, process.stderr)

    def start(self, *arguments: object) -> "subprocess.Popen[str]":
        """Start a command that goes on until it is stopped."""
        return subprocess.Popen(
            self.command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.env(),
        )

    def connect(self, sandbox: Sandbox, *arguments: str, role: str = "teacher") -> Ended:
        """Connect a sandbox in somebody's name."""
        token = sandbox.tokens[role]
        return self.run("connect", sandbox.url, "--token-file", "-", *arguments, stdin=token)

    def sync(self, *arguments: object) -> tuple[int, list[dict[str, Any]]]:
        """Sync, and return the exit code and the printed list."""
        ended = self.run("sync", *arguments, "--json")
        assert "Traceback" not in ended.err, ended.err
        return ended.code, ended.json

    def python(self, code: str) -> Ended:
        """Run a little program on this data folder, with Django set up."""
        setup = "import django; django.setup()\n"
        env = {**self.env(), "DJANGO_SETTINGS_MODULE": "gradebench.settings"}
        process = subprocess.run(
            [sys.executable, "-c", setup + code],
            capture_output=True,
            text=True,
            env=env,
            timeout=60,
        )
        return Ended(process.returncode, process.stdout, process.stderr)

    def command(self, *arguments: object) -> list[str]:
        return [sys.executable, "-m", "gradebench", *map(str, arguments)]

    def env(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in FOREIGN and not name.startswith("GRADEBENCH_")
        }
        return {**kept, "GRADEBENCH_HOME": str(self.folder), **self.environment}


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose database is made and empty, to copy from."""
    home = Home(tmp_path_factory.mktemp("home") / "data")
    ended = home.run("runs")
    assert ended.code == 0, ended.err
    return home.folder


@pytest.fixture
def home(empty_home: Path, tmp_path: Path) -> Home:
    """A data folder for one test."""
    return Home(Path(shutil.copytree(empty_home, tmp_path / "data")))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A Canvas with a small course; each module has its own."""
    with Sandbox.start(world="small") as started:
        yield started


@pytest.fixture(scope="module")
def connected_home(
    empty_home: Path, tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox
) -> Home:
    """A data folder connected to the module's sandbox, to copy from."""
    home = Home(Path(shutil.copytree(empty_home, tmp_path_factory.mktemp("connected") / "data")))
    assert home.connect(sandbox).code == 0
    return home


@pytest.fixture(scope="module")
def synced_home(
    connected_home: Home, tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox
) -> Home:
    """A data folder that has the sandbox's course, to read or to copy from."""
    folder = tmp_path_factory.mktemp("synced") / "data"
    home = Home(Path(shutil.copytree(connected_home.folder, folder)))
    code, courses = home.sync(sandbox.course)
    assert code == 0, courses
    return home


@pytest.fixture
def connected(connected_home: Home, tmp_path: Path, sandbox: Sandbox) -> Iterator[Home]:
    """A connected data folder for one test."""
    yield Home(Path(shutil.copytree(connected_home.folder, tmp_path / "data")))
    sandbox.clear_faults()


@pytest.fixture
def synced(synced_home: Home, tmp_path: Path, sandbox: Sandbox) -> Iterator[Home]:
    """A data folder with the course, for one test."""
    yield Home(Path(shutil.copytree(synced_home.folder, tmp_path / "data")))
    sandbox.clear_faults()
