"""The control endpoints under /sandbox: faults, log, settings, throttle, truth and acts."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from gradebench.sandbox.control.acts import ActError, perform
from gradebench.sandbox.control.doors import Knock, door
from gradebench.sandbox.control.truth import course_truth
from gradebench.sandbox.wire.exchange import Answer, Refused, in_json, not_found
from gradebench.sandbox.wire.faults import Fault, RandomFaults
from gradebench.sandbox.wire.site import Site


class SettingsChange(msgspec.Struct, omit_defaults=True):
    """What PUT /sandbox/settings may change; absent fields stay."""

    latency_ms: float | None = None
    string_ids: bool | None = None
    legacy_401: bool | None = None
    require_user_agent: bool | None = None
    knows_tags: bool | None = None
    job_seconds: float | None = None
    jobs_stuck: bool | None = None
    jobs_failing: bool | None = None


class ThrottleChange(msgspec.Struct, omit_defaults=True):
    """What PUT /sandbox/throttle may change; `level` fills the bucket of `token`."""

    enabled: bool | None = None
    high_water: float | None = None
    maximum: float | None = None
    outflow: float | None = None
    up_front: float | None = None
    status: int | None = None
    cost_factor: float | None = None
    token: str | None = None
    level: float | None = None


class RoleChange(msgspec.Struct):
    """Single permissions of one role switched on and off."""

    role: str
    on: list[str] = []
    off: list[str] = []


@door("GET", "/sandbox/world")
def show_world(site: Site, _: Knock) -> Answer:
    """What the starting line says."""
    return in_json(
        {
            "tokens": {token.role: token.value for token in site.world.tokens.values()},
            "courses": [course.id for course in site.world.courses],
            "now": site.world.now().isoformat(),
        }
    )


@door("POST", "/sandbox/faults")
def arm_faults(site: Site, knock: Knock) -> Answer:
    """Arm a list of faults."""
    site.faults.arm(_decoded(knock.body, list[Fault]))
    return in_json(site.faults.armed)


@door("POST", "/sandbox/faults/random")
def arm_random_faults(site: Site, knock: Knock) -> Answer:
    """Spread faults over the next requests."""
    site.faults.arm_random(_decoded(knock.body, RandomFaults))
    return in_json({"ok": True})


@door("GET", "/sandbox/faults")
def list_faults(site: Site, _: Knock) -> Answer:
    """The armed faults, with how often each matched and struck."""
    return in_json(site.faults.armed)


@door("DELETE", "/sandbox/faults")
def clear_faults(site: Site, _: Knock) -> Answer:
    """Disarm everything."""
    site.faults.clear()
    site.before_last_write = None
    return in_json({"ok": True})


@door("GET", "/sandbox/requests")
def list_requests(site: Site, _: Knock) -> Answer:
    """Every API request since the start or the last clearing."""
    return in_json(site.log)


@door("DELETE", "/sandbox/requests")
def clear_requests(site: Site, _: Knock) -> Answer:
    """Forget the log."""
    site.log.clear()
    return in_json({"ok": True})


@door("GET", "/sandbox/truth/*")
def show_truth(site: Site, knock: Knock) -> Answer:
    """Everything a course has; `?submissions=0` leaves the submissions out."""
    number = knock.path.rsplit("/", 1)[1]
    course = site.world.courses.find(int(number)) if number.isdigit() else None
    if course is None:
        not_found()
    with_submissions = knock.params.flag("submissions", default=True)
    return in_json(course_truth(site.world, course, submissions=with_submissions))


@door("POST", "/sandbox/act")
def act(site: Site, knock: Knock) -> Answer:
    """Do what somebody does in Canvas meanwhile."""
    what = _decoded(knock.body, dict[str, object])
    verb = str(what.pop("verb", ""))
    try:
        return in_json(perform(site.world, verb, what))
    except ActError as error:
        return in_json({"error": str(error)}, status=422)


@door("PUT", "/sandbox/settings")
def change_settings(site: Site, knock: Knock) -> Answer:
    """Change latency, string ids, the legacy 401, the User-Agent rule, tags, and how jobs run."""
    change = _decoded(knock.body, SettingsChange)
    _apply(change, site.settings, ("latency_ms", "string_ids", "legacy_401", "require_user_agent"))
    _copy(change, "knows_tags", site.world, "knows_tags")
    for source, target in (("job_seconds", "seconds"), ("jobs_stuck", "stuck")):
        _copy(change, source, site.jobs, target)
    _copy(change, "jobs_failing", site.jobs, "failing")
    return in_json({"ok": True})


@door("PUT", "/sandbox/throttle")
def change_throttle(site: Site, knock: Knock) -> Answer:
    """Change the throttle; a `level` with a `token` fills that bucket, without one all empty."""
    change = _decoded(knock.body, ThrottleChange)
    names = ("enabled", "high_water", "maximum", "outflow", "up_front", "status", "cost_factor")
    _apply(change, site.throttle.settings, names)
    if change.level is not None and change.token is not None:
        site.throttle.fill(change.token, change.level)
    elif change.level is not None:
        site.throttle.empty()
    return in_json({"ok": True})


@door("PUT", "/sandbox/permissions")
def change_permissions(site: Site, knock: Knock) -> Answer:
    """Switch single permissions of a role, such as manage_groups_add of TaEnrollment."""
    change = _decoded(knock.body, RoleChange)
    try:
        site.roles.switch(change.role, on=change.on, off=change.off)
    except ValueError as error:
        return in_json({"error": str(error)}, status=422)
    return in_json({"ok": True})


@door("DELETE", "/sandbox/permissions")
def reset_permissions(site: Site, _: Knock) -> Answer:
    """Canvas's default permissions again."""
    site.roles.reset()
    return in_json({"ok": True})


D = TypeVar("D")


def _decoded(body: bytes, kind: type[D]) -> D:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise Refused(in_json({"error": str(error)}, status=422)) from error


def _apply(change: msgspec.Struct, target: object, names: tuple[str, ...]) -> None:
    for name in names:
        _copy(change, name, target, name)


def _copy(change: msgspec.Struct, source: str, target: object, name: str) -> None:
    value = getattr(change, source)
    if value is not None:
        setattr(target, name, value)
