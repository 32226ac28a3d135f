"""What Canvas shows after a plan was applied: every operation, or the remainder by name."""

from collections.abc import Iterator, Mapping

from gradebench.canvas.models import GroupPlan, PlannedWrite
from gradebench.canvas.push.journal import Journal, read_write
from gradebench.canvas.push.plan import Op, Operation
from gradebench.canvas.push.reading import SetReading
from gradebench.canvas.push.report import Report, Unmet
from gradebench.canvas.push.writes import (
    AddMember,
    ImportMembers,
    RemoveMembers,
    SetMembers,
    Write,
)

Journaled = PlannedWrite.State
MISSING: dict[str, str] = {
    Journaled.PLANNED: "It was not sent yet.",
    Journaled.SENT: "It was sent, and no answer was noted.",
    Journaled.UNCERTAIN: "The answer was lost.",
    Journaled.FAILED: "Canvas refused it.",
}
NOT_SEEN = "Canvas does not show it, and gave no reason."


def holds(operation: Operation, reading: SetReading, ids: Mapping[int, int]) -> bool:
    """Whether Canvas shows what the operation was for."""
    group = reading.groups.get(ids.get(operation.team or 0, 0))
    match operation.op:
        case Op.CREATE_GROUP | Op.RENAME_GROUP:
            return group is not None and group.name == operation.after
        case Op.DELETE_GROUP:
            return group is None
        case Op.LEADER:
            return group is not None and group.leader == operation.user_id
        case Op.REMOVE:
            source = ids.get(operation.from_team or 0)
            return source not in reading.groups_of(operation.user_id or 0)
        case Op.ADD | Op.MOVE:
            target = ids.get(operation.to_team or 0)
            return reading.groups_of(operation.user_id or 0) == (target,)


def report_on(
    journal: Journal,
    reading: SetReading | None,
    *,
    state: str = "",
    differences: tuple[str, ...] = (),
) -> Report:
    """Compare the plan with a reading; None: Canvas could not be read at the end, and what the
    journal knows stands in for it, without a proof."""
    unmet = tuple(_unmet(journal, reading or journal.expected))
    uncertain = sum(one.reason in _lost(journal) for one in unmet)
    applied = len(journal.plan.operations) - len(unmet)
    verified = reading is not None and not unmet
    state = state or _state(journal, verified=verified, applied=applied)
    return Report(
        plan_id=journal.row.pk,
        state=state,
        summary=_summary(state, applied, len(unmet), differences),
        applied=applied,
        failed=len(unmet) - uncertain,
        uncertain=uncertain,
        verified=verified,
        unmet=unmet,
        differences=differences,
        writes=journal.sent,
    )


def _unmet(journal: Journal, reading: SetReading) -> Iterator[Unmet]:
    problems = dict(_problems(journal))
    for operation in journal.plan.operations:
        if holds(operation, reading, journal.ids):
            continue
        yield Unmet(
            row=operation.row,
            op=operation.op.value,
            text=described(operation),
            reason=problems.get(operation.row) or NOT_SEEN,
            user_id=operation.user_id,
            team=operation.team or operation.to_team,
        )


def _problems(journal: Journal) -> Iterator[tuple[str, str]]:
    """Row of the plan -> what went wrong with the write that was to carry it out."""
    for noted in journal.writes:
        if noted.state != Journaled.APPLIED or noted.problem:
            problem = noted.problem or MISSING[noted.state]
            for row in rows_of(read_write(noted.write)):
                yield row, problem


def _lost(journal: Journal) -> set[str]:
    lost = (Journaled.UNCERTAIN, Journaled.SENT)
    return {one.problem or MISSING[one.state] for one in journal.writes if one.state in lost}


def rows_of(write: Write) -> Iterator[str]:
    """The rows of the plan that a write serves."""
    match write:
        case SetMembers(members=users) | RemoveMembers(users=users):
            yield from (f"place:{user}" for user in users)
        case AddMember(user=user):
            yield f"place:{user}"
        case ImportMembers(places=places, creates=creates):
            yield from (f"place:{user}" for user, _team in places)
            yield from (f"team:{team}" for team in creates)
        case _:
            yield f"team:{write.team}"
            yield f"leader:{write.team}"


def described(operation: Operation) -> str:
    """The operation as a sentence."""
    who, before, after = operation.user_name, operation.before, operation.after
    match operation.op:
        case Op.CREATE_GROUP:
            return f"Create “{after}”"
        case Op.RENAME_GROUP:
            return f"Rename “{before}” to “{after}”"
        case Op.DELETE_GROUP:
            return f"Delete “{before}”"
        case Op.ADD:
            return f"Add {who} to “{after}”"
        case Op.MOVE:
            return f"Move {who} from “{before}” to “{after}”"
        case Op.REMOVE:
            return f"Remove {who} from “{before}”"
        case Op.LEADER:
            return f"Make {after} the leader" if after else f"Nobody leads instead of {before}"


def _state(journal: Journal, *, verified: bool, applied: int) -> str:
    if verified:
        return GroupPlan.State.VERIFIED
    return GroupPlan.State.REMAINDER if applied else GroupPlan.State.FAILED


def _summary(state: str, applied: int, unmet: int, differences: tuple[str, ...]) -> str:
    if state == GroupPlan.State.VERIFIED:
        return f"Canvas shows all {applied} changes." if applied else "There was nothing to change."
    if state == GroupPlan.State.STALE:
        return f"Nothing was written, because Canvas changed meanwhile: {' '.join(differences[:3])}"
    changed = " Canvas was changed by others meanwhile." if differences else ""
    return f"{applied} changes are in Canvas, {unmet} are not.{changed}"
