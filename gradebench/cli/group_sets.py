"""`gradebench groups list` and `history`: what there is, and what was."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from msgspec import Struct

from gradebench.canvas.models import CanvasCourse, CanvasGroup, CanvasGroupCategory
from gradebench.canvas.push.history import history
from gradebench.canvas.push.scene import drift
from gradebench.cli import choose, screen
from gradebench.cli.border import Stop
from gradebench.core.models import Team


class ListedPerson(Struct, kw_only=True):
    """Somebody who is wanted in a group; `id` is Canvas's."""

    id: int | None
    name: str
    confirmed: bool


class ListedGroup(Struct, kw_only=True):
    """A team as it is wanted; `id` is None while Canvas has no group for it."""

    id: int | None
    name: str
    confirmed: bool
    members: list[ListedPerson]


class ListedSet(Struct, kw_only=True):
    """A group set; `waiting` counts what Canvas does not have yet, `conflicts` what is unsettled."""

    id: int
    name: str
    group_limit: int | None
    self_signup: str | None
    forms_teams: bool
    edits_wait: bool
    waiting: int
    conflicts: int
    groups: list[ListedGroup]


def course_of(course_id: int, *, integration_id: int | None) -> CanvasCourse:
    """The synced course. Raises Stop."""
    course = choose.known_course(course_id, integration_id=integration_id)
    if course is None or course.synced_at is None:
        raise Stop(
            f"The course {course_id} was not synced yet.", f"First: gradebench sync {course_id}"
        )
    return course


def set_of(course_id: int, set_id: int, *, integration_id: int | None) -> CanvasGroupCategory:
    """The group set of a synced course. Raises Stop."""
    course = course_of(course_id, integration_id=integration_id)
    rows = _sets(course)
    found = rows.filter(canvas_id=set_id).first()
    if found is None:
        there = ", ".join(f"{one.canvas_id} ({one.name})" for one in rows)
        raise Stop(f"The course has no group set {set_id}.", f"There are: {there or 'none'}.")
    return found


def list_sets(course_id: int, *, integration_id: int | None, as_json: bool) -> None:
    """Print the sets of a course with their groups."""
    course = course_of(course_id, integration_id=integration_id)
    listed = [_listed(one) for one in _sets(course)]
    if as_json:
        screen.answer_json(listed)
        return
    for one in listed:
        _show(one)


def show_history(
    course_id: int, *, since: datetime | None, integration_id: int | None, as_json: bool
) -> None:
    """Print who came into which team when, the latest first."""
    course = course_of(course_id, integration_id=integration_id)
    aware = since and (since if timezone.is_aware(since) else timezone.make_aware(since))
    events = history(course, since=aware)
    if as_json:
        screen.answer_json(events)
        return
    rows = [
        [
            f"{timezone.localtime(one.at):%Y-%m-%d %H:%M}",
            one.set_name,
            one.student,
            one.from_team or "–",  # noqa: RUF001
            one.to_team or "–",  # noqa: RUF001
            one.by or "",
            one.because,
        ]
        for one in events
    ]
    columns = ["when", "set", "who", "from", "to", "by", "why"]
    screen.results().print(screen.table(columns, rows))


def _sets(course: CanvasCourse) -> QuerySet[CanvasGroupCategory]:
    return CanvasGroupCategory.objects.filter(
        course=course, gone_at=None, non_collaborative=False
    ).select_related("course__integration__user", "team_set")


def _listed(category: CanvasGroupCategory) -> ListedSet:
    plan = drift(category) if category.forms_teams and category.team_set else None
    return ListedSet(
        id=category.canvas_id,
        name=category.name,
        group_limit=category.group_limit,
        self_signup=category.self_signup,
        forms_teams=category.forms_teams,
        edits_wait=bool(category.team_set and category.team_set.edits_wait),
        waiting=len(plan.operations) if plan else 0,
        conflicts=len(plan.conflicts) if plan else 0,
        groups=_groups(category),
    )


def _groups(category: CanvasGroupCategory) -> list[ListedGroup]:
    ids = dict(
        CanvasGroup.objects.filter(category=category, gone_at=None).values_list(
            "team_id", "canvas_id"
        )
    )
    teams = Team.objects.filter(team_set=category.team_set, gone_at=None)
    return [
        ListedGroup(
            id=ids.get(team.pk), name=team.name, confirmed=team.confirmed, members=_members(team)
        )
        for team in teams.prefetch_related("memberships__student__canvas_user")
    ]


def _members(team: Team) -> list[ListedPerson]:
    return [
        ListedPerson(
            id=user.canvas_id if (user := getattr(one.student, "canvas_user", None)) else None,
            name=one.student.name,
            confirmed=one.confirmed,
        )
        for one in team.memberships.all()
        if one.until is None
    ]


def _show(one: ListedSet) -> None:
    console = screen.results()
    console.print(f"\n{one.name} ({one.id})", style="bold", markup=False)
    if one.waiting or one.conflicts:
        screen.say(
            f"{one.waiting} changes are not in Canvas yet, {one.conflicts} conflicts: "
            f"gradebench groups plan … --set {one.id}"
        )
    rows = [
        [
            group.id or "new",
            group.name + ("" if group.confirmed else " *"),
            len(group.members),
            ", ".join(who.name + ("" if who.confirmed else " *") for who in group.members),
        ]
        for group in one.groups
    ]
    console.print(screen.table(["id", "group", "people", "who"], rows, numbers=["people"]))
