"""Encrypts tokens before they are stored, and decrypts them for the request that needs them.

Keys come from `GRADEBENCH_KEYS` (Fernet keys, separated by spaces or commas) or from the file `keys`
in the data folder, which is made with mode 0600 on first use. The first key encrypts, all decrypt:
put a new key in front to change it.
"""

import os
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from gradebench.home import write_secret_once


class Secret(str):
    """A decrypted token: usable as a string, but shown as dots wherever it is represented."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'••••'" if self else "''"


class UnreadableSecret(Secret):
    """Stands for a token that none of today's keys decrypts; empty, so that nothing can send it."""

    __slots__ = ()

    def __new__(cls) -> "UnreadableSecret":
        return super().__new__(cls, "")


def encrypt(plain: str) -> str:
    """Encrypt with the first key."""
    return _box(_keys()).encrypt(plain.encode()).decode()


def decrypt(stored: str) -> Secret:
    """Decrypt with whichever key fits; an `UnreadableSecret` when none does."""
    try:
        return Secret(_box(_keys()).decrypt(stored.encode()).decode())
    except InvalidToken:
        return UnreadableSecret()


def _keys() -> tuple[str, ...]:
    named = os.environ.get("GRADEBENCH_KEYS", "").replace(",", " ").split()
    return tuple(named) or _kept_keys()


def _kept_keys() -> tuple[str, ...]:
    path = settings.GRADEBENCH_HOME / "keys"
    if not path.exists():
        write_secret_once(path, Fernet.generate_key().decode())
    return tuple(path.read_text(encoding="utf-8").split())


@lru_cache(maxsize=8)
def _box(keys: Sequence[str]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        raise ImproperlyConfigured(
            "GRADEBENCH_KEYS, or the file `keys` in the data folder, holds something that is not "
            "a Fernet key. Restore the file from your backup."
        ) from error


class EncryptedTextField(models.TextField[Any, Any]):
    """A text column that holds ciphertext; the attribute is a `Secret`.

    Equality look-ups make no sense on it: the same text encrypts differently each time.
    """

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way to the database."""
        value = super().get_prep_value(value)
        return value if value in (None, "") else encrypt(value)

    def from_db_value(
        self, value: str | None, _expression: object, _connection: BaseDatabaseWrapper
    ) -> Secret | None:
        """Decrypt on the way from the database."""
        return Secret("") if value == "" else decrypt(value) if value is not None else None
