"""A group set as Canvas showed it at one moment, and how two such readings differ."""

import hashlib
from collections.abc import Iterator, Mapping

import msgspec
from msgspec.structs import replace


class GroupReading(msgspec.Struct, frozen=True, kw_only=True):
    """One group: members are Canvas ids of people, in ascending order."""

    name: str
    members: tuple[int, ...] = ()
    leader: int | None = None
    limit: int | None = None


class SetReading(msgspec.Struct, frozen=True, kw_only=True):
    """One group set with its settings and its groups by Canvas id."""

    category_id: int
    name: str
    limit: int | None = None
    self_signup: str | None = None
    auto_leader: str | None = None
    protected: bool = False
    groups: Mapping[int, GroupReading] = {}

    @property
    def fingerprint(self) -> str:
        """Equal for equal readings, and short enough to be compared by eye."""
        sorted_groups = replace(self, groups=dict(sorted(self.groups.items())))
        return hashlib.sha256(msgspec.json.encode(sorted_groups)).hexdigest()[:16]

    @property
    def memberships(self) -> int:
        """How many people are in groups; someone in two groups counts twice."""
        return sum(len(group.members) for group in self.groups.values())

    def groups_of(self, user_id: int) -> tuple[int, ...]:
        """The groups that the person is in, at most one where Canvas keeps its own rule."""
        return tuple(id_ for id_, group in self.groups.items() if user_id in group.members)


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is not as it was; `text` names it with ids, `user_id` lets a page name people."""

    text: str
    group_id: int | None = None
    user_id: int | None = None
    now_in: int | None = None


def differences(before: SetReading, now: SetReading) -> tuple[Difference, ...]:
    """What changed from `before` to `now`, the leaders that Canvas picks itself left out."""
    return (
        *_settings(before, now),
        *_groups(before, now),
        *_people(before, now),
    )


def _settings(before: SetReading, now: SetReading) -> Iterator[Difference]:
    for field, words in (
        ("name", "The set's name"),
        ("limit", "The set's group limit"),
        ("self_signup", "The set's self sign-up"),
        ("auto_leader", "The set's automatic leaders"),
    ):
        was, is_ = getattr(before, field), getattr(now, field)
        if was != is_:
            yield Difference(text=f"{words} was {_said(was)} and is now {_said(is_)}.")


def _groups(before: SetReading, now: SetReading) -> Iterator[Difference]:
    for id_ in sorted(before.groups.keys() | now.groups.keys()):
        was, is_ = before.groups.get(id_), now.groups.get(id_)
        if was is None and is_ is not None:
            yield Difference(text=f"The group {_said(is_.name)} is new.", group_id=id_)
        elif is_ is None and was is not None:
            yield Difference(text=f"The group {_said(was.name)} is gone.", group_id=id_)
        elif was is not None and is_ is not None:
            yield from _group(id_, was, is_, leaders=now.auto_leader is None)


def _group(
    id_: int, was: GroupReading, is_: GroupReading, *, leaders: bool
) -> Iterator[Difference]:
    if was.name != is_.name:
        text = f"The group {_said(was.name)} is now called {_said(is_.name)}."
        yield Difference(text=text, group_id=id_)
    if was.limit != is_.limit:
        text = (
            f"The limit of {_said(is_.name)} was {_said(was.limit)} and is now {_said(is_.limit)}."
        )
        yield Difference(text=text, group_id=id_)
    # Someone who leaves a group stops leading it; the leaving is named, and is enough.
    if leaders and was.leader != is_.leader and (was.leader in is_.members or is_.leader):
        text = f"The leader of {_said(is_.name)} changed."
        yield Difference(text=text, group_id=id_, user_id=is_.leader or was.leader)


def _people(before: SetReading, now: SetReading) -> Iterator[Difference]:
    was, is_ = _places(before), _places(now)
    for user_id in sorted(was.keys() | is_.keys()):
        old, new = was.get(user_id, ()), is_.get(user_id, ())
        if old == new:
            continue
        text = f"was in {_named(before, old)} and is now in {_named(now, new)}."
        now_in = new[0] if new else None
        yield Difference(text=text, user_id=user_id, now_in=now_in)


def _places(reading: SetReading) -> dict[int, tuple[int, ...]]:
    places: dict[int, tuple[int, ...]] = {}
    for id_ in sorted(reading.groups):
        for user_id in reading.groups[id_].members:
            places[user_id] = (*places.get(user_id, ()), id_)
    return places


def _named(reading: SetReading, ids: tuple[int, ...]) -> str:
    return " and ".join(_said(reading.groups[id_].name) for id_ in ids) or "no group"


def _said(value: str | int | None) -> str:
    if value is None:
        return "not set"
    return f"“{value}”" if isinstance(value, str) else str(value)
