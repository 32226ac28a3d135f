"""What can go wrong between us and Canvas: one class per thing a person would do differently."""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar


class Retry(Enum):
    """When a request that ended in an error may be sent again."""

    NEVER = "never"
    READS = "reads"
    """Only what cannot change anything in Canvas."""
    ALWAYS = "always"
    """Writes too: the request certainly had no effect."""


@dataclass(frozen=True, slots=True)
class At:
    """The request that met an error, without its query; `status` is None when nothing answered."""

    method: str = ""
    path: str = ""
    status: int | None = None

    def __str__(self) -> str:
        status = f" ({self.status})" if self.status else ""
        return f"{self.method} {self.path}{status}".strip()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing Canvas found wrong with what it was sent."""

    message: str
    field: str | None = None
    type: str | None = None

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


class CanvasError(Exception):
    """Root of the tree. `what` says what happened, `todo` what a person can do about it.

    `at` names the request for the details. No instance ever holds a token, a header or a body.
    """

    retry: Retry = Retry.NEVER
    stops_all: ClassVar[bool] = False
    """True where going on with the next course or group would only meet the same error."""
    todo: str = "Try again; if it happens again, show this message to whoever runs GradeBench."

    def __init__(self, what: str, *, todo: str | None = None, at: At | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.todo = todo or self.todo
        self.at = at or At()

    def __str__(self) -> str:
        return f"{self.what} {self.todo}".strip()

    @property
    def status(self) -> int | None:
        """The HTTP status, or None when nothing answered."""
        return self.at.status


class WrongAddress(CanvasError):
    """The address is not one that this Canvas can have; `suggestion` may be a better one."""

    stops_all = True
    todo = "Give the address that you see in the browser when Canvas is open."

    def __init__(self, what: str, *, suggestion: str | None = None, at: At | None = None) -> None:
        super().__init__(what, todo=f"Use {suggestion}" if suggestion else None, at=at)
        self.suggestion = suggestion


class NotCanvas(CanvasError):
    """Something answered, but not Canvas: a web page, a log-in page, another program."""

    stops_all = True
    todo = (
        "Check the address; if a firewall or a sign-in page stands before Canvas, "
        "ask its administrators to let /api/v1 through."
    )


class Unreachable(CanvasError):
    """Nothing answered. `sent` is False when no byte of the request can have arrived.

    `lasting` is True for what waiting does not mend: an unknown host, a bad certificate.
    """

    stops_all = True
    todo = "Check the address and the network, then try again."

    def __init__(
        self, what: str, *, sent: bool = True, lasting: bool = False, at: At | None = None
    ) -> None:
        super().__init__(what, at=at)
        self.sent = sent
        self.lasting = lasting
        may_repeat = Retry.READS if sent else Retry.ALWAYS
        self.retry = Retry.NEVER if lasting else may_repeat


class TokenRejected(CanvasError):
    """Canvas does not know the token."""

    stops_all = True
    todo = "In Canvas, open Account > Settings, make a new access token, and enter it here."


class TokenExpired(TokenRejected):
    """The token was good until its expiry date."""


class TokenRevoked(TokenRejected):
    """Somebody deleted the token in Canvas."""


class MissingScope(CanvasError):
    """The developer key behind the token does not allow this request."""

    todo = "Ask a Canvas administrator to add this scope to the developer key, then log in again."


class NotPermitted(CanvasError):
    """Canvas knows the token's owner, who may not do this here."""

    todo = "Ask the course's teacher or a Canvas administrator for the permission."


class NotFound(CanvasError):
    """The object does not exist, was deleted, or is hidden from the token's owner."""

    todo = "Look in Canvas whether it was deleted, or whether you were removed from the course."


class Invalid(CanvasError):
    """Canvas refused the values it was sent; `problems` says which and why."""

    todo = "Change what is named and try again."

    def __init__(
        self, what: str, *, problems: tuple[Problem, ...] = (), at: At | None = None
    ) -> None:
        super().__init__(what, at=at)
        self.problems = problems

    def about(self, field: str) -> tuple[Problem, ...]:
        """The problems that Canvas names for one field, e.g. `name` or `group_id`."""
        return tuple(problem for problem in self.problems if problem.field == field)


class RateLimited(CanvasError):
    """Canvas refused because this token asked too much. Certainly nothing happened."""

    retry = Retry.ALWAYS
    stops_all = True
    todo = "Wait some minutes; something else may be using the same token."


class ServerError(CanvasError):
    """Canvas failed while it read something for us (any 5xx on a read).

    `report` is Canvas's own error_report_id, which its administrators can look up.
    """

    retry = Retry.READS
    todo = "Try again in some minutes; if it lasts, tell Canvas's administrators."

    def __init__(self, what: str, *, report: int | None = None, at: At | None = None) -> None:
        super().__init__(what, at=at)
        self.report = report


class Uncertain(CanvasError):
    """A write whose answer was lost or was a 5xx: it may or may not have happened."""

    todo = "Read the object again before you repeat the change."


class Undecodable(CanvasError):
    """Canvas answered JSON that cannot be read. `cut` is True when it ends too early."""

    def __init__(self, what: str, *, cut: bool = False, at: At | None = None) -> None:
        super().__init__(what, at=at)
        self.cut = cut
        self.retry = Retry.READS if cut else Retry.NEVER


class IncompleteListing(CanvasError):
    """A list ended before its end was certain; nothing may be concluded from what it lacks."""

    todo = "Sync again; if it lasts, something between here and Canvas loses parts of answers."


class ForeignLink(CanvasError):
    """A next page was named on another host, where the token must not go."""

    stops_all = True
    todo = "Ask the Canvas administrators to set Canvas's domain to the address that people use."
