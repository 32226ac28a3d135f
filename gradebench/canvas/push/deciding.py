"""Where each team and person of a set is to end, by the three answers; nothing is written here.

A team and its people hang together: a team that is to go cannot go under someone who joined it in
Canvas unseen, and a team that Canvas lost cannot take the people who were put into it here. Such
meetings are conflicts of the team, which a person settles.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from gradebench.canvas.compare import Verdict, settle
from gradebench.canvas.push.plan import Conflict, Followed, Refused, Side
from gradebench.canvas.push.situation import Answers, Person, Situation, Team


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What a person chose: rows left out, conflicts settled one by one, and the side for the rest."""

    leave_out: Set[str] = frozenset()
    settled: Mapping[str, Side] = field(default_factory=dict)
    settle_all: Side | None = None

    def side(self, row: str) -> Side | None:
        """The side that wins the conflict, or None while nobody chose."""
        return self.settled.get(row, self.settle_all)


@dataclass(kw_only=True)
class Decision:
    """The end that the plan works towards; `fitting` still takes out what Canvas would refuse.

    `names`: team -> its name, None: not there. `places`: person -> team or None. `pushed`: the
    people whose place is ours to carry to Canvas. `leaders`: only those that are to change.
    `held`: teams that are wanted away and stay, because nobody settled for that yet.
    """

    names: dict[int, str | None] = field(default_factory=dict)
    places: dict[int, int | None] = field(default_factory=dict)
    pushed: set[int] = field(default_factory=set)
    leaders: dict[int, int | None] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    held: set[int] = field(default_factory=set)
    followed: list[Followed] = field(default_factory=list)

    def members(self, team: int) -> set[int]:
        """Who is to be in the team."""
        return {user for user, place in self.places.items() if place == team}


def place_row(user_id: int) -> str:
    """Names a person's row of the plan."""
    return f"place:{user_id}"


def team_row(team: int) -> str:
    """Names a team's row of the plan."""
    return f"team:{team}"


def leader_row(team: int) -> str:
    """Names the row of a team's leader."""
    return f"leader:{team}"


def decide(situation: Situation, choices: Choices) -> Decision:
    """Compare the three answers for every team and person."""
    decision = Decision()
    labels = {team.key: team.label for team in situation.teams}
    kept: dict[int, str] = {}
    for team in situation.teams:
        _decide_team(team, situation, choices, decision, kept)
    for person in situation.people:
        _decide_person(person, choices, decision, kept, labels)
    return decision


def _decide_team(
    team: Team, situation: Situation, choices: Choices, decision: Decision, kept: dict[int, str]
) -> None:
    """Set the team's name in the decision; `kept` gets the teams that ours brings back."""
    row = team_row(team.key)
    verdict = settle(agreed=team.name.agreed, wanted=team.name.wanted, live=team.name.live)
    clash = _clash(team, situation)
    if verdict is Verdict.CONFLICT or clash:
        side = choices.side(row)
        decision.conflicts.append(_team_conflict(team, clash, side))
        wins = team.name.wanted if side is Side.OURS else team.name.live
        if side is Side.OURS and wins and team.name.live is None:
            kept[team.key] = wins
        if wins and team.name.wanted is None:
            decision.held.add(team.key)
    elif verdict is Verdict.FOLLOW:
        wins = team.name.live
        decision.followed.append(Followed(row=row, text=_followed_text(team), team=team.key))
    else:
        wins = team.name.live if row in choices.leave_out else team.name.wanted
    decision.names[team.key] = wins


def _clash(team: Team, situation: Situation) -> str | None:
    """How the team's end and its people's ends exclude each other, or None."""
    if team.name.wanted and team.name.agreed and team.name.live is None:
        put = [p.name for p in situation.people if _was_put_here(p, team.key)]
        if put:
            return f"Canvas has this group no more, while {_listed(put)} was put into it here."
    if team.name.wanted is None and team.name.live:
        joined = [p.name for p in situation.people if _joined_unseen(p, team.key)]
        if joined:
            return f"The team was deleted here, while {_listed(joined)} joined it in Canvas."
    return None


def _was_put_here(person: Person, team: int) -> bool:
    return person.place.wanted == team and person.place.agreed != team


def _joined_unseen(person: Person, team: int) -> bool:
    place = person.place
    return place.live == team and place.agreed != team and place.wanted == place.agreed


def _team_conflict(team: Team, clash: str | None, side: Side | None) -> Conflict:
    name = team.name
    text = clash or f"“{team.label}” was changed here and in Canvas."
    return Conflict(
        row=team_row(team.key),
        text=text,
        agreed=name.agreed,
        ours=name.wanted,
        canvas=name.live,
        settled=side,
        team=team.key,
    )


def _followed_text(team: Team) -> str:
    name = team.name
    if name.live is None:
        return f"“{name.agreed}” was deleted in Canvas."
    if name.agreed is None:
        return f"“{name.live}” was made in Canvas."
    return f"“{name.agreed}” was renamed “{name.live}” in Canvas."


def _decide_person(
    person: Person,
    choices: Choices,
    decision: Decision,
    kept: Mapping[int, str],
    labels: Mapping[int, str],
) -> None:
    place, row = person.place, place_row(person.id)
    wanted = _possible(place.wanted, place.live, decision)
    match settle(agreed=place.agreed, wanted=wanted, live=place.live):
        case Verdict.AGREED:
            decision.places[person.id] = place.live
        case Verdict.FOLLOW if row not in choices.leave_out and _team_wins(place, kept, decision):
            stands = wanted is not None and decision.names.get(wanted) is not None
            _push(person, wanted if stands else None, decision)
        case Verdict.FOLLOW:
            decision.places[person.id] = place.live
            text = f"{person.name} is in {_label(place.live, labels)} in Canvas now."
            decision.followed.append(Followed(row=row, text=text, user_id=person.id))
        case Verdict.PUSH if row in choices.leave_out or (
            wanted is None and place.live in decision.held
        ):
            decision.places[person.id] = place.live
        case Verdict.PUSH:
            _push(person, wanted, decision)
        case Verdict.CONFLICT:
            _decide_conflict(person, wanted, choices.side(row), decision, labels)


def _possible(wanted: int | None, live: int | None, decision: Decision) -> int | None:
    """A wish to stay in a team that is wanted away ends with the team."""
    goes = wanted is not None and wanted == live and decision.names.get(wanted) is None
    return None if goes else wanted


def _team_wins(place: Answers[int | None], kept: Mapping[int, str], decision: Decision) -> bool:
    """A team that was settled for ours takes along the people whom Canvas alone moved with it."""
    made_anew = place.wanted in kept and place.live is None
    taken_away = place.live is not None and decision.names.get(place.live) is None
    return made_anew or taken_away


def _push(person: Person, team: int | None, decision: Decision) -> None:
    decision.places[person.id] = team
    decision.pushed.add(person.id)


def _decide_conflict(
    person: Person,
    wanted: int | None,
    side: Side | None,
    decision: Decision,
    labels: Mapping[int, str],
) -> None:
    place = person.place
    conflict = Conflict(
        row=place_row(person.id),
        text=f"{person.name} was moved here and in Canvas.",
        agreed=_label(place.agreed, labels),
        ours=_label(wanted, labels),
        canvas=_label(place.live, labels),
        settled=side,
        user_id=person.id,
    )
    decision.conflicts.append(conflict)
    if side is Side.OURS:
        _push(person, wanted, decision)
    else:
        decision.places[person.id] = place.live


def decide_leaders(situation: Situation, choices: Choices, decision: Decision) -> None:
    """Compare the answers for leaders, once it is certain who is in which team."""
    for team in situation.teams:
        if decision.names[team.key] is not None:
            _decide_leader(team, situation, choices, decision)


def _decide_leader(team: Team, situation: Situation, choices: Choices, decision: Decision) -> None:
    members = decision.members(team.key)
    wanted = team.leader.wanted if team.leader.wanted in members else None
    stays = team.leader.live if team.leader.live in members else None
    # Nobody is no wish where Canvas picks a leader by itself, and who leaves leads no more.
    if wanted == stays or (wanted is None and situation.reading.auto_leader):
        return
    row = leader_row(team.key)
    agreed = team.leader.agreed if team.name.live is not None else None
    verdict = settle(agreed=agreed, wanted=wanted, live=team.leader.live)
    if verdict is Verdict.FOLLOW:
        text = f"“{team.label}” has another leader in Canvas."
        decision.followed.append(Followed(row=row, text=text, team=team.key))
    elif verdict is Verdict.CONFLICT:
        names = {person.id: person.name for person in situation.people}
        side = choices.side(row)
        decision.conflicts.append(_leader_conflict(team, wanted, names, side))
        if side is Side.OURS:
            decision.leaders[team.key] = wanted
    elif row not in choices.leave_out:
        decision.leaders[team.key] = wanted


def _leader_conflict(
    team: Team, wanted: int | None, names: Mapping[int, str], side: Side | None
) -> Conflict:
    def name(user: int | None) -> str | None:
        return None if user is None else names.get(user, str(user))

    return Conflict(
        row=leader_row(team.key),
        text=f"“{team.label}” got another leader here and in Canvas.",
        agreed=name(team.leader.agreed),
        ours=name(wanted),
        canvas=name(team.leader.live),
        settled=side,
        team=team.key,
    )


def _label(team: int | None, labels: Mapping[int, str]) -> str:
    return "no team" if team is None else labels.get(team, f"team {team}")


def _listed(names: list[str], *, most: int = 3) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
