"""What became of an edit of a set or a group: on the form, as JSON, or as a sentence on the page."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect

from gradebench.canvas.api.errors import CanvasError
from gradebench.canvas.edits.refusals import LimitTooSmall, NameRefused
from gradebench.canvas.models import CanvasGroupCategory
from gradebench.canvas.push.single import Change, Outcome
from gradebench.canvas.views.board_facts import waiting
from gradebench.canvas.views.group_moves_answers import groups_address, wants_json
from gradebench.canvas.views.owned import SignedInRequest


def put_on_form(form: forms.Form, error: CanvasError) -> None:
    """A refusal of Canvas next to the field that it is about."""
    field = {NameRefused: "name", LimitTooSmall: "group_limit"}
    found = next((name for kind, name in field.items() if isinstance(error, kind)), None)
    form.add_error(found if found in form.fields else None, str(error))


def done(
    request: SignedInRequest, category: CanvasGroupCategory, sentence: str, *, to: str = ""
) -> HttpResponse:
    """The edit is in Canvas."""
    if wants_json(request):
        body = {"sentence": sentence, "set": category.pk, "canvas_id": category.canvas_id}
        return JsonResponse(body)
    messages.success(request, sentence)
    return redirect(to or groups_address(category))


def told(
    request: SignedInRequest, category: CanvasGroupCategory, outcomes: list[Outcome]
) -> HttpResponse:
    """What the edits of a team came to: in Canvas, waiting, or refused, each with its reason."""
    refused = [one for outcome in outcomes for one in outcome.refused]
    later = [one for outcome in outcomes for one in outcome.waiting]
    finished = [one for outcome in outcomes for one in outcome.done]
    sentence = _sentence(finished, later, refused)
    if wants_json(request):
        body = {
            "sentence": sentence,
            "done": [one.text for one in finished],
            "refused": [{"text": one.text, "reason": one.reason} for one in refused],
            "later": [{"text": one.text, "reason": one.reason} for one in later],
            "teams": sorted({one.team for one in (*finished, *later) if one.team is not None}),
            "waiting": waiting(category),
            "pushed": not later,
        }
        return JsonResponse(body)
    tell = messages.warning if refused else messages.info if later else messages.success
    tell(request, sentence)
    return redirect(groups_address(category))


def _sentence(finished: list[Change], later: list[Change], refused: list[Change]) -> str:
    sentences: list[str] = []
    if finished:
        sentences.append(f"In Canvas now: {_listed(finished)}.")
    if later:
        why = " ".join(dict.fromkeys(one.reason for one in later))
        sentences.append(f"Noted here: {_listed(later)}. {why}".strip())
    sentences += [f"Refused: {one.reason or one.text}" for one in refused]
    return " ".join(sentences) or "Nothing was changed."


def _listed(changes: list[Change], *, most: int = 3) -> str:
    shown = "; ".join(one.text for one in changes[:most])
    more = len(changes) - most
    return shown if more <= 0 else f"{shown} and {more} more"
