"""The differences between what Canvas has and what a decision works towards, one row each."""

from collections.abc import Iterator

from gradebench.canvas.push.deciding import Decision, leader_row, place_row, team_row
from gradebench.canvas.push.plan import Op, Operation
from gradebench.canvas.push.situation import Person, Situation, Team


class _Names:
    """Looks up what teams and people are called, and which groups teams have."""

    def __init__(self, situation: Situation) -> None:
        self._teams = {team.key: team for team in situation.teams}
        self._people = {person.id: person.name for person in situation.people}

    def team(self, key: int | None) -> str | None:
        return None if key is None else self._teams[key].label

    def group(self, key: int | None) -> int | None:
        return None if key is None else self._teams[key].group_id

    def person(self, user: int | None) -> str | None:
        return None if user is None else self._people.get(user)


def operations(situation: Situation, decision: Decision) -> tuple[Operation, ...]:
    """Every difference, teams first, then people, then leaders and the teams that go."""
    names = _Names(situation)
    teams = [row for team in situation.teams for row in _team_rows(team, decision)]
    return (
        *(row for row in teams if row.op is not Op.DELETE_GROUP),
        *(row for person in situation.people for row in _place_rows(person, decision, names)),
        *(row for team in situation.teams for row in _leader_rows(team, decision, names)),
        *(row for row in teams if row.op is Op.DELETE_GROUP),
    )


def _team_rows(team: Team, decision: Decision) -> Iterator[Operation]:
    before, after = team.name.live, decision.names[team.key]
    if before == after:
        return
    changed = Op.DELETE_GROUP if after is None else Op.RENAME_GROUP
    yield Operation(
        op=Op.CREATE_GROUP if before is None else changed,
        row=team_row(team.key),
        before=before,
        after=after,
        team=team.key,
        group_id=team.group_id,
    )


def _place_rows(person: Person, decision: Decision, names: _Names) -> Iterator[Operation]:
    target = decision.places[person.id]
    if target is None:
        for team in person.live_teams:
            yield _place_row(Op.REMOVE, person, team, None, names)
    elif target not in person.live_teams:
        op = Op.ADD if person.place.live is None else Op.MOVE
        yield _place_row(op, person, person.place.live, target, names)
    elif person.student:
        for team in person.live_teams:
            if team != target:  # in two groups of one set, which Canvas's own rule excludes
                yield _place_row(Op.MOVE, person, team, target, names)


def _place_row(
    op: Op, person: Person, source: int | None, target: int | None, names: _Names
) -> Operation:
    return Operation(
        op=op,
        row=place_row(person.id),
        before=names.team(source),
        after=names.team(target),
        user_id=person.id,
        user_name=person.name,
        from_team=source,
        from_group_id=names.group(source),
        to_team=target,
        to_group_id=names.group(target),
        touches="graded" if person.graded else "submitted" if person.submitted else None,
    )


def _leader_rows(team: Team, decision: Decision, names: _Names) -> Iterator[Operation]:
    if team.key not in decision.leaders:
        return
    leader = decision.leaders[team.key]
    yield Operation(
        op=Op.LEADER,
        row=leader_row(team.key),
        before=names.person(team.leader.live),
        after=names.person(leader),
        user_id=leader,
        user_name=names.person(leader),
        team=team.key,
        group_id=team.group_id,
    )
