"""Connecting a Canvas from the command line."""

from pathlib import Path

from gradebench.sandbox.launch import Sandbox
from tests.cli.conftest import Home


def test_connect_prints_the_connections_id_alone_and_the_token_nowhere(
    home: Home, sandbox: Sandbox, tmp_path: Path
) -> None:
    token_file = tmp_path / "token.txt"
    token_file.write_text(sandbox.token + "\n")
    ended = home.run("connect", sandbox.url, "--token-file", token_file)
    assert ended.code == 0
    assert ended.out.strip().isdecimal()
    assert sandbox.url in ended.err
    assert sandbox.token not in ended.out + ended.err
    kept = [file for file in home.folder.rglob("*") if file.is_file()]
    assert not [file for file in kept if sandbox.token.encode() in file.read_bytes()]


def test_connecting_again_keeps_the_connection(connected: Home, sandbox: Sandbox) -> None:
    assert connected.connect(sandbox).out.strip() == "1"


def test_a_wrong_token_is_told_in_a_sentence(home: Home, sandbox: Sandbox) -> None:
    ended = home.run("connect", sandbox.url, "--token-file", "-", stdin="not-a-token")
    assert (ended.code, ended.out) == (2, "")
    assert "token" in ended.err
    assert "Traceback" not in ended.err
    assert "No Canvas is connected" in home.run("courses").err


def test_deleted_and_expired_tokens_say_so(home: Home, sandbox: Sandbox) -> None:
    assert "deleted" in home.connect(sandbox, role="revoked").err.lower()
    assert "expired" in home.connect(sandbox, role="expired").err.lower()


def test_an_empty_token_file_is_told_before_canvas_is_asked(home: Home, sandbox: Sandbox) -> None:
    sandbox.clear_requests()
    ended = home.run("connect", sandbox.url, "--token-file", "-", stdin="\n")
    assert (ended.code, sandbox.requests()) == (2, [])
    assert "no token" in ended.err


def test_a_missing_token_file_is_named(home: Home, tmp_path: Path) -> None:
    ended = home.run("connect", "canvas.test", "--token-file", tmp_path / "none.txt")
    assert ended.code == 2
    assert "none.txt" in ended.err


def test_an_address_where_nothing_answers_is_told(home: Home) -> None:
    ended = home.run("connect", "http://127.0.0.1:9", "--token-file", "-", stdin="token")
    assert ended.code == 2
    assert "Check the address" in ended.err


def test_with_several_people_connect_asks_whose_it_is(home: Home, sandbox: Sandbox) -> None:
    for name in ("ada", "grace"):
        assert home.run("adduser", name).code == 0
    ended = home.connect(sandbox)
    assert ended.code == 2
    assert "ada, grace" in ended.err


def test_a_course_in_two_connections_is_synced_in_the_named_one(
    connected: Home, sandbox: Sandbox
) -> None:
    second = connected.connect(sandbox, "--user", "grace", role="assistant").out.strip()
    ended = connected.run("sync", sandbox.course)
    assert ended.code == 2
    assert "1 (" in ended.err
    assert f"{second} (" in ended.err
    assert connected.sync(sandbox.course, "--integration", second)[0] == 0
