"""Who was in which team when: the page of a team with its people on a day, and the history of a set."""

from collections import defaultdict
from datetime import datetime, time

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from gradebench.canvas.models import CanvasCourse, GroupPlan
from gradebench.canvas.push.undoing import UNDONE
from gradebench.canvas.views.course_pages import ROWS_ON_A_PAGE, course_page
from gradebench.canvas.views.owned import SignedInRequest, owned_course, owned_set, students_in
from gradebench.canvas.views.plans_shown import STATE_KINDS
from gradebench.canvas.views.set_events import SetEvents
from gradebench.canvas.views.sorting import natural
from gradebench.core import people
from gradebench.core.models import Student, Team, TeamMembership

# A set of a whole term has dozens; the older ones are reached by their runs.
PLANS_SHOWN = 30


@require_GET
def set_history(request: SignedInRequest, pk: int, set_pk: int) -> HttpResponse:
    """The plans of a set, each with its undo, and every change of who is in which team."""
    category = owned_set(request, pk, set_pk)
    if category.team_set is None:
        raise Http404
    events = SetEvents(category.team_set)
    page = Paginator(events, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    plans = category.plans.exclude(state=GroupPlan.State.DROPPED)
    rows = plans.select_related("made_by", "applied_by").defer("body")[:PLANS_SHOWN]
    context = course_page(
        category.course,
        "groups",
        category=category,
        page=page,
        plans=[(one, STATE_KINDS[GroupPlan.State(one.state)], one.state in UNDONE) for one in rows],
    )
    return render(request, "canvas/set_history.html", context)


@require_GET
def team_page(request: SignedInRequest, pk: int, team_pk: int) -> HttpResponse:
    """A team: who is in it, or was on the day that the address names (?on=2026-10-01)."""
    course = owned_course(request, pk)
    team = _team_of_course(course, team_pk)
    category = team.team_set.group_category
    on = parse_date_of(request.GET.get("on", ""))
    members = people.members_on(team, on or timezone.now())
    context = course_page(
        course,
        "groups",
        category=category,
        team=team,
        on=on,
        members=members,
        others=[] if on or team.gone_at else _others(course, team, members),
        past=_past(team),
    )
    return render(request, "canvas/team.html", context)


def parse_date_of(words: str) -> datetime | None:
    """The end of that day in the viewer's zone, or None for today and for what is no day."""
    try:
        day = parse_date(words)
    except ValueError:
        return None
    if day is None or day >= timezone.localdate():
        return None
    return timezone.make_aware(datetime.combine(day, time.max))


def _team_of_course(course: CanvasCourse, pk: int) -> Team:
    """A team of the course, deleted ones too: their past is still asked for."""
    teams = Team.objects.filter(team_set__group_category__course=course)
    return get_object_or_404(teams.select_related("team_set__group_category", "leader"), pk=pk)


def _others(
    course: CanvasCourse, team: Team, members: list[Student]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Whoever can be added, in lists with a heading each: those in no team, then team by team.

    Of each their key and name, as text: there are hundreds of them on the page.
    """
    here = {one.pk for one in members}
    rows = TeamMembership.objects.filter(team_set=team.team_set_id, until=None)
    now = dict(rows.values_list("student_id", "team__name"))
    able = students_in(course, now=True).select_related(None)
    by_team: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for pk, name in able.values_list("pk", "name"):
        if pk not in here:
            by_team[now.get(pk, "")].append((str(pk), name))
    return sorted(by_team.items(), key=lambda one: natural(one[0]))


def _past(team: Team) -> "QuerySet[TeamMembership]":
    rows = TeamMembership.objects.filter(team=team).order_by("-since", "student")
    return rows.select_related("student", "student__canvas_user", "began_by", "ended_by")
