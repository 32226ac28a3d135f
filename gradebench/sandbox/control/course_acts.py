"""Acts on courses, assignments and grades."""

from __future__ import annotations

from datetime import datetime

import msgspec

from gradebench.sandbox.answers.people_rows import Json
from gradebench.sandbox.control.acts import ActError, act
from gradebench.sandbox.world.changes import (
    ensure_cell,
    group_of,
    hand_in,
    set_excused,
    set_score,
)
from gradebench.sandbox.world.rows import Assignment, Submission
from gradebench.sandbox.world.world import World


class Cell(msgspec.Struct, forbid_unknown_fields=True):
    """One student's work for one assignment; `score` of None clears a grade."""

    assignment: int
    user: int
    score: float | None = None
    excused: bool = True
    grader: int | None = None


class NewAssignment(msgspec.Struct, forbid_unknown_fields=True):
    """An assignment to be made; a `category` makes it group work."""

    course: int
    name: str
    points: float = 10.0
    published: bool = True
    category: int | None = None
    due_at: datetime | None = None


class ChangedAssignment(msgspec.Struct, forbid_unknown_fields=True):
    """An assignment, and what changes; absent fields stay."""

    assignment: int
    name: str | None = None
    points: float | None = None
    published: bool | None = None
    due_at: datetime | None = None


class ChangedCourse(msgspec.Struct, forbid_unknown_fields=True):
    """A course, and what changes; `state` is unpublished, available, completed or deleted."""

    course: int
    name: str | None = None
    state: str | None = None
    restricted_by_date: bool | None = None


class TokenChange(msgspec.Struct, forbid_unknown_fields=True):
    """A token, by its value."""

    token: str


@act("grade", Cell)
def grade(world: World, what: Cell) -> Json:
    """An instructor grades one student, or clears the grade."""
    row = _cell(world, what)
    set_score(
        world, row, score=what.score, grade=None, grader_id=what.grader or _grader(world, row)
    )
    return {"submission": row.id}


@act("excuse", Cell)
def excuse(world: World, what: Cell) -> Json:
    """An instructor excuses one student, or takes it back with `excused` false."""
    row = _cell(world, what)
    set_excused(world, row, excused=what.excused, grader_id=what.grader or _grader(world, row))
    return {"submission": row.id}


@act("submit", Cell)
def submit(world: World, what: Cell) -> Json:
    """A student hands in; for group work the whole group does."""
    row = _cell(world, what)
    category_id = world.assignments[what.assignment].group_category_id
    group = group_of(world, category_id, what.user) if category_id is not None else None
    members = [member.user_id for member in world.members(group.id)] if group else [row.user_id]
    rows = [ensure_cell(world, world.assignments[what.assignment], user) for user in members]
    for each in rows:
        hand_in(world, each, group_id=group.id if group else None)
    return {"submissions": [each.id for each in rows]}


def _cell(world: World, what: Cell) -> Submission:
    return ensure_cell(world, world.assignments[what.assignment], world.users[what.user].id)


def _grader(world: World, row: Submission) -> int:
    for place in world.enrollments.of("course", row.course_id):
        if place.type == "TeacherEnrollment":
            return place.user_id
    raise ActError(f"course {row.course_id} has no teacher")


@act("create_assignment", NewAssignment)
def create_assignment(world: World, what: NewAssignment) -> Json:
    """An instructor makes an assignment; students get their placeholder rows."""
    now = world.now()
    heap = world.assignment_groups.of("course", what.course)[0]
    row = Assignment(
        id=world.new_id("assignment"),
        course_id=what.course,
        assignment_group_id=heap.id,
        name=what.name,
        position=len(world.assignments.of("course", what.course)) + 1,
        points_possible=what.points,
        created_at=now,
        updated_at=now,
        due_at=what.due_at,
        group_category_id=what.category,
        published=what.published,
    )
    world.assignments.add(row)
    _blanks(world, row)
    return {"assignment": row.id}


def _blanks(world: World, assignment: Assignment) -> None:
    if assignment.published:
        for user_id in sorted(world.current_students(assignment.course_id)):
            ensure_cell(world, assignment, user_id)


@act("change_assignment", ChangedAssignment)
def change_assignment(world: World, what: ChangedAssignment) -> Json:
    """An instructor renames, re-dates, publishes or unpublishes an assignment."""
    row = world.assignments[what.assignment]
    row.name = what.name or row.name
    row.points_possible = row.points_possible if what.points is None else what.points
    row.published = row.published if what.published is None else what.published
    row.due_at = what.due_at or row.due_at
    row.updated_at = world.now()
    for submission in world.submissions.of("assignment", row.id):
        submission.row = None
    _blanks(world, row)
    return {"assignment": row.id}


@act("delete_assignment", ChangedAssignment)
def delete_assignment(world: World, what: ChangedAssignment) -> Json:
    """An instructor deletes an assignment."""
    row = world.assignments[what.assignment]
    row.deleted, row.updated_at = True, world.now()
    return {"assignment": row.id}


@act("change_course", ChangedCourse)
def change_course(world: World, what: ChangedCourse) -> Json:
    """A course is renamed, published, concluded, deleted, or falls outside its dates."""
    row = world.courses[what.course]
    row.name = what.name or row.name
    row.workflow_state = what.state or row.workflow_state
    if what.restricted_by_date is not None:
        row.restricted_by_date = what.restricted_by_date
    return {"course": row.id, "state": row.workflow_state}


@act("delete_course", ChangedCourse)
def delete_course(world: World, what: ChangedCourse) -> Json:
    """The course is deleted."""
    world.courses[what.course].workflow_state = "deleted"
    return {"course": what.course}


@act("conclude_course", ChangedCourse)
def conclude_course(world: World, what: ChangedCourse) -> Json:
    """The course is concluded."""
    world.courses[what.course].workflow_state = "completed"
    return {"course": what.course}


@act("revoke_token", TokenChange)
def revoke_token(world: World, what: TokenChange) -> Json:
    """Somebody deletes a token."""
    world.tokens[what.token].revoked = True
    return {"revoked": True}


@act("expire_token", TokenChange)
def expire_token(world: World, what: TokenChange) -> Json:
    """A token's time is up."""
    world.tokens[what.token].expires_at = world.now()
    return {"expired": True}


@act("restore_token", TokenChange)
def restore_token(world: World, what: TokenChange) -> Json:
    """A token works again."""
    token = world.tokens[what.token]
    token.revoked, token.expires_at = False, None
    return {"restored": True}
