"""`python -m gradebench.sandbox`: starts the sandbox Canvas and says in one JSON line where it is."""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import socket
import sys
import threading
from datetime import datetime

import uvicorn

from gradebench.sandbox.server import Application
from gradebench.sandbox.wire.protocol import CuttableProtocol
from gradebench.sandbox.wire.site import Settings, Site
from gradebench.sandbox.wire.throttle import Throttle, ThrottleSettings
from gradebench.sandbox.world.jobs import JobRunner
from gradebench.sandbox.world.worlds import WORLDS, WorldOptions


def read_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m gradebench.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--world", choices=sorted(WORLDS), default="small")
    for name in ("students", "sections", "teams", "assignments"):
        parser.add_argument(f"--{name}", type=int, help="overrides the world's number")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--now", type=datetime.fromisoformat, help="ISO time; default: the real one"
    )
    parser.add_argument("--id-offset", type=int, default=0, help="added to every id")
    parser.add_argument("--latency-ms", type=float, default=0.0, help="added to every API request")
    parser.add_argument("--throttle", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--throttle-status", type=int, choices=(403, 429), default=403)
    parser.add_argument("--string-ids", action="store_true", help="ids as text for everybody")
    parser.add_argument("--legacy-401", action="store_true", help="401 instead of 403")
    parser.add_argument("--require-user-agent", action="store_true")
    parser.add_argument("--job-seconds", type=float, default=0.4, help="how long a job takes")
    parser.add_argument("--die-with-parent", action="store_true", help="stop when stdin closes")
    return parser.parse_args(argv)


def make_site(given: argparse.Namespace) -> Site:
    """A sandbox as the command line describes it."""
    options = WorldOptions(
        world=given.world,
        students=given.students,
        sections=given.sections,
        teams=given.teams,
        assignments=given.assignments,
        seed=given.seed,
        id_offset=given.id_offset,
        now=given.now.astimezone() if given.now else None,
    )
    settings = Settings(
        latency_ms=given.latency_ms,
        string_ids=given.string_ids,
        legacy_401=given.legacy_401,
        require_user_agent=given.require_user_agent,
    )
    throttle = ThrottleSettings(enabled=given.throttle, status=given.throttle_status)
    jobs = JobRunner(seconds=given.job_seconds)
    return Site(options, settings, Throttle(throttle), jobs=jobs)


class Server(uvicorn.Server):
    """uvicorn that says where it is once it listens."""

    def __init__(self, config: uvicorn.Config, site: Site) -> None:
        super().__init__(config)
        self.site = site

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve, then print the starting line."""
        await super().startup(sockets)
        world = self.site.world
        line = {
            "url": world.base_url,
            "tokens": {token.role: token.value for token in world.tokens.values()},
            "courses": [course.id for course in world.courses],
        }
        print(json.dumps(line), flush=True)  # noqa: T201  (the one line others read)


def _stop_with_stdin(server: Server) -> None:
    sys.stdin.buffer.read()
    server.should_exit = True


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port), backlog=512)
    except OSError as error:
        sys.exit(f"Port {port} of 127.0.0.1: {error.strerror}.")


def main(argv: list[str] | None = None) -> None:
    """Serve until SIGTERM, or until stdin closes with --die-with-parent."""
    given = read_arguments(argv)
    site = make_site(given)
    listener = _listen(given.port)
    site.world.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    config = uvicorn.Config(
        Application(site),
        http=CuttableProtocol,
        loop="uvloop",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )
    server = Server(config, site)
    if given.die_with_parent:
        threading.Thread(target=_stop_with_stdin, args=(server,), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])


if __name__ == "__main__":
    main()
