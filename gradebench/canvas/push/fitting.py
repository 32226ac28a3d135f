"""Which wanted changes Canvas would not take, found before anything is sent.

Canvas skips such people silently and answers 200; here each stays where Canvas has them, with the
reason named. Who stays may fill a team that others were to enter, so this goes on until all fits.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass

from gradebench.canvas.push.deciding import Choices, Decision, place_row, team_row
from gradebench.canvas.push.plan import Refused
from gradebench.canvas.push.situation import Person, Situation, Team


@dataclass(frozen=True)
class Room:
    """What a group of the set can hold: how many people, and whether they must share a section."""

    limits: dict[int, int | None]
    sections: dict[int, frozenset[int]]
    restricted: bool

    def limit(self, team: int) -> int | None:
        """The most members of the team's group, or None."""
        return self.limits.get(team)

    def share_a_section(self, users: Set[int]) -> bool:
        """Whether some section has them all; asked only of sets that demand it."""
        if not self.restricted or not users:
            return True
        return bool(frozenset.intersection(*(self.sections[user] for user in users)))

    def fits(self, team: int, users: Set[int]) -> bool:
        """Whether the team's group can hold exactly these people."""
        limit = self.limit(team)
        return (limit is None or len(users) <= limit) and self.share_a_section(users)


def room_in(situation: Situation) -> Room:
    """Read the limits and sections out of the situation."""
    whole_set = situation.reading.limit
    return Room(
        limits={
            team.key: whole_set if team.limit is None else team.limit for team in situation.teams
        },
        sections={person.id: frozenset(person.sections) for person in situation.people},
        restricted=situation.reading.self_signup == "restricted",
    )


def fit(situation: Situation, choices: Choices, decision: Decision) -> None:
    """Take out of the decision what Canvas would refuse; each is named in `decision.refused`."""
    room = room_in(situation)
    people = {person.id: person for person in situation.people}
    while refused := list(_refused(decision, people, room)):
        for person, refusal in refused:
            decision.places[person.id] = person.place.live
            decision.pushed.discard(person.id)
            decision.refused.append(refusal)
    _keep_teams_that_people_stay_in(situation, decision, people)
    if situation.section_limited:
        _keep_teams_not_seen_whole(situation, decision)


def _refused(
    decision: Decision, people: dict[int, Person], room: Room
) -> Iterator[tuple[Person, Refused]]:
    arrivals: dict[int, list[Person]] = {}
    for user in decision.pushed:
        place = decision.places[user]
        if place is not None and place not in people[user].live_teams:
            arrivals.setdefault(place, []).append(people[user])
    for team, newcomers in arrivals.items():
        held = decision.members(team) - {person.id for person in newcomers}
        for person in sorted(newcomers, key=lambda person: (person.name, person.id)):
            reason = _reason(team, person, held, decision, room)
            if reason is None:
                held.add(person.id)
            else:
                yield person, _refusal(person, team, reason)


def _refusal(person: Person, team: int, reason: str) -> Refused:
    return Refused(
        row=place_row(person.id),
        reason=reason,
        user_id=person.id,
        user_name=person.name,
        team=team,
    )


def _reason(
    team: int, person: Person, held: set[int], decision: Decision, room: Room
) -> str | None:
    name, limit = decision.names.get(team), room.limit(team)
    if name is None:
        return f"{person.name} cannot be placed: the team is not in this plan, or is not settled."
    if not person.enrolled:
        return f"{person.name} is not in the course any more."
    if limit is not None and len(held) >= limit:
        return f"{person.name} cannot be placed: “{name}” is full (limit {limit})."
    if not room.share_a_section(held | {person.id}):
        return f"{person.name} shares no section with the others of “{name}”, as the set demands."
    return None


def _keep_teams_that_people_stay_in(
    situation: Situation, decision: Decision, people: dict[int, Person]
) -> None:
    """A group is not deleted under someone whose place is elsewhere in the plan's own words."""
    for team in situation.teams:
        staying = decision.members(team.key)
        if decision.names[team.key] is None and staying:
            names = ", ".join(sorted(people[user].name for user in staying))
            reason = f"“{team.label}” cannot be deleted while {names} stays in it."
            _keep(team, reason, situation, decision)


def _keep_teams_not_seen_whole(situation: Situation, decision: Decision) -> None:
    for team in situation.teams:
        if decision.names[team.key] is None and team.name.live is not None:
            reason = f"“{team.label}” may hold people of sections that this token does not see."
            _keep(team, reason, situation, decision)


def _keep(team: Team, reason: str, situation: Situation, decision: Decision) -> None:
    """Keep the group, and in it those who were only to go because it went."""
    decision.names[team.key] = team.name.live
    for person in situation.people:
        if person.place.live == team.key and person.place.wanted in (None, team.key):
            decision.places[person.id] = team.key
            decision.pushed.discard(person.id)
    decision.refused.append(Refused(row=team_row(team.key), reason=reason, team=team.key))
