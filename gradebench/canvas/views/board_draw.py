"""Who would go where at random: the board shows it as one step, which it then tells like any other."""

from collections.abc import Iterable

import msgspec
from django.http import JsonResponse

from gradebench.canvas import placing
from gradebench.canvas.locks import locks_of
from gradebench.canvas.models import CanvasGroupCategory
from gradebench.canvas.push.staging import team_set_of
from gradebench.canvas.views.board_facts import enrolled_in, teams_of
from gradebench.canvas.views.board_standing import set_on_board
from gradebench.canvas.views.endpoints import endpoint
from gradebench.canvas.views.owned import SignedInRequest
from gradebench.core import people


class WantedDraw(msgspec.Struct):
    """Which students to draw for which teams; `size`: no team is filled beyond it.

    Whoever is locked is not drawn for, and a locked team is not filled.
    """

    students: list[int]
    teams: list[int]
    seed: int
    size: int | None = None
    within_sections: bool = False


@endpoint("POST")
def board_draw(request: SignedInRequest, pk: int, set_pk: int) -> JsonResponse:
    """POST {"students", "teams", "seed", "size", "within_sections"}: who would go where at random.

    Nothing is wanted by this: the page shows it as one step, which it then tells like any other.
    """
    category = set_on_board(request, pk, set_pk)
    wanted = _but_locked(msgspec.json.decode(request.body, type=WantedDraw), category)
    drawn = placing.assign(
        _candidates(category, set(wanted.students)),
        _seats(category, wanted),
        seed=wanted.seed,
        within_sections=wanted.within_sections,
    )
    return JsonResponse({"places": drawn.places, "left_over": drawn.left_over})


def _but_locked(wanted: WantedDraw, category: CanvasGroupCategory) -> WantedDraw:
    """Neither locked people and teams, nor people of locked teams, take part."""
    locks = locks_of(category)
    places = people.current_places(team_set_of(category))
    return msgspec.structs.replace(
        wanted,
        students=[
            one
            for one in wanted.students
            if one not in locks.people and places.get(one) not in locks.teams
        ],
        teams=[one for one in wanted.teams if one not in locks.teams],
    )


def _candidates(category: CanvasGroupCategory, students: set[int]) -> list[placing.Candidate]:
    return [
        placing.Candidate(student, tuple(sections))
        for student, sections in enrolled_in(category).students.items()
        if student in students
    ]


def _seats(category: CanvasGroupCategory, wanted: WantedDraw) -> list[placing.Seats]:
    """The teams that are to be filled, with who stays in them and how many each takes."""
    drawn_for = set(wanted.students)
    sections = enrolled_in(category).students
    members: dict[int, list[int]] = {}
    for student, team in people.current_places(team_set_of(category)).items():
        if student not in drawn_for:
            members.setdefault(team, []).append(student)
    return [
        placing.Seats(
            team=team.id,
            members=len(members.get(team.id, ())),
            section=_common(sections.get(one, []) for one in members.get(team.id, ())),
            limit=min((most for most in (team.limit, wanted.size) if most), default=None),
        )
        for team in teams_of(category)
        if team.id in set(wanted.teams)
    ]


def _common(sections: Iterable[list[int]]) -> int | None:
    """The section that everybody of a team shares."""
    own = [set(some) for some in sections]
    return min(set.intersection(*own), default=None) if own else None
