"""The journal of a plan: every write is noted before it is sent and after its answer.

Whoever finds a plan half done knows from it what is certain, and reads Canvas for the rest.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec
from django.db import transaction
from django.utils import timezone

from gradebench.canvas import teams
from gradebench.canvas.api import payloads
from gradebench.canvas.edits.places import keep_places
from gradebench.canvas.mirror.saving import save_groups
from gradebench.canvas.mirror.sweeping import mark_gone
from gradebench.canvas.models import (
    CanvasGroup,
    CanvasGroupCategory,
    CanvasUser,
    GroupPlan,
    PlannedWrite,
)
from gradebench.canvas.push.plan import Plan
from gradebench.canvas.push.reading import SetReading
from gradebench.canvas.push.storing import plan_of
from gradebench.canvas.push.writes import (
    CreateGroup,
    DeleteGroup,
    ImportMembers,
    Write,
    expected_after,
)

State = PlannedWrite.State


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a write did by Canvas's own word. `done` is the part of the write that came true.

    `made`: groups that came to be, by team. `groups`: answers worth keeping in the mirror.
    """

    done: Write
    made: Mapping[int, int] = field(default_factory=dict)
    groups: tuple[payloads.Group, ...] = ()
    problem: str = ""


class Journal:
    """One plan's journal, and what Canvas must look like by it: `expected`, `ids`."""

    def __init__(self, row: GroupPlan) -> None:
        self.row = row
        self.category: CanvasGroupCategory = row.category
        self.plan: Plan = plan_of(row)
        self.ids: dict[int, int] = _group_ids(self.category)
        self.writes: list[PlannedWrite] = list(row.journal.order_by("position"))
        self.expected: SetReading = self.plan.reading
        self._foreseen: list[dict[int, frozenset[int]]] | None = None
        for write in self.writes:
            self.ids.update({int(team): group for team, group in write.made.items()})
            if write.effect:
                self.expected = expected_after(self.expected, read_write(write.effect), self.ids)

    @property
    def unfinished(self) -> list[PlannedWrite]:
        """The writes that are still to be sent, or to be settled."""
        return [one for one in self.writes if one.state not in (State.APPLIED, State.FAILED)]

    @property
    def sent(self) -> int:
        """How many writes went out."""
        return sum(one.sent_at is not None for one in self.writes)

    def foreseen(self, position: int, team: int) -> frozenset[int]:
        """Who was to be in the team's group when the write at this position was to be made."""
        if self._foreseen is None:
            self._foreseen = list(_foreseen(self.plan, self.ids))
        return self._foreseen[position].get(team, frozenset())

    def names(self, users: Iterable[int]) -> list[str]:
        """The names of people by Canvas's ids."""
        rows = CanvasUser.objects.filter(
            integration=self.category.course.integration, canvas_id__in=list(users)
        )
        return sorted(rows.values_list("name", flat=True))

    def note_sending(self, write: PlannedWrite) -> None:
        """Before it is sent. From here on nobody may assume that it did not happen."""
        _set(write, state=State.SENT, sent_at=timezone.now())

    def note_unsent(self, write: PlannedWrite) -> None:
        """A reading proved that it did not happen."""
        _set(write, state=State.PLANNED)

    def note_uncertain(self, write: PlannedWrite, problem: str) -> None:
        """The answer was lost, and it could not be read what happened."""
        _set(write, state=State.UNCERTAIN, problem=problem)

    def note_failure(self, write: PlannedWrite, problem: str) -> None:
        """It certainly did not happen."""
        _set(write, state=State.FAILED, problem=problem, settled_at=timezone.now())

    def note_effect(self, write: PlannedWrite, effect: Effect) -> None:
        """It happened: the journal, the mirror and what is agreed say so together."""
        now = timezone.now()
        before = self.expected
        with transaction.atomic():
            if effect.groups:
                save_groups(self.category.course, effect.groups)
            for team, group in effect.made.items():
                self.ids[team] = group
                teams.link_group(self.category, group_id=group, team_id=team)
            self.expected = expected_after(before, effect.done, self.ids)
            keep_places(self.category, moved_between(before, self.expected), at=now)
            if isinstance(effect.done, DeleteGroup):
                mark_gone(self.category.groups.all(), [self.ids[effect.done.team]], now)
            _set(
                write,
                state=State.APPLIED,
                effect=msgspec.json.encode(effect.done).decode(),
                made={str(team): group for team, group in effect.made.items()},
                problem=effect.problem,
                settled_at=now,
            )

    def give_up_the_rest(self, reason: str) -> None:
        """What was not sent will not be: the plan does not fit Canvas any more."""
        for write in self.unfinished:
            if write.state == State.PLANNED:
                self.note_failure(write, reason)


def read_write(text: str) -> Write:
    """A stored write as a value."""
    write: Write = msgspec.json.decode(text, type=Write)
    return write


def _foreseen(plan: Plan, ids: Mapping[int, int]) -> Iterator[dict[int, frozenset[int]]]:
    """Before each write: team -> who was to be in its group by the plan."""
    # A group that did not exist when the plan was made gets a number that no group has.
    known = {team: group for team, group in ids.items() if group in plan.reading.groups}
    reading = plan.reading
    for write in plan.writes:
        if isinstance(write, CreateGroup):
            known[write.team] = -write.team
        elif isinstance(write, ImportMembers):
            known.update({team: -team for team in write.creates})
        yield {
            team: frozenset(reading.groups[group].members)
            for team, group in known.items()
            if group in reading.groups
        }
        reading = expected_after(reading, write, known)


def moved_between(before: SetReading, after: SetReading) -> dict[int, int | None]:
    """Whose groups differ between two readings, and where they are in the second one."""
    was, is_ = _places(before), _places(after)
    return {
        user: is_.get(user) for user in was.keys() | is_.keys() if was.get(user) != is_.get(user)
    }


def _places(reading: SetReading) -> dict[int, int]:
    return {user: id_ for id_, group in reading.groups.items() for user in group.members}


def _group_ids(category: CanvasGroupCategory) -> dict[int, int]:
    rows: Iterable[tuple[int | None, int]] = CanvasGroup.objects.filter(
        category=category, team__isnull=False
    ).values_list("team_id", "canvas_id")
    return {team: group for team, group in rows if team is not None}


def _set(write: PlannedWrite, **values: object) -> None:
    for name, value in values.items():
        setattr(write, name, value)
    write.save(update_fields=list(values))
