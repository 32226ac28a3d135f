"""What is known about one group set before anything is decided: plain values, no database.

Teams are known by their own number (`key`), because a team that is wanted may have no group in
Canvas yet. People are known by Canvas's id. For every question there are three answers: see
`gradebench.canvas.compare`.
"""

from typing import Generic, TypeVar

import msgspec

from gradebench.canvas.push.reading import SetReading

T = TypeVar("T")


class Answers(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """Agreed: when both sides last matched. Wanted: here. Live: in Canvas, as last read."""

    agreed: T
    wanted: T
    live: T


class Team(msgspec.Struct, frozen=True, kw_only=True):
    """One team of the set. A name of None: the team is not there (not agreed, not wanted, not live).

    `leader` holds Canvas ids of people. `group_id` is None while Canvas has no group for it.
    """

    key: int
    group_id: int | None
    name: Answers[str | None]
    leader: Answers[int | None] = Answers(agreed=None, wanted=None, live=None)
    limit: int | None = None

    @property
    def label(self) -> str:
        """The name a person knows it by, whoever gave it."""
        return self.name.wanted or self.name.live or self.name.agreed or f"Team {self.key}"


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Someone who is, was or is to be in a team of the set.

    `place` holds team keys. `also_in`: further groups of the set that Canvas has the person in,
    which it should not but can. `student`: takes part in the course now (active or invited, not the
    test student); `enrolled`: has any enrollment left, without which Canvas ignores the person.
    """

    id: int
    name: str
    place: Answers[int | None]
    also_in: tuple[int, ...] = ()
    sections: tuple[int, ...] = ()
    student: bool = True
    enrolled: bool = True
    submitted: bool = False
    graded: bool = False

    @property
    def live_teams(self) -> tuple[int, ...]:
        """Every team of the set in which Canvas has the person."""
        first = () if self.place.live is None else (self.place.live,)
        return first + self.also_in


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a plan for one group set is made from.

    `reading` is what Canvas answered; the live answers of teams and people come from it.
    `section_limited`: the token's owner sees only their own sections, so lists are not whole.
    `notices`: the course is published and running, so Canvas may notify people it adds.
    """

    reading: SetReading
    teams: tuple[Team, ...]
    people: tuple[Person, ...]
    section_limited: bool = False
    notices: bool = False
