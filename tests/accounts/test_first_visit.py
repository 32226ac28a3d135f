"""The first person gets in by an address that works once."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from gradebench.accounts.first_visit import (
    AddressUsed,
    announce_first_visit,
    find_address,
    let_in,
    make_one_time_address,
)
from gradebench.accounts.models import OneTimeAddress
from gradebench.accounts.people import NameTaken, add_user

pytestmark = pytest.mark.django_db

BASE = "http://127.0.0.1:8000"
CHOSEN = {"name": "ada", "password": "analytical engine", "again": "analytical engine"}


def path_of(address: str | None) -> str:
    assert address is not None
    return address.split(BASE)[1].strip()


def test_the_first_person_chooses_name_and_password_and_is_the_operator(client: Client) -> None:
    path = path_of(announce_first_visit(BASE))
    assert client.get(path).status_code == 200
    answer = client.post(path, CHOSEN)
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    ada = User.objects.get()
    assert (ada.username, ada.is_superuser) == ("ada", True)
    assert ada.check_password("analytical engine")
    assert client.get("/").status_code == 200


def test_the_address_works_once(client: Client) -> None:
    path = path_of(announce_first_visit(BASE))
    client.post(path, CHOSEN)
    later = Client().get(path)
    assert later.status_code == 410
    assert b"no longer works" in later.content


def test_looking_at_the_address_does_not_use_it_up(client: Client) -> None:
    path = path_of(announce_first_visit(BASE))
    for _ in range(3):
        assert client.get(path).status_code == 200


def test_the_address_expires_after_a_day(client: Client) -> None:
    path = path_of(announce_first_visit(BASE))
    OneTimeAddress.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(path).status_code == 410


def test_a_new_address_ends_the_one_before(client: Client) -> None:
    first, second = (path_of(announce_first_visit(BASE)) for _ in range(2))
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200


def test_nothing_is_announced_once_somebody_has_a_password() -> None:
    add_user("ada", "analytical engine")
    assert announce_first_visit(BASE) is None


def test_a_person_made_by_the_command_line_keeps_what_is_theirs(client: Client) -> None:
    shell = add_user("shell-user")
    client.post(path_of(announce_first_visit(BASE)), CHOSEN)
    assert User.objects.get().pk == shell.pk


def test_only_the_hash_of_the_token_is_stored() -> None:
    token = path_of(announce_first_visit(BASE)).rsplit("/", 1)[1]
    row = OneTimeAddress.objects.get()
    assert token not in row.token_hash
    assert find_address(token) == row


def test_two_visitors_at_the_same_moment_are_one() -> None:
    make_one_time_address(None, base_url=BASE)
    address = OneTimeAddress.objects.get()
    let_in(address, name="ada", password="analytical engine")
    with pytest.raises(AddressUsed):
        let_in(address, name="eve", password="analytical engine")
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"again": "difference engine"}, "differ"),
        ({"password": "12345", "again": "12345"}, "too short"),
        ({"name": "a b"}, "valid username"),
        ({"name": ""}, "required"),
    ],
)
def test_what_is_wrong_is_said_and_the_address_still_works(
    client: Client, changed: dict[str, str], sentence: str
) -> None:
    path = path_of(announce_first_visit(BASE))
    answer = client.post(path, {**CHOSEN, **changed})
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not User.objects.exists()
    assert client.post(path, CHOSEN).status_code == 302


def test_the_demo_signs_in_with_one_click(client: Client) -> None:
    demo = add_user("demo")
    path = path_of(make_one_time_address(demo, base_url=BASE, asks_password=False))
    assert b"demo" in client.get(path).content
    assert client.post(path)["Location"] == "/"
    demo.refresh_from_db()
    assert not demo.is_superuser
    assert not demo.has_usable_password()


def test_somebody_signed_in_already_is_led_on(client: Client) -> None:
    path = path_of(announce_first_visit(BASE))
    client.post(path, CHOSEN)
    assert client.get(path)["Location"] == "/"


def test_a_name_belongs_to_one_person_whatever_its_case() -> None:
    add_user("ada", "analytical engine")
    with pytest.raises(NameTaken):
        add_user("Ada")
