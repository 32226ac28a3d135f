"""The cards of a set's groups: read as plain values, for 120 groups and 600 people are on one page."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import FilteredRelation, Q

from gradebench.canvas.models import CanvasGroupCategory, CanvasGroupMembership
from gradebench.canvas.views.sorting import natural
from gradebench.core.models import Team


class CardPerson(NamedTuple):
    """Somebody on a card: the key of their page, their name, the leader or not."""

    key: str
    name: str
    leads: bool


@dataclass(frozen=True, kw_only=True)
class GroupCard:
    """A group and who is in it. `team`: the key of its team's page, "" without one.

    `limit`: how many may be in it. `note`: how it is wanted here, where that is otherwise.
    """

    name: str
    team: str
    people: list[CardPerson]
    limit: int | None = None
    note: str = ""


class _GroupRow(NamedTuple):
    pk: int
    name: str
    limit: int | None
    leader: int | None
    team: int | None
    wanted_name: str | None
    deleted_at: datetime | None


def cards_of(category: CanvasGroupCategory) -> list[GroupCard]:
    """The groups that Canvas has in the set, in the order in which people count."""
    rows = category.groups.filter(gone_at=None).values_list(
        "pk", "name", "max_membership", "leader_id", "team", "team__name", "team__gone_at"
    )
    groups = [_GroupRow._make(row) for row in rows.order_by()]
    people = _people_of(category, {group.pk: group.leader for group in groups})
    cards = [
        GroupCard(
            name=group.name,
            team=str(group.team or ""),
            people=people[group.pk],
            limit=group.limit or category.group_limit,
            note=_note(group),
        )
        for group in groups
    ]
    return sorted(cards, key=lambda card: natural(card.name))


def new_cards_of(category: CanvasGroupCategory) -> list[GroupCard]:
    """The teams that were made here and that Canvas does not have yet, with who is wanted in them."""
    in_canvas = Q(canvas_group__isnull=False, canvas_group__gone_at=None)
    teams = Team.objects.filter(team_set=category.team_set_id, gone_at=None, confirmed=False)
    now = FilteredRelation("memberships", condition=Q(memberships__until=None))
    rows = teams.exclude(in_canvas).annotate(now=now).order_by("now__student")
    people: dict[tuple[int, str], list[CardPerson]] = defaultdict(list)
    for team, name, leader, student, person, called in rows.values_list(
        "pk", "name", "leader", "now__student", "now__student__canvas_user", "now__student__name"
    ):
        mine = people[team, name]
        if person is not None:
            mine.append(CardPerson(str(person), called, student == leader))
    cards = [
        GroupCard(name=name, team=str(team), people=mine, limit=category.group_limit)
        for (team, name), mine in people.items()
    ]
    return sorted(cards, key=lambda card: natural(card.name))


def _people_of(
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


def _note(group: _GroupRow) -> str:
    if group.deleted_at is not None:
        return "deleted here"
    renamed = group.wanted_name is not None and group.wanted_name != group.name
    return f"here: {group.wanted_name}" if renamed else ""
