"""Group sets for tests of planning, told with names: three answers in, situations out."""

from collections.abc import Mapping

from msgspec.structs import replace

from gradebench.canvas.push.reading import GroupReading, SetReading
from gradebench.canvas.push.situation import Answers, Person, Situation, Team
from gradebench.canvas.push.writes import (
    AddMember,
    CreateGroup,
    DeleteGroup,
    ImportMembers,
    RemoveMembers,
    RenameGroup,
    SetLeader,
    SetMembers,
    Write,
)

Places = Mapping[str, str | None]

FIRST_GROUP_ID = 1000
FIRST_PERSON_ID = 1


def situation(
    *,
    agreed: Places,
    wanted: Places,
    live: Places,
    teams: Mapping[str, tuple[str | None, str | None, str | None]] | None = None,
    leaders: Mapping[str, tuple[str | None, str | None, str | None]] | None = None,
    limit: int | None = None,
    self_signup: str | None = None,
    auto_leader: str | None = None,
    section_limited: bool = False,
    **people: Mapping[str, object],
) -> Situation:
    """A set in which people are somewhere by each of the three answers; absent is no team.

    `teams`: label -> (agreed, wanted, live) names where they are not all the label itself.
    """
    labels = sorted(
        {one for places in (agreed, wanted, live) for one in places.values() if one}
        | set(teams or {})
    )
    names = sorted(agreed.keys() | wanted.keys() | live.keys())
    key = {label: number for number, label in enumerate(labels, start=1)}
    user = {name: number for number, name in enumerate(names, start=FIRST_PERSON_ID)}

    def place(places: Places, name: str) -> int | None:
        label = places.get(name)
        return None if label is None else key[label]

    rows = []
    groups: dict[int, GroupReading] = {}
    for label in labels:
        named = (teams or {}).get(label, (label, label, label))
        led = [one and user[one] for one in (leaders or {}).get(label, (None, None, None))]
        rows.append(
            Team(
                key=key[label],
                group_id=FIRST_GROUP_ID + key[label] if named[2] else None,
                name=Answers(agreed=named[0], wanted=named[1], live=named[2]),
                leader=Answers(agreed=led[0], wanted=led[1], live=led[2]),
            )
        )
        if named[2]:
            members = tuple(sorted(user[one] for one in names if live.get(one) == label))
            groups[FIRST_GROUP_ID + key[label]] = GroupReading(
                name=named[2], members=members, leader=led[2], limit=limit
            )
    return Situation(
        reading=SetReading(
            category_id=1,
            name="Projects",
            limit=limit,
            self_signup=self_signup,
            auto_leader=auto_leader,
            groups=groups,
        ),
        teams=tuple(rows),
        people=tuple(
            replace(
                Person(
                    id=user[name],
                    name=name,
                    place=Answers(
                        agreed=place(agreed, name),
                        wanted=place(wanted, name),
                        live=place(live, name),
                    ),
                ),
                **people.get(name, {}),
            )
            for name in names
        ),
        section_limited=section_limited,
    )


def moved(before: Places, after: Places, **kwargs: object) -> Situation:
    """Both sides agree on `before`, and `after` is wanted."""
    return situation(agreed=before, wanted=after, live=before, **kwargs)  # type: ignore[arg-type]


class StrictCanvas:
    """What Canvas does with the writes, to the letter: whom it cannot take it skips in silence.

    Raises AssertionError where it would have skipped or refused, for a plan must never rely on that.
    """

    def __init__(self, planned_for: Situation) -> None:
        self.limit = planned_for.reading.limit
        self.restricted = planned_for.reading.self_signup == "restricted"
        self.sections = {one.id: set(one.sections) for one in planned_for.people}
        self.students = {one.id for one in planned_for.people if one.student}
        self.members = {
            team.key: set(planned_for.reading.groups[team.group_id].members)
            for team in planned_for.teams
            if team.group_id in planned_for.reading.groups
        }
        self.names = {team.key: team.name.live for team in planned_for.teams if team.name.live}
        self.leaders = {team.key: team.leader.live for team in planned_for.teams}
        self.nowhere_in_between = 0

    def do(self, write: Write) -> None:
        """Carry out one write."""
        before = {user for users in self.members.values() for user in users}
        match write:
            case CreateGroup(team=team, name=name):
                assert team not in self.members
                self.members[team], self.names[team] = set(), name
            case RenameGroup(team=team, name=name):
                self.names[team] = name
            case DeleteGroup(team=team):
                del self.members[team], self.names[team]
            case SetMembers(team=team, members=members):
                self.members[team] &= set(members)
                for user in sorted(set(members) - self.members[team]):
                    self._join(user, team)
            case AddMember(team=team, user=user):
                self._join(user, team)
            case RemoveMembers(team=team, users=users):
                assert set(users) <= self.members[team]
                self.members[team] -= set(users)
            case ImportMembers(places=places, creates=creates):
                self._import(places, creates)
            case SetLeader(team=team, user=user):
                assert user is None or user in self.members[team]
                self.leaders[team] = user
        after = {user for users in self.members.values() for user in users}
        self.nowhere_in_between += len(before - after)

    def _join(self, user: int, team: int) -> None:
        group = self.members[team]
        assert self.limit is None or len(group) < self.limit, "the group is full"
        if self.restricted:
            shared = set.intersection(*(self.sections[one] for one in group | {user}))
            assert shared, "no section in common"
        for users in self.members.values():
            users.discard(user)
        group.add(user)

    def _import(self, places: tuple[tuple[int, int], ...], creates: Mapping[int, str]) -> None:
        for team, name in creates.items():
            assert name not in self.names.values(), "the import would take another group"
            self.members[team], self.names[team] = set(), name
        for user, _team in places:
            assert user in self.students, "the import passes over people who are no students"
            for users in self.members.values():
                users.discard(user)
        for user, team in places:
            self.members[team].add(user)
