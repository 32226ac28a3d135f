"""The endpoints for programs."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from gradebench.canvas.models import CanvasCourse, SyncRun
from gradebench.canvas.progress import SyncProgress
from gradebench.canvas.teams import follow
from gradebench.canvas.urls import programs
from tests.web.people import course_of, run_of

State = SyncRun.State


def post(client: Client, path: str, body: object = None) -> Any:
    return client.post(path, body, content_type="application/json")


def test_courses_are_listed_with_state_and_run(browser_of_ada: Client, ada: User) -> None:
    course = course_of(ada, "Design Studio", course_code="DES 1")
    run = run_of(course, State.RUNNING)
    (listed,) = browser_of_ada.get("/api/courses").json()["courses"]
    assert listed["id"] == course.pk
    assert listed["canvas_id"] == course.canvas_id
    assert (listed["name"], listed["state"], listed["chosen"]) == ("Design Studio", "Syncing", True)
    assert listed["run"] == {
        "id": run.pk,
        "course": course.pk,
        "kind": "sync",
        "state": "running",
        "finished": False,
    }


def test_exactly_the_given_courses_are_chosen(browser_of_ada: Client, ada: User) -> None:
    old, new = course_of(ada, "Old"), course_of(ada, "New", chosen=False)
    answer = post(browser_of_ada, "/api/courses/choose", {"courses": [new.pk]})
    assert answer.json() == {"chosen": [new.pk]}
    assert list(CanvasCourse.objects.filter(chosen=True)) == [new]
    assert not CanvasCourse.objects.get(pk=old.pk).chosen


def test_one_course_is_synced(browser_of_ada: Client, ada: User) -> None:
    course = course_of(ada)
    answer = post(browser_of_ada, f"/api/courses/{course.pk}/sync", {"full": True})
    assert answer.status_code == 202
    run = SyncRun.objects.get()
    assert answer.json()["run"]["id"] == run.pk
    assert (run.full, run.asked_by) == (True, ada)


def test_all_means_the_chosen_ones(browser_of_ada: Client, ada: User) -> None:
    chosen = course_of(ada, "Chosen")
    course_of(ada, "Other", chosen=False)
    answer = post(browser_of_ada, "/api/sync")
    assert [run["course"] for run in answer.json()["runs"]] == [chosen.pk]


def test_some_are_named(browser_of_ada: Client, ada: User) -> None:
    _one, two = course_of(ada, "One"), course_of(ada, "Two")
    answer = post(browser_of_ada, "/api/sync", {"courses": [two.pk]})
    assert [run["course"] for run in answer.json()["runs"]] == [two.pk]


def test_progress_is_what_the_page_shows(browser_of_ada: Client, ada: User) -> None:
    run = run_of(course_of(ada), State.RUNNING)
    progress = SyncProgress(run.pk)
    progress.step("submissions", done=3, total=4)
    progress.finish("Reading submissions")
    read = browser_of_ada.get(f"/api/runs/{run.pk}").json()
    assert read["percent"] == 75
    assert read["steps"] == [{"name": "submissions", "done": 3, "total": 4}]
    assert read["finished"] is False


def test_cancel_and_approve(browser_of_ada: Client, ada: User) -> None:
    course = course_of(ada)
    waits = run_of(course, State.WAITS, held={"enrollments": [1]})
    answer = post(browser_of_ada, f"/api/runs/{waits.pk}/approve")
    new = SyncRun.objects.get(pk=answer.json()["run"]["id"])
    assert new.approved == {"enrollments": [1]}
    post(browser_of_ada, f"/api/runs/{new.pk}/cancel")
    new.refresh_from_db()
    assert new.state == State.CANCELLED
    assert post(browser_of_ada, f"/api/runs/{new.pk}/approve").status_code == 409


@pytest.mark.parametrize("body", ["{", '{"courses": "all"}', '{"courses": [1.5]}', "[]"])
def test_a_wrong_body_is_explained(browser_of_ada: Client, ada: User, body: str) -> None:
    course_of(ada)
    answer = post(browser_of_ada, "/api/courses/choose", body)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error", "todo"}


def test_a_request_from_another_site_is_refused_in_json(ada: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    answer = post(client, f"/api/courses/{course_of(ada).pk}/sync")
    assert answer.status_code == 403
    assert set(answer.json()) == {"error", "todo"}
    assert not SyncRun.objects.exists()


def test_the_other_method_is_refused(browser_of_ada: Client, ada: User) -> None:
    assert browser_of_ada.get("/api/sync").status_code == 405
    assert post(browser_of_ada, "/api/courses").status_code == 405


README = Path(__file__).resolve().parents[2] / "gradebench/canvas/README.md"


def answered_by(pattern: URLPattern, client: Client) -> str:
    """`POST /api/sync`: the address as documents write it, with the method that it takes."""
    path = reverse(str(pattern.name), kwargs=dict.fromkeys(pattern.pattern.converters, 0))
    method = "GET" if client.get(path).status_code != 405 else "POST"
    written = re.sub(
        r"<int:(?:(\w+)_)?pk>", lambda key: f"<{key[1] or 'id'}>", str(pattern.pattern)
    )
    return f"{method} /{written}"


def test_the_readme_lists_every_endpoint_with_its_method(browser_of_ada: Client) -> None:
    listed = re.findall(r"^\| `(GET|POST) (/\S+)` \|", README.read_text(), re.MULTILINE)
    assert sorted(" ".join(one) for one in listed) == sorted(
        answered_by(pattern, browser_of_ada) for pattern in programs
    )


def test_the_readme_names_what_the_answers_hold(
    browser_of_ada: Client, studio: CanvasCourse
) -> None:
    follow(studio, at=timezone.now())
    run = run_of(studio, State.RUNNING)
    (course,) = browser_of_ada.get("/api/courses").json()["courses"]
    progress = browser_of_ada.get(f"/api/runs/{run.pk}").json()
    path = reverse("board_facts", args=[studio.pk, studio.group_categories.get().pk])
    board = browser_of_ada.get(path).json()
    parts = [board["teams"][0], board["people"][0], board["sections"][0]]
    about = README.read_text().split("## JSON endpoints")[1].split("## ")[0]
    for key in {*course, *course["run"], *progress, *board, *(key for one in parts for key in one)}:
        assert f"`{key}`" in about, key
