"""Serves the web pages, and works through runs."""

import signal
import socket
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from django.conf import settings
from django.core.asgi import get_asgi_application

from gradebench.accounts.first_visit import announce_first_visit
from gradebench.canvas import runs, worker
from gradebench.cli import screen
from gradebench.cli.border import Stop

# How long a worker may take to notice that its run was handed back.
SECONDS_TO_STOP = 10.0


def serve_pages(*, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM, with a worker beside unless settings say otherwise.

    Raises Stop when the address cannot be listened on.
    """
    listener = listen(host, port)
    announcement = announce_first_visit(_public_address(listener))
    if announcement:
        screen.say(announcement)
    serve_on(listener)


def serve_on(listener: socket.socket) -> None:
    """Serve on a socket that already listens, until SIGINT (exit code 130) or SIGTERM (0)."""
    # WhiteNoise hands its files over synchronously; they are small and few, and that is no news.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")
    settings.STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise looks here for collected files
    config = uvicorn.Config(
        get_asgi_application(),
        log_level="warning",
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    signal.signal(signal.SIGTERM, _leave)
    with _worker_beside(wanted=settings.EMBEDDED_WORKER):
        screen.say(f"GradeBench is at {web_address(listener)} (Ctrl-C ends it)")
        uvicorn.Server(config).run(sockets=[listener])


def work_until_stopped() -> None:
    """Carry out runs until SIGINT or SIGTERM; what is in hand goes back into the queue."""
    signal.signal(signal.SIGTERM, _leave)
    with _worker_beside(wanted=True):
        screen.say("Working through what is asked for (Ctrl-C ends it)")
        threading.Event().wait()


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes any free one.

    Raises Stop with what to do when the port is taken, may not be used, or the host is not here.
    """
    try:
        return socket.create_server((host, port), family=_family(host), backlog=2048)
    except OSError as error:
        raise Stop(
            f"GradeBench cannot listen on {host}, port {port}: {error.strerror or error}.",
            "Another program, or another GradeBench, may be using it: choose another with --port, "
            "or --port 0 for any that is free.",
        ) from error


def web_address(listener: socket.socket) -> str:
    """What to open in a browser on this machine."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(host, host)  # noqa: S104
    return f"http://{shown}:{port}"


def _public_address(listener: socket.socket) -> str:
    """What others open: the address of the proxy where there is one."""
    origins: list[str] = settings.CSRF_TRUSTED_ORIGINS
    return origins[0] if origins else web_address(listener)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


@contextmanager
def _worker_beside(*, wanted: bool) -> Iterator[None]:
    """Workers in threads for the time of the block; what they have in hand is handed back."""
    stop = threading.Event()
    tasks = worker.start_embedded(stop) if wanted else []
    try:
        yield
    finally:
        stop.set()
        handed_back = runs.hand_back() if tasks else 0
        for task in tasks:
            task.thread.join(SECONDS_TO_STOP)
        if handed_back:
            screen.say("What was not finished waits for the next worker.")


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)
