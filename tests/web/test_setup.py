"""Connecting a Canvas on the page, against the sandbox."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from gradebench.canvas.models import CanvasCourse, CanvasIntegration
from gradebench.sandbox.launch import Sandbox
from tests import people
from tests.web.people import course_of, fill, integration_of


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start(world="small") as running:
        yield running


def connect(client: Client, address: str, token: str) -> str:
    answer = client.post("/canvas", {"address": address, "token": token}, follow=True)
    return answer.content.decode()


def test_the_right_token_leads_to_the_choice_of_courses(
    browser_of_ada: Client, ada: User, sandbox: Sandbox
) -> None:
    page = connect(browser_of_ada, sandbox.url + "/courses/1", sandbox.tokens["teacher"])
    assert "Choose courses" in page
    assert "Connected to" in page
    integration = CanvasIntegration.objects.get(user=ada)
    assert integration.canvas_url == sandbox.url
    assert integration.courses.count() == len(sandbox.courses)


@pytest.mark.parametrize("role", ["expired", "revoked", "nonsense"])
def test_a_token_that_canvas_refuses_is_told_next_to_its_field(
    browser_of_ada: Client, sandbox: Sandbox, role: str
) -> None:
    token = sandbox.tokens.get(role, "nonsense-token")
    answer = browser_of_ada.post("/canvas", {"address": sandbox.url, "token": token})
    assert answer.context["form"].errors["token"]
    assert token not in answer.content.decode()
    assert not CanvasIntegration.objects.exists()


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("not an address", "space"),
        ("http://canvas.example.edu", "Plain http"),
        ("ftp://canvas.example.edu", "not a web address"),
        ("http://127.0.0.1:9", ""),
    ],
)
def test_a_wrong_address_is_told_and_the_address_stays_in_the_form(
    browser_of_ada: Client, ada: User, address: str, sentence: str
) -> None:
    page = connect(browser_of_ada, address, "secret-of-ada")
    assert 'class="alert' in page or "text-error" in page
    assert sentence in page
    assert address in page
    assert "secret-of-ada" not in page


def test_the_token_is_never_shown_again(
    browser_of_ada: Client, ada: User, sandbox: Sandbox
) -> None:
    token = sandbox.tokens["teacher"]
    connect(browser_of_ada, sandbox.url, token)
    integration = CanvasIntegration.objects.get()
    paths = [
        "/canvas",
        "/",
        f"/canvas/{integration.pk}/token",
        f"/canvas/{integration.pk}/disconnect",
    ]
    for path in paths:
        assert token not in browser_of_ada.get(path).content.decode()


def test_a_new_token_takes_the_place_of_the_old(browser_of_ada: Client, sandbox: Sandbox) -> None:
    connect(browser_of_ada, sandbox.url, sandbox.tokens["teacher"])
    integration = CanvasIntegration.objects.get()
    CanvasIntegration.objects.update(api_key="lost", problem="Canvas refused the token.")
    path = reverse("replace_token", args=[integration.pk])
    wrong = browser_of_ada.post(path, {"token": sandbox.tokens["expired"]})
    assert wrong.context["form"].errors["token"]
    right = browser_of_ada.post(path, {"token": sandbox.tokens["teacher"]}, follow=True)
    assert "works" in right.content.decode()
    integration.refresh_from_db()
    assert (integration.api_key, integration.problem) == (sandbox.tokens["teacher"], "")


def test_the_token_of_somebody_else_becomes_an_account_of_its_own(
    browser_of_ada: Client, sandbox: Sandbox
) -> None:
    connect(browser_of_ada, sandbox.url, sandbox.tokens["teacher"])
    path = reverse("replace_token", args=[CanvasIntegration.objects.get().pk])
    answer = browser_of_ada.post(path, {"token": sandbox.tokens["ta_limited"]}, follow=True)
    assert "an account of its own" in answer.content.decode()
    assert CanvasIntegration.objects.count() == 2


def test_disconnecting_asks_and_says_what_it_deletes(
    browser_of_ada: Client, studio: CanvasCourse
) -> None:
    path = reverse("disconnect", args=[studio.integration_id])
    asked = browser_of_ada.get(path).content.decode()
    assert "1 course" in asked
    assert "30 people" in asked
    assert CanvasIntegration.objects.exists()
    browser_of_ada.post(path)
    assert not CanvasIntegration.objects.exists()
    assert not CanvasCourse.objects.exists()


def test_disconnecting_one_account_leaves_the_other(browser_of_ada: Client, ada: User) -> None:
    kept = integration_of(ada, name="Kept")
    fill(course_of(ada), students=3, assignments=1, teams=1)
    other = integration_of(ada, name="Other", canvas_url="https://other.test")
    browser_of_ada.post(reverse("disconnect", args=[other.pk]))
    assert list(CanvasIntegration.objects.all()) == [kept]
    assert kept.people.count() == 3


def test_connecting_asks_what_the_token_may_do(browser_of_ada: Client, sandbox: Sandbox) -> None:
    sandbox.permissions("TeacherEnrollment", off=["manage_groups_delete"])
    chosen = connect(browser_of_ada, sandbox.url, sandbox.tokens["teacher"])
    sandbox.reset_permissions()
    assert "the token may not do everything" in chosen
    page = browser_of_ada.get("/canvas").content.decode()
    assert "1 thing missing" in page
    assert "“Groups - delete” for the role Teacher" in page


def test_asking_again_shows_what_the_administrator_has_given(
    browser_of_ada: Client, sandbox: Sandbox
) -> None:
    sandbox.permissions("TeacherEnrollment", off=["read_roster"])
    connect(browser_of_ada, sandbox.url, sandbox.tokens["teacher"])
    sandbox.reset_permissions()
    course = CanvasCourse.objects.get(canvas_id=sandbox.course)
    CanvasCourse.objects.filter(pk=course.pk).update(synced_at=course.abilities_at)
    path = reverse("course", args=[course.pk])
    assert "“Users - view list”" in browser_of_ada.get(path).content.decode()
    again = browser_of_ada.post(reverse("check_course", args=[course.pk]), follow=True)
    assert "Everything that GradeBench does" in again.content.decode()
    account = browser_of_ada.post(
        reverse("check_account", args=[course.integration_id]), follow=True
    )
    assert ">everything<" in account.content.decode()


def test_a_canvas_that_does_not_say_is_no_trouble(browser_of_ada: Client, sandbox: Sandbox) -> None:
    sandbox.fault("status", path="/permissions$", status=404, count=None)
    chosen = connect(browser_of_ada, sandbox.url, sandbox.tokens["teacher"])
    sandbox.clear_faults()
    assert "Connected to" in chosen
    assert "could not be asked" in browser_of_ada.get("/canvas").content.decode()


def test_asking_with_a_dead_token_says_so(browser_of_ada: Client, studio: CanvasCourse) -> None:
    CanvasIntegration.objects.update(canvas_url="http://127.0.0.1:9")
    asked = browser_of_ada.post(reverse("check_course", args=[studio.pk]), follow=True)
    assert "alert-error" in asked.content.decode()


def test_the_accounts_take_the_same_queries_however_many(
    browser_of_ada: Client, ada: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(4):
        account = integration_of(ada, name=f"Canvas {number}", canvas_url=f"https://c{number}.test")
        for one in range(6):
            people.course(f"Course {number}.{one}", integration=account, chosen=True)
    with django_assert_max_num_queries(6):
        assert "Course 3.5" in browser_of_ada.get("/canvas").content.decode()
