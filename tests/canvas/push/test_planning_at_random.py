"""Random sets: a plan is exactly the difference, and Canvas never has to skip anybody."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from gradebench.canvas.push.planning import plan
from gradebench.canvas.push.reading import differences
from gradebench.canvas.push.situation import Situation
from gradebench.canvas.push.writes import expected_after
from tests.canvas.push.sets import StrictCanvas, moved


def carried_out(where: Situation, *, import_from: int | None = 40) -> StrictCanvas:
    canvas = StrictCanvas(where)
    for write in plan(where, import_from=import_from).writes:
        canvas.do(write)
    return canvas


def assert_everybody_is_where_they_are_wanted(where: Situation, canvas: StrictCanvas) -> None:
    is_in = {user: team for team, users in canvas.members.items() for user in users}
    assert is_in == {
        person.id: person.place.wanted for person in where.people if person.place.wanted
    }


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_random_rearrangements_of_full_teams_need_no_silence(data):
    """Teams full to the last place, people exchanged at random, some put in, some taken out."""
    teams, size = data.draw(st.integers(2, 6)), data.draw(st.integers(1, 4))
    seats = [f"Team {team}" for team in range(teams) for _seat in range(size)]
    spare = data.draw(st.integers(0, 3))
    names = [f"Student {number:02}" for number in range(len(seats) + spare)]
    chance = random.Random(data.draw(st.integers(0, 2**32)))
    places = [*seats, *[None] * spare]
    before = dict(zip(names, chance.sample(places, len(places)), strict=True))
    after = dict(zip(names, chance.sample(places, len(places)), strict=True))
    limited = data.draw(st.booleans())
    where = moved(before, after, limit=size, section_limited=limited)
    canvas = carried_out(where, import_from=data.draw(st.sampled_from([None, 3])))
    assert_everybody_is_where_they_are_wanted(where, canvas)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_random_rearrangements_in_a_restricted_set(seed):
    """Every team keeps to one section, but half-way lists could mix them."""
    chance = random.Random(seed)
    section_of = {f"Team {number}": number % 2 for number in range(6)}

    def places() -> dict[str, str]:
        return {
            name: chance.choice([team for team, one in section_of.items() if one in sections])
            for name, sections in people.items()
        }

    people = {f"Student {n:02}": chance.choice([(0,), (1,), (0, 1)]) for n in range(18)}
    where = moved(
        places(),
        places(),
        self_signup="restricted",
        teams={team: (team,) * 3 for team in section_of},
        **{name: {"sections": sections} for name, sections in people.items()},
    )
    made = plan(where)
    canvas = carried_out(where)
    is_in = {user: team for team, users in canvas.members.items() for user in users}
    refused = {one.user_id for one in made.refused}
    for person in where.people:
        goal = person.place.live if person.id in refused else person.place.wanted
        assert is_in[person.id] == goal


def test_thirty_random_moves_with_swaps_between_full_teams_take_at_most_35_writes():
    for seed in range(40):
        chance = random.Random(seed)
        before = {f"Student {n:03}": f"Team {n // 5:03}" for n in range(600)}
        after = dict(before)
        for _swap in range(15):
            one, other = chance.sample(sorted(after), 2)
            after[one], after[other] = after[other], after[one]
        where = moved(before, after, limit=5)
        assert len(plan(where).writes) <= 35
        assert_everybody_is_where_they_are_wanted(where, carried_out(where))


def test_what_is_expected_after_each_write_is_what_strict_canvas_has():
    for seed in range(30):
        chance = random.Random(seed)
        before = {f"Student {n:02}": f"Team {n // 4}" for n in range(24)}
        after = dict(zip(before, chance.sample(list(before.values()), 24), strict=True))
        after.pop(chance.choice(sorted(after)))
        where = moved(before, after, limit=4)
        canvas, reading = StrictCanvas(where), where.reading
        ids = {team.key: team.group_id for team in where.teams if team.group_id}
        for write in plan(where, import_from=chance.choice([None, 5])).writes:
            canvas.do(write)
            reading = expected_after(reading, write, ids)
            members = {ids[team]: tuple(sorted(users)) for team, users in canvas.members.items()}
            assert members == {one: group.members for one, group in reading.groups.items()}


def test_planning_the_worked_example_is_quick_and_the_same_every_time():
    chance = random.Random(1)
    before = {f"Student {n:03}": f"Team {n // 5:03}" for n in range(600)}
    after = dict(zip(before, chance.sample(list(before.values()), 600), strict=True))
    where = moved(before, after, limit=5)
    assert plan(where) == plan(where)
    assert_everybody_is_where_they_are_wanted(where, carried_out(where, import_from=None))


def test_two_readings_that_are_equal_have_no_difference_and_one_fingerprint():
    where = moved({"Ada": "Red"}, {"Ada": "Blue"})
    same = moved({"Ada": "Red"}, {"Ada": "Red"}, teams={"Blue": ("Blue",) * 3})
    assert differences(where.reading, same.reading) == ()
    assert where.reading.fingerprint == same.reading.fingerprint
