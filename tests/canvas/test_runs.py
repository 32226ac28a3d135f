"""The life of a run: one at a time, claimed once, given up on when its worker died."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gradebench.canvas import runs
from gradebench.canvas.models import SyncRun
from gradebench.canvas.progress import SyncProgress
from tests.people import course

State = SyncRun.State
pytestmark = pytest.mark.django_db


def fall_silent(run):
    """The worker is killed: its heart stops long ago."""
    SyncRun.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=5))


def test_asking_twice_gives_the_same_run():
    here = course()
    assert runs.ask(here, by=None) == runs.ask(here, by=None)


def test_after_the_end_a_new_run_is_given():
    here = course()
    first = runs.ask(here, by=None)
    runs.cancel(first)
    assert runs.ask(here, by=None) != first


def test_only_one_worker_gets_a_run():
    run = runs.ask(course(), by=None)
    same = SyncRun.objects.get(pk=run.pk)
    assert runs.claim_this(run)
    assert not runs.claim_this(same)


def test_the_oldest_run_is_claimed_first():
    first, second = (runs.ask(course(str(number)), by=None) for number in (1, 2))
    assert [runs.claim(), runs.claim(), runs.claim()] == [first, second, None]


def test_a_run_whose_worker_died_waits_for_another_one():
    run = runs.ask(course(), by=None)
    runs.claim_this(run)
    fall_silent(run)
    assert runs.give_up_on_the_dead() == 1
    assert runs.claim() == run
    run.refresh_from_db()
    assert run.attempts == 2


def test_a_run_that_kills_every_worker_ends_as_failed():
    run = runs.ask(course(), by=None)
    for _ in range(runs.MOST_ATTEMPTS):
        assert runs.claim() == run
        fall_silent(run)
        runs.give_up_on_the_dead()
    run.refresh_from_db()
    assert run.state == State.FAILED
    assert "worker stopped" in run.summary


def test_a_worker_whose_run_was_taken_away_stops_writing():
    run = runs.ask(course(), by=None)
    runs.claim_this(run)
    fall_silent(run)
    runs.give_up_on_the_dead()
    with pytest.raises(runs.RunTakenAway):
        runs.report(run, requests=1)
    assert not runs.finish(run, runs.Outcome(state=State.COMPLETE, summary="Too late"))


def test_a_waiting_run_is_cancelled_at_once():
    run = runs.cancel(runs.ask(course(), by=None))
    assert run.state == State.CANCELLED


def test_a_working_run_learns_of_its_cancellation_at_the_next_report():
    run = runs.ask(course(), by=None)
    runs.claim_this(run)
    runs.report(run, requests=3)
    runs.cancel(run)
    with pytest.raises(runs.RunCancelled):
        runs.report(run, requests=4)


def test_a_yes_asks_for_a_run_that_may_remove_exactly_what_was_shown():
    run = runs.ask(course(), by=None)
    runs.claim_this(run)
    held = {"students": [7, 8, 9, 10]}
    runs.finish(run, runs.Outcome(state=State.WAITS, summary="", held=held))
    assert runs.approve(run, by=None).approved == held


def test_progress_is_seen_by_others_and_outlives_the_cache():
    from django.core.cache import cache

    run = runs.ask(course(), by=None)
    runs.claim_this(run)
    progress = SyncProgress(run.pk)
    progress.start("Reading")
    progress.step("submissions", done=30, total=120)
    progress.finish("Reading")
    assert SyncProgress.read(run)["percent"] == 25
    cache.clear()
    assert SyncProgress.read(run)["percent"] is None
    runs.finish(run, runs.Outcome(state=State.COMPLETE, summary="Everything was read", requests=9))
    snapshot = SyncProgress.read(run)
    assert (snapshot["percent"], snapshot["message"]) == (100, "Everything was read")
