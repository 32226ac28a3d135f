"""The HTTP writes that a plan takes, as values, and what each makes of a reading.

Teams are named by key: the group of a team that is created on the way has no id before.
"""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import msgspec
from msgspec.structs import replace

from gradebench.canvas.push.reading import GroupReading, SetReading


class _Write(msgspec.Struct, frozen=True, kw_only=True, tag_field="write"):
    """What all writes have: nothing but being one."""


class CreateGroup(_Write, frozen=True, kw_only=True, tag="create_group"):
    """POST /group_categories/:id/groups"""

    team: int
    name: str


class RenameGroup(_Write, frozen=True, kw_only=True, tag="rename_group"):
    """PUT /groups/:id with a name alone; members are left as they are."""

    team: int
    name: str


class DeleteGroup(_Write, frozen=True, kw_only=True, tag="delete_group"):
    """DELETE /groups/:id; whoever is still in it is in no group then."""

    team: int
    name: str


class SetMembers(_Write, frozen=True, kw_only=True, tag="set_members"):
    """PUT /groups/:id members[]: the whole list; people of other groups of the set are moved."""

    team: int
    members: tuple[int, ...]


class AddMember(_Write, frozen=True, kw_only=True, tag="add_member"):
    """POST /groups/:id/memberships: one person, moved out of another group of the set."""

    team: int
    user: int


class RemoveMembers(_Write, frozen=True, kw_only=True, tag="remove_members"):
    """DELETE /groups/:id/users: these people and no others."""

    team: int
    users: tuple[int, ...]


class ImportMembers(_Write, frozen=True, kw_only=True, tag="import_members"):
    """POST /group_categories/:id/import: many people in one write, carried out by a job.

    `places` holds (person, team). `creates` maps the teams whose groups the import makes to names.
    """

    places: tuple[tuple[int, int], ...]
    creates: Mapping[int, str] = {}


class SetLeader(_Write, frozen=True, kw_only=True, tag="set_leader"):
    """PUT /groups/:id leader; None: nobody leads."""

    team: int
    user: int | None


Write: TypeAlias = (
    CreateGroup
    | RenameGroup
    | DeleteGroup
    | SetMembers
    | AddMember
    | RemoveMembers
    | ImportMembers
    | SetLeader
)

GroupIds: TypeAlias = Mapping[int, int]
"""Team key -> Canvas id of its group."""


def teams_of(write: Write) -> tuple[int, ...]:
    """The teams whose groups the write needs to exist."""
    if isinstance(write, ImportMembers):
        needed = {team for _, team in write.places} - set(write.creates)
        return tuple(sorted(needed))
    return () if isinstance(write, CreateGroup) else (write.team,)


def expected_after(reading: SetReading, write: Write, ids: GroupIds) -> SetReading:
    """What Canvas has once the write is done, if nobody else changes anything.

    `ids` must know the groups that a create or an import made. Leaders whom Canvas picks by
    itself are not foreseen.
    """
    groups = dict(reading.groups)
    match write:
        case CreateGroup(team=team, name=name):
            groups[ids[team]] = GroupReading(name=name, limit=reading.limit)
        case RenameGroup(team=team, name=name):
            groups[ids[team]] = replace(groups[ids[team]], name=name)
        case DeleteGroup(team=team):
            del groups[ids[team]]
        case SetMembers(team=team, members=members):
            arriving = set(members) - set(groups[ids[team]].members)
            _take_out(groups, arriving)
            groups[ids[team]] = _with_members(groups[ids[team]], members)
        case AddMember(team=team, user=user):
            target = groups[ids[team]]
            if user not in target.members:
                _take_out(groups, {user})
            groups[ids[team]] = _with_members(target, {*target.members, user})
        case RemoveMembers(team=team, users=users):
            target = groups[ids[team]]
            groups[ids[team]] = _with_members(target, set(target.members) - set(users))
        case ImportMembers(places=places, creates=creates):
            _import(groups, places, creates, ids, limit=reading.limit)
        case SetLeader(team=team, user=user):
            groups[ids[team]] = replace(groups[ids[team]], leader=user)
    return replace(reading, groups=groups)


def _take_out(groups: dict[int, GroupReading], users: set[int]) -> None:
    for id_, group in groups.items():
        if not users.isdisjoint(group.members):
            groups[id_] = _with_members(group, set(group.members) - users)


def _with_members(group: GroupReading, members: Iterable[int]) -> GroupReading:
    kept = tuple(sorted(set(members)))
    leader = group.leader if group.leader in kept else None
    return replace(group, members=kept, leader=leader)


def _import(
    groups: dict[int, GroupReading],
    places: Iterable[tuple[int, int]],
    creates: Mapping[int, str],
    ids: GroupIds,
    *,
    limit: int | None,
) -> None:
    for team, name in creates.items():
        groups.setdefault(ids[team], GroupReading(name=name, limit=limit))
    newcomers: dict[int, set[int]] = {}
    for user, team in places:
        newcomers.setdefault(ids[team], set()).add(user)
    _take_out(groups, {user for user, _ in places})
    for id_, users in newcomers.items():
        groups[id_] = _with_members(groups[id_], {*groups[id_].members, *users})
