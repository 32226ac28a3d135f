"""The board of a group set: who is wanted in which team, moved about freely.

Whatever the set's policy for single edits, what is moved on the board waits: it reaches Canvas by a
plan that a person has reviewed.
"""

from collections.abc import Iterable, Mapping

import msgspec
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from gradebench.canvas import placing
from gradebench.canvas.models import CanvasGroupCategory
from gradebench.canvas.push.staging import stage_new_teams, stage_places, team_set_of
from gradebench.canvas.views.board_facts import facts_of, sections_of_students, teams_of, waiting
from gradebench.canvas.views.endpoints import endpoint
from gradebench.canvas.views.owned import SignedInRequest, owned_set
from gradebench.canvas.views.team_names import next_names
from gradebench.core import people
from gradebench.core.models import Student, Team, TeamSet

MOVED = "Moved on the board"
MOST_NEW_TEAMS = 200
# What the page's script is made of: fetched at once, not one after the other.
MODULES = (
    "choosing",
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
    "walking",
    "words",
)
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
    (("L",), "Lock or unlock the student; with Shift, the team"),
    (("Ctrl", "Z"), "Undo; with Shift, redo (also Ctrl Y)"),
    (("/",), "Search"),
    (("Esc",), "Choose nobody"),
)


class Move(msgspec.Struct, frozen=True):
    """A student who was in the team `before` goes to the team `to`; None: no team."""

    student: int
    before: int | None
    to: int | None


class Moves(msgspec.Struct):
    """One step of the board."""

    moves: list[Move]


class NewTeams(msgspec.Struct):
    """How many teams are to be made; their names go on from those that there are."""

    count: int


class WantedDraw(msgspec.Struct):
    """Which students to draw for which teams; `size`: no team is filled beyond it."""

    students: list[int]
    teams: list[int]
    seed: int
    size: int | None = None
    within_sections: bool = False


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A move that was not made, and why."""

    student: int
    name: str
    reason: str


@require_GET
def board(request: SignedInRequest, pk: int, set_pk: int) -> HttpResponse:
    """The page; its script draws what the facts say."""
    category = owned_set(request, pk, set_pk)
    course = category.course
    if not _on_board(category):
        return redirect(reverse("groups", args=[course.pk]) + f"?set={category.pk}")
    context = {
        "place": "courses",
        "course": course,
        "category": category,
        "facts": msgspec.to_builtins(facts_of(category)),
        "modules": [f"board/{module}.js" for module in MODULES],
        "keys": KEYS,
        "most_new_teams": MOST_NEW_TEAMS,
    }
    return render(request, "canvas/board.html", context)


@endpoint("GET")
def board_facts(request: SignedInRequest, pk: int, set_pk: int) -> JsonResponse:
    """What the board shows now, for a page that was open for a while."""
    category = _synced(owned_set(request, pk, set_pk))
    return JsonResponse(msgspec.to_builtins(facts_of(category)))


@endpoint("POST")
def board_moves(request: SignedInRequest, pk: int, set_pk: int) -> JsonResponse:
    """POST {"moves": [{"student", "before", "to"}]}: want these students there.

    Whoever is not where the page believed is left alone, and named in `refused`. `places`: where
    each of the students is wanted now. `waiting`: how many changes Canvas does not have yet.
    """
    category = _synced(owned_set(request, pk, set_pk))
    moves = {one.student: one for one in msgspec.json.decode(request.body, type=Moves).moves}
    students = _students_on_the_board(category, moves)
    with transaction.atomic():
        now = _places_for_update(category)
        teams = _teams_on_the_board(category)
        refused = _refused(moves, students, teams, now)
        refused_students = {one.student for one in refused}
        wanted = {
            students[one.student]: teams[one.to] if one.to else None
            for one in moves.values()
            if one.student not in refused_students
        }
        stage_places(category, wanted, by=request.user, because=MOVED)
        now = people.current_places(team_set_of(category))
    return JsonResponse(
        {
            "places": {one: now.get(one) for one in moves},
            "refused": msgspec.to_builtins(refused),
            "waiting": waiting(category),
        }
    )


@endpoint("POST")
def board_teams(request: SignedInRequest, pk: int, set_pk: int) -> JsonResponse:
    """POST {"count": 3}: want so many more teams; the board's facts with them."""
    category = _synced(owned_set(request, pk, set_pk))
    count = msgspec.json.decode(request.body, type=NewTeams).count
    if not 1 <= count <= MOST_NEW_TEAMS:
        raise msgspec.ValidationError(f"count must be from 1 to {MOST_NEW_TEAMS}")
    with transaction.atomic():
        _places_for_update(category)
        stage_new_teams(category, next_names(category, count))
    return JsonResponse(msgspec.to_builtins(facts_of(category)))


@endpoint("POST")
def board_draw(request: SignedInRequest, pk: int, set_pk: int) -> JsonResponse:
    """POST {"students", "teams", "seed", "size", "within_sections"}: who would go where at random.

    Nothing is wanted by this: the page shows it as one step, which it then tells like any other.
    """
    category = _synced(owned_set(request, pk, set_pk))
    wanted = msgspec.json.decode(request.body, type=WantedDraw)
    drawn = placing.assign(
        _candidates(category, set(wanted.students)),
        _seats(category, wanted),
        seed=wanted.seed,
        within_sections=wanted.within_sections,
    )
    return JsonResponse({"places": drawn.places, "left_over": drawn.left_over})


def _synced(category: CanvasGroupCategory) -> CanvasGroupCategory:
    if not _on_board(category):
        raise Http404
    return category


def _on_board(category: CanvasGroupCategory) -> bool:
    return category.forms_teams and category.team_set is not None


def _team_set(category: CanvasGroupCategory) -> TeamSet:
    return team_set_of(category)


def _places_for_update(category: CanvasGroupCategory) -> dict[int, int]:
    """Where students are wanted; another page's step waits until this one is done."""
    team_set = team_set_of(category)
    TeamSet.objects.select_for_update().get(pk=team_set.pk)
    return people.current_places(team_set)


def _students_on_the_board(
    category: CanvasGroupCategory, moves: Mapping[int, Move]
) -> dict[int, Student]:
    """The students among them who are or were in the course, or have a place in the set."""
    integration = category.course.integration_id
    rows = Student.objects.filter(canvas_user__integration=integration)
    here = rows.filter(canvas_user__enrollments__course=category.course) | rows.filter(
        memberships__team_set=category.team_set, memberships__until=None
    )
    return {one.pk: one for one in here.distinct() if one.pk in moves}


def _teams_on_the_board(category: CanvasGroupCategory) -> dict[int, Team]:
    return Team.objects.filter(team_set=category.team_set, gone_at=None).in_bulk()


def _refused(
    moves: Mapping[int, Move],
    students: Mapping[int, Student],
    teams: Mapping[int, Team],
    now: Mapping[int, int],
) -> list[Refusal]:
    found: list[Refusal] = []
    for move in moves.values():
        student = students.get(move.student)
        if student is None:
            raise Http404
        reason = _reason(move, teams, now.get(move.student))
        if reason:
            found.append(Refusal(student=student.pk, name=student.name, reason=reason))
    return found


def _reason(move: Move, teams: Mapping[int, Team], now: int | None) -> str | None:
    if move.to is not None and move.to not in teams:
        return "The team is not there any more."
    if now in (move.before, move.to):
        return None
    place = "out of all teams" if now is None else f"to {teams[now].name}"
    return f"Moved {place} meanwhile."


def _candidates(category: CanvasGroupCategory, students: set[int]) -> list[placing.Candidate]:
    return [
        placing.Candidate(student, tuple(sections))
        for student, sections in sections_of_students(category).items()
        if student in students
    ]


def _seats(category: CanvasGroupCategory, wanted: WantedDraw) -> list[placing.Seats]:
    """The teams that are to be filled, with who stays in them and how many each takes."""
    drawn_for = set(wanted.students)
    sections = sections_of_students(category)
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
