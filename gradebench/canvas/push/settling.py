"""What became of a write whose answer was lost: read, never repeated blindly."""

from gradebench.canvas.api.payloads import known
from gradebench.canvas.edits.talk import Talk
from gradebench.canvas.push.journal import Effect, Journal
from gradebench.canvas.push.looking import Look, look_at
from gradebench.canvas.push.reading import Difference, SetReading, differences
from gradebench.canvas.push.sending import ChangedMeanwhile, await_job, import_effect
from gradebench.canvas.push.writes import (
    CreateGroup,
    ImportMembers,
    RemoveMembers,
    SetMembers,
    Write,
    expected_after,
)


def settle(write: Write, journal: Journal) -> Talk[Effect | None]:
    """Read the set, and tell what the write did; None: it did not happen.

    Raises ChangedMeanwhile when what is there is neither before nor after it.
    """
    look = yield from look_at(journal.category)
    job = known(look.category.progress)
    if isinstance(write, ImportMembers) and job is not None and not job.is_over:
        yield from await_job(job)
        look = yield from look_at(journal.category)
    return effect_in(write, journal, look)


def effect_in(write: Write, journal: Journal, look: Look) -> Effect | None:
    """What the write did, as the look shows it; None: nothing. Raises ChangedMeanwhile."""
    now = look.reading
    if not differences(journal.expected, now):
        return None
    effect = _candidate(write, journal, look)
    if effect is None or _others(effect, journal, now):
        raise ChangedMeanwhile(differences(journal.expected, now))
    return effect


def _candidate(write: Write, journal: Journal, look: Look) -> Effect | None:
    """What the write would have done to lead to this reading."""
    now = look.reading
    match write:
        case CreateGroup(team=team, name=name):
            new = sorted(
                id_
                for id_, group in now.groups.items()
                if id_ not in journal.expected.groups and group.name == name
            )
            if not new:
                return None
            answers = tuple(group for group in look.groups if group.id == new[0])
            return Effect(done=write, made={team: new[0]}, groups=answers)
        case ImportMembers():
            return import_effect(write, journal, look)
        case SetMembers(team=team):
            there = now.groups.get(journal.ids[team])
            members = there.members if there else ()
            return Effect(done=SetMembers(team=team, members=members))
        case RemoveMembers(team=team, users=users):
            there = now.groups.get(journal.ids[team])
            left = tuple(user for user in users if there is None or user not in there.members)
            return Effect(done=RemoveMembers(team=team, users=left))
        case _:
            return Effect(done=write)


def _others(effect: Effect, journal: Journal, now: SetReading) -> tuple[Difference, ...]:
    """What the write does not explain."""
    ids = {**journal.ids, **effect.made}
    return differences(expected_after(journal.expected, effect.done, ids), now)
