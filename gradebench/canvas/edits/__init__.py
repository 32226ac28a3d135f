"""A change to one set or group as a value: what is asked of Canvas, and what is saved after it.

`Client.perform(edit)` and `sync_utils.perform_sync(integration, edit)` are the only two places where
an edit happens.
"""

from gradebench.canvas.edits.groups import (
    create_group,
    delete_group,
    set_group_members,
    update_group,
)
from gradebench.canvas.edits.members import GroupMembers, LeftOut, MembersLeftOut
from gradebench.canvas.edits.sets import (
    create_group_category,
    delete_group_category,
    update_group_category,
)
from gradebench.canvas.edits.talk import Edit, Ended, Pause, Talk, advance

__all__ = [
    "Edit",
    "Ended",
    "GroupMembers",
    "LeftOut",
    "MembersLeftOut",
    "Pause",
    "Talk",
    "advance",
    "create_group",
    "create_group_category",
    "delete_group",
    "delete_group_category",
    "set_group_members",
    "update_group",
    "update_group_category",
]
