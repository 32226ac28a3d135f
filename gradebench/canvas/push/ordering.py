"""Which writes carry the moves to Canvas, and in which order.

What is used here of Canvas: a group's whole list in one PUT drops who is not in it and moves the
newcomers out of the other groups of the set; somebody over the limit, or who shares no section in a
restricted set, is left out in silence. So a group's list is sent when the group can take it; the
group that a person leaves needs no write of its own, and nobody is without a group in between,
unless full groups exchange people in a ring: then one of them lets its leaver go first.
"""

from collections.abc import Iterator, Mapping, Sequence

from gradebench.canvas.push.fitting import Room
from gradebench.canvas.push.writes import AddMember, RemoveMembers, SetMembers, Write


class Groups:
    """Who is in which team now, and where everybody is to be, while writes are lined up."""

    def __init__(
        self,
        now: Mapping[int, Sequence[int]],
        places: Mapping[int, int | None],
        room: Room,
    ) -> None:
        self.now = {team: set(users) for team, users in now.items()}
        self.places = places
        self.room = room
        self.newcomers: dict[int, set[int]] = {}
        for user, place in places.items():
            if place is not None and user not in self.now[place]:
                self.newcomers.setdefault(place, set()).add(user)

    def stays(self, user: int, team: int) -> bool:
        """Whether the team is the person's place; who has none is left wherever they are."""
        return self.places.get(user, team) == team

    def waiting(self, team: int) -> set[int]:
        """Those in the team whom a later write of another group takes out."""
        return {u for u in self.now[team] if not self.stays(u, team) and self._is_pending(u)}

    def leaving(self, team: int) -> set[int]:
        """Those in the team who are to be in no team, or are already in another one too."""
        return {u for u in self.now[team] if not self.stays(u, team) and not self._is_pending(u)}

    def goals(self) -> list[int]:
        """The teams that still wait for newcomers."""
        return sorted(self.newcomers)

    def put(self, team: int, members: set[int]) -> None:
        """What Canvas does when it gets the whole list."""
        arriving = members - self.now[team]
        for users in self.now.values():
            users -= arriving
        self.now[team] = set(members)
        left = self.newcomers.pop(team, set()) - members
        if left:
            self.newcomers[team] = left

    def _is_pending(self, user: int) -> bool:
        place = self.places.get(user)
        return place is not None and user in self.newcomers.get(place, ())


def membership_writes(
    now: Mapping[int, Sequence[int]],
    places: Mapping[int, int | None],
    room: Room,
    *,
    whole_lists: bool,
    going: frozenset[int] = frozenset(),
) -> Iterator[Write]:
    """Line up the writes that bring everybody to their place.

    `now`: team -> members. Members without an entry in `places` stay. `whole_lists`: False for a view
    that is limited to some sections, whose lists would throw out those whom it does not show.
    `going`: teams whose groups are deleted afterwards, and so need not be emptied.
    """
    groups = Groups(now, places, room)
    while groups.newcomers:
        yield _next_whole(groups) if whole_lists else _next_single(groups)
    for team in sorted(groups.now):
        leaving = groups.leaving(team)
        if leaving and team not in going:
            yield RemoveMembers(team=team, users=tuple(sorted(leaving)))


def _next_whole(groups: Groups) -> Write:
    """The next group that can take its newcomers and keep its leavers until they are fetched.

    Where full groups wait for each other, the one that has to let the fewest go begins.
    """
    lists = {team: _whole_list(groups, team) for team in groups.goals()}
    team = min(lists, key=lambda team: (len(groups.waiting(team) - lists[team]), team))
    members, newcomers = lists[team], set(groups.newcomers[team])
    single = members == groups.now[team] | newcomers and len(newcomers) == 1
    groups.put(team, members)
    if single:
        return AddMember(team=team, user=newcomers.pop())
    return SetMembers(team=team, members=tuple(sorted(members)))


def _whole_list(groups: Groups, team: int) -> set[int]:
    """The group's members as they are to be, and those of its leavers who can stay meanwhile."""
    members = {u for u in groups.now[team] if groups.stays(u, team)} | groups.newcomers[team]
    for user in sorted(groups.waiting(team)):
        if groups.room.fits(team, members | {user}):
            members.add(user)
    return members


def _next_single(groups: Groups) -> Write:
    """One person at a time: whoever fits now, or else one leaver of a full group makes room."""
    for team in groups.goals():
        for user in sorted(groups.newcomers[team]):
            if groups.room.fits(team, groups.now[team] | {user}):
                groups.put(team, groups.now[team] | {user})
                return AddMember(team=team, user=user)
    return _make_room(groups)


def _make_room(groups: Groups) -> Write:
    for team in groups.goals():
        leavers = groups.leaving(team) or set(sorted(groups.waiting(team))[:1])
        if leavers:
            groups.now[team] -= leavers
            return RemoveMembers(team=team, users=tuple(sorted(leavers)))
    raise AssertionError("somebody was to be placed who fits nowhere")
