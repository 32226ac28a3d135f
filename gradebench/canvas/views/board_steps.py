"""Steps of the board: people moved, teams made, sent away and brought back. Nothing goes to Canvas.

Two windows may show one board. A step says what its window took for true; what is otherwise by now
is left alone and named, and the answer tells whether anything else was changed meanwhile.
"""

from collections.abc import Iterable, Mapping

import msgspec
from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404, JsonResponse

from gradebench.canvas.locks import Locks
from gradebench.canvas.models import CanvasGroupCategory
from gradebench.canvas.push.staging import (
    stage_deletion,
    stage_new_teams,
    stage_places,
    stage_return,
    team_set_of,
)
from gradebench.canvas.views.board_facts import facts_of, waiting
from gradebench.canvas.views.board_standing import set_on_board, standing_of
from gradebench.canvas.views.endpoints import endpoint
from gradebench.canvas.views.owned import SignedInRequest
from gradebench.canvas.views.team_names import next_names
from gradebench.core import people
from gradebench.core.models import Student, Team, TeamSet

MOVED = "Moved on the board"
DELETED = "Deleted on the board"
MOST_NEW_TEAMS = 200


class Move(msgspec.Struct, frozen=True):
    """A student who was in the team `before` goes to the team `to`; None: no team."""

    student: int
    before: int | None
    to: int | None


class Step(msgspec.Struct):
    """First the teams `back` are wanted again, then people move, then the teams `away` are sent away.

    `whole`: all moves or none, as in a swap. `version`: that of the board which the window shows.
    """

    moves: list[Move]
    away: list[int] = []
    back: list[int] = []
    whole: bool = False
    version: str = ""


class NewTeams(msgspec.Struct):
    """How many teams are to be made; their names go on from those that there are."""

    count: int


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A move that was not made, and why."""

    student: int
    name: str
    reason: str


class TeamRefusal(msgspec.Struct, frozen=True, kw_only=True):
    """A team that was not sent away, and why."""

    team: int
    name: str
    reason: str


@endpoint("POST")
def board_moves(request: SignedInRequest, pk: int, set_pk: int) -> JsonResponse:
    """POST {"moves": [{"student", "before", "to"}], "away": [team], "back": [team]}: want that.

    Whoever is locked, or not where the page believed, is left alone, and named in `refused`; a team
    that somebody is in is not sent away, and named in `refused_teams`. `places`: where each of the
    students is wanted now. `waiting`: how many changes Canvas does not have yet. `known`: whether
    the board was as the page showed it.
    """
    category = set_on_board(request, pk, set_pk)
    step = msgspec.json.decode(request.body, type=Step)
    moves = {one.student: one for one in step.moves}
    students = _students_on_the_board(category, moves)
    with transaction.atomic():
        _wait_for_other_steps(category)
        before = standing_of(category)
        _bring_back(category, step.back)
        refused = _move(category, step, students, before.locks, by=request.user)
        kept = _send_away(category, step.away, before.locks, by=request.user)
        now = standing_of(category)
    return JsonResponse(
        {
            "places": {one: now.wanted.get(one) for one in moves},
            "refused": msgspec.to_builtins(refused),
            "refused_teams": msgspec.to_builtins(kept),
            "waiting": waiting(category),
            "known": step.version == before.version,
            "version": now.version,
        }
    )


@endpoint("POST")
def board_teams(request: SignedInRequest, pk: int, set_pk: int) -> JsonResponse:
    """POST {"count": 3}: want so many more teams; the board's facts with them, `made`: which."""
    category = set_on_board(request, pk, set_pk)
    count = msgspec.json.decode(request.body, type=NewTeams).count
    if not 1 <= count <= MOST_NEW_TEAMS:
        raise msgspec.ValidationError(f"count must be from 1 to {MOST_NEW_TEAMS}")
    with transaction.atomic():
        _wait_for_other_steps(category)
        made = stage_new_teams(category, next_names(category, count))
    facts = msgspec.to_builtins(facts_of(category))
    return JsonResponse({**facts, "made": [team.pk for team in made]})


def _wait_for_other_steps(category: CanvasGroupCategory) -> None:
    """Another window's step is done before this one begins."""
    TeamSet.objects.select_for_update().get(pk=team_set_of(category).pk)


def _students_on_the_board(
    category: CanvasGroupCategory, moves: Mapping[int, Move]
) -> dict[int, Student]:
    """The students of the moves: each is or was in the course, or has a place in the set.

    Raises Http404.
    """
    integration = category.course.integration_id
    rows = Student.objects.filter(canvas_user__integration=integration)
    here = rows.filter(canvas_user__enrollments__course=category.course) | rows.filter(
        memberships__team_set=category.team_set, memberships__until=None
    )
    found = {one.pk: one for one in here.distinct() if one.pk in moves}
    if len(found) != len(moves):
        raise Http404
    return found


def _teams_on_the_board(category: CanvasGroupCategory) -> dict[int, Team]:
    return Team.objects.filter(team_set=category.team_set, gone_at=None).in_bulk()


def _bring_back(category: CanvasGroupCategory, keys: list[int]) -> None:
    """Those that are back already stay. Raises Http404 for a team of another set."""
    if keys:
        rows = Team.objects.filter(team_set=category.team_set).in_bulk(keys)
        if len(rows) != len(set(keys)):
            raise Http404
        stage_return(category, [row for row in rows.values() if row.gone_at is not None])


def _move(
    category: CanvasGroupCategory,
    step: Step,
    students: Mapping[int, Student],
    locks: Locks,
    *,
    by: User,
) -> list[Refusal]:
    """Want the moves that can be made, and name the others."""
    if not step.moves:
        return []
    teams = _teams_on_the_board(category)
    now = people.current_places(team_set_of(category))
    moves = {one.student: one for one in step.moves}
    reasons = {one: _reason(move, teams, now.get(one), locks) for one, move in moves.items()}
    held = next((one for one, reason in reasons.items() if reason), None)
    if step.whole and held is not None:
        together = f"{students[held].name} stays, so nobody was moved."
        reasons = {one: reason or together for one, reason in reasons.items()}
    wanted = {
        students[one]: teams[move.to] if move.to else None
        for one, move in moves.items()
        if not reasons[one]
    }
    stage_places(category, wanted, by=by, because=MOVED)
    refused = [(students[one], reason) for one, reason in reasons.items() if reason]
    return [Refusal(student=one.pk, name=one.name, reason=reason) for one, reason in refused]


def _reason(move: Move, teams: Mapping[int, Team], now: int | None, locks: Locks) -> str:
    """Why the move is not made, or nothing."""
    if move.to is not None and move.to not in teams:
        return "The team is not there any more."
    if now not in (move.before, move.to):
        place = "out of all teams" if now is None else f"to {teams[now].name}"
        return f"Moved {place} meanwhile."
    return locks.why_not(move.student, out_of=now, into=move.to)


def _send_away(
    category: CanvasGroupCategory, keys: list[int], locks: Locks, *, by: User
) -> list[TeamRefusal]:
    """Want empty teams away; those that are not there any more are away already."""
    if not keys:
        return []
    teams = _teams_on_the_board(category)
    doomed = [teams[one] for one in keys if one in teams]
    here = list(people.current_places(team_set_of(category)).values())
    reasons = {one.pk: _why_it_stays(one, here, locks) for one in doomed}
    empty = [one for one in doomed if not reasons[one.pk]]
    if empty:
        stage_deletion(category, empty, by=by, because=DELETED)
    return [
        TeamRefusal(team=one.pk, name=one.name, reason=reasons[one.pk])
        for one in doomed
        if reasons[one.pk]
    ]


def _why_it_stays(team: Team, places: Iterable[int], locks: Locks) -> str:
    if team.pk in locks.teams:
        return f"The team is locked on the board by {locks.teams[team.pk].by}."
    inside = sum(place == team.pk for place in places)
    if inside:
        return "Somebody is in it." if inside == 1 else f"{inside} students are in it."
    return ""
