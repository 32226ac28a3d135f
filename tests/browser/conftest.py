"""A real Chromium before a real server with a worker beside it, which talks to a sandbox Canvas."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from gradebench.sandbox.launch import Sandbox
from tests.browser import chromium
from tests.browser.board import chips, find_board, saved, waiting

NAME, PASSWORD = "ada", "analytical-engine"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser; without one the tests fail, unless that was agreed to."""
    here = Path(__file__).parent
    left_out = pytest.mark.skip(reason="GRADEBENCH_NO_BROWSER=1")
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not chromium.wanted():
                item.add_marker(left_out)


@dataclass(frozen=True)
class Server:
    """`gradebench serve` in a process of its own, on a data folder of its own."""

    home: Path
    url: str
    welcome: str

    def command(self, *arguments: str, stdin: str = "") -> str:
        """Run a command on the same data folder and return what it printed."""
        ended = subprocess.run(
            [sys.executable, "-m", "gradebench", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            env=environment(self.home),
            timeout=60,
            check=True,
        )
        return ended.stdout + ended.stderr


def environment(home: Path) -> dict[str, str]:
    """What the command line sees: nothing of the test run's own settings."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GRADEBENCH_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    kept.pop("DATABASE_URL", None)
    return {**kept, "GRADEBENCH_HOME": str(home), "COLUMNS": "200", "PYTHONUNBUFFERED": "1"}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = chromium.find()
    if path is None:
        pytest.fail(chromium.NONE_CAN_BE_HAD, pytrace=False)
    return {**browser_type_launch_args, "executable_path": path, "args": chromium.switches()}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A Canvas with a small course, which takes its time as a real one does."""
    with Sandbox.start(world="small", latency_ms=20) as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server at its first start: nobody has been here."""
    home = tmp_path_factory.mktemp("home")
    process = subprocess.Popen(
        [sys.executable, "-m", "gradebench", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment(home),
    )
    try:
        yield _started(process, home)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _started(process: "subprocess.Popen[str]", home: Path) -> Server:
    printed = ""
    assert process.stdout is not None
    for line in process.stdout:
        printed += line
        at = re.search(r"GradeBench is at (http://\S+)", line)
        if at:
            welcome = re.search(r"http://\S+/welcome/\S+", printed)
            return Server(home=home, url=at[1], welcome=welcome[0] if welcome else "")
    raise AssertionError(f"The server did not start:\n{printed}")


@pytest.fixture
def page(page: Page, server: Server) -> Iterator[Page]:
    """A page that must stay without errors, and asks no other host for anything."""
    wrong: list[str] = []

    def listen_to(message: ConsoleMessage) -> None:
        # A page that is not there is told to the console by the browser itself.
        if message.type == "error" and "status of 4" not in message.text:
            wrong.append(message.text)

    def look_at(request: Request) -> None:
        if not request.url.startswith((server.url, "data:")):
            wrong.append(f"asked another host: {request.url}")

    page.on("console", listen_to)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", look_at)
    page.set_default_timeout(20_000)
    yield page
    assert not wrong


@pytest.fixture(scope="module")
def connected(server: Server, sandbox: Sandbox) -> Server:
    """The server with Ada, who may sign in, and her Canvas."""
    server.command("adduser", NAME, "--password-file", "-", stdin=PASSWORD)
    token = sandbox.tokens["teacher"]
    server.command("connect", sandbox.url, "--token-file", "-", "--user", NAME, stdin=token)
    return server


def sign_in(page: Page, server: Server, *, name: str = NAME, password: str = PASSWORD) -> None:
    """Come in by the door."""
    page.goto(f"{server.url}/sign-in")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{server.url}/")


@pytest.fixture(scope="module")
def cookies(browser: Browser, connected: Server) -> list[Any]:
    """What Ada's browser holds once she came in by the door."""
    context = browser.new_context()
    sign_in(context.new_page(), connected)
    held: list[Any] = context.cookies()
    context.close()
    return held


@pytest.fixture
def ada(page: Page, connected: Server, cookies: list[Any]) -> Page:
    """Ada's browser, signed in."""
    page.context.add_cookies(cookies)
    page.goto(connected.url)
    return page


@pytest.fixture(scope="module")
def synced(connected: Server, sandbox: Sandbox) -> Server:
    """The server with Ada's course read."""
    connected.command("sync", str(sandbox.course))
    return connected


@pytest.fixture(scope="module")
def addresses() -> dict[str, str]:
    """Where the board is, once somebody has found it."""
    return {}


@pytest.fixture
def board(ada: Page, synced: Server, addresses: dict[str, str]) -> Iterator[Page]:
    """The board of the lab benches: four of two, and many without one. Left as it was found."""
    if not addresses:
        addresses["board"] = find_board(ada, synced.url)
    ada.goto(addresses["board"])
    expect(chips(ada, "Bench 1")).to_have_count(2)
    yield ada
    saved(ada)  # a step on its way would come after the board was put back
    ada.goto("about:blank")
    ada.goto(addresses["board"])
    if waiting(ada) != "0":
        ada.get_by_role("button", name="Put all back").click()
        ada.locator("#back-dialog").get_by_role("button", name="Put back").click()
    expect(ada.locator("[data-waiting]")).to_have_text("0")
    saved(ada)
