"""Signing in and out."""

import pytest
from django.core.cache import cache
from django.test import Client

from gradebench.accounts.people import add_user

pytestmark = pytest.mark.django_db

ADA = {"username": "ada", "password": "analytical engine"}


@pytest.fixture(autouse=True)
def ada() -> None:
    cache.clear()
    add_user("ada", "analytical engine")


def test_a_visitor_is_led_to_the_door_and_back(client: Client) -> None:
    door = client.get("/canvas")["Location"]
    assert door == "/sign-in?next=/canvas"
    assert client.post(door, {**ADA, "next": "/canvas"})["Location"] == "/canvas"


def test_a_wrong_password_is_told_without_saying_which_names_exist(client: Client) -> None:
    wrong = client.post("/sign-in", {**ADA, "password": "guess"}).content.decode()
    nobody = client.post("/sign-in", {"username": "eve", "password": "guess"}).content.decode()
    assert "do not belong together" in wrong
    assert "do not belong together" in nobody


def test_the_eleventh_try_has_to_wait_even_with_the_right_password(client: Client) -> None:
    for _ in range(10):
        client.post("/sign-in", {**ADA, "password": "guess"})
    answer = client.post("/sign-in", ADA)
    assert "Wait ten minutes" in answer.content.decode()


def test_signing_out_closes_the_pages(client: Client) -> None:
    client.post("/sign-in", ADA)
    assert client.get("/").status_code == 200
    client.post("/sign-out")
    assert client.get("/").status_code == 302


def test_the_door_leads_to_no_other_host(client: Client) -> None:
    answer = client.post("/sign-in", {**ADA, "next": "https://evil.example/"})
    assert answer["Location"] == "/"
