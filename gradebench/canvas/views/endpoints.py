"""What the pages do, as JSON for programs: signed in by session, owner only.

Answers to what was asked wrongly: {"error": what happened, "todo": what to do} with a 4xx status.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    JsonResponse,
)
from django.http.response import HttpResponseBase

from gradebench.canvas import runs
from gradebench.canvas.models import SyncRun
from gradebench.canvas.progress import SyncProgress
from gradebench.canvas.views.choosing import choose
from gradebench.canvas.views.course_states import CourseRow, rows_of
from gradebench.canvas.views.dashboard import chosen_or_all
from gradebench.canvas.views.owned import SignedInRequest, own_courses, owned_course, owned_run

P = ParamSpec("P")
Body = TypeVar("Body")
View = Callable[Concatenate[SignedInRequest, P], HttpResponse]


class Chosen(msgspec.Struct):
    """`courses`: ids of exactly those that are to be kept in sync."""

    courses: list[int]


class Wanted(msgspec.Struct):
    """What to sync: `courses` by id (absent: the chosen ones); `full` reads everything again."""

    courses: list[int] | None = None
    full: bool = False


def endpoint(method: str) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """One method, a session, and errors as JSON instead of a redirect to the sign-in page."""

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        @login_not_required
        @wraps(view)
        def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method != method:
                return HttpResponseNotAllowed([method])
            if not request.user.is_authenticated:
                return _refusal("You are not signed in.", "Sign in first.", status=401)
            try:
                return view(cast("SignedInRequest", request), *args, **kwargs)
            except msgspec.ValidationError as error:
                return _refusal(
                    f"The body is not as expected: {error}.", "See the docs.", status=400
                )
            except msgspec.DecodeError:
                return _refusal("The body is not JSON.", "Send a JSON object.", status=400)
            except Http404:
                todo = "Look at GET /api/courses for the ids."
                return _refusal("There is no such course or run.", todo, status=404)

        return answer

    return decorate


@endpoint("GET")
def list_courses(request: SignedInRequest) -> JsonResponse:
    """GET /api/courses: {"courses": [...]} of all the visitor's Canvas accounts."""
    return JsonResponse({"courses": [_course(row) for row in rows_of(own_courses(request))]})


@endpoint("POST")
def choose_courses(request: SignedInRequest) -> JsonResponse:
    """POST /api/courses/choose {"courses": [1, 2]}: exactly these are kept in sync from now on."""
    wanted = _body(request, Chosen)
    courses = list(own_courses(request).filter(gone_at=None))
    _refuse_strangers(set(wanted.courses), {course.pk for course in courses})
    chosen = choose(courses, set(wanted.courses))
    return JsonResponse({"chosen": [course.pk for course in chosen]})


@endpoint("POST")
def sync_one(request: SignedInRequest, pk: int) -> JsonResponse:
    """POST /api/courses/<id>/sync {"full": false}: the run that was asked for, or is under way."""
    course = owned_course(request, pk)
    run = runs.ask(course, by=request.user, full=_body(request, Wanted).full)
    return JsonResponse({"run": _run(run)}, status=202)


@endpoint("POST")
def sync_many(request: SignedInRequest) -> JsonResponse:
    """POST /api/sync {"courses": [1, 2], "full": false}; without courses, all chosen ones."""
    wanted = _body(request, Wanted)
    courses = own_courses(request).filter(gone_at=None)
    if wanted.courses is None:
        courses = chosen_or_all(courses)
    else:
        courses = courses.filter(pk__in=wanted.courses)
        _refuse_strangers(set(wanted.courses), set(courses.values_list("pk", flat=True)))
    asked = [runs.ask(course, by=request.user, full=wanted.full) for course in courses]
    return JsonResponse({"runs": [_run(run) for run in asked]}, status=202)


@endpoint("GET")
def run_progress(request: SignedInRequest, pk: int) -> JsonResponse:
    """GET /api/runs/<id>: state, steps with done and total, percent, counts, errors."""
    return JsonResponse(dict(SyncProgress.read(owned_run(request, pk))))


@endpoint("POST")
def cancel_run(request: SignedInRequest, pk: int) -> JsonResponse:
    """POST /api/runs/<id>/cancel: it stops at its next safe place."""
    return JsonResponse({"run": _run(runs.cancel(owned_run(request, pk)))}, status=202)


@endpoint("POST")
def approve_run(request: SignedInRequest, pk: int) -> JsonResponse:
    """POST /api/runs/<id>/approve: agree to the removals at which it stopped; the run that does it."""
    run = owned_run(request, pk)
    if run.state != SyncRun.State.WAITS:
        return _refusal("This run waits for nothing.", "Look at GET /api/runs/<id>.", status=409)
    return JsonResponse({"run": _run(runs.approve(run, by=request.user))}, status=202)


def _body(request: SignedInRequest, kind: type[Body]) -> Body:
    return msgspec.json.decode(request.body or b"{}", type=kind)


def _refuse_strangers(wanted: set[int], known: set[int]) -> None:
    if wanted - known:
        raise Http404


def _refusal(what: str, todo: str, *, status: int) -> JsonResponse:
    return JsonResponse({"error": what, "todo": todo}, status=status)


def _course(row: CourseRow) -> dict[str, object]:
    course = row.course
    return {
        "id": course.pk,
        "canvas_id": course.canvas_id,
        "integration": course.integration_id,
        "name": str(course),
        "course_code": course.course_code,
        "term": course.term_name,
        "students": course.total_students,
        "chosen": course.chosen,
        "synced_at": course.synced_at,
        "gone": course.gone_at is not None,
        "state": row.state.word,
        "run": _run(row.run) if row.run else None,
    }


def _run(run: SyncRun) -> dict[str, object]:
    return {
        "id": run.pk,
        "course": run.course_id,
        "kind": run.kind,
        "state": run.state,
        "finished": run.finished,
    }
