"""The people of this GradeBench, seen from the command line."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from gradebench.accounts.first_visit import make_one_time_address
from gradebench.accounts.people import NameTaken, add_user
from gradebench.cli import screen
from gradebench.cli.border import Stop
from gradebench.cli.secret_file import read_secret


@contextmanager
def acting_as(name: str | None) -> Iterator[User]:
    """The user of that name, or the only one; made, without a password, where there is none.

    Somebody made this way gets in by the one-time address that `gradebench serve` prints. When the
    block fails they are not kept. Raises Stop where several could be meant.
    """
    known = _known(name)
    user = known or _add(name or _name_on_this_machine())
    try:
        yield user
    except BaseException:
        if known is None:
            user.delete()
        raise
    if known is None:
        screen.say(f"Made the user {user.username}.")


def _known(name: str | None) -> User | None:
    if name is not None:
        return User.objects.filter(username__iexact=name).first()
    everybody = list(User.objects.filter(is_active=True).order_by("username")[:6])
    if len(everybody) > 1:
        names = ", ".join(user.username for user in everybody)
        raise Stop(f"Several people use this GradeBench: {names}.", "Say which with --user NAME.")
    return everybody[0] if everybody else None


def add_person(name: str, *, password_file: Path | None, base_url: str) -> None:
    """Let one more person sign in: with the password of a file, or by a one-time address."""
    password = read_secret(password_file, what="password") if password_file else None
    user = _add(name, password)
    screen.say(f"Made the user {user.username}.")
    if password is None:
        screen.say(
            "Give them this address; it works once, within 24 hours, and asks for a password:"
        )
        screen.answer(make_one_time_address(user, base_url=base_url))


def _add(name: str, password: str | None = None) -> User:
    try:
        return add_user(name, password)
    except NameTaken as taken:
        raise Stop(str(taken), "Choose another name.") from taken
    except ValidationError as refused:
        raise Stop(f"{name}: {' '.join(refused.messages)}") from refused


def _name_on_this_machine() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return "owner"
