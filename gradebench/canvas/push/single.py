"""Single edits: wanted here, and in Canvas when the function returns, or waiting for a review.

What Canvas would refuse is told at once, and not wanted any more; what could not be reached stays
wanted, and waits.
"""

from collections.abc import Callable, Iterable, Mapping

import msgspec
from django.contrib.auth.models import User
from django.db import transaction

from gradebench.canvas.api.errors import CanvasError, Retry
from gradebench.canvas.edits.talk import Edit, Talk, wait
from gradebench.canvas.models import CanvasGroup, CanvasGroupCategory, GroupPlan
from gradebench.canvas.push.applying import apply_plan
from gradebench.canvas.push.deciding import leader_row, place_row, team_row
from gradebench.canvas.push.looking import keep, look_at
from gradebench.canvas.push.plan import Operation, Plan
from gradebench.canvas.push.reading import SetReading
from gradebench.canvas.push.report import Report
from gradebench.canvas.push.scene import last_seen, situation_of
from gradebench.canvas.push.staging import (
    EDITED,
    stage_deletion,
    stage_leader,
    stage_name,
    stage_new_teams,
    stage_places,
    team_set_of,
)
from gradebench.canvas.push.storing import Wishes, drop, store
from gradebench.canvas.push.trouble import Busy
from gradebench.canvas.push.verifying import described
from gradebench.core.models import Student, Team


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a single edit, as a sentence; `reason` says why it was refused or waits."""

    text: str
    user_id: int | None = None
    user_name: str | None = None
    team: int | None = None
    reason: str = ""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a single edit came to: asked = done + waiting + refused."""

    asked: tuple[Change, ...] = ()
    done: tuple[Change, ...] = ()
    waiting: tuple[Change, ...] = ()
    refused: tuple[Change, ...] = ()
    warnings: tuple[str, ...] = ()
    plan_id: int | None = None


# Somebody waits for the answer, so not for long.
LOOKS_WHILE_BUSY = 10

Stage = Callable[[frozenset[str]], frozenset[str]]
"""Notes the wishes except those of the given rows, and returns the rows of the others."""


def place_students(
    category: CanvasGroupCategory,
    places: Mapping[Student, Team | None],
    *,
    by: User | None,
    because: str = EDITED,
) -> Edit[Outcome]:
    """Put students into teams (None: out of all). Raises PushRefused and errors of Canvas's set."""
    rows = {place_row(one.canvas_user.canvas_id): one for one in places}

    def stage(but: frozenset[str]) -> frozenset[str]:
        wanted = {one: places[one] for row, one in rows.items() if row not in but}
        stage_places(category, wanted, by=by, because=because)
        return (frozenset(rows) - but) | _rows_of_new_teams(wanted.values())

    return _edit(category, stage, by=by, because=because)


def _rows_of_new_teams(goals: Iterable[Team | None]) -> frozenset[str]:
    """Whoever is put into a team that Canvas has no group for takes the group along."""
    keys = {team.pk for team in goals if team is not None}
    there = CanvasGroup.objects.filter(team__in=keys, gone_at=None).values_list("team", flat=True)
    return frozenset(team_row(key) for key in keys.difference(there))


def add_teams(category: CanvasGroupCategory, names: list[str], *, by: User | None) -> Edit[Outcome]:
    """Make teams. Raises NameBlank, NameTooLong."""

    def stage(_but: frozenset[str]) -> frozenset[str]:
        return frozenset(team_row(team.pk) for team in stage_new_teams(category, names))

    return _edit(category, stage, by=by, because="Team made here")


def rename_team(
    category: CanvasGroupCategory, team: Team, name: str, *, by: User | None
) -> Edit[Outcome]:
    """Give a team another name. Raises NameBlank, NameTooLong."""

    def stage(_but: frozenset[str]) -> frozenset[str]:
        stage_name(category, team, name)
        return frozenset({team_row(team.pk)})

    return _edit(category, stage, by=by, because="Team renamed here")


def lead_team(
    category: CanvasGroupCategory, team: Team, leader: Student | None, *, by: User | None
) -> Edit[Outcome]:
    """Make a student of the team its leader, or nobody."""

    def stage(_but: frozenset[str]) -> frozenset[str]:
        stage_leader(category, team, leader)
        return frozenset({leader_row(team.pk)})

    return _edit(category, stage, by=by, because="Leader chosen here")


def remove_teams(
    category: CanvasGroupCategory, doomed: list[Team], *, by: User | None
) -> Edit[Outcome]:
    """Delete teams; whoever is in them is in no team then."""
    users = {
        place_row(one.canvas_user.canvas_id)
        for team in doomed
        for one in team.students.select_related("canvas_user")
    }

    def stage(_but: frozenset[str]) -> frozenset[str]:
        stage_deletion(category, doomed, by=by, because="Team deleted here")
        return frozenset({team_row(team.pk) for team in doomed} | users)

    return _edit(category, stage, by=by, because="Team deleted here")


def _edit(
    category: CanvasGroupCategory, stage: Stage, *, by: User | None, because: str
) -> Edit[Outcome]:
    def talk() -> Talk[Outcome]:
        if team_set_of(category).edits_wait:
            return _kept_for_later(category, stage, "Waits for a review.")
        try:
            look = yield from look_at(category)
            keep(look, category)
        except CanvasError as error:
            if not _may_pass(error):
                raise
            return _kept_for_later(category, stage, str(error))
        tried = _trial(category, look.reading, stage)
        with transaction.atomic():
            rows = stage(frozenset(one.row for one in tried.refused))
            made = _plan(category, look.reading, rows)
            row = store(category, made, by=by, because=because)
        return (yield from _apply(row, made, tried, by))

    return Edit(talk)


def _may_pass(error: CanvasError) -> bool:
    """Whether the error says nothing about the edit, which can be carried out later."""
    return error.stops_all or error.retry is not Retry.NEVER


def _plan(category: CanvasGroupCategory, reading: SetReading, rows: frozenset[str]) -> Plan:
    return Wishes(only=rows).plan(situation_of(category, reading))


def _trial(category: CanvasGroupCategory, reading: SetReading, stage: Stage) -> Plan:
    """What would come of the wishes; nothing is kept."""
    with transaction.atomic():
        made = _plan(category, reading, stage(frozenset()))
        transaction.set_rollback(True)
    return made


def _apply(row: GroupPlan, made: Plan, tried: Plan, by: User | None) -> Talk[Outcome]:
    refused = _refused(tried)
    try:
        report = yield from _apply_when_free(row, by)
    except CanvasError as error:
        drop(row)
        return _outcome(made, refused, waiting={one.row: str(error) for one in made.operations})
    unmet = {one.row: one.reason for one in report.unmet}
    if report.state == GroupPlan.State.STALE:
        return _outcome(made, refused, waiting=dict.fromkeys(unmet, report.summary))
    return _outcome(made, refused, unmet=unmet, plan_id=row.pk)


def _apply_when_free(row: GroupPlan, by: User | None) -> Talk[Report]:
    """A sync or another push of the course may be nearly done. Raises what `apply_plan` does."""
    for _look in range(LOOKS_WHILE_BUSY):
        try:
            return (yield from apply_plan(row, by=by, yes=True).start())
        except Busy:
            yield from wait(1.0)
    return (yield from apply_plan(row, by=by, yes=True).start())


def _kept_for_later(category: CanvasGroupCategory, stage: Stage, why: str) -> Outcome:
    """Wanted from now on; what Canvas would refuse is not."""
    reading = last_seen(category)
    tried = _trial(category, reading, stage)
    with transaction.atomic():
        rows = stage(frozenset(one.row for one in tried.refused))
        made = _plan(category, reading, rows)
    return _outcome(made, _refused(tried), waiting={one.row: why for one in made.operations})


def _refused(tried: Plan) -> tuple[Change, ...]:
    return tuple(
        Change(
            text=one.reason,
            user_id=one.user_id,
            user_name=one.user_name,
            team=one.team,
            reason=one.reason,
        )
        for one in tried.refused
    )


def _outcome(
    made: Plan,
    refused: tuple[Change, ...],
    *,
    waiting: Mapping[str, str] | None = None,
    unmet: Mapping[str, str] | None = None,
    plan_id: int | None = None,
) -> Outcome:
    later, failed = waiting or {}, unmet or {}
    changes = [(one.row, _change(one, {**later, **failed})) for one in made.operations]
    return Outcome(
        asked=(*(change for _row, change in changes), *refused),
        done=tuple(change for row, change in changes if row not in later and row not in failed),
        waiting=tuple(change for row, change in changes if row in later),
        refused=(*refused, *(change for row, change in changes if row in failed)),
        warnings=made.warnings,
        plan_id=plan_id,
    )


def _change(operation: Operation, reasons: Mapping[str, str]) -> Change:
    return Change(
        text=described(operation),
        user_id=operation.user_id,
        user_name=operation.user_name,
        team=operation.team or operation.to_team or operation.from_team,
        reason=reasons.get(operation.row, ""),
    )
