"""Locks that are set and taken away on the board: every window sees them."""

import msgspec
from django.db import transaction
from django.http import Http404, JsonResponse

from gradebench.canvas.locks import lock, unlock
from gradebench.canvas.models import CanvasGroupCategory
from gradebench.canvas.views.board_standing import set_on_board, standing_of
from gradebench.canvas.views.endpoints import endpoint
from gradebench.canvas.views.owned import SignedInRequest, students_in
from gradebench.core.models import Student


class WantedLocks(msgspec.Struct):
    """Students and teams that are to be locked, or not any more."""

    locked: bool
    students: list[int] = []
    teams: list[int] = []
    version: str = ""


@endpoint("POST")
def board_locks(request: SignedInRequest, pk: int, set_pk: int) -> JsonResponse:
    """POST {"locked": true, "students": [id], "teams": [id]}: lock these, or unlock them."""
    category = set_on_board(request, pk, set_pk)
    wanted = msgspec.json.decode(request.body, type=WantedLocks)
    with transaction.atomic():
        before = standing_of(category)
        if wanted.locked:
            _refuse_strangers(category, wanted, {row.pk for row in before.teams})
            lock(category, students=wanted.students, teams=wanted.teams, by=request.user)
        else:
            unlock(category, students=wanted.students, teams=wanted.teams)
        now = standing_of(category)
    return JsonResponse({"known": wanted.version == before.version, "version": now.version})


def _refuse_strangers(category: CanvasGroupCategory, wanted: WantedLocks, teams: set[int]) -> None:
    """Raises Http404 for students who are not of the course, and teams that are not of the set."""
    here = set(students_in(category.course).values_list("pk", flat=True))
    placed = Student.objects.filter(
        memberships__team_set=category.team_set, memberships__until=None
    )
    here.update(placed.values_list("pk", flat=True))
    if not (set(wanted.students) <= here and set(wanted.teams) <= teams):
        raise Http404
