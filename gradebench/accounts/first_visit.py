"""How a person without a password gets in: an address that works once."""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from gradebench.accounts.models import OneTimeAddress

LASTS = timedelta(hours=24)


class AddressUsed(Exception):
    """The address was used, has expired, or never existed."""


def make_one_time_address(user: User | None, *, base_url: str, asks_password: bool = True) -> str:
    """Make an address by which `user` gets in once within 24 hours, and choose a password there.

    None stands for the very first person. With `asks_password=False` one click signs in, as in the
    demo. Earlier unused addresses of the same person stop working.
    """
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        OneTimeAddress.objects.filter(user=user, used_at=None).delete()
        OneTimeAddress.objects.create(
            token_hash=_hash(token),
            user=user,
            asks_password=asks_password,
            expires_at=timezone.now() + LASTS,
        )
    return base_url.rstrip("/") + reverse("first_visit", args=[token])


def announce_first_visit(base_url: str) -> str | None:
    """What the server prints while nobody can sign in yet: the address for the first person.

    None when somebody has a password. A user whom the command line made without one is let in.
    """
    if _with_password().exists():
        return None
    address = make_one_time_address(User.objects.order_by("id").first(), base_url=base_url)
    return f"Open this address to choose your name and password (once, within 24 hours):\n{address}"


def find_address(token: str) -> OneTimeAddress | None:
    """The row of a token that still lets someone in, or None."""
    return (
        OneTimeAddress.objects.filter(
            token_hash=_hash(token), used_at=None, expires_at__gt=timezone.now()
        )
        .select_related("user")
        .first()
    )


def let_in(address: OneTimeAddress, *, name: str = "", password: str | None = None) -> User:
    """Use up the address and return its person, with the name and password they chose.

    Raises AddressUsed when somebody was faster: the condition is in the update.
    """
    with transaction.atomic():
        now = timezone.now()
        unused = OneTimeAddress.objects.filter(pk=address.pk, used_at=None, expires_at__gt=now)
        if not unused.update(used_at=now):
            raise AddressUsed
        user = address.user or User()
        if not _with_password().exists() and address.asks_password:
            user.is_staff = user.is_superuser = True  # the first person is the operator
        if name:
            user.username = name
        if password is not None:
            user.set_password(password)
        user.save()
        return user


def _with_password() -> QuerySet[User]:
    return (
        User.objects.filter(is_active=True)
        .exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        .exclude(password="")
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
