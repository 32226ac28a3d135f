"""The pages, and the endpoints for programs. Each loads with its owner's permission, acts, answers.

The views that change groups are offered here by name, for other Django projects' addresses.
"""

from gradebench.canvas.views.group_edits import (
    create_group,
    create_group_set,
    delete_group,
    delete_group_set,
    edit_group,
    edit_group_set,
)
from gradebench.canvas.views.group_moves import (
    add_student_to_group,
    batch_assign_students,
    push_course_group_memberships,
    random_assign_students,
    remove_student_from_group,
)

__all__ = [
    "add_student_to_group",
    "batch_assign_students",
    "create_group",
    "create_group_set",
    "delete_group",
    "delete_group_set",
    "edit_group",
    "edit_group_set",
    "push_course_group_memberships",
    "random_assign_students",
    "remove_student_from_group",
]
