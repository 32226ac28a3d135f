"""Carries a plan to Canvas: read again, write with the journal, read back.

Killed anywhere, `apply_plan` on the same plan goes on from the journal.
"""

from typing import TypeVar

from django.contrib.auth.models import User
from msgspec.structs import replace

from gradebench.canvas.api.calls import Call, Listing
from gradebench.canvas.api.errors import CanvasError, Uncertain
from gradebench.canvas.edits.talk import SECONDS_BEFORE_LOOKING, Edit, Talk, wait
from gradebench.canvas.models import GroupPlan, PlannedWrite, SyncRun
from gradebench.canvas.push.adopting import adopt_canvas_side
from gradebench.canvas.push.journal import Journal, read_write
from gradebench.canvas.push.looking import Look, keep, look_at
from gradebench.canvas.push.reading import Difference, differences
from gradebench.canvas.push.report import Report
from gradebench.canvas.push.running import Running, take
from gradebench.canvas.push.sending import ChangedMeanwhile, send
from gradebench.canvas.push.settling import settle
from gradebench.canvas.push.trouble import ManyGone
from gradebench.canvas.push.verifying import report_on
from gradebench.canvas.push.writes import (
    CreateGroup,
    DeleteGroup,
    ImportMembers,
    SetMembers,
    Write,
    teams_of,
)
from gradebench.canvas.runs import RunCancelled

T = TypeVar("T")
State = GroupPlan.State
Journaled = PlannedWrite.State

MOST_TRIES = 3
NOT_SENT = "Not sent, because Canvas was changed by others meanwhile."


def apply_plan(
    row: GroupPlan, *, by: User | None, yes: bool = False, claimed: SyncRun | None = None
) -> Edit[Report]:
    """Apply a stored plan, or go on with one that was left half done.

    `yes` agrees to taking many people out of their groups. Nothing is written, and the report is
    stale, when Canvas changed since the plan was made. Raises NeedsYes, NotApplicable, Busy, and
    the errors of Canvas that stop everything; the plan can be applied again after those.
    `claimed`: the plan's run, where a worker has claimed it already.
    """

    def talk() -> Talk[Report]:
        running = take(row, by=by, yes=yes, claimed=claimed)
        journal = Journal(running.row)
        ended = False
        try:
            report = yield from _counted(_carry_out(journal, running), running)
            report = replace(report, requests=running.requests)
            running.end(report)
            ended = True
        finally:
            if not ended:
                running.end(replace(_interrupted(journal), requests=running.requests))
        return report

    return Edit(talk)


def _carry_out(journal: Journal, running: Running) -> Talk[Report]:
    look = yield from look_at(journal.category)
    if running.is_resumed:
        found = yield from _pick_up(journal, look)
    else:
        found = differences(journal.expected, look.reading)
    if found and not journal.sent:
        return report_on(
            journal, look.reading, state=State.STALE, differences=_named(journal, found)
        )
    if found:
        journal.give_up_the_rest(NOT_SENT)
    else:
        adopt_canvas_side(journal.plan, journal.category, by=running.row.applied_by)
        found = yield from _write_all(journal, running)
    return (yield from _verify(journal, found))


def _pick_up(journal: Journal, look: Look) -> Talk[tuple[Difference, ...]]:
    """Settle what was on its way when the plan was left; what others changed since is returned."""
    try:
        for noted in journal.unfinished:
            if noted.state != Journaled.PLANNED:
                yield from _settle(noted, journal)
                look = yield from look_at(journal.category)
    except ChangedMeanwhile as changed:
        return changed.differences
    return differences(journal.expected, look.reading)


def _write_all(journal: Journal, running: Running) -> Talk[tuple[Difference, ...]]:
    """Send what the journal still holds; stops where others changed the set, or a person cancels."""
    broken: set[int] = set()
    for noted in journal.unfinished:
        try:
            running.step(noted.position, len(journal.writes))
            yield from _write_one(noted, journal, broken)
        except ChangedMeanwhile as changed:
            journal.give_up_the_rest(NOT_SENT)
            return changed.differences
        except RunCancelled:
            return ()
    return ()


def _write_one(noted: PlannedWrite, journal: Journal, broken: set[int]) -> Talk[None]:
    write = read_write(noted.write)
    hindrance = _hindrance(noted, journal, broken)
    if hindrance:
        journal.note_failure(noted, hindrance)
        return
    try:
        yield from _send_surely(noted, write, journal)
    except Uncertain as error:
        journal.note_uncertain(noted, str(error))
    except CanvasError as error:
        if error.stops_all:
            raise
        journal.note_failure(noted, str(error))
    if noted.state != Journaled.APPLIED and isinstance(write, CreateGroup | ImportMembers):
        broken.update([write.team] if isinstance(write, CreateGroup) else write.creates)


def _hindrance(noted: PlannedWrite, journal: Journal, broken: set[int]) -> str:
    """Why the write cannot be made after what happened before it, or nothing.

    A list, and a deletion, were planned for those who would be in the group by then. Whoever is
    there because their own move failed would lose their place.
    """
    write = read_write(noted.write)
    if not broken.isdisjoint(teams_of(write)):
        return "Its group could not be made."
    if isinstance(write, SetMembers | DeleteGroup):
        there = set(journal.expected.groups[journal.ids[write.team]].members)
        kept = write.members if isinstance(write, SetMembers) else ()
        stuck = there.difference(journal.foreseen(noted.position, write.team), kept)
        if stuck:
            return f"{', '.join(journal.names(stuck))} could not be moved out of the group before."
    return ""


def _send_surely(noted: PlannedWrite, write: Write, journal: Journal) -> Talk[None]:
    """Send a write until it is certain what became of it."""
    for tries_left in reversed(range(MOST_TRIES)):
        journal.note_sending(noted)
        try:
            effect = yield from send(write, journal)
        except Uncertain as error:
            journal.note_uncertain(noted, str(error))
            yield from wait(SECONDS_BEFORE_LOOKING)
            if (yield from _settle(noted, journal)):
                return
            if not tries_left:
                raise
        except ChangedMeanwhile:
            journal.note_unsent(noted)
            raise
        else:
            journal.note_effect(noted, effect)
            return


def _settle(noted: PlannedWrite, journal: Journal) -> Talk[bool]:
    """Read what a write did whose answer was lost; True when it happened."""
    effect = yield from settle(read_write(noted.write), journal)
    if effect is None:
        journal.note_unsent(noted)
        return False
    journal.note_effect(noted, effect)
    return True


def _verify(journal: Journal, found: tuple[Difference, ...]) -> Talk[Report]:
    """Read the set back, keep what is there, and compare it with the plan."""
    look = yield from look_at(journal.category)
    texts = _named(journal, found or differences(journal.expected, look.reading))
    try:
        keep(look, journal.category)
    except ManyGone as error:
        texts = (*texts, error.what)
    return report_on(journal, look.reading, differences=texts)


def _named(journal: Journal, found: tuple[Difference, ...]) -> tuple[str, ...]:
    return tuple(
        f"{' '.join(journal.names([one.user_id]))} {one.text}"
        if one.group_id is None and one.user_id is not None
        else one.text
        for one in found
    )


def _interrupted(journal: Journal) -> Report:
    """Canvas could not be reached, or the process was told to stop: it can be gone on with."""
    if not journal.sent:
        return report_on(journal, None, state=State.READY)
    return report_on(journal, None, state=State.REMAINDER)


def _counted(talk: Talk[T], running: Running) -> Talk[T]:
    """Note the requests of a talk on its way through."""
    answer: object = None
    while True:
        try:
            effect = talk.throw(answer) if isinstance(answer, CanvasError) else talk.send(answer)
        except StopIteration as end:
            value: T = end.value
            return value
        if isinstance(effect, Call | Listing):
            running.note_request()
        try:
            answer = yield effect
        except CanvasError as error:
            answer = error
