"""A run's page."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from gradebench.canvas.models import CanvasCourse, GroupPlan, SyncRun
from gradebench.canvas.progress import SyncProgress
from gradebench.canvas.teams import follow
from tests.web.people import course_of, plan_of, run_of

State = SyncRun.State


def page(client: Client, run: SyncRun, **headers: str) -> str:
    answer = client.get(f"/runs/{run.pk}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_running_sync_shows_what_is_read_and_how_many(browser_of_ada: Client, ada: User) -> None:
    run = run_of(course_of(ada), State.RUNNING)
    progress = SyncProgress(run.pk)
    progress.start("Reading submissions")
    progress.step("submissions", done=900, total=1800)
    progress.step("people", done=1200)
    progress.tell("Reading submissions")
    progress.finish("Reading submissions")
    shown = page(browser_of_ada, run)
    assert "Reading submissions" in shown
    assert 'value="50"' in shown
    assert "1,800" in shown
    assert "1,200<" in shown.replace(" ", "")
    assert "so far" in shown
    assert 'hx-trigger="every 1s"' in shown


def test_the_moving_part_is_fetched_alone(browser_of_ada: Client, ada: User) -> None:
    run = run_of(course_of(ada), State.RUNNING)
    part = page(browser_of_ada, run, **{"HX-Request": "true"})
    assert part.strip().startswith('<div id="run"')
    assert "<html" not in part


def test_without_javascript_the_page_reloads_itself_until_the_end(
    browser_of_ada: Client, ada: User
) -> None:
    run = run_of(course_of(ada), State.RUNNING)
    assert 'http-equiv="refresh"' in page(browser_of_ada, run)
    SyncRun.objects.update(state=State.COMPLETE, summary="Up to date: no changes.")
    ended = page(browser_of_ada, run)
    assert 'http-equiv="refresh"' not in ended
    assert "every 1s" not in ended
    assert "Up to date: no changes." in ended


def test_a_waiting_run_is_cancelled_at_once(browser_of_ada: Client, ada: User) -> None:
    run = run_of(course_of(ada), State.QUEUED)
    browser_of_ada.post(f"/runs/{run.pk}/cancel")
    assert "Cancelled before it began." in page(browser_of_ada, run)


def test_a_working_run_is_asked_to_stop(browser_of_ada: Client, ada: User) -> None:
    run = run_of(course_of(ada), State.RUNNING)
    browser_of_ada.post(f"/runs/{run.pk}/cancel")
    run.refresh_from_db()
    assert run.cancel_asked
    assert "Stopping" in page(browser_of_ada, run)


def test_errors_name_the_part_and_the_reason(browser_of_ada: Client, ada: User) -> None:
    error = {"part": "quizzes", "id": 77, "reason": "Canvas said <no>.", "todo": "Ask."}
    shown = page(browser_of_ada, run_of(course_of(ada), State.PARTLY, errors=[error]))
    assert "Quizzes, Canvas id 77" in shown
    assert "Canvas said &lt;no&gt;." in shown


@pytest.fixture
def held(studio: CanvasCourse) -> SyncRun:
    leavers = studio.integration.people.filter(name__in=["Student 1", "Student 2"])
    membership = studio.memberships.get(user__name="Student 3")
    held = {
        "students": [*leavers.values_list("canvas_id", flat=True), 999],
        "memberships": [[membership.group.canvas_id, membership.user.canvas_id]],
    }
    return run_of(studio, State.WAITS, held=held, summary="Canvas no longer lists 3 students.")


def test_what_would_be_removed_is_named_before_anybody_agrees(
    browser_of_ada: Client, held: SyncRun
) -> None:
    shown = page(browser_of_ada, held)
    assert ">Student 1<" in shown
    assert ">Student 2<" in shown
    assert "Student 3 in Team 4" in shown
    assert "Canvas id 999" in shown
    assert "mark 3 students and 1 group membership as gone" in shown


def test_agreeing_asks_for_a_run_that_may_remove_exactly_these(
    browser_of_ada: Client, held: SyncRun, ada: User
) -> None:
    answer = browser_of_ada.post(f"/runs/{held.pk}/approve")
    new = SyncRun.objects.first()
    assert new is not None
    assert answer["Location"] == f"/runs/{new.pk}"
    assert (new.approved, new.asked_by, new.state) == (held.held, ada, State.QUEUED)


def test_an_answered_question_is_not_asked_again(browser_of_ada: Client, held: SyncRun) -> None:
    browser_of_ada.post(f"/runs/{held.pk}/approve")
    shown = page(browser_of_ada, held)
    assert "There is a newer sync" in shown
    assert "Is this right?" not in shown


def test_nothing_is_approved_where_nothing_waits(browser_of_ada: Client, ada: User) -> None:
    run = run_of(course_of(ada), State.COMPLETE)
    browser_of_ada.post(f"/runs/{run.pk}/approve")
    assert SyncRun.objects.count() == 1


def test_run_again_asks_for_the_same_course(browser_of_ada: Client, ada: User) -> None:
    run = run_of(course_of(ada), State.FAILED)
    browser_of_ada.post(f"/runs/{run.pk}/again", {"full": "1"})
    again = SyncRun.objects.exclude(pk=run.pk).get()
    assert (again.course, again.full) == (run.course, True)


def test_looking_changes_nothing(browser_of_ada: Client, held: SyncRun) -> None:
    for action in ("cancel", "again", "approve"):
        assert browser_of_ada.get(f"/runs/{held.pk}/{action}").status_code == 405
    assert SyncRun.objects.count() == 1


def test_the_moving_part_takes_few_queries(
    browser_of_ada: Client, held: SyncRun, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        page(browser_of_ada, held)


@pytest.fixture
def push(studio: CanvasCourse) -> SyncRun:
    """A push of a plan for the projects, which was stopped before it wrote anything."""
    follow(studio, at=timezone.now())
    plan = plan_of(studio)
    run = run_of(studio, State.CANCELLED, kind=SyncRun.Kind.PUSH, summary="Cancelled.")
    GroupPlan.objects.filter(pk=plan.pk).update(run=run)
    return run


def test_a_push_goes_on_with_its_plan(browser_of_ada: Client, push: SyncRun, ada: User) -> None:
    shown = page(browser_of_ada, push)
    plan = GroupPlan.objects.get()
    assert "Go on with the plan" in shown
    assert f"/plans/{plan.pk}" in shown
    answer = browser_of_ada.post(f"/runs/{push.pk}/again")
    new = SyncRun.objects.exclude(pk=push.pk).get()
    plan.refresh_from_db()
    assert answer["Location"] == f"/runs/{new.pk}"
    assert (new.kind, new.state, new.asked_by) == (SyncRun.Kind.PUSH, State.QUEUED, ada)
    assert plan.run == new


def test_a_push_whose_plan_went_on_elsewhere_says_so(browser_of_ada: Client, push: SyncRun) -> None:
    browser_of_ada.post(f"/runs/{push.pk}/again")
    answer = browser_of_ada.post(f"/runs/{push.pk}/again", follow=True)
    assert SyncRun.objects.count() == 2
    assert answer.redirect_chain == [(f"/runs/{push.pk}", 302)]
    told = answer.content.decode()
    assert "has no plan of its own any more" in told
    assert "Go on with the plan" not in told


def test_a_plan_that_was_applied_is_not_pushed_again(browser_of_ada: Client, push: SyncRun) -> None:
    GroupPlan.objects.update(state=GroupPlan.State.VERIFIED)
    assert "Go on with the plan" not in page(browser_of_ada, push)
    answer = browser_of_ada.post(f"/runs/{push.pk}/again", follow=True)
    assert SyncRun.objects.count() == 1
    assert answer.redirect_chain[0][0].endswith(f"/plans/{GroupPlan.objects.get().pk}")
    assert "Nothing of this plan is left to be sent." in answer.content.decode()
