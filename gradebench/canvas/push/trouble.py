"""Why a plan is not made or not applied; every one leaves Canvas as it is."""

from collections.abc import Sequence

from gradebench.canvas.api.errors import CanvasError


class PushRefused(CanvasError):
    """Root of what stops a plan before anything is written."""


class NeedsYes(PushRefused):
    """The plan takes many people out of their groups, and nobody has agreed to that yet."""

    todo = "Look at the removals, then agree to them."

    def __init__(self, removals: int) -> None:
        super().__init__(f"{removals} people would be in no group of this set any more.")
        self.removals = removals


class Busy(PushRefused):
    """Something else works on the course just now."""

    todo = "Wait until it has ended, then try again."


class NotApplicable(PushRefused):
    """The plan was applied, dropped or found stale before."""

    todo = "Make a new plan."


class NotATeamSet(PushRefused):
    """The set holds tags, or lets people be in several groups, or Canvas manages it itself."""

    todo = "Choose a group set in which everybody is in one group."


class ManyGone(PushRefused):
    """Canvas shows so many fewer memberships than are known that a person should look first."""

    todo = "Sync the course, look at what it would remove, and agree to it there."

    def __init__(self, names: Sequence[str]) -> None:
        some = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
        super().__init__(f"Canvas shows {len(names)} people in no group any more: {some}.")


class JobFailed(CanvasError):
    """A job of Canvas's did not do what it was for."""

    todo = "Make a new plan; it shows what is left."
