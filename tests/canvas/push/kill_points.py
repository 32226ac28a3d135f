"""A program that applies one plan and is killed by SIGKILL at every point of it, one after another.

At each point a child of this process carries the plan out and kills itself just before a request is
sent, or just after its answer came; a second child goes on from the journal. Prints one JSON line a
point. Everything starts from the same Canvas (same port, same ids) and the same database file.
"""

import faulthandler
import json
import os
import random
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from gradebench.canvas.edits import Ended, advance  # noqa: E402
from gradebench.canvas.models import CanvasCourse, GroupPlan  # noqa: E402
from gradebench.canvas.push.applying import apply_plan  # noqa: E402
from gradebench.canvas.push.staging import (  # noqa: E402
    stage_deletion,
    stage_leader,
    stage_name,
    stage_new_teams,
    stage_places,
)
from gradebench.canvas.push.storing import Wishes, make_plan  # noqa: E402
from gradebench.canvas.sync_utils import BlockingClient, perform_sync  # noqa: E402
from gradebench.sandbox.launch import Sandbox  # noqa: E402
from tests.canvas.push.classroom import Classroom  # noqa: E402
from tests.people import integration, teacher  # noqa: E402

DATABASE = Path(settings.DATABASES["default"]["NAME"])
SECONDS_OF_A_CHILD = 90
# Below the ports that systems give to whoever connects: the same one is needed again and again.
PORTS = range(20_000, 30_000)
KEPT = DATABASE.with_suffix(".kept")


def wish_everything(room: Classroom) -> None:
    """A bit of each kind of change, swaps between full teams among them."""
    category = room.category()
    one, two, three = (room.members(f"Project Team {number}") for number in (1, 2, 3))
    green, gold = stage_new_teams(category, ["Green", "Gold"])
    stage_name(category, room.team("Project Team 4"), "Rockets")
    stage_deletion(category, [room.team("Project Team with a leaver")], by=teacher())
    wanted = {
        one[0]: room.team("Project Team 2"),
        two[1]: room.team("Project Team 1"),
        three[0]: green,
        three[1]: green,
        one[2]: gold,
        two[2]: None,
    }
    stage_places(category, wanted, by=teacher())
    stage_leader(category, green, three[1])


def open_room(sandbox: Sandbox) -> Classroom:
    """The same rows, before any child has touched them."""
    course = CanvasCourse.objects.select_related("integration").get()
    return Classroom(sandbox, course.integration, course)


def prepare(sandbox: Sandbox, *, import_from: int | None) -> int:
    """Sync, wish, plan; keep the database file as it is then. Returns the plan's key."""
    here = integration(canvas_url=sandbox.url, api_key=sandbox.token)
    course = CanvasCourse.objects.create(integration=here, canvas_id=sandbox.course)
    room = Classroom(sandbox, here, course)
    room.sync()
    wish_everything(room)
    edit = make_plan(room.category(), by=teacher(), wishes=Wishes(import_from=import_from))
    row = perform_sync(here, edit)
    connections.close_all()
    keep_database()
    return row.pk


def keep_database() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections.close_all()
    shutil.copy(DATABASE, KEPT)


def restore_database() -> None:
    for file in DATABASE.parent.glob(DATABASE.name + "*"):
        file.unlink()
    shutil.copy(KEPT, DATABASE)


def in_a_child(work: Callable[[], dict[str, object]]) -> tuple[int, str]:
    """Run in a forked child; its exit status and what it wrote."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        faulthandler.dump_traceback_later(SECONDS_OF_A_CHILD, exit=True)
        try:
            os.write(writer, json.dumps(work()).encode())
            os._exit(0)
        except BaseException as error:  # noqa: BLE001  (a child must never return)
            os.write(writer, json.dumps({"error": repr(error)}).encode())
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        said = pipe.read()
    _pid, status = os.waitpid(pid, 0)
    return status, said


def apply_until(plan_id: int, sandbox: Sandbox, *, step: int, phase: str) -> dict[str, object]:
    """Apply the plan, and die at the step: before it is sent, or after it was answered."""
    room = open_room(sandbox)
    row = GroupPlan.objects.select_related("category__course__integration").get(pk=plan_id)
    talk = apply_plan(row, by=teacher()).start()
    with BlockingClient(room.integration) as client:
        turn, number = advance(talk), 0
        while not isinstance(turn, Ended):
            if number == step and phase == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            answer = client._answer(turn)
            if number == step:
                os.kill(os.getpid(), signal.SIGKILL)
            turn, number = advance(talk, answer), number + 1
    return {"steps": number}


def go_on(plan_id: int, sandbox: Sandbox, *, after_a_sync: bool) -> dict[str, object]:
    """Another process finds the plan and goes on; what Canvas has in the end."""
    room = open_room(sandbox)
    if after_a_sync:
        room.sync()
    row = GroupPlan.objects.select_related("category__course__integration").get(pk=plan_id)
    report = room.apply(row)
    groups = sandbox.truth(submissions=False)["groups"]
    return {
        "state": str(report.state),
        "unmet": [one.text + ": " + one.reason for one in report.unmet],
        "differences": list(report.differences),
        "same": room.truth() == room.wanted(),
        "green": sum(one["name"] == "Green" for one in groups),
        "second_plan_is_empty": room.planned().is_empty,
    }


@dataclass(frozen=True)
class Series:
    """All points of one plan. `stride`: look at every so many-th request only."""

    plan_id: int
    port: int
    after_a_sync: bool
    stride: int

    def run(self) -> None:
        for step in range(0, self.steps(), self.stride):
            for phase in ("before", "after"):
                self.tell(self.point(step, phase))

    def steps(self) -> int:
        """How many requests the plan takes when nobody kills it."""
        with same_canvas(self.port) as sandbox:
            restore_database()
            _status, said = in_a_child(
                lambda: apply_until(self.plan_id, sandbox, step=-1, phase="")
            )
            return int(json.loads(said)["steps"])

    def point(self, step: int, phase: str) -> dict[str, object]:
        """Kill at the point, go on, and say what Canvas has."""
        with same_canvas(self.port) as sandbox:
            restore_database()
            status, _said = in_a_child(
                lambda: apply_until(self.plan_id, sandbox, step=step, phase=phase)
            )
            killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
            _status, said = in_a_child(
                lambda: go_on(self.plan_id, sandbox, after_a_sync=self.after_a_sync)
            )
            return {"step": step, "phase": phase, "killed": killed, **json.loads(said)}

    @staticmethod
    def tell(point: dict[str, object]) -> None:
        sys.stdout.write(json.dumps(point) + "\n")
        sys.stdout.flush()


def free_port() -> int:
    """A port that nobody listens on."""
    for port in random.sample(PORTS, 100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise OSError("no free port")


def same_canvas(port: int) -> Sandbox:
    """The same world every time, at the same address."""
    return Sandbox.start(world="small", job_seconds=0.1, now="2026-10-01T12:00:00Z", port=port)


def main() -> None:
    import_from, after_a_sync, stride = sys.argv[1:]
    call_command("migrate", interactive=False, verbosity=0)
    port = free_port()
    with same_canvas(port) as first:
        plan_id = prepare(first, import_from=int(import_from) or None)
    Series(plan_id, port, after_a_sync == "sync", int(stride)).run()


if __name__ == "__main__":
    main()
