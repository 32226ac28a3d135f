"""Long work can be cancelled, dies without harm, goes on, and says what is wrong with Canvas."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connection

from gradebench.canvas import runs
from gradebench.canvas.api.errors import CanvasError, NotFound, NotPermitted, TokenRejected
from gradebench.canvas.client import Client
from gradebench.canvas.connection import connect
from gradebench.canvas.models import CanvasCourse, CanvasIntegration, SyncRun
from gradebench.canvas.progress import SyncProgress
from gradebench.canvas.worker import carry_out, start_embedded
from gradebench.sandbox.launch import Sandbox
from tests.canvas.sync.conftest import desk_at
from tests.people import teacher

pytestmark = pytest.mark.django_db(transaction=True)
State = SyncRun.State


def wait_until(condition, seconds: float = 20.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def slow_desk():
    """A Canvas that takes its time for every answer."""
    with Sandbox.start(world="small", students=60, assignments=60, latency_ms=400) as canvas:
        yield desk_at(canvas)


@pytest.fixture
def embedded_worker():
    """The server's background threads."""
    stop = threading.Event()
    tasks = start_embedded(stop)
    yield
    stop.set()
    for task in tasks:
        task.result(timeout=30)


def asked_run(desk) -> SyncRun:
    course = CanvasCourse.objects.get(integration=desk.integration, canvas_id=desk.canvas.course)
    return runs.ask(course, by=desk.integration.user)


def test_the_background_thread_works_through_what_was_asked(desk, embedded_worker):
    run = asked_run(desk)
    wait_until(lambda: SyncRun.objects.get(pk=run.pk).finished)
    assert SyncRun.objects.get(pk=run.pk).state == State.COMPLETE
    assert desk.differences() == []


def test_progress_moves_while_a_course_is_read(slow_desk, embedded_worker):
    run = asked_run(slow_desk)
    seen = set()

    def looked() -> bool:
        snapshot = SyncProgress.read(SyncRun.objects.get(pk=run.pk))
        seen.update((step["name"], step["done"]) for step in snapshot["steps"])
        return snapshot["finished"]

    wait_until(looked)
    assert len({done for name, done in seen if name == "submissions"}) > 2


def test_a_cancelled_sync_stops_soon_and_removes_nothing(slow_desk, embedded_worker):
    run = asked_run(slow_desk)
    wait_until(lambda: SyncRun.objects.get(pk=run.pk).requests > 3)
    runs.cancel(SyncRun.objects.get(pk=run.pk))
    wait_until(lambda: SyncRun.objects.get(pk=run.pk).finished)
    ended = SyncRun.objects.get(pk=run.pk)
    assert ended.state == State.CANCELLED
    assert sum(one["gone"] for one in ended.counts.values()) == 0


WORKER = """
import django; django.setup()
from gradebench.canvas.models import SyncRun
from gradebench.canvas import runs, worker
worker.carry_out(runs.claim())
"""


@pytest.mark.skipif(connection.vendor != "sqlite", reason="starts a process on the test's file")
def test_a_killed_worker_loses_nothing_and_its_run_goes_on_where_it_was(slow_desk):
    run = asked_run(slow_desk)
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        "GRADEBENCH_HOME": str(settings.GRADEBENCH_HOME),
        "DJANGO_SETTINGS_MODULE": "gradebench.settings",
    }
    worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environment)
    try:
        wait_until(lambda: len(SyncRun.objects.get(pk=run.pk).done_parts) > 4)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    half = SyncRun.objects.get(pk=run.pk)
    assert half.state == State.RUNNING

    assert runs.give_up_on_the_dead() == 1  # at once: its process is gone from this machine
    slow_desk.canvas.clear_requests()
    again = runs.claim()
    assert again == run
    assert carry_out(again).state == State.COMPLETE
    assert slow_desk.differences() == []
    lists = [one for one in slow_desk.canvas.requests() if "/assignments/" in one.path]
    assert 0 < len(lists) < 60


def test_asking_for_a_course_that_is_being_read_waits_for_that_run(slow_desk, embedded_worker):
    run = asked_run(slow_desk)
    assert slow_desk.sync() == run


def test_all_courses_are_synced_and_a_failing_one_does_not_stop_the_rest():
    with Sandbox.start(world="demo") as canvas:
        desk = desk_at(canvas)
        broken = canvas.courses[0]
        canvas.fault("status", path=rf"/courses/{broken}($|\?|/)", status=403, count=None)

        async def go():
            async with Client(desk.integration) as client:
                return await client.sync_all_courses()

        ended = {run.course.canvas_id: run for run in _with_courses(async_to_sync(go)())}
        assert ended[broken].state == State.FAILED
        assert len(ended) > 1
        assert {run.state for one, run in ended.items() if one != broken} == {State.COMPLETE}


def _with_courses(ended):
    return SyncRun.objects.filter(pk__in=[run.pk for run in ended]).select_related("course")


def test_a_token_revoked_in_the_middle_fails_with_a_sentence_and_keeps_everything(desk):
    desk.sync()
    before = desk.mirror()
    desk.canvas.act("revoke_token", token=desk.canvas.token)
    run = desk.sync()
    assert run.state == State.FAILED
    assert "token" in run.summary.lower()
    assert desk.mirror() == before
    assert run.counts["users"]["total"] == len(before["users"])
    desk.integration.refresh_from_db()
    assert "token" in desk.integration.problem


def test_a_canvas_that_is_down_fails_with_a_sentence_and_keeps_everything(desk):
    desk.sync()
    before = desk.mirror()
    desk.canvas.stop()
    run = desk.sync()
    assert run.state == State.FAILED
    assert "Nothing accepts connections" in run.summary
    assert desk.mirror() == before


def test_a_course_deleted_in_canvas_keeps_its_last_mirror(desk):
    desk.sync()
    before = desk.mirror()
    desk.act("delete_course")
    run = desk.sync()
    assert run.state == State.FAILED
    assert desk.mirror() == before


def test_a_course_that_does_not_exist_is_an_error_and_no_run(desk):
    with pytest.raises(NotFound):
        desk.sync(424_242)
    assert not SyncRun.objects.exists()


def test_a_token_whose_key_was_lost_is_told_as_that(desk, monkeypatch):
    from cryptography.fernet import Fernet

    monkeypatch.setenv("GRADEBENCH_KEYS", Fernet.generate_key().decode())
    integration = CanvasIntegration.objects.get(pk=desk.integration.pk)
    with pytest.raises(TokenRejected, match="key file"):
        Client(integration)


def test_a_crash_in_our_own_code_ends_the_run_with_a_sentence(desk):
    run = asked_run(desk)
    runs.claim_this(run)

    async def crash():
        raise RuntimeError("a bug")

    ended = async_to_sync(runs.conduct)(run, crash)
    assert ended.state == State.FAILED
    assert "RuntimeError" in ended.summary


@pytest.mark.parametrize("role", ["expired", "revoked"])
def test_connecting_with_a_dead_token_saves_nothing(shared_canvas, role):
    with pytest.raises(TokenRejected):
        connect(user=teacher(), address=shared_canvas.url, token=shared_canvas.tokens[role])
    assert not CanvasIntegration.objects.exists()


def test_a_students_token_is_told_why_it_is_of_no_use(shared_canvas):
    with pytest.raises(NotPermitted, match="teaches none"):
        connect(user=teacher(), address=shared_canvas.url, token=shared_canvas.tokens["student"])
    assert not CanvasIntegration.objects.exists()


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1:1", "not an address", "ftp://canvas.test", "http://canvas.test"]
)
def test_connecting_to_a_wrong_address_says_what_to_do(address):
    with pytest.raises(CanvasError) as caught:
        connect(user=teacher(), address=address, token="1234")
    assert caught.value.what
    assert caught.value.todo


def test_connecting_twice_keeps_one_integration_with_the_new_token(shared_canvas):
    first = connect(user=teacher(), address=shared_canvas.url, token=shared_canvas.token)
    again = connect(
        user=teacher(), address=f"{shared_canvas.url}/courses/1", token=shared_canvas.token
    )
    assert first.pk == again.pk
