"""The first page, and which courses are kept in sync."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from gradebench.canvas.models import CanvasCourse, CanvasIntegration, SyncRun
from tests.web.people import START, course_of, integration_of, run_of

State = SyncRun.State


def page(client: Client, path: str = "/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_a_canvas_the_next_step_is_to_connect_one(browser_of_ada: Client) -> None:
    assert "Connect your Canvas" in page(browser_of_ada)


def test_without_chosen_courses_the_next_step_is_to_choose(
    browser_of_ada: Client, ada: User
) -> None:
    course_of(ada, chosen=False, synced_at=None)
    assert "Choose your courses" in page(browser_of_ada)


def test_an_account_without_courses_is_told_as_such(browser_of_ada: Client, ada: User) -> None:
    integration_of(ada)
    assert "Canvas shows no courses" in page(browser_of_ada)


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (State.QUEUED, "Waiting"),
        (State.RUNNING, "Syncing"),
        (State.COMPLETE, "Up to date"),
        (State.PARTLY, "Partly synced"),
        (State.WAITS, "Needs your yes"),
        (State.FAILED, "Failed"),
        (State.CANCELLED, "Cancelled"),
    ],
)
def test_the_state_is_the_one_of_the_last_sync(
    browser_of_ada: Client, ada: User, state: str, word: str
) -> None:
    course = course_of(ada)
    run_of(course, State.FAILED)
    run_of(course, state)
    assert word in page(browser_of_ada)


def test_a_course_that_canvas_closes_says_so(browser_of_ada: Client, ada: User) -> None:
    course_of(ada, name="", access_restricted_by_date=True)
    assert "Closed" in page(browser_of_ada)


def test_what_needs_a_person_stands_at_the_top(browser_of_ada: Client, ada: User) -> None:
    course = course_of(ada, "Design Studio")
    run_of(course, State.WAITS, summary="12 students would be removed.")
    CanvasIntegration.objects.update(problem="The token has expired.")
    shown = page(browser_of_ada)
    assert shown.index("The token has expired.") < shown.index('id="courses"')
    assert shown.index("12 students would be removed.") < shown.index('id="courses"')


def test_a_course_that_was_synced_by_hand_is_shown_unchosen(
    browser_of_ada: Client, ada: User
) -> None:
    run_of(course_of(ada, "Compilers", chosen=False), State.COMPLETE)
    assert "Compilers" in page(browser_of_ada)


def test_choosing_courses_starts_the_first_sync_of_the_new_ones(
    browser_of_ada: Client, ada: User
) -> None:
    known, new = course_of(ada, "Known"), course_of(ada, "New", chosen=False, synced_at=None)
    browser_of_ada.post("/courses/choose", {"course": [known.pk, new.pk], "sync": "1"})
    assert CanvasCourse.objects.filter(chosen=True).count() == 2
    assert [run.course for run in SyncRun.objects.all()] == [new]


def test_unticking_keeps_what_was_read(browser_of_ada: Client, studio: CanvasCourse) -> None:
    browser_of_ada.post("/courses/choose", {})
    studio.refresh_from_db()
    assert not studio.chosen
    assert studio.submissions.count() == 180


def test_courses_to_choose_are_found_on_the_server_too(browser_of_ada: Client, ada: User) -> None:
    for name in ("Compilers", "Design Studio", "Studio Practice"):
        course_of(ada, name, chosen=False)
    listed = browser_of_ada.get("/courses/choose", {"q": "studio"}).context["listed"]
    assert [course.name for course in listed] == ["Design Studio", "Studio Practice"]
    assert "No course has these words" in page(browser_of_ada, "/courses/choose?q=algebra")


def test_saving_what_was_found_leaves_the_other_courses_as_they_are(
    browser_of_ada: Client, ada: User
) -> None:
    kept, found = course_of(ada, "Compilers"), course_of(ada, "Design Studio", chosen=False)
    unticked = course_of(ada, "Studio Practice")
    answer = browser_of_ada.post("/courses/choose?q=studio", {"course": [found.pk]}, follow=True)
    chosen = set(CanvasCourse.objects.filter(chosen=True))
    assert chosen == {kept, found}
    assert unticked not in chosen
    assert "now keeps 2 courses in sync" in answer.content.decode()


def test_sync_all_means_the_courses_of_the_page(browser_of_ada: Client, ada: User) -> None:
    shown = {course_of(ada, "A"), course_of(ada, "B")}
    course_of(ada, "Unchosen", chosen=False)
    course_of(ada, "Gone", gone_at=START)
    assert browser_of_ada.post("/courses/sync")["Location"] == "/"
    assert {run.course for run in SyncRun.objects.all()} == shown


def test_syncing_one_course_leads_to_its_run(browser_of_ada: Client, ada: User) -> None:
    course, _other = course_of(ada, "A"), course_of(ada, "B")
    answer = browser_of_ada.post("/courses/sync", {"ticked": "1", "course": [course.pk]})
    run = SyncRun.objects.get()
    assert run.asked_by == ada
    assert answer["Location"] == f"/runs/{run.pk}"


def test_asking_twice_is_one_run(browser_of_ada: Client, ada: User) -> None:
    course = course_of(ada)
    for _ in range(2):
        browser_of_ada.post(f"/courses/{course.pk}/sync")
    assert SyncRun.objects.count() == 1


def test_the_live_part_asks_on_only_while_something_syncs(
    browser_of_ada: Client, ada: User
) -> None:
    course = course_of(ada)
    run = run_of(course, State.RUNNING)
    path = f"/courses/live?course={course.pk}&course=nonsense"
    assert "every 1s" in page(browser_of_ada, path)
    SyncRun.objects.filter(pk=run.pk).update(state=State.COMPLETE)
    ended = page(browser_of_ada, path)
    assert "every 1s" not in ended
    assert "Up to date" in ended


def test_however_many_courses_the_page_takes_the_same_queries(
    browser_of_ada: Client, ada: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        run_of(course_of(ada, f"Course {number}"), State.COMPLETE)
    with django_assert_max_num_queries(12):
        page(browser_of_ada)
    with django_assert_max_num_queries(12):
        page(browser_of_ada, "/courses/choose")


def names_listed(client: Client, **query: str) -> set[str]:
    return {str(row.course) for row in client.get("/", query).context["listed"]}


def test_courses_are_found_by_name_code_and_term(browser_of_ada: Client, ada: User) -> None:
    course_of(ada, "Design Studio", course_code="DES 1", term_name="Autumn")
    course_of(ada, "Compilers", course_code="CS 2", term_name="Autumn")
    assert names_listed(browser_of_ada, q="autumn des") == {"Design Studio"}
    assert names_listed(browser_of_ada, q="autumn") == {"Design Studio", "Compilers"}
    assert "No course has these words" in page(browser_of_ada, "/?q=latin")


def test_courses_are_filtered_by_what_they_need(browser_of_ada: Client, ada: User) -> None:
    run_of(course_of(ada, "Fine"), State.COMPLETE)
    run_of(course_of(ada, "Broken"), State.FAILED)
    run_of(course_of(ada, "Busy"), State.RUNNING)
    assert names_listed(browser_of_ada, show="attention") == {"Broken"}
    assert names_listed(browser_of_ada, show="syncing") == {"Busy"}
    assert names_listed(browser_of_ada, show="nonsense") == {"Fine", "Broken", "Busy"}
    assert "No course is in this state" in page(browser_of_ada, "/?show=drift")


def test_searching_keeps_the_filter_without_javascript(browser_of_ada: Client, ada: User) -> None:
    run_of(course_of(ada), State.FAILED)
    shown = page(browser_of_ada, "/?show=attention&q=design")
    assert '<input type="hidden" name="show" value="attention">' in shown
    assert 'name="q"' in shown


def test_without_javascript_a_page_with_a_bar_loads_itself_again(
    browser_of_ada: Client, ada: User
) -> None:
    run = run_of(course_of(ada), State.RUNNING)
    assert 'http-equiv="refresh"' in page(browser_of_ada)
    assert 'http-equiv="refresh"' in page(browser_of_ada, f"/courses/{run.course_id}")
    SyncRun.objects.update(state=State.COMPLETE)
    assert 'http-equiv="refresh"' not in page(browser_of_ada)
