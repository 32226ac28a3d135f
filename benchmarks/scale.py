"""How much is measured: the worked example, and how often; tests take a tiny one."""

import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from gradebench.sandbox.launch import Sandbox

A = TypeVar("A")
B = TypeVar("B")


class Trouble(Exception):
    """Something that was to be measured did not do its work, so that its time means nothing."""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """The size of a run; without arguments the worked example on a Canvas 250 ms away.

    `long_rounds` is for what takes minutes a round. `students` and what follows None: as the world
    has it. `sample`: how much of the slow alternatives is done, the rest is scaled.
    """

    latency_ms: float = 250.0
    rounds: int = 3
    long_rounds: int = 1
    world: str = "course"
    students: int | None = None
    sections: int | None = None
    teams: int | None = None
    assignments: int | None = None
    moves: int = 30
    pages: int = 1000
    tries: int = 15
    sample_groups: int = 12
    sample_assignments: int = 1

    def canvas(self, *, far: bool = True) -> Sandbox:
        """Start a Canvas: far away with its throttle, or near without."""
        return Sandbox.start(
            world=self.world,
            students=self.students,
            sections=self.sections,
            teams=self.teams,
            assignments=self.assignments,
            latency_ms=self.latency_ms if far else 0.0,
            throttle=far,
        )

    @property
    def away(self) -> str:
        """The latency in words."""
        return f"{self.latency_ms:g} ms a request"


def alternate(
    ours: Callable[[int], A], theirs: Callable[[int], B], *, rounds: int, about: str
) -> tuple[list[A], list[B]]:
    """Measure A B A B …, so that whatever else the machine does meets both; each is told the round."""
    first: list[A] = []
    second: list[B] = []
    for number in range(1, rounds + 1):
        tell(f"{about}: round {number} of {rounds}, ours")
        first.append(ours(number))
        tell(f"{about}: round {number} of {rounds}, theirs")
        second.append(theirs(number))
    return first, second


def median(of: Iterable[A], what: Callable[[A], float]) -> float:
    """The median of one number of each measurement."""
    return float(statistics.median(what(one) for one in of))


def most(of: Sequence[A], what: Callable[[A], float]) -> float:
    """The largest: for counts that have a limit."""
    return float(max(what(one) for one in of))


def tell(sentence: str) -> None:
    """Say on stderr how far it is."""
    print(sentence, file=sys.stderr, flush=True)
