"""A plan: what will be done to one group set, as a value that is shown, stored and compared."""

from enum import Enum

import msgspec

from gradebench.canvas.push.reading import SetReading
from gradebench.canvas.push.writes import Write


class Side(Enum):
    """Whose answer wins a conflict."""

    OURS = "ours"
    CANVAS = "canvas"


class Op(Enum):
    """What an operation does, in the instructor's terms."""

    CREATE_GROUP = "create_group"
    RENAME_GROUP = "rename_group"
    DELETE_GROUP = "delete_group"
    ADD = "add"
    MOVE = "move"
    REMOVE = "remove"
    LEADER = "leader"


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One difference that the plan takes to Canvas.

    `row` names it for leaving it out: `place:<person>`, `team:<team>`, `leader:<team>`. `before`
    and `after` are names of groups, or of people for a leader. `touches`: the group work
    ("submitted" or "graded") that a move takes the person away from.
    """

    op: Op
    row: str
    before: str | None = None
    after: str | None = None
    user_id: int | None = None
    user_name: str | None = None
    team: int | None = None
    group_id: int | None = None
    from_team: int | None = None
    from_group_id: int | None = None
    to_team: int | None = None
    to_group_id: int | None = None
    touches: str | None = None


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """Both sides changed the same thing to different ends; until settled nothing is done about it.

    `settled` is the side a person chose, or None. `agreed`, `ours`, `canvas` are names for reading.
    """

    row: str
    text: str
    agreed: str | None
    ours: str | None
    canvas: str | None
    settled: Side | None = None
    user_id: int | None = None
    team: int | None = None


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """A wanted change that Canvas would not take, seen beforehand: it stays wanted, and undone."""

    row: str
    reason: str
    user_id: int | None = None
    user_name: str | None = None
    team: int | None = None


class Followed(msgspec.Struct, frozen=True, kw_only=True):
    """A change that was made in Canvas alone, which is kept."""

    row: str
    text: str
    user_id: int | None = None
    team: int | None = None


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The operations on one set, the writes they take in their order, and what was read for it.

    `targets` says where each person of the operations is to be: (person, team key or None).
    `removals`: people who will be in no group; `needs_yes` when those are too many to go unasked.
    """

    reading: SetReading
    fingerprint: str
    operations: tuple[Operation, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    refused: tuple[Refused, ...] = ()
    followed: tuple[Followed, ...] = ()
    left_out: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    writes: tuple[Write, ...] = ()
    removals: int = 0
    needs_yes: bool = False

    @property
    def unsettled(self) -> tuple[Conflict, ...]:
        """The conflicts that wait for a person."""
        return tuple(conflict for conflict in self.conflicts if conflict.settled is None)

    @property
    def is_empty(self) -> bool:
        """Nothing to write: Canvas has all that is wanted and can be had."""
        return not self.writes
