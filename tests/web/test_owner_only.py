"""Nobody sees a course that is not theirs."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from gradebench.canvas.models import CanvasCourse, GroupPlan, SyncRun
from gradebench.canvas.teams import follow
from gradebench.canvas.urls import pages, programs
from tests.web.people import course_of, fill, integration_of, plan_of, run_of, signed_in

SETUP = {"replace_token", "disconnect", "check_account"}


def address(pattern: URLPattern, course: CanvasCourse, run: SyncRun) -> str:
    """Where this page would be for Grace's things."""
    name = str(pattern.name)
    known = {
        "assignment_pk": course.assignments.values_list("pk", flat=True).first(),
        "person_pk": course.integration.people.values_list("pk", flat=True).first(),
        "set_pk": course.group_categories.values_list("pk", flat=True).first(),
        "team_pk": course.groups.values_list("team", flat=True).first(),
        "plan_pk": GroupPlan.objects.values_list("pk", flat=True).first(),
    }
    first = (
        course.integration_id
        if name in SETUP
        else run.pk
        if "/runs/" in f"/{pattern.pattern}"
        else course.pk
    )
    needed = {key: known.get(key, first) for key in pattern.pattern.converters}
    return reverse(name, kwargs=needed)


@pytest.fixture
def of_grace(grace: User) -> tuple[CanvasCourse, SyncRun]:
    course = course_of(grace, "Compilers")
    fill(course, students=4, assignments=1, teams=1)
    follow(course, at=timezone.now())
    plan_of(course)
    return course, run_of(course, SyncRun.State.WAITS)


@pytest.mark.parametrize(
    "pattern", [one for one in pages if one.pattern.converters], ids=lambda one: one.name
)
def test_a_page_of_somebody_elses_is_not_there(
    pattern: URLPattern, browser_of_ada: Client, grace: User, of_grace: tuple[CanvasCourse, SyncRun]
) -> None:
    path = address(pattern, *of_grace)
    answers = {browser_of_ada.get(path).status_code, browser_of_ada.post(path).status_code}
    assert answers <= {404, 405}
    assert 404 in answers
    own = signed_in(grace).get(path).status_code
    assert own in {200, 405}


@pytest.mark.parametrize(
    "pattern", [one for one in programs if one.pattern.converters], ids=lambda one: one.name
)
def test_an_endpoint_answers_404_in_json_for_somebody_elses(
    pattern: URLPattern, browser_of_ada: Client, of_grace: tuple[CanvasCourse, SyncRun]
) -> None:
    path = address(pattern, *of_grace)
    got, posted = (
        browser_of_ada.get(path),
        browser_of_ada.post(path, content_type="application/json"),
    )
    answer = posted if got.status_code == 405 else got
    assert answer.status_code == 404
    assert set(answer.json()) == {"error", "todo"}


def test_lists_show_ones_own_alone(
    browser_of_ada: Client, ada: User, of_grace: tuple[CanvasCourse, SyncRun]
) -> None:
    integration_of(ada)
    for path in ("/", "/courses/choose", "/canvas", "/courses/live?course=1", "/api/courses"):
        assert "Compilers" not in browser_of_ada.get(path).content.decode()


def test_choosing_and_syncing_reach_ones_own_alone(
    browser_of_ada: Client, ada: User, of_grace: tuple[CanvasCourse, SyncRun]
) -> None:
    course, _run = of_grace
    course_of(ada)
    browser_of_ada.post("/courses/choose", {"course": [course.pk]})
    browser_of_ada.post("/courses/sync", {"course": [course.pk], "ticked": "1"})
    course.refresh_from_db()
    assert course.chosen
    assert course.runs.count() == 1


def test_a_person_of_another_course_is_not_found_through_ones_own(
    browser_of_ada: Client, studio: CanvasCourse, of_grace: tuple[CanvasCourse, SyncRun]
) -> None:
    course, _run = of_grace
    stranger = course.integration.people.get(name="Student 1")
    work = course.assignments.get()
    for path in (
        reverse("student", args=[studio.pk, stranger.pk]),
        reverse("assignment", args=[studio.pk, work.pk]),
    ):
        assert browser_of_ada.get(path).status_code == 404


def test_a_stranger_without_a_session_is_sent_to_the_door(
    client: Client, of_grace: tuple[CanvasCourse, SyncRun]
) -> None:
    for pattern in pages:
        answer = client.get(address(pattern, *of_grace))
        assert answer.status_code == 302, pattern
        assert answer["Location"].startswith("/sign-in?")
    for pattern in programs:
        path = address(pattern, *of_grace)
        statuses = {client.get(path).status_code, client.post(path).status_code}
        assert statuses == {401, 405}, pattern
