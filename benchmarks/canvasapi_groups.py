"""What a user's script does to groups: `canvasapi`, one membership after another.

`python -m benchmarks.canvasapi_groups`, with what to do as JSON on stdin.
"""

import sys
import time
import warnings
from itertools import cycle

import msgspec
from canvasapi import Canvas

from benchmarks.moves import Move

PER_PAGE = 100


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """Either moves, or a new set with so many groups and so many people in each."""

    url: str
    token: str
    course_id: int
    moves: list[Move] = []
    set_name: str = ""
    groups: int = 0
    in_each: int = 0


class Done(msgspec.Struct, frozen=True):
    """How long it took."""

    seconds: float


def make_groups(canvas: Canvas, wish: Wish) -> float:
    """A set, its groups, then the people; who is in the course was read before."""
    course = canvas.get_course(wish.course_id)
    listed = course.get_users(
        enrollment_type=["student"], enrollment_state=["active"], per_page=PER_PAGE
    )
    people = [one.id for one in listed][: wish.groups * wish.in_each]
    began = time.perf_counter()
    category = course.create_group_category(name=wish.set_name, group_limit=max(2, wish.in_each))
    groups = [category.create_group(name=f"Team {one + 1:03}") for one in range(wish.groups)]
    for group, user in zip(cycle(groups), people, strict=False):
        group.create_membership(user)
    return time.perf_counter() - began


def move(canvas: Canvas, wish: Wish) -> float:
    """Everybody out first, because full groups take nobody; then everybody in."""
    groups = {id_: canvas.get_group(id_) for one in wish.moves for id_ in (one.source, one.goal)}
    began = time.perf_counter()
    for one in wish.moves:
        groups[one.source].remove_user(one.user)
    for one in wish.moves:
        groups[one.goal].create_membership(one.user)
    return time.perf_counter() - began


def main() -> None:
    """Do it, and print the seconds."""
    warnings.filterwarnings("ignore", message="Canvas may respond unexpectedly")
    wish = msgspec.json.decode(sys.stdin.buffer.read(), type=Wish)
    canvas = Canvas(wish.url, wish.token)
    seconds = move(canvas, wish) if wish.moves else make_groups(canvas, wish)
    print(msgspec.json.encode(Done(seconds)).decode())


if __name__ == "__main__":
    main()
