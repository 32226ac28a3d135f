"""How a set stands on the board: who is wanted where, which teams there are, what is locked.

Its version tells a window whether somebody else changed any of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

import msgspec
from django.http import Http404

from gradebench.canvas.locks import Locks, locks_of
from gradebench.canvas.models import CanvasGroup, CanvasGroupCategory
from gradebench.canvas.views.owned import SignedInRequest, owned_set
from gradebench.core import people
from gradebench.core.models import Team


@dataclass(frozen=True)
class Standing:
    """What people change of a set here. `wanted`: student → team; `applied`: the plan that was
    applied last, and its state."""

    category: CanvasGroupCategory
    wanted: Mapping[int, int]
    teams: list[Team]
    locks: Locks
    applied: tuple[int, str]

    @property
    def version(self) -> str:
        """Another text whenever the board would show something else."""
        category = self.category
        what = (
            sorted(self.wanted.items()),
            sorted(map(_as_compared, self.teams)),
            sorted(self.locks.people.items()),
            sorted(self.locks.teams.items()),
            self.applied,
            (category.name, category.group_limit, category.self_signup),
            category.course.synced_at,
        )
        return blake2b(msgspec.json.encode(what), digest_size=12).hexdigest()


def set_on_board(request: SignedInRequest, pk: int, set_pk: int) -> CanvasGroupCategory:
    """One of the visitor's sets that has a board. Raises Http404."""
    category = owned_set(request, pk, set_pk)
    if not is_on_board(category):
        raise Http404
    return category


def is_on_board(category: CanvasGroupCategory) -> bool:
    """Whether people form teams in the set, and it has been synced."""
    return category.forms_teams and category.team_set is not None


def standing_of(
    category: CanvasGroupCategory, *, wanted: Mapping[int, int] | None = None
) -> Standing:
    """Read how the set stands: four queries, or three where `wanted` is known already."""
    if wanted is None:
        wanted = people.current_places(category.team_set) if category.team_set else {}
    return Standing(
        category=category,
        wanted=wanted,
        teams=rows_of_teams(category),
        locks=locks_of(category),
        applied=_applied(category),
    )


def rows_of_teams(category: CanvasGroupCategory) -> list[Team]:
    """The teams that are wanted, and those that are wanted away while Canvas has their group."""
    rows = Team.objects.filter(team_set=category.team_set_id, team_set__isnull=False)
    there = rows.select_related("canvas_group")
    return [row for row in there if row.gone_at is None or group_of(row)]


def group_of(row: Team) -> CanvasGroup | None:
    """The team's group while Canvas has it."""
    group: CanvasGroup | None = getattr(row, "canvas_group", None)
    return group if group is not None and group.gone_at is None else None


def _as_compared(row: Team) -> tuple[object, ...]:
    group = group_of(row)
    return (
        row.pk,
        row.name,
        row.leader_id,
        row.confirmed,
        row.gone_at is None,
        (group.name, group.max_membership) if group else None,
    )


def _applied(category: CanvasGroupCategory) -> tuple[int, str]:
    rows = category.plans.filter(started_at__isnull=False).values_list("pk", "state")
    return rows.first() or (0, "")
