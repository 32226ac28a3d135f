"""The board of a group set: who is wanted in which team, moved about freely.

Whatever the set's policy for single edits, what is moved on the board waits: it reaches Canvas by a
plan that a person has reviewed.
"""

import msgspec
from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.http import require_GET

from gradebench.canvas.views.board_facts import facts_of
from gradebench.canvas.views.board_standing import is_on_board, set_on_board, standing_of
from gradebench.canvas.views.board_steps import MOST_NEW_TEAMS
from gradebench.canvas.views.endpoints import endpoint
from gradebench.canvas.views.owned import SignedInRequest, owned_set

# What the page's script is made of: fetched at once, not one after the other.
MODULES = (
    "balance",
    "choosing",
    "deleting",
    "dragging",
    "drawing",
    "filling",
    "finding",
    "keys",
    "memory",
    "panel",
    "saving",
    "selecting",
    "state",
    "stepping",
    "walking",
    "watching",
    "words",
)
# Seconds after which a window that is looked at asks whether another one changed anything.
LOOK_EVERY = 15
KEYS = (
    (("Tab",), "Enter the board, and leave it"),
    (("↑", "↓", "←", "→"), "From student to student, from team to team"),
    (("Home", "End"), "First and last of the team"),
    (("Space",), "Choose the student, or not"),
    (("Shift", "↓"), "Choose on the way"),
    (("Ctrl", "A"), "Choose the whole team"),
    (("Enter",), "Move to … (also M)"),
    (("Alt", "→"), "Move to the team beside, above or below"),
    (("Delete",), "Take out of the team"),
    (("S",), "Swap two chosen students"),
    (("Shift", "Delete"), "Delete the team"),
    (("L",), "Lock or unlock the student; with Shift, the team"),
    (("Ctrl", "Z"), "Undo; with Shift, redo (also Ctrl Y)"),
    (("/",), "Search"),
    (("Esc",), "Choose nobody"),
)


@require_GET
def board(request: SignedInRequest, pk: int, set_pk: int) -> HttpResponse:
    """The page; its script draws what the facts say."""
    category = owned_set(request, pk, set_pk)
    course = category.course
    if not is_on_board(category):
        return redirect(reverse("groups", args=[course.pk]) + f"?set={category.pk}")
    context = {
        "place": "courses",
        "course": course,
        "category": category,
        "facts": msgspec.to_builtins(facts_of(category)),
        "modules": [f"board/{module}.js" for module in MODULES],
        "keys": KEYS,
        "most_new_teams": MOST_NEW_TEAMS,
        "look_every": LOOK_EVERY,
    }
    return render(request, "canvas/board.html", context)


@endpoint("GET")
def board_facts(request: SignedInRequest, pk: int, set_pk: int) -> HttpResponse:
    """What the board shows now; 304 and no more for a window that shows this version already."""
    category = set_on_board(request, pk, set_pk)
    shown = parse_etags(request.headers.get("If-None-Match", ""))
    if shown and quote_etag(standing_of(category).version) in shown:
        return HttpResponseNotModified()
    return JsonResponse(msgspec.to_builtins(facts_of(category)))
