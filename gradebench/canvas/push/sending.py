"""Sends one write, and tells what it did by Canvas's own answer."""

from collections.abc import Iterator
from typing import TypeVar

from msgspec import UNSET, UnsetType

from gradebench.canvas.api import endpoints, payloads
from gradebench.canvas.api.calls import Call
from gradebench.canvas.api.errors import CanvasError, Uncertain
from gradebench.canvas.api.payloads import known
from gradebench.canvas.edits.talk import Talk, read, say, wait
from gradebench.canvas.models import CanvasGroupCategory
from gradebench.canvas.push.journal import Effect, Journal
from gradebench.canvas.push.looking import Look, look_at
from gradebench.canvas.push.reading import Difference, differences
from gradebench.canvas.push.trouble import JobFailed
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
from gradebench.canvas.roster_file import write_moves

T = TypeVar("T")

# A job of Canvas's may sit in its queue for minutes.
SECONDS_BETWEEN_LOOKS = (0.5, 1.0, 2.0, 3.0)
LONGEST_JOB_SECONDS = 1800.0


class ChangedMeanwhile(Exception):
    """Somebody else changed the set since it was last read: what was planned may not fit any more."""

    def __init__(self, found: tuple[Difference, ...]) -> None:
        super().__init__(found)
        self.differences = found


def send(write: Write, journal: Journal) -> Talk[Effect]:
    """Make the write. Raises ChangedMeanwhile before it would overwrite what nobody here has seen."""
    match write:
        case CreateGroup():
            return (yield from _create(write, journal.category))
        case RenameGroup(team=team, name=name):
            answer = yield from _update(team, journal, name=name)
            return Effect(done=write, groups=(answer,))
        case SetLeader(team=team, user=user):
            answer = yield from _update(team, journal, leader_id=user)
            return Effect(done=write, groups=(answer,))
        case DeleteGroup(team=team):
            yield from _check_members(team, journal)
            yield from say(endpoints.delete_group(journal.ids[team]))
            return Effect(done=write)
        case SetMembers():
            return (yield from _set_members(write, journal))
        case AddMember(team=team, user=user):
            call_to_add = endpoints.add_group_member(journal.ids[team], user)
            yield from say(_patient(call_to_add, team, journal))
            return Effect(done=write)
        case RemoveMembers():
            return (yield from _remove(write, journal))
        case ImportMembers():
            return (yield from _import(write, journal))


def _create(write: CreateGroup, category: CanvasGroupCategory) -> Talk[Effect]:
    answer = yield from say(endpoints.create_group(category.canvas_id, name=write.name))
    return Effect(done=write, made={write.team: answer.id}, groups=(answer,))


def _update(
    team: int,
    journal: Journal,
    *,
    name: str | UnsetType = UNSET,
    leader_id: int | UnsetType | None = UNSET,
) -> Talk[payloads.Group]:
    call = endpoints.update_group(journal.ids[team], name=name, leader_id=leader_id)
    return (yield from say(_patient(call, team, journal)))


def _set_members(write: SetMembers, journal: Journal) -> Talk[Effect]:
    yield from _check_members(write.team, journal)
    call = endpoints.update_group(journal.ids[write.team], members=write.members)
    answer = yield from say(_patient(call, write.team, journal))
    users = known(answer.users)
    if users is None:
        users = yield from _afterwards(read(endpoints.list_group_users(answer.id)))
    members = tuple(sorted(user.id for user in users))
    done = SetMembers(team=write.team, members=members)
    missing = len(set(write.members).difference(members))
    problem = f"Canvas left out {missing} of {len(write.members)} people." if missing else ""
    return Effect(done=done, groups=(answer,), problem=problem)


def _check_members(team: int, journal: Journal) -> Talk[None]:
    """A whole list replaces, and a deletion ends, what is there: so it must be what is known."""
    group_id = journal.ids[team]
    listing = endpoints.list_group_users(group_id)
    users = yield from read(listing.of_just_created() if _is_new(team, journal) else listing)
    now = tuple(sorted(user.id for user in users))
    if now != journal.expected.groups[group_id].members:
        look = yield from look_at(journal.category)
        found = differences(journal.expected, look.reading)
        if found:
            raise ChangedMeanwhile(found)


def _remove(write: RemoveMembers, journal: Journal) -> Talk[Effect]:
    answer = yield from say(endpoints.remove_group_members(journal.ids[write.team], write.users))
    kept = set(answer.unauthorized_user_ids)
    done = RemoveMembers(
        team=write.team, users=tuple(user for user in write.users if user not in kept)
    )
    problem = f"Canvas did not let {len(kept)} people be removed." if kept else ""
    return Effect(done=done, problem=problem)


def _import(write: ImportMembers, journal: Journal) -> Talk[Effect]:
    file = _import_file(write, journal)
    progress = yield from say(endpoints.import_group_category(journal.category.canvas_id, file))
    ended = yield from _afterwards(await_job(progress))
    look = yield from _afterwards(look_at(journal.category))
    effect = import_effect(write, journal, look)
    if effect is None:
        said = known(ended.message) or "no reason"
        raise JobFailed(f"Canvas's import ended ({ended.workflow_state}) and moved nobody: {said}.")
    return effect


def _afterwards(talk: Talk[T]) -> Talk[T]:
    """Read after a write was accepted: an error now leaves open what the write did."""
    try:
        return (yield from talk)
    except CanvasError as error:
        raise Uncertain(f"The change was accepted, but then: {error.what}", at=error.at) from error


def await_job(progress: payloads.Progress) -> Talk[payloads.Progress]:
    """Wait until a job of Canvas's is over; a failed one may have moved people before, so that
    what is read afterwards counts. Raises Uncertain after half an hour."""
    pauses = _pauses()
    while not progress.is_over:
        pause = next(pauses, None)
        if pause is None:
            raise Uncertain("Canvas has not begun or ended the import for half an hour.")
        yield from wait(pause)
        progress = yield from say(endpoints.get_progress(progress.id))
    return progress


def import_effect(write: ImportMembers, journal: Journal, look: Look) -> Effect | None:
    """The part of an import that a look at the set shows; None: nothing of it."""
    now = look.reading
    new = {
        group.name: id_ for id_, group in now.groups.items() if id_ not in journal.expected.groups
    }
    made = {team: new[name] for team, name in write.creates.items() if name in new}
    ids = {**journal.ids, **made}
    places = tuple(
        (user, team)
        for user, team in write.places
        if team in ids and ids[team] in now.groups_of(user)
    )
    if not places and not made:
        return None
    missing = len(write.places) - len(places)
    return Effect(
        done=ImportMembers(
            places=places,
            creates={team: name for team, name in write.creates.items() if team in made},
        ),
        made=made,
        groups=tuple(one for one in look.groups if one.id in made.values()),
        problem=f"The import did not move {missing} people." if missing else "",
    )


def _import_file(write: ImportMembers, journal: Journal) -> bytes:
    """Groups by id, or all by name where the import makes new ones."""
    if not write.creates:
        places = [(user, journal.ids[team]) for user, team in write.places]
        return write_moves("canvas_group_id", places)
    groups = journal.expected.groups
    names = {team: groups[id_].name for team, id_ in journal.ids.items() if id_ in groups}
    names |= write.creates
    return write_moves("group_name", [(user, names[team]) for user, team in write.places])


def _pauses() -> Iterator[float]:
    waited = 0.0
    for pause in SECONDS_BETWEEN_LOOKS:
        waited += pause
        yield pause
    while waited < LONGEST_JOB_SECONDS:
        waited += SECONDS_BETWEEN_LOOKS[-1]
        yield SECONDS_BETWEEN_LOOKS[-1]


def _patient(call: Call[T], team: int, journal: Journal) -> Call[T]:
    return call.of_just_created() if _is_new(team, journal) else call


def _is_new(team: int, journal: Journal) -> bool:
    """Made by this plan: another copy of Canvas's database may not know it yet."""
    return journal.ids[team] not in journal.plan.reading.groups
