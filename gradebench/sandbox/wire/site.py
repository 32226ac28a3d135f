"""One running sandbox: its Canvas, its settings, and what it remembers of the requests."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import msgspec

from gradebench.sandbox.wire.faults import Faults
from gradebench.sandbox.wire.throttle import Throttle, ThrottleSettings
from gradebench.sandbox.world.jobs import JobRunner
from gradebench.sandbox.world.permissions import RolePermissions
from gradebench.sandbox.world.world import World
from gradebench.sandbox.world.worlds import WorldOptions, make_world


class Logged(msgspec.Struct):
    """One API request as it went. `status` is 0 when the connection was cut.

    `started` counts seconds since the sandbox started; `in_flight` includes the request itself.
    """

    method: str
    path: str
    query: str
    body: str
    role: str
    in_flight: int
    started: float
    status: int = 0
    cost: float = 0.0
    seconds: float = 0.0
    fault: str | None = None


@dataclass(frozen=True)
class OAuthCode:
    """A code that was given out and may be turned into a token once, within ten minutes."""

    client_id: str
    redirect_uri: str
    scopes: frozenset[str] | None
    challenge: str | None
    given_at: float


@dataclass
class Settings:
    """What the sandbox does differently on request."""

    latency_ms: float = 0.0
    string_ids: bool = False
    legacy_401: bool = False
    require_user_agent: bool = False


@dataclass
class Site:
    """Everything the server and the control endpoints share."""

    options: WorldOptions
    settings: Settings = field(default_factory=Settings)
    throttle: Throttle = field(default_factory=lambda: Throttle(ThrottleSettings()))
    faults: Faults = field(default_factory=Faults)
    roles: RolePermissions = field(default_factory=RolePermissions)
    jobs: JobRunner = field(default_factory=JobRunner)
    log: list[Logged] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    in_flight: int = 0
    before_last_write: World | None = None
    oauth_codes: dict[str, OAuthCode] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.world = make_world(self.options)

    def elapsed(self) -> float:
        return time.monotonic() - self.began
