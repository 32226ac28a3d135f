"""A stored plan as its page shows it: by group, by student, and what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from gradebench.canvas.models import GroupPlan, PlannedWrite
from gradebench.canvas.push.deciding import Choices, decide, decide_leaders
from gradebench.canvas.push.fitting import fit
from gradebench.canvas.push.journal import read_write
from gradebench.canvas.push.operations import operations
from gradebench.canvas.push.plan import Conflict, Op, Operation, Plan
from gradebench.canvas.push.report import Report
from gradebench.canvas.push.running import UNFINISHED_WRITES
from gradebench.canvas.push.scene import situation_of
from gradebench.canvas.push.storing import plan_of
from gradebench.canvas.push.undoing import UNDONE
from gradebench.canvas.push.verifying import described
from gradebench.canvas.push.writes import (
    AddMember,
    CreateGroup,
    DeleteGroup,
    ImportMembers,
    RemoveMembers,
    RenameGroup,
    SetLeader,
    SetMembers,
    Write,
)
from gradebench.canvas.views.sorting import natural

State = GroupPlan.State
# What the words of a plan's state are coloured in.
STATE_KINDS = {
    State.READY: "info",
    State.APPLYING: "info",
    State.VERIFIED: "success",
    State.REMAINDER: "warning",
    State.FAILED: "error",
    State.STALE: "warning",
    State.DROPPED: "neutral",
}
WRITE_KINDS = {
    PlannedWrite.State.PLANNED: "neutral",
    PlannedWrite.State.SENT: "info",
    PlannedWrite.State.APPLIED: "success",
    PlannedWrite.State.FAILED: "error",
    PlannedWrite.State.UNCERTAIN: "warning",
}
GROUP_OPS = (Op.CREATE_GROUP, Op.RENAME_GROUP, Op.DELETE_GROUP)
PLACE_OPS = (Op.ADD, Op.MOVE, Op.REMOVE)


@dataclass(kw_only=True)
class GroupDiff:
    """One group before and after the plan. `change`: made, renamed or deleted, or None."""

    name: str
    size_before: int = 0
    limit: int | None = None
    change: Operation | None = None
    leader: Operation | None = None
    arriving: list[Operation] = field(default_factory=list)
    leaving: list[Operation] = field(default_factory=list)

    @property
    def size_after(self) -> int:
        """How many are in it once the plan is applied."""
        return self.size_before + len(self.arriving) - len(self.leaving)

    @property
    def word(self) -> str:
        """What becomes of the group itself."""
        words = {Op.CREATE_GROUP: "new", Op.RENAME_GROUP: "renamed", Op.DELETE_GROUP: "deleted"}
        return words[self.change.op] if self.change else ""


@dataclass(frozen=True, kw_only=True)
class NotedWrite:
    """A write of the journal in words, and what became of it."""

    text: str
    state: str
    kind: str
    problem: str


def shown(row: GroupPlan) -> dict[str, Any]:
    """Everything that the page of a plan shows."""
    made = plan_of(row)
    report = msgspec.json.decode(row.report, type=Report) if row.report else None
    ready = row.state == State.READY
    journal = [] if ready else list(row.journal.all())
    return {
        "plan": row,
        "category": row.category,
        "made": made,
        "kind": STATE_KINDS[State(row.state)],
        "ready": ready,
        "groups": group_diffs(made),
        "moves": places(made.operations),
        "left_out": left_out(row, made) if ready else [],
        "conflicts": sorted(made.conflicts, key=_conflict_order),
        "report": report,
        "journal": [noted(one, _labels(made)) for one in journal],
        "can_be_undone": row.state in UNDONE and bool(made.operations),
        "can_go_on": row.state in (State.REMAINDER, State.FAILED)
        and any(one.state in UNFINISHED_WRITES for one in journal),
    }


def group_diffs(made: Plan) -> list[GroupDiff]:
    """The groups that the plan touches, in the order of their names."""
    diffs: dict[int, GroupDiff] = {}
    for one in made.operations:
        if one.op in GROUP_OPS:
            _diff(diffs, made, one.team, one.group_id, one.after or one.before).change = one
        elif one.op is Op.LEADER:
            _diff(diffs, made, one.team, one.group_id, None).leader = one
        if one.op in PLACE_OPS and one.from_team is not None:
            _diff(diffs, made, one.from_team, one.from_group_id, one.before).leaving.append(one)
        if one.op in PLACE_OPS and one.to_team is not None:
            _diff(diffs, made, one.to_team, one.to_group_id, one.after).arriving.append(one)
    return sorted(diffs.values(), key=lambda diff: natural(diff.name))


def _diff(
    diffs: dict[int, GroupDiff], made: Plan, team: int | None, group: int | None, name: str | None
) -> GroupDiff:
    key = team or 0
    if key not in diffs:
        there = made.reading.groups.get(group or 0)
        diffs[key] = GroupDiff(
            name=name or (there.name if there else "?"),
            size_before=len(there.members) if there else 0,
            limit=there.limit if there else made.reading.limit,
        )
    return diffs[key]


def places(rows: Iterable[Operation]) -> list[Operation]:
    """Who comes, moves or leaves, in the order of names."""
    moves = [one for one in rows if one.op in PLACE_OPS]
    return sorted(moves, key=lambda one: natural(one.user_name or ""))


def left_out(row: GroupPlan, made: Plan) -> list[tuple[str, str]]:
    """The rows that were left out, as (row, sentence): from the decision as it would be with them."""
    if not made.left_out:
        return []
    settled = {one.row: one.settled for one in made.conflicts if one.settled is not None}
    situation, choices = situation_of(row.category, made.reading), Choices(settled=settled)
    decision = decide(situation, choices)
    fit(situation, choices, decision)
    decide_leaders(situation, choices, decision)
    out = set(made.left_out)
    whole = operations(situation, decision)
    return [(one.row, described(one)) for one in whole if one.row in out]


def noted(write: PlannedWrite, labels: dict[int, str]) -> NotedWrite:
    """A write of the journal as the page shows it."""
    return NotedWrite(
        text=_worded(read_write(write.write), labels),
        state=PlannedWrite.State(write.state).label,
        kind=WRITE_KINDS[PlannedWrite.State(write.state)],
        problem=write.problem,
    )


def _worded(write: Write, labels: dict[int, str]) -> str:
    match write:
        case CreateGroup(name=name):
            return f"Create the group “{name}”"
        case RenameGroup(team=team, name=name):
            return f"Rename “{labels.get(team, '?')}” to “{name}”"
        case DeleteGroup(name=name):
            return f"Delete the group “{name}”"
        case SetMembers(team=team, members=members):
            return f"Set who is in “{labels.get(team, '?')}”: {len(members)} people"
        case AddMember(team=team):
            return f"Add one person to “{labels.get(team, '?')}”"
        case RemoveMembers(team=team, users=users):
            return f"Take {len(users)} people out of “{labels.get(team, '?')}”"
        case ImportMembers(places=moved, creates=creates):
            new = f" and make {len(creates)} groups" if creates else ""
            return f"Import a file that places {len(moved)} people{new}"
        case SetLeader(team=team, user=user):
            return f"{'Choose' if user else 'Remove'} the leader of “{labels.get(team, '?')}”"


def _labels(made: Plan) -> dict[int, str]:
    """Names of teams by their keys, as far as the plan touches them: before it is applied."""
    groups = made.reading.groups
    told: list[tuple[int | None, str | None]] = []
    for one in made.operations:
        there = groups.get(one.group_id or 0)
        told += [(one.from_team, one.before), (one.to_team, one.after)]
        told.append((one.team, there.name if there else one.after))
    return {team: name for team, name in told if team is not None and name}


def _conflict_order(conflict: Conflict) -> tuple[bool, list[tuple[int, str]]]:
    return conflict.settled is not None, natural(conflict.text)
