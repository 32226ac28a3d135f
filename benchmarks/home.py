"""A data folder of the benchmark's own, and GradeBench run on it in processes of their own."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import msgspec

from benchmarks.scale import Trouble
from gradebench.sandbox.launch import Sandbox

T = TypeVar("T")

ROOT = Path(__file__).resolve().parent.parent
# Whatever the caller's surroundings set must not reach what is measured.
FOREIGN = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "COLUMNS")


@dataclass(frozen=True)
class Ended:
    """What a process printed, and how long it took from its start to its end."""

    out: str
    seconds: float


class Synced(msgspec.Struct, frozen=True):
    """One course of `gradebench sync --json`."""

    state: str
    summary: str
    counts: dict[str, dict[str, int]]

    def total(self, *kinds: str) -> int:
        """How many rows of these kinds there are now; of all kinds without a name."""
        return sum(self.counts[kind]["total"] for kind in kinds or self.counts)


class Home:
    """A fresh GRADEBENCH_HOME with SQLite; a context manager, which deletes it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="gradebench-bench-")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._folder.cleanup()

    def connect(self, canvas: Sandbox, *, user: str = "") -> None:
        """Connect the teacher of a sandbox; makes the database too."""
        owner = ["--user", user] if user else []
        self._gradebench("connect", canvas.url, "--token-file", "-", *owner, stdin=canvas.token)

    def add_user(self, name: str, password: str) -> None:
        """Somebody who may sign in."""
        self._gradebench("adduser", name, "--password-file", "-", stdin=password)

    @contextmanager
    def serve(self) -> Iterator[str]:
        """`gradebench serve` on a free port; gives its address. Raises Trouble if it does not start."""
        process = subprocess.Popen(
            [sys.executable, "-m", "gradebench", "serve", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**self._env(), "PYTHONUNBUFFERED": "1", "COLUMNS": "200"},
            cwd=ROOT,
        )
        try:
            yield _address_of(process)
        finally:
            process.terminate()
            process.wait(timeout=30)

    def sync(self, canvas: Sandbox, *, full: bool) -> tuple[Synced, float]:
        """`gradebench sync` of the main course, and its seconds. Raises Trouble unless complete."""
        options = ["--full"] if full else []
        ended = self._gradebench("sync", str(canvas.course), "--json", *options)
        synced = msgspec.json.decode(ended.out, type=list[Synced])[0]
        if synced.state != "complete":
            raise Trouble(f"the sync ended {synced.state}: {synced.summary}")
        return synced, ended.seconds

    def within(self, module: str, asked: object, answer: type[T]) -> T:
        """Run a module of `benchmarks.in_django` on this folder: JSON in, JSON out."""
        request = msgspec.json.encode(asked).decode()
        module = f"benchmarks.in_django.{module}"
        ended = run([sys.executable, "-m", module], stdin=request, env=self._env())
        return msgspec.json.decode(ended.out, type=answer)

    def _gradebench(self, *arguments: str, stdin: str = "") -> Ended:
        command = [sys.executable, "-m", "gradebench", *arguments]
        return run(command, stdin=stdin, env=self._env())

    def _env(self) -> dict[str, str]:
        return {
            **_plain_env(),
            "GRADEBENCH_HOME": str(Path(self._folder.name) / "data"),
            "DJANGO_SETTINGS_MODULE": "gradebench.settings",
        }


def _address_of(server: "subprocess.Popen[str]") -> str:
    printed = ""
    for line in server.stdout or ():
        printed += line
        address = re.search(r"GradeBench is at (http://\S+)", line)
        if address:
            return address[1]
    raise Trouble(f"the server did not start: {printed[-2000:]}")


def run(command: list[str], *, stdin: str = "", env: dict[str, str] | None = None) -> Ended:
    """Run a command in the project's root to its end. Raises Trouble with its last words."""
    began = time.perf_counter()
    ended = subprocess.run(
        command,
        input=stdin,
        capture_output=True,
        text=True,
        env=_plain_env() if env is None else env,
        cwd=ROOT,
        check=False,
    )
    seconds = time.perf_counter() - began
    if ended.returncode:
        words = (ended.stderr.strip() or ended.stdout.strip())[-2000:]
        raise Trouble(f"{' '.join(command[1:4])} ended with code {ended.returncode}: {words}")
    return Ended(ended.stdout, seconds)


def _plain_env() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if name not in FOREIGN and not name.startswith("GRADEBENCH_")
    }
