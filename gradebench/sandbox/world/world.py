"""One Canvas: its tables, its clock, and the ids it hands out."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from gradebench.sandbox.world.rows import (
    CURRENT,
    Assignment,
    AssignmentGroup,
    Course,
    Enrollment,
    Group,
    GroupCategory,
    Membership,
    Progress,
    Quiz,
    Section,
    Submission,
    Token,
    User,
)
from gradebench.sandbox.world.tables import Table

FIRST_IDS = {
    "user": 1001,
    "course": 101,
    "section": 501,
    "enrollment": 5001,
    "assignment_group": 201,
    "assignment": 301,
    "submission": 100_001,
    "quiz": 61,
    "category": 41,
    "group": 701,
    "membership": 9001,
    "progress": 11,
    "rubric": 21,
    "question": 801,
    "comment": 401,
}


class Clock:
    """The sandbox's time: a chosen start, then as fast as real time."""

    def __init__(self, start: datetime) -> None:
        self._start = start.astimezone(UTC)
        self._began = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began)


class World:
    """Everything one Canvas knows. `id_offset` shifts all ids, e.g. beyond what a float can hold."""

    def __init__(self, start: datetime, *, id_offset: int = 0) -> None:
        self.clock = Clock(start)
        self.start = start.astimezone(UTC).replace(microsecond=0)
        self.id_offset = id_offset
        self.base_url = "http://127.0.0.1"
        # A Canvas from before differentiation tags has never heard of the parameter for them.
        self.knows_tags = True
        self.tokens: dict[str, Token] = {}
        self._made: Counter[str] = Counter()
        self.users: Table[User] = Table()
        self.courses: Table[Course] = Table()
        self.sections: Table[Section] = Table(course=lambda row: row.course_id)
        self.enrollments: Table[Enrollment] = Table(
            course=lambda row: row.course_id, user=lambda row: row.user_id
        )
        self.assignment_groups: Table[AssignmentGroup] = Table(course=lambda row: row.course_id)
        self.assignments: Table[Assignment] = Table(course=lambda row: row.course_id)
        self.submissions: Table[Submission] = Table(
            course=lambda row: row.course_id,
            assignment=lambda row: row.assignment_id,
            student=lambda row: (row.course_id, row.user_id),
            cell=lambda row: (row.assignment_id, row.user_id),
        )
        self.quizzes: Table[Quiz] = Table(course=lambda row: row.course_id)
        self.categories: Table[GroupCategory] = Table(course=lambda row: row.course_id)
        self.groups: Table[Group] = Table(
            course=lambda row: row.course_id, category=lambda row: row.category_id
        )
        self.memberships: Table[Membership] = Table(
            group=lambda row: row.group_id, user=lambda row: row.user_id
        )
        self.progresses: Table[Progress] = Table()

    def now(self) -> datetime:
        return self.clock.now()

    def new_id(self, kind: str) -> int:
        """The next id of `kind` (a key of FIRST_IDS)."""
        number = FIRST_IDS[kind] + self._made[kind]
        self._made[kind] += 1
        return self.id_offset + number

    def snapshot(self) -> World:
        """The world as it is now, for answers that lag behind; about 0.2 s for the worked example."""
        twin = World(self.start, id_offset=self.id_offset)
        twin.clock, twin.base_url, twin.tokens = self.clock, self.base_url, self.tokens
        for name, value in vars(self).items():
            if isinstance(value, Table):
                setattr(twin, name, value.copy())
        return twin

    # What several areas ask of the tables.

    def groups_of_set(self, category_id: int) -> list[Group]:
        """The set's groups that are not deleted."""
        return [group for group in self.groups.of("category", category_id) if not group.deleted]

    def sets_of_course(self, course_id: int) -> list[GroupCategory]:
        """The course's group sets that are not deleted, tags and student groups included."""
        return [row for row in self.categories.of("course", course_id) if row.deleted_at is None]

    def members(self, group_id: int) -> list[Membership]:
        """The accepted memberships of a group, by id."""
        rows = self.memberships.of("group", group_id)
        return [row for row in rows if row.workflow_state == "accepted"]

    def places(self, user_id: int, course_id: int) -> list[Membership]:
        """A person's accepted memberships in the live groups of one course."""
        rows = self.memberships.of("user", user_id)
        return [
            row for row in rows if row.workflow_state == "accepted" and self._lives(row, course_id)
        ]

    def _lives(self, membership: Membership, course_id: int) -> bool:
        group = self.groups[membership.group_id]
        return group.course_id == course_id and not group.deleted

    def enrollments_in(self, course_id: int, user_id: int) -> list[Enrollment]:
        """A person's enrollments in a course that are not deleted."""
        rows = self.enrollments.of("user", user_id)
        return [row for row in rows if row.course_id == course_id and row.state != "deleted"]

    def current_students(self, course_id: int) -> set[int]:
        """Ids of active and invited students, the test student not among them."""
        return {
            row.user_id
            for row in self.enrollments.of("course", course_id)
            if row.type == "StudentEnrollment" and row.state in CURRENT
        }

    def cell(self, assignment_id: int, user_id: int) -> Submission | None:
        """The submission of one student for one assignment."""
        rows = self.submissions.of("cell", (assignment_id, user_id))
        return rows[0] if rows else None
