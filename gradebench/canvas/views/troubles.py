"""What went wrong, as a page or as JSON: what happened and what to do. No traceback reaches a person."""

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from gradebench.canvas.api.errors import CanvasError

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """What happened, what to do about it, and the status it is answered with."""

    what: str
    todo: str
    status: int


UNKNOWN = Sentence(
    what="Something went wrong in GradeBench.",
    todo="Nothing was lost. Go back and try again; if it happens again, tell whoever runs "
    "GradeBench: the server's log says what it was.",
    status=500,
)


class Troubles:
    """Turns the errors that a person can do something about into a page with a sentence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django calls this with what a view raised; None leaves it to the page for unknown errors."""
        sentence = sentence_for(error)
        if sentence is None:
            return None
        log.warning("%s %s: %s", request.method, request.path, error)
        return answer(request, sentence)


def sentence_for(error: BaseException | None) -> Sentence | None:
    """The sentence for an error that is understood, or None."""
    if isinstance(error, CanvasError):
        return Sentence(what=error.what, todo=error.todo, status=502)
    if isinstance(error, ImproperlyConfigured):
        return Sentence(what="GradeBench is not set up right.", todo=str(error), status=500)
    if isinstance(error, DatabaseError):
        return _database_sentence(str(error).lower())
    if isinstance(error, OSError) and error.errno == _NO_SPACE:
        return _DISK_FULL
    return None


_NO_SPACE = 28
_DISK_FULL = Sentence(
    what="The disk of the server is full, so nothing can be saved.",
    todo="What was saved before is safe. Make room on the disk, then try again.",
    status=507,
)


def _database_sentence(words: str) -> Sentence | None:
    if "locked" in words or "busy" in words:
        return Sentence(
            what="The database is busy with another change.",
            todo="Nothing was lost. Wait a moment, then try again.",
            status=503,
        )
    if "full" in words or "no space" in words:
        return _DISK_FULL
    if "readonly" in words or "read-only" in words:
        return Sentence(
            what="The database may not be written to.",
            todo="Ask whoever runs GradeBench to give the server write access to its data folder.",
            status=503,
        )
    if any(sign in words for sign in ("unable to open", "connect", "closed the connection")):
        return Sentence(
            what="The database cannot be reached.",
            todo="Nothing was lost. Try again in a moment; if it lasts, tell whoever runs GradeBench.",
            status=503,
        )
    return None


def answer(request: HttpRequest, sentence: Sentence) -> HttpResponse:
    """The sentence as JSON for programs, else as a page that needs no database."""
    if request.path.startswith("/api/"):
        body = {"error": sentence.what, "todo": sentence.todo}
        return JsonResponse(body, status=sentence.status)
    return render(request, "trouble.html", {"sentence": sentence}, status=sentence.status)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's page for what nothing caught (handler500)."""
    return answer(request, sentence_for(sys.exc_info()[1]) or UNKNOWN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for an address that leads nowhere, or to what is somebody else's (handler404)."""
    return answer(
        request,
        Sentence(
            what="There is nothing at this address.",
            todo="It may have been removed, or it belongs to somebody else.",
            status=404,
        ),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for what the visitor may not do (handler403)."""
    what = "You may not do this."
    return answer(request, Sentence(what=what, todo="Ask whoever runs GradeBench.", status=403))


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form without the secret that only our own pages carry."""
    return answer(
        request,
        Sentence(
            what="This page was open for too long, or cookies are switched off.",
            todo="Go back, reload the page and send it again. Nothing was changed.",
            status=403,
        ),
    )
