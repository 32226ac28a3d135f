"""`gradebench demo`: everything on a sandbox Canvas, in a data folder of its own."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gradebench.cli import screen
from gradebench.cli.border import INTERRUPTED, Stop
from gradebench.cli.start import ready
from gradebench.sandbox.launch import Sandbox, SandboxError

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# Settings of a real installation that must not reach into the demo.
_NOT_FOR_THE_DEMO = (
    "DATABASE_URL",
    "GRADEBENCH_CACHE_URL",
    "GRADEBENCH_HOSTS",
    "GRADEBENCH_HTTPS",
    "GRADEBENCH_KEYS",
    "GRADEBENCH_NO_EMBEDDED_WORKER",
    "GRADEBENCH_ORIGINS",
    "GRADEBENCH_SECRET_KEY",
)


def run_demo(*, port: int, headless: bool, students: int | None) -> int:
    """Run the demo and return its exit code; `headless` without web pages, to its end.

    Raises Stop when the port is taken or the sandbox does not start.
    """
    try:
        with _home_of_its_own():
            ready()
            with _sandbox(students) as sandbox:
                if headless:
                    return _count_everything(sandbox)
                return _show_everything(sandbox, port=port)
    except KeyboardInterrupt as interrupt:
        raise Stop("The demo has ended; nothing of it was kept.", code=INTERRUPTED) from interrupt


@contextmanager
def _home_of_its_own() -> Iterator[None]:
    """An empty data folder, gone at the end; decided before Django reads its settings."""
    for name in _NOT_FOR_THE_DEMO:
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory(prefix="gradebench-demo-", ignore_cleanup_errors=True) as home:
        os.environ["GRADEBENCH_HOME"] = str(Path(home))
        yield


@contextmanager
def _sandbox(students: int | None) -> Iterator[Sandbox]:
    try:
        sandbox = Sandbox.start(world="demo", students=students)
    except SandboxError as error:
        raise Stop(f"The sandbox Canvas did not start: {error}.") from error
    try:
        yield sandbox
    finally:
        sandbox.stop()


def _connect(sandbox: Sandbox) -> "User":
    """Whoever looks at the demo, connected to the sandbox as its teacher."""
    from gradebench.accounts.people import add_user
    from gradebench.canvas.connection import connect

    visitor = add_user("demo")
    connect(user=visitor, address=sandbox.url, token=sandbox.token, name="Sandbox Canvas")
    return visitor


def _count_everything(sandbox: Sandbox) -> int:
    from gradebench.cli.syncing import Asked, sync_courses

    _connect(sandbox)
    everything = Asked(course_ids=[], everything=True, integration_id=None)
    return sync_courses(everything, full=False, yes=False, as_json=False)


def _show_everything(sandbox: Sandbox, *, port: int) -> int:
    from gradebench.accounts.first_visit import make_one_time_address
    from gradebench.cli import serving
    from gradebench.cli.syncing import Asked, sync

    listener = serving.listen("127.0.0.1", port)
    visitor = _connect(sandbox)
    for outcome in sync(Asked(course_ids=[], everything=True, integration_id=None)):
        screen.say(f"{outcome.name}: {outcome.summary}")
    address = make_one_time_address(
        visitor, base_url=serving.web_address(listener), asks_password=False
    )
    screen.say(f"\nThe sandbox Canvas, where you can act as others do: {sandbox.url}")
    screen.say("Open GradeBench here; the address signs you in, once:\n")
    screen.answer(f"  {address}\n")
    serving.serve_on(listener)
    return 0
