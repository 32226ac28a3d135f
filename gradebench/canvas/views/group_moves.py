"""Who is in which team: single moves, many at once, at random, and the push of a whole course.

Where a set's edits go out at once, Canvas has them when the view answers.
"""

import secrets
from collections.abc import Iterable, Mapping

import msgspec
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from gradebench.canvas.forms import RandomForm
from gradebench.canvas.models import CanvasGroupCategory
from gradebench.canvas.placing import CannotDivide
from gradebench.canvas.push.everything import WAITS
from gradebench.canvas.push.report import Report
from gradebench.canvas.push.single import Outcome, place_students
from gradebench.canvas.push.staging import stage_new_teams, team_set_of
from gradebench.canvas.sync_utils import perform_sync, push_all_group_memberships_sync
from gradebench.canvas.views.board_facts import waiting
from gradebench.canvas.views.course_pages import course_page
from gradebench.canvas.views.group_moves_answers import (
    Answer,
    answer_of,
    answered,
    back,
    moves_of,
    posted,
    tells_refusals,
    wants_json,
    wrong_form,
)
from gradebench.canvas.views.group_moves_locked import without_locked
from gradebench.canvas.views.group_moves_random import Draw, Wishes, drawn, standing
from gradebench.canvas.views.owned import (
    SignedInRequest,
    owned_course,
    owned_set,
    students_in,
    team_of,
)
from gradebench.core import people
from gradebench.core.models import Student, Team


class WantedMove(msgspec.Struct):
    """A student who is to go into a team; None: out of all."""

    student: int
    team: int | None


class WantedMoves(msgspec.Struct):
    """Many moves at once."""

    moves: list[WantedMove]


@require_POST
@tells_refusals
def add_student_to_group(
    request: SignedInRequest, pk: int, set_pk: int, team_pk: int
) -> HttpResponse:
    """POST student=<key>: into this team, and out of another of the set."""
    category = owned_set(request, pk, set_pk)
    team = team_of(category, team_pk)
    places: dict[Student, Team | None] = dict.fromkeys(_named(request, category), team)
    return _move(request, category, places, because="Added to a team here")


@require_POST
@tells_refusals
def remove_student_from_group(
    request: SignedInRequest, pk: int, set_pk: int, team_pk: int
) -> HttpResponse:
    """POST student=<key>: out of this team; whoever is not in it is left alone."""
    category = owned_set(request, pk, set_pk)
    team = team_of(category, team_pk)
    now = people.current_places(team_set_of(category))
    here = [one for one in _named(request, category) if now.get(one.pk) == team.pk]
    return _move(request, category, dict.fromkeys(here), because="Removed from a team here")


@require_POST
@tells_refusals
def batch_assign_students(request: SignedInRequest, pk: int, set_pk: int) -> HttpResponse:
    """POST {"moves": [{"student", "team"}]}, or a form with many `student` and one `team`."""
    category = owned_set(request, pk, set_pk)
    moves = {one.student: one.team for one in _wanted_moves(request)}
    students = _students(category, moves)
    teams = _teams(category, {team for team in moves.values() if team is not None})
    places = {one: teams[team] if (team := moves[one.pk]) else None for one in students}
    return _move(request, category, places, because="Assigned together here")


@require_http_methods(["GET", "POST"])
@tells_refusals
def random_assign_students(request: SignedInRequest, pk: int, set_pk: int) -> HttpResponse:
    """Put everybody who is in no team of the set into one: {by, value, within_sections, fill, seed}.

    GET asks how; the same seed on the same set gives the same teams.
    """
    category = owned_set(request, pk, set_pk)
    form = RandomForm(posted(request), initial={"seed": secrets.randbelow(10**6)})
    if request.method == "POST" and form.is_valid():
        try:
            draw = drawn(category, Wishes(**form.cleaned_data))
        except CannotDivide as error:
            form.add_error("value", str(error))
        else:
            return answered(request, category, _carry_out(request, category, draw), to="groups")
    if request.method == "POST" and wants_json(request):
        return wrong_form(form)
    context = {"category": category, "form": form, "standing": standing(category)}
    return render(
        request, "canvas/set_random.html", course_page(category.course, "groups", **context)
    )


@require_POST
@tells_refusals
def push_course_group_memberships(request: SignedInRequest, pk: int) -> HttpResponse:
    """Bring every team set of the course to Canvas as it is wanted here; done when it answers."""
    course = owned_course(request, pk)
    reports = push_all_group_memberships_sync(course.integration, course.canvas_id)
    sentence = _told(reports)
    if wants_json(request):
        body = {"sentence": sentence, "reports": msgspec.to_builtins(reports)}
        return JsonResponse(body)
    waits = [one for one in reports if one.state == WAITS or not one.verified]
    tell = messages.warning if waits else messages.success
    tell(request, sentence)
    if waits:
        return redirect("plan", pk=course.pk, plan_pk=waits[0].plan_id)
    return back(request)


def _told(reports: Iterable[Report]) -> str:
    found = list(reports)
    open_ones = [one for one in found if not one.verified]
    if open_ones:
        return " ".join(one.summary for one in open_ones)
    changed = sum(one.applied for one in found)
    if not found:
        return "The course has no group sets that form teams, so there was nothing to push."
    if not changed:
        return "Canvas has everything as it is wanted here; there was nothing to push."
    return f"Pushed: Canvas shows all {changed:,} changes."


def _move(
    request: SignedInRequest,
    category: CanvasGroupCategory,
    places: Mapping[Student, Team | None],
    *,
    because: str,
) -> HttpResponse:
    return answered(request, category, _placed(request, category, places, because=because))


def _placed(
    request: SignedInRequest,
    category: CanvasGroupCategory,
    places: Mapping[Student, Team | None],
    *,
    because: str,
) -> Answer:
    """Want these places, in Canvas too unless the set's edits wait; whoever is locked stays."""
    team_set = team_set_of(category)
    teams = Team.objects.filter(team_set=team_set).in_bulk()
    now = people.current_places(team_set)
    asked = moves_of(places, now, teams)
    free, held = without_locked(category, places, now)
    outcome = Outcome()
    if free or not held:
        edit = place_students(category, free, by=request.user, because=because)
        outcome = perform_sync(category.course.integration, edit)
    outcome = msgspec.structs.replace(outcome, refused=(*outcome.refused, *held))
    return answer_of(asked, outcome, waiting=waiting(category))


def _carry_out(request: SignedInRequest, category: CanvasGroupCategory, draw: Draw) -> Answer:
    """Want the teams that the draw needs, then put everybody into theirs: one push for both."""
    stage_new_teams(category, draw.new_names)
    because = f"Assigned at random (seed {draw.seed})"
    return _placed(request, category, draw.places(category), because=because)


def _wanted_moves(request: SignedInRequest) -> list[WantedMove]:
    if request.content_type == "application/json":
        return msgspec.json.decode(request.body, type=WantedMoves).moves
    team = request.POST.get("team", "")
    goal = int(team) if team.isdecimal() else None
    return [WantedMove(student=one, team=goal) for one in _keys(request)]


def _keys(request: SignedInRequest) -> list[int]:
    if request.content_type == "application/json":
        return [msgspec.json.decode(request.body, type=dict[str, int])["student"]]
    return [int(one) for one in request.POST.getlist("student") if one.isdecimal()]


def _named(request: SignedInRequest, category: CanvasGroupCategory) -> list[Student]:
    return _students(category, _keys(request))


def _students(category: CanvasGroupCategory, keys: Iterable[int]) -> list[Student]:
    """The students of the course with these keys. Raises Http404 when one is not of it."""
    wanted = set(keys)
    found = [one for one in students_in(category.course) if one.pk in wanted]
    if len(found) != len(wanted):
        raise Http404
    return found


def _teams(category: CanvasGroupCategory, keys: set[int]) -> dict[int, Team]:
    """The teams of the set with these keys. Raises Http404 when one is not of it, or is gone."""
    teams = Team.objects.filter(team_set=team_set_of(category), gone_at=None).in_bulk()
    if not keys <= teams.keys():
        raise Http404
    return teams
