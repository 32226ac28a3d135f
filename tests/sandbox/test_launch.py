"""The process itself: its starting line, its end, and several side by side."""

from __future__ import annotations

import json
import subprocess
import sys

import httpx2
import pytest

from gradebench.sandbox.launch import Sandbox, SandboxError
from tests.sandbox.conftest import client_of

COMMAND = [sys.executable, "-m", "gradebench.sandbox"]
ROLES = {"teacher", "assistant", "ta_limited", "student", "outsider", "readonly"}


def test_it_says_in_one_line_where_it_is_and_stops_when_stdin_closes():
    process = subprocess.Popen(
        [*COMMAND, "--die-with-parent", "--world", "demo"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    line = json.loads(process.stdout.readline())
    assert set(line) == {"url", "tokens", "courses"}
    assert set(line["tokens"]) == ROLES | {"expired", "revoked"}
    assert len(line["courses"]) == 4
    rest, _ = process.communicate(timeout=20)
    assert rest == ""


def test_it_stops_on_sigterm():
    process = subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline()
    process.terminate()
    process.communicate(timeout=20)


def test_two_sandboxes_share_nothing():
    with Sandbox.start(students=10, teams=2) as one, Sandbox.start(students=12, teams=3) as two:
        assert one.url != two.url
        one.act("create_set", course=one.course, name="Only here")
        names = [
            {row["name"] for row in each.truth(submissions=False)["group_categories"]}
            for each in (one, two)
        ]
        assert "Only here" in names[0]
        assert "Only here" not in names[1]


def test_it_listens_on_this_machine_alone_and_on_the_port_that_was_asked_for():
    with Sandbox.start() as first:
        port = int(first.url.rsplit(":", 1)[1])
        assert first.url.startswith("http://127.0.0.1:")
    with Sandbox.start(port=port) as second:
        assert second.url == first.url


def test_a_taken_port_is_an_error():
    with Sandbox.start() as first, pytest.raises(SandboxError):
        Sandbox.start(port=int(first.url.rsplit(":", 1)[1]))


def test_time_can_be_fixed():
    with Sandbox.start(now="2026-10-05T12:00:00+00:00") as sandbox:
        course = sandbox.truth()["course"]
        assert course["start_at"] == "2026-07-27T12:00:00Z"


def test_latency_holds_every_canvas_request_but_not_the_controls():
    with Sandbox.start(latency_ms=200) as sandbox, client_of(sandbox) as canvas:
        canvas.get("users/self")
        assert sandbox.requests()[0].seconds >= 0.2


def test_head_has_the_headers_without_the_body(sandbox, canvas):
    reply = canvas.head("users/self")
    assert (reply.status_code, reply.content) == (200, b"")


def test_an_unknown_door_is_named(sandbox):
    reply = httpx2.get(f"{sandbox.url}/sandbox/nothing")
    assert (reply.status_code, reply.json()) == (404, {"error": "nothing at GET /sandbox/nothing"})
