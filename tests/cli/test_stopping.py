"""Commands that are stopped in the middle, or that go on until they are."""

import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradebench.sandbox.launch import Sandbox
from tests.cli.conftest import Home

PATIENCE = 60.0


def wait_for_line(process: "subprocess.Popen[str]", words: str) -> str:
    """Read what the command says until a line has these words."""
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if words in line:
            return line
    raise AssertionError(f"never said {words!r}: {''.join(said)}")


def end(process: "subprocess.Popen[str]", how: signal.Signals) -> tuple[int, str]:
    """Send a signal, and return the exit code and what was said until then."""
    process.send_signal(how)
    _out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, err


@pytest.fixture
def slow(sandbox: Sandbox) -> Iterator[Sandbox]:
    """The sandbox answers slowly, so that a sync can be stopped in its middle."""
    sandbox.settings(latency_ms=400)
    yield sandbox
    sandbox.settings(latency_ms=0)


def test_ctrl_c_stops_a_sync_cleanly_and_the_next_one_completes(
    connected: Home, slow: Sandbox
) -> None:
    process = connected.start("sync", slow.course)
    wait_for_line(process, "Reading")
    code, err = end(process, signal.SIGINT)
    assert code == 130
    assert "cancelled" in err
    assert "Traceback" not in err
    (run,) = connected.run("runs", "--json").json
    assert run["state"] == "cancelled"
    slow.settings(latency_ms=0)
    assert connected.sync(slow.course)[0] == 0


ASK = """
from gradebench.canvas import runs
from gradebench.canvas.models import CanvasCourse
print(runs.ask(CanvasCourse.objects.get(), by=None).pk)
"""


def state_of_the_only_run(home: Home) -> str:
    (run,) = home.run("runs", "--json").json
    return run["state"]


def wait_for_state(home: Home, state: str) -> None:
    until = time.monotonic() + PATIENCE
    while state_of_the_only_run(home) != state:
        assert time.monotonic() < until
        time.sleep(0.2)


def test_a_worker_does_what_was_asked_for_and_hands_back_what_it_did_not_finish(
    connected: Home, slow: Sandbox
) -> None:
    slow.settings(latency_ms=2_000)  # longer than it takes to look whether it runs
    assert connected.python(ASK).code == 0
    process = connected.start("work")
    wait_for_line(process, "Working")
    wait_for_state(connected, "running")
    code, err = end(process, signal.SIGTERM)
    assert code == 0
    assert "Traceback" not in err
    assert state_of_the_only_run(connected) == "queued"

    slow.settings(latency_ms=0)
    process = connected.start("work")
    wait_for_state(connected, "complete")
    assert end(process, signal.SIGINT)[0] == 130


def get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, ""


def test_the_first_visitor_gets_in_by_the_address_that_serve_prints(home: Home) -> None:
    process = home.start("serve", "--port", 0)
    address = wait_for_line(process, "http://").strip()
    wait_for_line(process, "GradeBench is at")
    status, page = get(address)
    assert status == 200
    assert "password" in page
    base = address.split("/welcome/")[0]
    assert get(f"{base}/static/gradebench.css")[0] == 200
    code, err = end(process, signal.SIGTERM)
    assert code == 0
    assert "Warning" not in err


def test_a_taken_port_is_told(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = home.run("serve", "--port", port)
    assert ended.code == 2
    assert str(port) in ended.err
    assert "--port" in ended.err


def test_the_demo_counts_what_it_read_and_leaves_no_trace(tmp_path: Path) -> None:
    home = Home(tmp_path / "untouched", {"TMPDIR": str(tmp_path)})
    ended = home.run("demo", "--headless", "--students", 20)
    assert ended.code == 0, ended.err
    totals = re.findall(r"^users +\d+ +\d+ +\d+ +\d+ +(\d+)$", ended.out, re.MULTILINE)
    assert len(totals) >= 3
    assert list(tmp_path.iterdir()) == []


def test_the_demo_prints_an_address_that_signs_the_visitor_in(tmp_path: Path) -> None:
    home = Home(tmp_path / "untouched", {"TMPDIR": str(tmp_path)})
    process = home.start("demo", "--port", 0, "--students", 20)
    wait_for_line(process, "GradeBench is at")
    assert process.stdout is not None
    address = next(line for line in process.stdout if "/welcome/" in line).strip()
    assert get(address)[0] == 200
    code, err = end(process, signal.SIGINT)
    assert code == 130
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []
