"""`plan`: from a situation to the operations, warnings and writes. Pure: same in, same out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gradebench.canvas.push.deciding import Choices, Decision, decide, decide_leaders
from gradebench.canvas.push.fitting import fit, room_in
from gradebench.canvas.push.operations import operations
from gradebench.canvas.push.ordering import membership_writes
from gradebench.canvas.push.plan import Op, Operation, Plan, Side
from gradebench.canvas.push.situation import Situation
from gradebench.canvas.push.writes import (
    CreateGroup,
    DeleteGroup,
    ImportMembers,
    RenameGroup,
    SetLeader,
    Write,
)

# Below this many single writes an import gains little: it is a job that may wait in Canvas's queue,
# while every single write proves itself by its answer.
IMPORT_FROM = 40

# As for syncs: more than this share of the set's memberships, and more than this many.
BRAKE_SHARE = 0.05
BRAKE_COUNT = 3


def plan(
    situation: Situation,
    *,
    leave_out: frozenset[str] = frozenset(),
    settled: Mapping[str, Side] | None = None,
    settle_all: Side | None = None,
    import_from: int | None = IMPORT_FROM,
) -> Plan:
    """Decide what to do about one set.

    `leave_out`: rows (see `Operation.row`) that stay as they are in Canvas. `settled`: side per
    conflict row; `settle_all` for the others. `import_from`: the number of writes from which one
    CSV import takes their place; None: never.
    """
    choices = Choices(leave_out=leave_out, settled=settled or {}, settle_all=settle_all)
    decision = decide(situation, choices)
    fit(situation, choices, decision)
    decide_leaders(situation, choices, decision)
    rows = operations(situation, decision)
    removals = sum(row.op is Op.REMOVE for row in rows)
    return Plan(
        reading=situation.reading,
        fingerprint=situation.reading.fingerprint,
        operations=rows,
        conflicts=tuple(decision.conflicts),
        refused=tuple(decision.refused),
        followed=tuple(decision.followed),
        left_out=tuple(sorted(leave_out)),
        warnings=tuple(_warnings(situation, rows)),
        writes=_writes(situation, decision, rows, import_from),
        removals=removals,
        needs_yes=removals > max(BRAKE_COUNT, BRAKE_SHARE * situation.reading.memberships),
    )


@dataclass(frozen=True)
class _Lists:
    """Who is where now and in the end, as `membership_writes` takes it."""

    now: dict[int, tuple[int, ...]]
    places: dict[int, int | None]
    going: frozenset[int]


def _writes(
    situation: Situation,
    decision: Decision,
    rows: tuple[Operation, ...],
    import_from: int | None,
) -> tuple[Write, ...]:
    lists = _lists(situation, decision, rows)
    creates = {row.team: row.after for row in rows if row.op is Op.CREATE_GROUP}
    made = {team: name for team, name in creates.items() if team is not None and name is not None}
    singly = tuple(_membership_writes(situation, lists))
    one = _import(situation, decision, made)
    if one is not None and import_from is not None:
        rest = _after_import(situation, lists, one)
        if len(singly) + len(one.creates) - len(rest) >= import_from:
            made = {team: name for team, name in made.items() if team not in one.creates}
            singly = (one, *rest)
    return (
        *(CreateGroup(team=team, name=name) for team, name in made.items()),
        *_renames(rows),
        *singly,
        *(SetLeader(team=team, user=user) for team, user in decision.leaders.items()),
        *(DeleteGroup(team=team, name=name) for team, name in _deleted(rows)),
    )


def _membership_writes(situation: Situation, lists: _Lists) -> Iterator[Write]:
    return membership_writes(
        lists.now,
        lists.places,
        room_in(situation),
        whole_lists=not situation.section_limited,
        going=lists.going,
    )


def _lists(situation: Situation, decision: Decision, rows: tuple[Operation, ...]) -> _Lists:
    groups = situation.reading.groups
    now: dict[int, tuple[int, ...]] = {}
    for team in situation.teams:
        live = team.group_id is not None and team.name.live is not None
        now[team.key] = groups[team.group_id].members if live and team.group_id else ()
    return _Lists(
        now=now,
        places=_written_places(situation, decision),
        going=frozenset(team for team, _ in _deleted(rows)),
    )


def _written_places(situation: Situation, decision: Decision) -> dict[int, int | None]:
    """Places as far as they are to be written: staff in two groups are left in both."""
    return {
        person.id: decision.places[person.id]
        for person in situation.people
        if person.student or not person.also_in
    }


def _deleted(rows: tuple[Operation, ...]) -> Iterator[tuple[int, str]]:
    for row in rows:
        if row.op is Op.DELETE_GROUP and row.team is not None:
            yield row.team, row.before or ""


def _renames(rows: tuple[Operation, ...]) -> Iterator[Write]:
    for row in rows:
        if row.op is Op.RENAME_GROUP and row.team is not None and row.after is not None:
            yield RenameGroup(team=row.team, name=row.after)


def _import(
    situation: Situation, decision: Decision, creates: Mapping[int, str]
) -> ImportMembers | None:
    """All moves in one import, or None where that is not safe.

    The import passes over people who are no students now, and gives a group no automatic leader.
    It knows a group that it makes only by name, so those names must be the set's only ones.
    """
    reading = situation.reading
    if situation.section_limited or reading.auto_leader or reading.protected:
        return None
    moved = [
        (person.id, place)
        for person in situation.people
        if person.student
        and (place := decision.places[person.id]) is not None
        and place not in person.live_teams
    ]
    if not moved:
        return None
    return ImportMembers(
        places=tuple(moved), creates=_made_by_import(situation, decision, moved, creates)
    )


def _made_by_import(
    situation: Situation,
    decision: Decision,
    moved: list[tuple[int, int]],
    creates: Mapping[int, str],
) -> dict[int, str]:
    """The new teams that the import can make: all of them, or none.

    A file with a new group names all its groups by name, and each must mean one group only.
    """
    taken = [group.name for group in situation.reading.groups.values()]
    taken += [name for team, name in decision.names.items() if name and team in creates]
    goals = {team for _, team in moved}
    names = [decision.names[team] or "" for team in goals]
    plain = all(taken.count(name) == 1 and name == name.strip() for name in names)
    renamed = any(
        team.name.live != decision.names[team.key]
        for team in situation.teams
        if team.key not in creates
    )
    if not plain or renamed:
        return {}
    return {team: name for team, name in creates.items() if team in goals}


def _after_import(situation: Situation, lists: _Lists, one: ImportMembers) -> tuple[Write, ...]:
    """The membership writes that are left once the import has moved people."""
    moved = dict(one.places)
    now = {
        team: (
            *(user for user in users if user not in moved),
            *(user for user, place in one.places if place == team),
        )
        for team, users in lists.now.items()
    }
    return tuple(_membership_writes(situation, _Lists(now, lists.places, lists.going)))


def _warnings(situation: Situation, rows: tuple[Operation, ...]) -> Iterator[str]:
    reading = situation.reading
    touched = {row.user_id for row in rows if row.touches}
    added = {row.user_id for row in rows if row.op in (Op.ADD, Op.MOVE)}
    if touched:
        yield (
            f"Group work of this set was submitted or graded for {_people(touched)} whose place "
            "changes: it keeps the old group, and Canvas may recompute the submissions."
        )
    if situation.notices and added:
        yield f"Canvas may notify {_people(added)} of the new group."
    if reading.self_signup and rows:
        yield "Students can sign up by themselves in this set, so it may change at any time."
    if situation.section_limited and rows:
        yield "This token sees some sections only: people are moved one by one, not by whole lists."


def _people(ids: set[int | None]) -> str:
    return "1 person" if len(ids) == 1 else f"{len(ids)} people"
