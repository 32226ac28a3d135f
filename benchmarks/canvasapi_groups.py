"""What a user's script does to groups: `canvasapi`, one membership after another.

`python -m benchmarks.canvasapi_groups`, with what to do as JSON on stdin.
"""

import sys
import time
import warnings
from itertools import cycle

import msgspec
from canvasapi import Canvas  # type: ignore[import-untyped]

from benchmarks.moves import Move

PER_PAGE = 100


class NewSet(msgspec.Struct, frozen=True):
    """A set with so many groups, and so many people in each."""

    name: str
    groups: int
    in_each: int


class Wish(msgspec.Struct, frozen=True):
    """Where, and what to do there."""

    url: str
    token: str
    course_id: int
    do: NewSet | list[Move]


class Done(msgspec.Struct, frozen=True):
    """How long it took."""

    seconds: float


def make_set(canvas: Canvas, course_id: int, new: NewSet) -> float:
    """A set, its groups, then the people; who is in the course was read before."""
    course = canvas.get_course(course_id)
    listed = course.get_users(
        enrollment_type=["student"], enrollment_state=["active"], per_page=PER_PAGE
    )
    people = [one.id for one in listed][: new.groups * new.in_each]
    began = time.perf_counter()
    category = course.create_group_category(name=new.name, group_limit=max(2, new.in_each))
    groups = [category.create_group(name=f"Team {one + 1:03}") for one in range(new.groups)]
    for group, user in zip(cycle(groups), people, strict=False):
        group.create_membership(user)
    return time.perf_counter() - began


def move(canvas: Canvas, moves: list[Move]) -> float:
    """Everybody out first, because full groups take nobody; then everybody in."""
    groups = {id_: canvas.get_group(id_) for one in moves for id_ in (one.source, one.goal)}
    began = time.perf_counter()
    for one in moves:
        groups[one.source].remove_user(one.user)
    for one in moves:
        groups[one.goal].create_membership(one.user)
    return time.perf_counter() - began


def main() -> None:
    """Do it, and print the seconds."""
    # The library warns about plain HTTP, which is all that a server on this machine needs.
    warnings.filterwarnings("ignore", message="Canvas may respond unexpectedly")
    wish = msgspec.json.decode(sys.stdin.buffer.read(), type=Wish)
    canvas = Canvas(wish.url, wish.token)
    if isinstance(wish.do, NewSet):
        seconds = make_set(canvas, wish.course_id, wish.do)
    else:
        seconds = move(canvas, wish.do)
    print(msgspec.json.encode(Done(seconds)).decode())


if __name__ == "__main__":
    main()
