"""Start a sandbox Canvas as a process of its own, and talk to its controls."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import msgspec

from gradebench.sandbox.wire.faults import Fault, Kind, Lost, RandomFaults
from gradebench.sandbox.wire.site import Logged

Value = str | int | float | bool | None | Sequence["Value"] | Mapping[str, "Value"]
Json = dict[str, "JsonValue"]
JsonValue = str | int | float | bool | None | list["JsonValue"] | dict[str, "JsonValue"]


class SandboxError(Exception):
    """The sandbox did not start, or refused a control request; the text says why."""


class StartingLine(msgspec.Struct):
    """What the process prints once it listens."""

    url: str
    tokens: dict[str, str]
    courses: list[int]


class Sandbox:
    """A running sandbox Canvas. Use as a context manager, or call `stop`.

    `tokens` by role: teacher, assistant, ta_limited, student, outsider, readonly, expired, revoked.
    `courses` are ids; the first is the world's main course.
    """

    def __init__(self, process: subprocess.Popen[str], line: StartingLine) -> None:
        self._process = process
        self.url = line.url
        self.tokens = line.tokens
        self.courses = line.courses

    @classmethod
    def start(
        cls,
        *,
        world: str = "small",
        students: int | None = None,
        sections: int | None = None,
        teams: int | None = None,
        assignments: int | None = None,
        seed: int = 1,
        now: str | None = None,
        port: int = 0,
        latency_ms: float = 0.0,
        throttle: bool = True,
        throttle_status: int = 403,
        string_ids: bool = False,
        id_offset: int = 0,
        legacy_401: bool = False,
        require_user_agent: bool = False,
        job_seconds: float = 0.4,
    ) -> Self:
        """Start one and wait until it listens; it ends when this process does."""
        given: dict[str, object] = {
            "world": world,
            "students": students,
            "sections": sections,
            "teams": teams,
            "assignments": assignments,
            "seed": seed,
            "now": now,
            "port": port,
            "latency-ms": latency_ms,
            "throttle-status": throttle_status,
            "id-offset": id_offset,
            "job-seconds": job_seconds,
        }
        flags = {
            "throttle" if throttle else "no-throttle": True,
            "string-ids": string_ids,
            "legacy-401": legacy_401,
            "require-user-agent": require_user_agent,
        }
        arguments = [f"--{name}={value}" for name, value in given.items() if value is not None]
        arguments += [f"--{name}" for name, is_on in flags.items() if is_on]
        return cls._run(arguments)

    @classmethod
    def _run(cls, arguments: list[str]) -> Self:
        process = subprocess.Popen(  # noqa: S603  (our own module)
            [sys.executable, "-m", "gradebench.sandbox", "--die-with-parent", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for the command that started it, which ends it then
        )
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            process.wait()
            raise SandboxError(f"the sandbox ended with code {process.returncode}")
        return cls(process, msgspec.json.decode(line, type=StartingLine))

    @property
    def token(self) -> str:
        """The teacher's token."""
        return self.tokens["teacher"]

    @property
    def course(self) -> int:
        """The id of the main course."""
        return self.courses[0]

    def stop(self) -> None:
        """End the process and wait for it."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        self._process.terminate()
        self._process.wait(timeout=10)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    # Faults

    def fault(
        self,
        kind: Kind,
        *,
        method: str = "",
        path: str = "",
        count: int | None = 1,
        after: int = 0,
        status: int = 503,
        seconds: float = 1.0,
        keys: Sequence[str] = (),
        page: int | None = None,
        lose: Lost = "rows",
        done: bool = False,
    ) -> None:
        """Arm one fault; see `gradebench.sandbox.wire.faults.Fault`."""
        fault = Fault(
            kind=kind,
            method=method,
            path=path,
            count=count,
            after=after,
            status=status,
            seconds=seconds,
            keys=list(keys),
            page=page,
            lose=lose,
            done=done,
        )
        self.faults(fault)

    def faults(self, *faults: Fault) -> None:
        """Arm several faults; the first that fits a request strikes."""
        self._control("POST", "faults", list(faults))

    def random_faults(
        self, count: int, *, over: int, seed: int = 1, kinds: Sequence[Kind] = ()
    ) -> None:
        """Spread `count` faults over the next `over` requests."""
        plan = RandomFaults(count=count, over=over, seed=seed, kinds=list(kinds))
        self._control("POST", "faults/random", plan)

    def armed_faults(self) -> list[Fault]:
        """The armed faults, with how often each struck."""
        return msgspec.json.decode(self._control("GET", "faults"), type=list[Fault])

    def clear_faults(self) -> None:
        """Disarm everything."""
        self._control("DELETE", "faults")

    # The log, the truth, and what others do

    def requests(self) -> list[Logged]:
        """Every API request since the start or the last clearing, in order of arrival."""
        return msgspec.json.decode(self._control("GET", "requests"), type=list[Logged])

    def clear_requests(self) -> None:
        """Forget the log."""
        self._control("DELETE", "requests")

    def truth(self, course_id: int | None = None, *, submissions: bool = True) -> Json:
        """Everything a course has, as Canvas-shaped JSON, nothing hidden; the main one by default.

        Keys: course, sections, users, enrollments, assignment_groups, assignments, quizzes,
        submissions, group_categories, groups, memberships, and tags with the last three.
        """
        number = self.course if course_id is None else course_id
        body = self._control("GET", f"truth/{number}?submissions={int(submissions)}")
        return _object(body)

    def act(self, verb: str, **what: Value) -> Json:
        """Do what somebody does in Canvas meanwhile, e.g. act("drop_student", course=1, user=2)."""
        return _object(self._control("POST", "act", {"verb": verb, **what}))

    # Settings

    def settings(self, **change: float | bool) -> None:
        """latency_ms, string_ids, legacy_401, require_user_agent, knows_tags (False: an older
        Canvas), job_seconds, jobs_stuck, jobs_failing."""
        self._control("PUT", "settings", change)

    def throttle(self, **change: float | str | bool) -> None:
        """enabled, high_water, outflow, up_front, maximum, status, cost_factor; level with token fills."""
        self._control("PUT", "throttle", change)

    def permissions(self, role: str, *, on: Sequence[str] = (), off: Sequence[str] = ()) -> None:
        """Switch permissions of a role such as TeacherEnrollment."""
        self._control("PUT", "permissions", {"role": role, "on": list(on), "off": list(off)})

    def reset_permissions(self) -> None:
        """Canvas's defaults again."""
        self._control("DELETE", "permissions")

    def _control(self, method: str, path: str, body: object = None) -> bytes:
        data = None if body is None else msgspec.json.encode(body)
        headers = {"Content-Type": "application/json"}
        request = Request(  # noqa: S310  (our own server)
            f"{self.url}/sandbox/{path}", data=data, method=method, headers=headers
        )
        try:
            with urlopen(request, timeout=30) as reply:  # noqa: S310
                content: bytes = reply.read()
        except HTTPError as error:
            raise SandboxError(f"{method} {path}: {error.read().decode()}") from None
        return content


def _object(body: bytes) -> Json:
    value: Json = json.loads(body)
    return value
