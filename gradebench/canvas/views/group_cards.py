"""The cards of a set: its teams as they are wanted here, marked where Canvas has them otherwise.

Read as plain values, for 120 teams and 600 people are on one page.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from gradebench.canvas.models import CanvasGroupCategory, CanvasGroupMembership
from gradebench.canvas.views.sorting import natural
from gradebench.core.models import Team, TeamMembership


class CardPerson(NamedTuple):
    """Somebody on a card: the key of their page, their name, the leader or not.

    `comes`: Canvas does not have them in this group yet.
    """

    key: str
    name: str
    leads: bool
    comes: bool = False


class Leaver(NamedTuple):
    """Somebody whom Canvas has in the group, and who is wanted elsewhere, or nowhere: ""."""

    key: str
    name: str
    goal: str


@dataclass(frozen=True, kw_only=True)
class GroupCard:
    """A team with who is wanted in it. `team`: the key of its page, "" without one.

    `limit`: how many may be in it. `note`: how Canvas has it, where that is otherwise.
    """

    name: str
    team: str
    people: list[CardPerson]
    leaving: list[Leaver] = field(default_factory=list)
    limit: int | None = None
    note: str = ""
    is_new: bool = False
    is_deleted: bool = False


def cards_of(category: CanvasGroupCategory) -> list[GroupCard]:
    """The teams in the order in which people count, new ones first; without teams, the groups."""
    forms_teams = category.forms_teams and category.team_set_id is not None
    cards = _team_cards(category) if forms_teams else _group_cards(category)
    return sorted(cards, key=lambda card: (not card.is_new, natural(card.name)))


class _TeamRow(NamedTuple):
    pk: int
    name: str
    leader: int | None
    deleted_at: datetime | None
    group: int | None
    group_name: str | None
    group_gone_at: datetime | None
    limit: int | None

    @property
    def in_canvas(self) -> bool:
        return self.group is not None and self.group_gone_at is None


class _WantedRow(NamedTuple):
    team: int
    student: int
    name: str
    person: int | None


class _LiveRow(NamedTuple):
    team: int
    student: int
    name: str
    person: int


def _team_cards(category: CanvasGroupCategory) -> list[GroupCard]:
    teams = _teams(category)
    live = _live(category)
    wanted = _wanted(category)
    goals = {one.student: one.team for one in wanted}
    names = {team.pk: team.name for team in teams}
    people = _people(wanted, live, {team.pk: team.leader for team in teams})
    leaving: dict[int, list[Leaver]] = defaultdict(list)
    for one in live:
        goal = goals.get(one.student)
        if goal != one.team:
            leaving[one.team].append(Leaver(str(one.person), one.name, names.get(goal or 0, "")))
    return [_team_card(team, category, people[team.pk], leaving[team.pk]) for team in teams]


def _team_card(
    team: _TeamRow, category: CanvasGroupCategory, people: list[CardPerson], leaving: list[Leaver]
) -> GroupCard:
    return GroupCard(
        name=team.name,
        team=str(team.pk),
        people=people,
        leaving=leaving,
        limit=team.limit or category.group_limit,
        note=_note(team),
        is_new=not team.in_canvas,
        is_deleted=team.deleted_at is not None,
    )


def _note(team: _TeamRow) -> str:
    if team.deleted_at is not None:
        return "to be deleted in Canvas"
    if not team.in_canvas:
        return "not in Canvas yet"
    return f"in Canvas: {team.group_name}" if team.group_name != team.name else ""


def _teams(category: CanvasGroupCategory) -> list[_TeamRow]:
    """The teams that are wanted, or that Canvas still has."""
    rows = Team.objects.filter(team_set=category.team_set_id).order_by()
    there = rows.filter(Q(gone_at=None) | Q(canvas_group__isnull=False, canvas_group__gone_at=None))
    values = there.values_list(
        "pk",
        "name",
        "leader",
        "gone_at",
        "canvas_group",
        "canvas_group__name",
        "canvas_group__gone_at",
        "canvas_group__max_membership",
    )
    return [_TeamRow._make(row) for row in values]


def _wanted(category: CanvasGroupCategory) -> list[_WantedRow]:
    rows = TeamMembership.objects.filter(team_set=category.team_set_id, until=None)
    values = rows.order_by("student__sortable_name", "student__name").values_list(
        "team", "student", "student__name", "student__canvas_user"
    )
    return [_WantedRow._make(row) for row in values]


def _live(category: CanvasGroupCategory) -> list[_LiveRow]:
    rows = CanvasGroupMembership.objects.filter(
        group__category=category,
        group__gone_at=None,
        group__team__isnull=False,
        user__student__isnull=False,
        gone_at=None,
    )
    values = rows.order_by("user__sortable_name", "user__name").values_list(
        "group__team", "user__student", "user__name", "user"
    )
    return [_LiveRow._make(row) for row in values]


def _people(
    wanted: Iterable[_WantedRow], live: Iterable[_LiveRow], leaders: dict[int, int | None]
) -> dict[int, list[CardPerson]]:
    there = {(one.team, one.student) for one in live}
    people: dict[int, list[CardPerson]] = defaultdict(list)
    for one in wanted:
        people[one.team].append(
            CardPerson(
                key=str(one.person),
                name=one.name,
                leads=one.student == leaders.get(one.team),
                comes=(one.team, one.student) not in there,
            )
        )
    return people


# --- sets that form no teams ----------------------------------------------------------------------


def _group_cards(category: CanvasGroupCategory) -> list[GroupCard]:
    """Tags, and sets in which a person may be in many groups: as Canvas has them."""
    groups = category.groups.filter(gone_at=None).order_by()
    rows = list(groups.values_list("pk", "name", "max_membership", "leader_id"))
    people = _people_in_canvas(category, {pk: leader for pk, _name, _limit, leader in rows})
    return [
        GroupCard(name=name, team="", people=people[pk], limit=limit or category.group_limit)
        for pk, name, limit, _leader in rows
    ]


def _people_in_canvas(
    category: CanvasGroupCategory, leaders: dict[int, int | None]
) -> dict[int, list[CardPerson]]:
    present = CanvasGroupMembership.objects.filter(group__category=category, gone_at=None)
    rows = present.order_by("user__sortable_name", "user__name").values_list(
        "group", "user", "user__name", "user__canvas_id"
    )
    people: dict[int, list[CardPerson]] = defaultdict(list)
    for group, person, name, canvas_id in rows:
        leads = canvas_id == leaders.get(group)
        people[group].append(CardPerson(str(person), name, leads))
    return people
