"""Who the token belongs to."""

from gradebench.canvas.api.calls import Call
from gradebench.canvas.api.payloads import Profile, User


def get_self() -> Call[User]:
    """https://canvas.instructure.com/doc/api/users.html#method.users.api_show

    The cheapest way to learn whether a token works.
    """
    return Call("GET", "users/self", User)


def get_own_profile() -> Call[Profile]:
    """https://canvas.instructure.com/doc/api/users.html#method.profile.settings

    `primary_email` is absent without the permission to see it.
    """
    return Call("GET", "users/self/profile", Profile)
