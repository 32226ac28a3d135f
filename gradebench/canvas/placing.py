"""Puts people into teams at random: seeded, even, within sections or across. Pure.

By number or by size, into empty or half-full teams; sizes differ by one at most where that is
possible, so that there is no tiny last team.
"""

import random
from collections.abc import Iterable, Sequence

import msgspec


class Candidate(msgspec.Struct, frozen=True):
    """Somebody who is to be placed, with the sections they are in."""

    id: int
    sections: tuple[int, ...] = ()


class Seats(msgspec.Struct, frozen=True, kw_only=True):
    """A team that can take people. `section`: that of its members, None where any will do."""

    team: int
    members: int = 0
    section: int | None = None
    limit: int | None = None


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """Who goes into which team; `left_over` found no room."""

    places: dict[int, int]
    left_over: tuple[int, ...] = ()


class CannotDivide(ValueError):
    """The people cannot be divided as wished; the text says why."""


def even_sizes(people: int, teams: int) -> list[int]:
    """Divide people into teams whose sizes differ by one at most, the larger ones first."""
    size, more = divmod(people, teams)
    return [size + 1] * more + [size] * (teams - more)


def teams_of_size(people: int, size: int, *, limit: int | None = None) -> int:
    """How many teams of about this size: as near as even teams come to it, never over the limit.

    26 people by 5: six teams of 5, 5, 4, 4, 4, 4. 21 by 5: four of 6, 5, 5, 5, and no team of one;
    five of 5, 4, 4, 4, 4 where the limit is 5.
    """
    if size < 1:
        raise CannotDivide("A team has at least one person.")
    most = max(1, people) if limit is None else limit
    fewer, more = max(1, people // size), max(1, -(-people // size), -(-people // most))
    fits = [teams for teams in (more, fewer) if -(-people // teams) <= most]
    return min(fits, key=lambda teams: _farthest(people, teams, size))


def _farthest(people: int, teams: int, size: int) -> tuple[int, int]:
    """How far the team that is farthest from the wished size is, and how many are that far."""
    away = [abs(one - size) for one in even_sizes(people, teams)]
    return max(away), away.count(max(away))


def new_teams(
    candidates: Sequence[Candidate],
    *,
    number: int | None = None,
    size: int | None = None,
    limit: int | None = None,
    within_sections: bool = False,
) -> list[int | None]:
    """How many new teams to make, by number or by size: the section of each, None for any.

    Raises CannotDivide.
    """
    if (number is None) == (size is None):
        raise CannotDivide("Say either how many teams, or how large.")
    if number is not None and number < 1:
        raise CannotDivide("At least one team is needed.")
    counts = _count_by_section(candidates) if within_sections else {None: len(candidates)}
    counts = {section: count for section, count in counts.items() if count}
    if number is not None:
        shares = _apportion(counts, number)
    else:
        shares = {
            section: teams_of_size(count, 1 if size is None else size, limit=limit)
            for section, count in counts.items()
        }
    return [section for section, share in shares.items() for _team in range(share)]


def _count_by_section(candidates: Iterable[Candidate]) -> dict[int | None, int]:
    counts: dict[int | None, int] = {}
    for one in candidates:
        section = min(one.sections, default=None)
        counts[section] = counts.get(section, 0) + 1
    return counts


def _apportion(counts: dict[int | None, int], number: int) -> dict[int | None, int]:
    """Give each section one team, and every further one where teams would be largest."""
    if number < len(counts):
        raise CannotDivide(f"{len(counts)} sections need at least {len(counts)} teams.")
    shares = dict.fromkeys(counts, 1)
    for _team in range(number - len(counts)):
        crowded = max(counts, key=lambda section: counts[section] / shares[section])
        shares[crowded] += 1
    return shares


def assign(
    candidates: Sequence[Candidate],
    seats: Sequence[Seats],
    *,
    seed: int,
    within_sections: bool = False,
) -> Assignment:
    """Fill the teams evenly, the emptiest first, in an order drawn with the seed.

    Within sections, people come only into teams of a section of theirs; empty teams without one are
    shared out to the sections that need them most.
    """
    chance = random.Random(seed)  # noqa: S311  (to be repeated, not to be secret)
    order = sorted(candidates, key=lambda one: one.id)
    chance.shuffle(order)
    if within_sections:
        seats = _with_sections(order, seats)
        # Who can go to one section only goes first, so that the others leave them room.
        order.sort(key=lambda one: len(one.sections))
    filled = {one.team: one.members for one in seats}
    places: dict[int, int] = {}
    for person in order:
        open_ = [one for one in seats if _takes(one, filled[one.team], person, within_sections)]
        if open_:
            least = min(filled[one.team] for one in open_)
            goal = chance.choice([one.team for one in open_ if filled[one.team] == least])
            places[person.id] = goal
            filled[goal] += 1
    left_over = tuple(one.id for one in order if one.id not in places)
    return Assignment(places=places, left_over=left_over)


def _takes(seats: Seats, filled: int, person: Candidate, within_sections: bool) -> bool:  # noqa: FBT001
    if seats.limit is not None and filled >= seats.limit:
        return False
    if not within_sections:
        return True
    return seats.section in person.sections or (seats.section is None and not person.sections)


def _with_sections(candidates: Sequence[Candidate], seats: Sequence[Seats]) -> list[Seats]:
    waiting = _count_by_section(candidates)
    waiting.pop(None, None)
    have = dict.fromkeys(waiting, 0)
    for one in seats:
        if one.section in have:
            have[one.section] += 1
    given: list[Seats] = []
    for one in seats:
        section = one.section
        if section is None and not one.members and waiting:
            section = max(waiting, key=lambda each: waiting[each] / (have[each] + 0.5))
            have[section] += 1
        given.append(msgspec.structs.replace(one, section=section))
    return given
