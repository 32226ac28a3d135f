"""A machine that is not as it should be: each trouble is a sentence, and nothing is lost."""

import resource
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import DatabaseError, OperationalError

from gradebench.cli import sentences
from gradebench.sandbox.launch import Sandbox
from tests.cli.conftest import Ended, Home


def sentence(ended: Ended) -> str:
    assert (ended.code, ended.out) == (2, ""), ended
    assert "Traceback" not in ended.err
    return ended.err


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = sentence(Home(tmp_path / "file" / "data").run("runs"))
    assert "file/data" in told
    assert "GRADEBENCH_HOME" in told


@pytest.mark.parametrize("address", ["nonsense://x", "postgres://ada:hidden-word@[/x"])
def test_a_database_address_that_makes_no_sense_is_told_without_its_password(
    home: Home, address: str
) -> None:
    told = sentence(Home(home.folder, {"DATABASE_URL": address}).run("runs"))
    assert "DATABASE_URL" in told
    assert "hidden-word" not in told


def test_a_database_server_that_is_down_is_told(home: Home) -> None:
    address = "postgres://ada:hidden-word@127.0.0.1:1/grades"
    told = sentence(Home(home.folder, {"DATABASE_URL": address}).run("runs"))
    assert "refused" in told
    assert "hidden-word" not in told


def test_a_number_that_is_none_is_told(home: Home) -> None:
    assert "“many”" in sentence(Home(home.folder, {"GRADEBENCH_MAX_IN_FLIGHT": "many"}).run("runs"))


def test_a_damaged_database_file_is_told(home: Home) -> None:
    for file in home.folder.glob("gradebench.sqlite3*"):
        file.unlink()
    (home.folder / "gradebench.sqlite3").write_text("not a database at all" * 100)
    assert "backup" in sentence(home.run("runs"))


def test_what_nobody_foresaw_is_a_sentence_with_code_2(home: Home) -> None:
    told = sentence(Home(home.folder, {"GRADEBENCH_LOG_LEVEL": "LOUD"}).run("runs"))
    assert "GRADEBENCH_DEBUG=1" in told
    debugging = {"GRADEBENCH_LOG_LEVEL": "LOUD", "GRADEBENCH_DEBUG": "1"}
    ended = Home(home.folder, debugging).run("runs")
    assert (ended.code, "Traceback" in ended.err) == (2, True)


def test_a_full_disk_stops_a_sync_with_a_sentence_and_loses_nothing(
    connected: Home, sandbox: Sandbox
) -> None:
    def small_files_only() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))

    ended = connected.run("sync", sandbox.course, "--json", preexec_fn=small_files_only)
    assert ended.code == 2
    assert "Traceback" not in ended.err
    with sqlite3.connect(connected.folder / "gradebench.sqlite3") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connected.sync(sandbox.course)[0] == 0


def test_two_commands_that_start_together_make_one_database(tmp_path: Path) -> None:
    home = Home(tmp_path / "data")
    with ThreadPoolExecutor() as together:
        ended = list(together.map(lambda _number: home.run("runs"), range(3)))
    assert [each.code for each in ended] == [0, 0, 0], ended


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationalError("database is locked"), "Another process"),
        (OperationalError("database or disk is full"), "disk is full"),
        (OperationalError("unable to open database file"), "cannot be opened"),
        (OperationalError("attempt to write a readonly database"), "may not be written"),
        (DatabaseError("database disk image is malformed"), "damaged"),
        (OSError(28, "No space left on device"), "disk is full"),
        (PermissionError(13, "Permission denied", "/data/x"), "/data/x"),
    ],
)
def test_trouble_with_disk_and_database_is_told_in_plain_words(
    error: Exception, words: str
) -> None:
    assert words in sentences.about(error)
