"""Tokens are encrypted where they are stored and shown nowhere."""

import stat

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.db import connection

from gradebench.canvas.models import CanvasIntegration
from gradebench.core.vault import UnreadableSecret, decrypt, encrypt
from tests.people import integration

pytestmark = pytest.mark.django_db


def stored_key(row) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT api_key FROM canvas_canvasintegration WHERE id = %s", [row.pk])
        return cursor.fetchone()[0]


def test_the_database_never_holds_the_token():
    row = integration(api_key="1234~very-secret")
    assert "very-secret" not in stored_key(row)
    assert CanvasIntegration.objects.get(pk=row.pk).api_key == "1234~very-secret"


def test_a_token_read_back_is_not_shown_when_printed():
    row = CanvasIntegration.objects.get(pk=integration(api_key="1234~very-secret").pk)
    assert "very-secret" not in repr(row.api_key)
    assert "very-secret" not in repr(vars(row))


def test_the_key_file_is_for_its_owner_only():
    encrypt("anything")
    assert stat.S_IMODE((settings.GRADEBENCH_HOME / "keys").stat().st_mode) == 0o600


def test_a_new_key_in_front_still_reads_what_the_old_one_wrote(monkeypatch):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    monkeypatch.setenv("GRADEBENCH_KEYS", old)
    stored = encrypt("token")
    monkeypatch.setenv("GRADEBENCH_KEYS", f"{new} {old}")
    assert decrypt(stored) == "token"


def test_a_token_of_a_lost_key_is_unreadable_but_does_not_break_the_list(monkeypatch):
    integration(api_key="token")
    monkeypatch.setenv("GRADEBENCH_KEYS", Fernet.generate_key().decode())
    [row] = CanvasIntegration.objects.all()
    assert isinstance(row.api_key, UnreadableSecret)
