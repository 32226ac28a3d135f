"""Who may do what: Canvas's role permissions, and what one person holds in one course."""

from __future__ import annotations

from dataclasses import dataclass

from gradebench.sandbox.world.rows import (
    ASSISTANT,
    DESIGNER,
    OBSERVER,
    STUDENT,
    TEACHER,
    TEST_STUDENT,
    Course,
    Enrollment,
    User,
)
from gradebench.sandbox.world.world import World

GROUP_RIGHTS = ("manage_groups_add", "manage_groups_manage", "manage_groups_delete")
TAG_RIGHTS = ("manage_tags_add", "manage_tags_manage", "manage_tags_delete")

STAFF = frozenset(
    {
        *GROUP_RIGHTS,
        *TAG_RIGHTS,
        "read_roster",
        "view_all_grades",
        "manage_grades",
        "read_sis",
        "view_user_logins",
        "read_email_addresses",
        "manage_students",
        "read_as_admin",
        "read_reports",
        "manage_assignments_add",
        "manage_assignments_edit",
        "manage_course_content_edit",
    }
)
DEFAULTS: dict[str, frozenset[str]] = {
    TEACHER: STAFF,
    ASSISTANT: STAFF - {"manage_course_content_edit"},
    DESIGNER: frozenset({"read_roster", "read_as_admin", "manage_assignments_edit"}),
    STUDENT: frozenset({"read_roster"}),
    TEST_STUDENT: frozenset({"read_roster"}),
    OBSERVER: frozenset(),
}
ALL_PERMISSIONS = frozenset({*STAFF, "manage_sis", "become_user"})


@dataclass(frozen=True)
class Rights:
    """What one person may do and see in one course; `sections` of None means all of them."""

    user_id: int
    course_id: int
    granted: frozenset[str]
    sections: frozenset[int] | None
    enrolled: bool
    is_staff: bool

    def can(self, *any_of: str) -> bool:
        """Whether at least one of the permissions is held."""
        return not self.granted.isdisjoint(any_of)

    def sees(self, enrollment: Enrollment) -> bool:
        """Whether the enrollment is within the caller's sections."""
        return self.sections is None or enrollment.section_id in self.sections


EVERYTHING = frozenset(ALL_PERMISSIONS)


def all_seeing(course: Course) -> Rights:
    """The rights of the ground truth, which nothing is hidden from."""
    return Rights(0, course.id, EVERYTHING, None, enrolled=True, is_staff=True)


class RolePermissions:
    """The account's table of role permissions, in which single ones can be switched off and on."""

    def __init__(self) -> None:
        self._roles = dict(DEFAULTS)

    def switch(self, role: str, *, on: list[str], off: list[str]) -> None:
        """Change one role; an unknown permission or role raises ValueError."""
        unknown = {*on, *off} - ALL_PERMISSIONS
        if unknown or role not in self._roles:
            raise ValueError(f"no such permission or role: {sorted(unknown) or role}")
        self._roles[role] = (self._roles[role] | set(on)) - set(off)

    def reset(self) -> None:
        self._roles = dict(DEFAULTS)

    def rights(self, world: World, user: User, course: Course) -> Rights:
        """What `user` holds in `course`: the union over their active enrollments there."""
        places = [row for row in world.enrollments_in(course.id, user.id) if row.state == "active"]
        if course.workflow_state == "unpublished":
            places = [row for row in places if not _is_reader(row)]
        granted = frozenset[str]().union(*(self._roles[row.type] for row in places))
        if course.workflow_state == "completed":
            granted = frozenset(name for name in granted if not name.startswith("manage_"))
        return Rights(
            user.id,
            course.id,
            granted,
            _limit(places),
            enrolled=bool(places),
            is_staff=any(not _is_reader(row) for row in places),
        )


def _is_reader(enrollment: Enrollment) -> bool:
    return enrollment.is_student or enrollment.type == OBSERVER


def _limit(places: list[Enrollment]) -> frozenset[int] | None:
    staff = [row for row in places if not _is_reader(row)]
    if not staff or not all(row.limited_to_section for row in staff):
        return None
    return frozenset(row.section_id for row in staff)
