"""Who may sign in: the one place that adds people."""

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password


class NameTaken(Exception):
    """Another person signs in under this name."""


def add_user(name: str, password: str | None = None) -> User:
    """Add a person; without a password they get in by a one-time address.

    Raises NameTaken, or ValidationError with sentences when name or password will not do.
    """
    user = User(username=name.strip())
    user.clean_fields(exclude=["password"])
    if name_is_taken(user.username):
        raise NameTaken(f"There is already somebody called {user.username}.")
    if password is None:
        user.set_unusable_password()
    else:
        validate_password(password, user)
        user.set_password(password)
    user.save()
    return user


def name_is_taken(name: str, *, by_other_than: User | None = None) -> bool:
    """Whether somebody else signs in under this name; upper and lower case are one."""
    others = User.objects.filter(username__iexact=name)
    if by_other_than is not None:
        others = others.exclude(pk=by_other_than.pk)
    return others.exists()
