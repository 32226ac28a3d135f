"""The token goes to its own Canvas in one header, and can be read nowhere else."""

import asyncio
import http.server
import logging
import pickle
import threading
import traceback
from collections.abc import Iterator

import pytest

from gradebench.canvas.api import endpoints, errors
from gradebench.canvas.api.drivers import AsyncCanvas, Canvas
from gradebench.canvas.api.protocol import Patience

from .conftest import QUICK

TOKEN = "7~SecretOfAda0123456789"


class Stranger(http.server.BaseHTTPRequestHandler):
    """A server that is not Canvas: answers as `answers` says, and remembers what it was told."""

    seen: list[dict[str, str]] = []
    answer: tuple[int, dict[str, str], bytes] = (200, {}, b"")

    def do_GET(self) -> None:
        self.seen.append(dict(self.headers))
        status, headers, body = self.answer
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def stranger() -> Iterator[str]:
    Stranger.seen.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def everything_about(error):
    """The text that a careless log or an error page could show of an exception, locals too."""
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    chain = [error]
    while (before := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(before)
    values = [repr(vars(one)) + repr(one.args) + str(one) for one in chain]
    return "".join(shown.format()) + "".join(values)


def test_no_log_and_no_error_shows_the_token(sandbox, caplog):
    for name in ("gradebench", "httpx2", "httpcore2", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=name)
    sandbox.fault("html", path="users/self", count=None)
    told = []
    with Canvas(sandbox.url, TOKEN, patience=QUICK) as canvas:
        with pytest.raises(errors.TokenRejected) as rejected:
            canvas.perform(endpoints.get_course(sandbox.course))
        with pytest.raises(errors.ServerError) as failed:
            canvas.perform(endpoints.get_self())
        told += [repr(canvas), str(vars(canvas))]
    with (
        Canvas("http://127.0.0.1:9", TOKEN, patience=Patience(tries=1)) as nowhere,
        pytest.raises(errors.Unreachable) as unreachable,
    ):
        nowhere.perform(endpoints.get_self())
    told += [everything_about(caught.value) for caught in (rejected, failed, unreachable)]
    told += [record.getMessage() for record in caplog.records]
    assert caplog.records
    assert not [text for text in told if "SecretOfAda" in text]


@pytest.mark.parametrize(
    "error",
    [
        errors.Invalid("Taken.", problems=(errors.Problem("taken", "name"),)),
        errors.Unreachable("Gone.", sent=False, lasting=True, at=errors.At("GET", "/x")),
        errors.Undecodable("Half.", cut=True),
        errors.WrongAddress("Elsewhere.", suggestion="https://b.edu"),
        errors.ServerError("Broken.", report=7),
    ],
)
def test_an_error_can_be_stored_and_brought_back(error):
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is type(error)
    assert vars(back) == vars(error)
    assert str(back) == str(error)


@pytest.mark.parametrize("token", ["", "  ", "two words", "tökén", "line\nbreak", "nul\0"])
def test_what_cannot_be_a_token_is_refused_without_being_quoted(token):
    with pytest.raises(errors.TokenRejected) as caught:
        Canvas("https://canvas.school.edu", token)
    assert not token.strip() or token not in str(caught.value)


def test_blanks_around_a_pasted_token_do_no_harm(sandbox):
    with Canvas(sandbox.url, f" {sandbox.token}\n", patience=QUICK) as canvas:
        assert canvas.perform(endpoints.get_self()).id


def test_a_redirection_to_another_host_never_gets_the_token(stranger, sandbox):
    Stranger.answer = (302, {"Location": f"{sandbox.url}/api/v1/users/self"}, b"")
    with Canvas(stranger, TOKEN) as canvas, pytest.raises(errors.WrongAddress) as caught:
        canvas.perform(endpoints.get_self())
    assert caught.value.suggestion == sandbox.url
    assert sandbox.requests() == []


def test_a_next_page_on_another_host_never_gets_the_token(stranger, sandbox):
    link = f'<{sandbox.url}/api/v1/courses?page=2&per_page=100>; rel="next"'
    headers = {"Content-Type": "application/json", "Link": link}
    Stranger.answer = (200, headers, b'[{"id":1}]')

    async def read():
        async with AsyncCanvas(stranger, TOKEN, patience=QUICK) as canvas:
            await canvas.list(endpoints.list_courses())

    with pytest.raises(errors.ForeignLink):
        asyncio.run(read())
    assert sandbox.requests() == []


def test_no_cookie_is_kept(stranger):
    headers = {"Content-Type": "application/json", "Set-Cookie": "canvas_session=abc"}
    Stranger.answer = (200, headers, b'{"id":1}')
    with Canvas(stranger, TOKEN) as canvas:
        canvas.perform(endpoints.get_self())
        canvas.perform(endpoints.get_self())
    assert [headers.get("Cookie") for headers in Stranger.seen] == [None, None]
    assert Stranger.seen[0]["User-Agent"].startswith("GradeBench")


def test_a_web_site_is_told_from_a_canvas(stranger):
    Stranger.answer = (200, {"Content-Type": "text/html"}, b"<html>Welcome</html>")
    with Canvas(stranger, TOKEN) as canvas, pytest.raises(errors.NotCanvas):
        canvas.perform(endpoints.get_self())
