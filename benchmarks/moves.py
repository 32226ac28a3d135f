"""Who is in which group of a set, and random moves between groups."""

import random
from collections.abc import Sequence

import msgspec

from gradebench.sandbox.launch import Sandbox

# The set of the sandbox's courses in which everybody has a place, and every group is full.
MAIN_SET = "Project Teams"


class Move(msgspec.Struct, frozen=True):
    """One person from one group of a set to another; Canvas's ids."""

    user: int
    source: int
    goal: int


class Named(msgspec.Struct, frozen=True):
    """A set or a group of the sandbox's truth."""

    id: int
    name: str
    group_category_id: int | None = None


class Place(msgspec.Struct, frozen=True):
    """A membership of the sandbox's truth."""

    user_id: int
    group_id: int


class Truth(msgspec.Struct, frozen=True):
    """The part of the sandbox's truth that is about groups."""

    group_categories: list[Named]
    groups: list[Named]
    memberships: list[Place]


def places_in(canvas: Sandbox, set_name: str) -> dict[int, int]:
    """The group of everybody who has one in the set, as Canvas has it: user → group."""
    truth = msgspec.convert(canvas.truth(submissions=False), type=Truth)
    [one] = [one.id for one in truth.group_categories if one.name == set_name]
    groups = {group.id for group in truth.groups if group.group_category_id == one}
    return {row.user_id: row.group_id for row in truth.memberships if row.group_id in groups}


def swaps(places: dict[int, int], count: int, *, seed: int) -> list[Move]:
    """Moves of this many people, two by two in each other's place, so that full groups stay full.

    Nobody moves twice. An odd `count` is rounded down.
    """
    chance = random.Random(seed)
    waiting = sorted(places)
    chance.shuffle(waiting)
    moves: list[Move] = []
    while waiting and len(moves) + 2 <= count:
        one = waiting.pop()
        other = next((user for user in waiting if places[user] != places[one]), None)
        if other is not None:
            waiting.remove(other)
            moves += [
                Move(one, places[one], places[other]),
                Move(other, places[other], places[one]),
            ]
    return moves


def after(places: dict[int, int], moves: Sequence[Move]) -> dict[int, int]:
    """The places when the moves are made."""
    return places | {one.user: one.goal for one in moves}
