"""The three answers to "where is this student?", and what follows from them.

*agreed*: where both sides last matched; *wanted*: what the instructor wants here; *live*: what Canvas
has. Whoever moved alone is followed; two different moves are a conflict that a person settles.
"""

from collections.abc import Hashable
from enum import Enum
from typing import TypeVar

Answer = TypeVar("Answer", bound=Hashable | None)


class Verdict(Enum):
    """What to do about one student in one set, or about one property of one team."""

    AGREED = "agreed"  # both sides say the same: note it
    FOLLOW = "follow"  # only Canvas moved: want what it has
    PUSH = "push"  # only we moved: Canvas is to have it
    CONFLICT = "conflict"  # both moved, to different places


def settle(*, agreed: Answer, wanted: Answer, live: Answer) -> Verdict:
    """Compare the three answers; the same change on both sides is no conflict."""
    if wanted == live:
        return Verdict.AGREED
    if wanted == agreed:
        return Verdict.FOLLOW
    if live == agreed:
        return Verdict.PUSH
    return Verdict.CONFLICT
