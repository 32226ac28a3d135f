"""Groups and who is in them."""

from collections.abc import Sequence

from msgspec import UNSET, UnsetType

from gradebench.canvas.api.calls import Call, Json, Listing, asked, given
from gradebench.canvas.api.payloads import Done, Group, Membership, RemovedMembers, User


def list_course_groups(
    course_id: int, *, include: Sequence[str] = (), collaboration_state: str = "collaborative"
) -> Listing[Group]:
    """https://canvas.instructure.com/doc/api/groups.html#method.groups.context_index

    Groups of all sets, student groups too. `include=("users",)` adds members without their
    membership ids, at most 1000 a group.
    """
    query = asked(include=include, collaboration_state=collaboration_state)
    return Listing(f"courses/{course_id}/groups", Group, query=query)


def get_group(group_id: int, *, include: Sequence[str] = ()) -> Call[Group]:
    """https://canvas.instructure.com/doc/api/groups.html#method.groups.show"""
    return Call("GET", f"groups/{group_id}", Group, query=asked(include=include))


def list_group_users(group_id: int, *, include: Sequence[str] = ()) -> Listing[User]:
    """https://canvas.instructure.com/doc/api/groups.html#method.groups.users

    Concluded and inactive members too.
    """
    return Listing(f"groups/{group_id}/users", User, query=asked(include=include))


def list_memberships(group_id: int, *, states: Sequence[str] = ()) -> Listing[Membership]:
    """https://canvas.instructure.com/doc/api/groups.html#method.group_memberships.index

    `states` of accepted, invited, requested.
    """
    query = asked(filter_states=states)
    return Listing(f"groups/{group_id}/memberships", Membership, query=query)


def create_group(
    category_id: int,
    *,
    name: str,
    description: str | UnsetType = UNSET,
    max_membership: int | UnsetType | None = UNSET,
) -> Call[Group]:
    """https://canvas.instructure.com/doc/api/groups.html#method.groups.create

    Always empty: Canvas takes no members here. Names need not be unique in a set. A new group
    takes the set's limit.
    """
    body = given(name=name, description=description, max_membership=max_membership)
    return Call("POST", f"group_categories/{category_id}/groups", Group, body=body)


def update_group(
    group_id: int,
    *,
    name: str | UnsetType = UNSET,
    description: str | UnsetType | None = UNSET,
    max_membership: int | UnsetType | None = UNSET,
    members: Sequence[int] | UnsetType = UNSET,
    leader_id: int | UnsetType | None = UNSET,
) -> Call[Group]:
    """https://canvas.instructure.com/doc/api/groups.html#method.groups.update

    `members` replaces everybody in the group, moves people out of the set's other groups, and
    skips silently whom it cannot take: compare the answer's `users`. A 400 for a bad name does
    not mean that the members stayed. `leader_id` None clears the leader.
    """
    body = given(name=name, description=description, max_membership=max_membership, members=members)
    return Call("PUT", f"groups/{group_id}", Group, body=body | _leader(leader_id))


def delete_group(group_id: int) -> Call[Group]:
    """https://canvas.instructure.com/doc/api/groups.html#method.groups.destroy"""
    return Call("DELETE", f"groups/{group_id}", Group)


def add_group_member(group_id: int, user_id: int) -> Call[Membership]:
    """https://canvas.instructure.com/doc/api/groups.html#method.group_memberships.create

    Moves a member of another group of the set. `just_created` is False for who was there already.
    The test student is not permitted; a full group is Invalid about `group_id`.
    """
    body = {"user_id": user_id}
    return Call("POST", f"groups/{group_id}/memberships", Membership, body=body)


def remove_group_member(group_id: int, user_id: int) -> Call[Done]:
    """https://canvas.instructure.com/doc/api/groups.html#method.group_memberships.destroy

    404 for somebody who is no member.
    """
    return Call("DELETE", f"groups/{group_id}/users/{user_id}", Done)


def remove_group_members(group_id: int, user_ids: Sequence[int]) -> Call[RemovedMembers]:
    """https://canvas.instructure.com/doc/api/groups.html

    DELETE /api/v1/groups/:id/users. Who is no member is in neither list of the answer.
    """
    return Call(
        "DELETE", f"groups/{group_id}/users", RemovedMembers, query=asked(user_ids=user_ids)
    )


def get_membership(group_id: int, user_id: int) -> Call[Membership]:
    """https://canvas.instructure.com/doc/api/groups.html#method.group_memberships.show

    404 for somebody who is no member.
    """
    return Call("GET", f"groups/{group_id}/users/{user_id}", Membership)


def update_membership(group_id: int, user_id: int, *, moderator: bool) -> Call[Membership]:
    """https://canvas.instructure.com/doc/api/groups.html#method.group_memberships.update"""
    body = {"moderator": moderator}
    return Call("PUT", f"groups/{group_id}/users/{user_id}", Membership, body=body)


def _leader(leader_id: int | UnsetType | None) -> dict[str, Json]:
    if isinstance(leader_id, UnsetType):
        return {}
    return {"leader": {"id": "" if leader_id is None else leader_id}}
