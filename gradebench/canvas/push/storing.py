"""Makes plans from fresh readings and keeps them; a stored plan is what a person reviews."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from gradebench.canvas.edits.talk import Edit, Talk
from gradebench.canvas.models import CanvasGroupCategory, GroupPlan, PlannedWrite
from gradebench.canvas.push.looking import keep, look_at
from gradebench.canvas.push.plan import Plan, Side
from gradebench.canvas.push.planning import IMPORT_FROM, plan
from gradebench.canvas.push.scene import situation_of
from gradebench.canvas.push.situation import Situation
from gradebench.canvas.push.trouble import NotApplicable, NotATeamSet


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What a person chose for a plan: see `planning.plan`. `only`: the rows it is about, or None."""

    leave_out: frozenset[str] = frozenset()
    only: frozenset[str] | None = None
    settled: Mapping[str, Side] = field(default_factory=dict)
    settle_all: Side | None = None
    import_from: int | None = IMPORT_FROM

    def plan(self, situation: Situation) -> Plan:
        """The plan with these choices."""
        made = self._plan(situation, self.leave_out)
        if self.only is None:
            return made
        others = {row.row for row in made.operations} - self.only
        return self._plan(situation, self.leave_out | others) if others else made

    def _plan(self, situation: Situation, leave_out: frozenset[str]) -> Plan:
        return plan(
            situation,
            leave_out=leave_out,
            settled=self.settled,
            settle_all=self.settle_all,
            import_from=self.import_from,
        )


def make_plan(
    category: CanvasGroupCategory,
    *,
    by: User | None,
    because: str = "",
    wishes: Wishes | None = None,
    undoes: GroupPlan | None = None,
) -> Edit[GroupPlan]:
    """Read the set from Canvas, follow what changed there alone, plan the rest, and store the plan.

    Raises NotATeamSet, ManyGone, SetGone, MayNot.
    """

    def talk() -> Talk[GroupPlan]:
        check_forms_teams(category)
        look = yield from look_at(category)
        keep(look, category)
        made = (wishes or Wishes()).plan(situation_of(category, look.reading))
        return store(category, made, by=by, because=because, undoes=undoes)

    return Edit(talk)


def check_forms_teams(category: CanvasGroupCategory) -> None:
    """Raises NotATeamSet."""
    if not category.forms_teams:
        raise NotATeamSet(f"“{category.name}” is not a set of teams.")


def store(
    category: CanvasGroupCategory,
    made: Plan,
    *,
    by: User | None,
    because: str,
    undoes: GroupPlan | None = None,
) -> GroupPlan:
    """Keep a plan with its journal, every write still to be sent."""
    with transaction.atomic():
        row = GroupPlan.objects.create(
            category=category,
            because=because,
            body=_text(made),
            made_by=by,
            made_at=timezone.now(),
            undoes=undoes,
        )
        _write_journal(row, made)
    return row


def revise(row: GroupPlan, wishes: Wishes) -> GroupPlan:
    """Plan again from the same reading, with other choices and what is wanted now.

    Raises NotApplicable when the plan is not waiting any more.
    """
    made = wishes.plan(situation_of(row.category, plan_of(row).reading))
    with transaction.atomic():
        ready = GroupPlan.objects.filter(pk=row.pk, state=GroupPlan.State.READY)
        if not ready.update(body=_text(made)):
            raise NotApplicable("The plan cannot be changed any more.")
        row.journal.all().delete()
        _write_journal(row, made)
    row.refresh_from_db()
    return row


def drop(row: GroupPlan) -> bool:
    """Put a plan aside that waits; False when it does not wait any more."""
    ready = GroupPlan.objects.filter(pk=row.pk, state=GroupPlan.State.READY)
    dropped = bool(ready.update(state=GroupPlan.State.DROPPED, finished_at=timezone.now()))
    row.refresh_from_db()
    return dropped


def plan_of(row: GroupPlan) -> Plan:
    """The stored plan as a value."""
    return msgspec.json.decode(row.body, type=Plan)


def _text(made: Plan) -> str:
    return msgspec.json.encode(made).decode()


def _write_journal(row: GroupPlan, made: Plan) -> None:
    PlannedWrite.objects.bulk_create(
        [
            PlannedWrite(plan=row, position=number, write=msgspec.json.encode(write).decode())
            for number, write in enumerate(made.writes)
        ],
        batch_size=200,
    )
