"""Why Canvas, or we on its behalf, did not make an edit: one class per thing a person would do.

Canvas words its refusals in the course's language, so what can be told beforehand is told before
anything is sent, and what remains is known by the field that Canvas names.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from gradebench.canvas.api.errors import Invalid, NotFound, NotPermitted

# Canvas keeps these for itself: the set of the groups that students make, and that of SIS imports.
RESERVED_NAMES = ("Student Groups", "Imported Groups")
LONGEST_NAME = 255


class NameRefused(Invalid):
    """The name cannot be used."""

    todo = "Choose another name."


class NameBlank(NameRefused):
    """There is no name."""

    todo = "Give a name."


class NameTooLong(NameRefused):
    """Canvas takes at most 255 characters."""

    todo = "Give a shorter name."


class NameReserved(NameRefused):
    """Canvas uses the name for sets of its own."""


class NameTaken(NameRefused):
    """Another set of the course has the name."""


class LimitTooSmall(Invalid):
    """A group limit must be at least 2."""

    todo = "Give a limit of at least 2, or none."


class SettingRefused(Invalid):
    """Canvas does not know the value of a setting, or does not allow it here."""

    todo = "Change the setting that is named."


class SetGone(NotFound):
    """The group set was deleted in Canvas meanwhile."""

    todo = "Sync the course to see what is left."


class GroupGone(NotFound):
    """The group was deleted in Canvas meanwhile."""

    todo = "Sync the course to see what is left."


class MayNot(NotPermitted):
    """The token's owner lacks one permission; `permission` is Canvas's name for it."""

    def __init__(self, what: str, *, permission: str) -> None:
        super().__init__(
            what, todo=f"Ask a Canvas administrator for the permission “{permission}”."
        )
        self.permission = permission


class SetProtected(NotPermitted):
    """Canvas manages the set itself."""

    todo = "Use another set, or make one."


def check_name(name: str) -> str:
    """The name without the blanks around it. Raises NameBlank, NameTooLong."""
    stripped = name.strip()
    if not stripped:
        raise NameBlank("The name is blank.")
    if len(stripped) > LONGEST_NAME:
        raise NameTooLong(f"The name has {len(stripped)} characters; Canvas takes 255.")
    return stripped


def check_set_name(name: str) -> str:
    """As `check_name`; also raises NameReserved."""
    stripped = check_name(name)
    if stripped in RESERVED_NAMES:
        raise NameReserved(f"“{stripped}” is a name that Canvas keeps for itself.")
    return stripped


def check_limit(limit: int | None) -> None:
    """Raises LimitTooSmall."""
    if limit is not None and limit < 2:
        raise LimitTooSmall(f"A group limit of {limit} is too small.")


@contextmanager
def explained(
    *,
    doing: str,
    permission: str,
    gone: type[NotFound],
    protected: bool = False,
    name: type[NameRefused] = NameRefused,
) -> Iterator[None]:
    """Turn Canvas's refusals into the classes above. `doing`: “create a group in Projects”;
    `name`: what it means that Canvas refuses a name which `check_name` let pass.
    """
    try:
        yield
    except NotPermitted as error:
        if protected:
            raise SetProtected(f"Canvas manages this set itself, so one cannot {doing}.") from error
        raise MayNot(f"This token's owner may not {doing}.", permission=permission) from error
    except NotFound as error:
        raise gone(f"Canvas could not {doing}: it does not exist any more.") from error
    except Invalid as error:
        raise _refusal(error, doing, name) from error


def _refusal(error: Invalid, doing: str, name: type[NameRefused]) -> Invalid:
    said = "; ".join(str(problem) for problem in error.problems) or error.what
    what = f"Canvas did not {doing}: {said}"
    if error.about("name"):
        return name(what, problems=error.problems, at=error.at)
    if error.about("group_limit") or error.about("max_membership"):
        return LimitTooSmall(what, problems=error.problems, at=error.at)
    return SettingRefused(what, problems=error.problems, at=error.at)
