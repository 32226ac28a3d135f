"""Random teams: seeded, even, within sections or across, no tiny last team."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradebench.canvas.placing import (
    Candidate,
    CannotDivide,
    Seats,
    assign,
    even_sizes,
    new_teams,
    teams_of_size,
)


def people(count: int, *sections: int) -> list[Candidate]:
    return [Candidate(n, (sections[n % len(sections)],) if sections else ()) for n in range(count)]


@given(st.integers(0, 700), st.integers(1, 150))
def test_sizes_differ_by_one_at_most(count, teams):
    sizes = even_sizes(count, teams)
    assert sum(sizes) == count
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize(
    ("count", "size", "limit", "teams"),
    [
        (600, 5, 5, 120),
        (26, 5, None, 5),
        (21, 5, None, 4),
        (21, 5, 5, 5),
        (24, 5, None, 5),
        (3, 5, None, 1),
    ],
)
def test_teams_by_size_leave_no_tiny_last_team(count, size, limit, teams):
    assert teams_of_size(count, size, limit=limit) == teams


@given(st.integers(1, 300), st.integers(2, 12))
def test_by_size_no_team_is_over_the_limit(count, size):
    assert max(even_sizes(count, teams_of_size(count, size, limit=size))) <= size


def test_the_same_seed_gives_the_same_teams_and_another_seed_others():
    seats = [Seats(team=n) for n in range(6)]
    first = assign(people(30), seats, seed=7)
    assert assign(list(reversed(people(30))), seats, seed=7) == first
    assert assign(people(30), seats, seed=8) != first


@given(st.integers(0, 60), st.lists(st.integers(0, 6), min_size=1, max_size=8), st.integers())
def test_half_full_teams_are_filled_evenly(count, members, seed):
    seats = [Seats(team=n, members=already) for n, already in enumerate(members)]
    made = assign(people(count), seats, seed=seed)
    sizes = {one.team: one.members for one in seats}
    for team in made.places.values():
        sizes[team] += 1
    grown = [sizes[one.team] for one in seats if sizes[one.team] > one.members]
    assert len(made.places) == count
    assert not grown or max(grown) - min(sizes.values()) <= 1


def test_limits_are_kept_and_who_found_no_room_is_named():
    made = assign(people(7), [Seats(team=1, limit=3), Seats(team=2, members=2, limit=4)], seed=1)
    assert sorted(made.places.values()) == [1, 1, 1, 2, 2]
    assert len(made.left_over) == 2


def test_within_sections_nobody_meets_another_section():
    candidates = people(40, 1, 2)
    teams = new_teams(candidates, size=5, within_sections=True)
    seats = [Seats(team=n, section=section) for n, section in enumerate(teams)]
    made = assign(candidates, seats, seed=3, within_sections=True)
    assert teams.count(1) == teams.count(2) == 4
    assert all(seats[made.places[one.id]].section in one.sections for one in candidates)


def test_empty_teams_are_shared_out_to_the_sections_that_need_them():
    candidates = [*people(30, 1), *[Candidate(100 + n, (2,)) for n in range(10)]]
    made = assign(candidates, [Seats(team=n) for n in range(4)], seed=1, within_sections=True)
    assert made.left_over == ()
    teams_of = {section: set() for section in (1, 2)}
    for one in candidates:
        teams_of[one.sections[0]].add(made.places[one.id])
    assert (len(teams_of[1]), len(teams_of[2])) == (3, 1)


def test_by_number_the_teams_go_where_they_would_be_largest():
    candidates = [*people(30, 1), *[Candidate(100 + n, (2,)) for n in range(10)]]
    assert new_teams(candidates, number=8, within_sections=True) == [1] * 6 + [2] * 2
    assert new_teams(candidates, number=3) == [None] * 3


def test_wishes_that_contradict_are_refused_with_a_reason():
    with pytest.raises(CannotDivide, match="2 sections need at least 2 teams"):
        new_teams(people(10, 1, 2), number=1, within_sections=True)
    with pytest.raises(CannotDivide, match="either"):
        new_teams(people(10), number=2, size=5)
    with pytest.raises(CannotDivide, match="at least one person"):
        new_teams(people(10), size=0)
