"""What became of a change of who is in which team: the value that programs, fragments and pages get."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import msgspec
from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from gradebench.canvas.api.errors import CanvasError, Invalid, NotFound, NotPermitted
from gradebench.canvas.models import CanvasGroupCategory
from gradebench.canvas.push.single import Change, Outcome
from gradebench.canvas.push.trouble import PushRefused
from gradebench.canvas.views.owned import SignedInRequest
from gradebench.core.models import Student, Team

P = ParamSpec("P")
View = Callable[Concatenate[SignedInRequest, P], HttpResponse]

# A message at the top of a page holds this many reasons; the fragment and the JSON hold them all.
MOST_REASONS_TOLD = 5


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One student who was to go from one team to another, by the core's keys; None: no team.

    `reason`: why it was refused, or waits.
    """

    student: int
    name: str
    from_team: int | None = msgspec.field(name="from", default=None)
    to: int | None = None
    from_name: str | None = None
    to_name: str | None = None
    reason: str = ""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """asked = done + refused + later. `waiting` counts all changes of the set that Canvas does not
    have yet, `pushed` says whether Canvas has everything of this one that was not refused."""

    asked: list[Move]
    done: list[Move]
    refused: list[Move]
    later: list[Move]
    waiting: int
    pushed: bool
    warnings: list[str]
    sentence: str


def answer_of(asked: Mapping[int, Move], outcome: Outcome, *, waiting: int) -> Answer:
    """Sort what was asked by what became of it. `asked`: moves by Canvas's ids of the people."""
    refused = _with_reasons(asked, outcome.refused)
    later = _with_reasons(asked, outcome.waiting)
    told = {one.student for one in (*refused, *later)}
    done = [move for move in asked.values() if move.student not in told]
    return Answer(
        asked=list(asked.values()),
        done=done,
        refused=refused,
        later=later,
        waiting=waiting,
        pushed=not later,
        warnings=list(outcome.warnings),
        sentence=_sentence(len(done), later, len(refused)),
    )


def moves_of(
    places: Mapping[Student, Team | None], now: Mapping[int, int], teams: Mapping[int, Team]
) -> dict[int, Move]:
    """The moves that these places mean, by Canvas's ids of the people. `now`: student → team."""
    moves: dict[int, Move] = {}
    for student, goal in places.items():
        here = teams.get(now.get(student.pk, 0))
        moves[student.canvas_user.canvas_id] = Move(
            student=student.pk,
            name=student.name,
            from_team=here.pk if here else None,
            to=goal.pk if goal else None,
            from_name=here.name if here else None,
            to_name=goal.name if goal else None,
        )
    return moves


def answered(
    request: SignedInRequest, category: CanvasGroupCategory, answer: Answer, *, to: str = ""
) -> HttpResponse:
    """JSON for programs, a fragment for htmx, else back to the page with the sentence on it.

    `to`: “groups” where the page that one came from has done its work.
    """
    if wants_json(request):
        return JsonResponse(msgspec.to_builtins(answer))
    if is_htmx(request):
        context = {"answer": answer, "category": category}
        return render(request, "canvas/parts/assign_result.html", context)
    reasons = list(dict.fromkeys(one.reason for one in answer.refused if one.reason))
    tell = messages.warning if answer.refused or answer.later else messages.success
    tell(request, " ".join([answer.sentence, *reasons[:MOST_REASONS_TOLD]]))
    return redirect(groups_address(category)) if to == "groups" else back(request, category)


def tells_refusals(view: View[P]) -> Callable[..., HttpResponse]:
    """What Canvas, or we on its behalf, refused: a sentence where one came from, or as JSON."""

    @wraps(view)
    def answer(request: SignedInRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except CanvasError as error:
            return refusal(request, what=error.what, todo=error.todo, status=_status(error))
        except msgspec.ValidationError as error:
            what = f"The body is not as expected: {error}."
            return refusal(request, what=what, todo="", status=400)
        except msgspec.DecodeError:
            return refusal(request, what="The body is not JSON.", todo="", status=400)

    return answer


def refusal(request: SignedInRequest, *, what: str, todo: str, status: int) -> HttpResponse:
    """Nothing was done: JSON with the status, a fragment, or back with the sentence."""
    if wants_json(request):
        return JsonResponse({"error": what, "todo": todo}, status=status)
    if is_htmx(request):
        return render(request, "canvas/parts/assign_result.html", {"error": what, "todo": todo})
    messages.error(request, f"{what} {todo}".strip())
    return back(request)


def posted(request: SignedInRequest) -> Mapping[str, Any] | None:
    """The fields of a form, sent as such or as JSON; None: nothing was sent."""
    if request.method != "POST":
        return None
    if request.content_type == "application/json":
        return msgspec.json.decode(request.body, type=dict[str, str | int | bool | None])
    return request.POST


def wrong_form(form: forms.BaseForm) -> JsonResponse:
    """What is wrong with the fields, for programs."""
    told = [f"{field}: {' '.join(map(str, errors))}" for field, errors in form.errors.items()]
    return JsonResponse({"error": " ".join(told), "todo": "Send it again."}, status=400)


def wants_json(request: SignedInRequest) -> bool:
    """Whether the answer goes to a program."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def is_htmx(request: SignedInRequest) -> bool:
    """Whether the answer replaces a part of a page."""
    return request.headers.get("HX-Request") == "true"


def back(request: SignedInRequest, category: CanvasGroupCategory | None = None) -> HttpResponse:
    """To the page that one came from; without one, to the set's groups."""
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return redirect(came_from)
    return redirect(groups_address(category) if category else "dashboard")


def groups_address(category: CanvasGroupCategory) -> str:
    """Where the set's groups are shown."""
    return f"{reverse('groups', args=[category.course_id])}?set={category.pk}"


def _with_reasons(asked: Mapping[int, Move], changes: tuple[Change, ...]) -> list[Move]:
    reasons = {one.user_id: one.reason for one in changes if one.user_id in asked}
    return [
        msgspec.structs.replace(asked[user], reason=reason)
        for user, reason in reasons.items()
        if user is not None
    ]


def _status(error: CanvasError) -> int:
    """409: a person has to change something first; 502: Canvas did not answer as it should."""
    theirs = (PushRefused, Invalid, NotFound, NotPermitted)
    return 409 if isinstance(error, theirs) else 502


def _sentence(done: int, later: list[Move], refused: int) -> str:
    told: list[str] = []
    if done:
        told.append(f"{_people(done)} {'is' if done == 1 else 'are'} where you want them.")
    if later:
        why = " ".join(dict.fromkeys(one.reason for one in later))
        told.append(f"{_people(len(later))} will be moved in Canvas later. {why}".strip())
    if refused:
        told.append(f"{_people(refused)} could not be moved.")
    return " ".join(told) or "There was nobody to move."


def _people(count: int) -> str:
    return "1 student" if count == 1 else f"{count:,} students"
