"""What changes in a Canvas, with the effects that Canvas gives it; the API and people share them."""

from __future__ import annotations

import random

from gradebench.sandbox.world.rows import (
    STUDENT,
    Assignment,
    Enrollment,
    Group,
    GroupCategory,
    Membership,
    Submission,
    User,
)
from gradebench.sandbox.world.scores import blank_submission, show_score
from gradebench.sandbox.world.world import World


def join(world: World, group: Group, user_id: int) -> tuple[Membership, bool]:
    """Make somebody an accepted member: (row, whether it is new). Moves them within the set."""
    for row in world.members(group.id):
        if row.user_id == user_id:
            return row, False
    category = world.categories[group.category_id]
    if not category.allows_multiple_memberships:
        leave_set(world, category, user_id)
    row = world.memberships.add(
        Membership(world.new_id("membership"), group.id, user_id, world.now())
    )
    _choose_leader(world, group, category)
    return row, True


def leave_set(world: World, category: GroupCategory, user_id: int) -> None:
    """End somebody's memberships in all live groups of a set."""
    for group in world.groups_of_set(category.id):
        for row in world.members(group.id):
            if row.user_id == user_id:
                leave(world, row)


def leave(world: World, membership: Membership) -> None:
    """End one membership; a leader who leaves is no leader any more."""
    membership.workflow_state = "deleted"
    group = world.groups[membership.group_id]
    if group.leader_id == membership.user_id:
        group.leader_id = None
        _choose_leader(world, group, world.categories[group.category_id])


def _choose_leader(world: World, group: Group, category: GroupCategory) -> None:
    members = world.members(group.id)
    if group.leader_id is not None or category.auto_leader is None or not members:
        return
    pick = members[0] if category.auto_leader == "first" else random.choice(members)
    group.leader_id = pick.user_id


def remove_group(group: Group) -> None:
    """Soft: the rows stay, and the members count as unassigned."""
    group.deleted = True


def remove_category(world: World, category: GroupCategory) -> None:
    """Soft, with its groups; assignments keep pointing at it."""
    category.deleted_at = world.now()
    for group in world.groups_of_set(category.id):
        remove_group(group)


def change_state(world: World, enrollment: Enrollment, state: str) -> None:
    """Change an enrollment's state. Whoever leaves the course altogether leaves its groups."""
    enrollment.state, enrollment.updated_at = state, world.now()
    if state not in {"deleted", "rejected"} or not enrollment.is_student:
        return
    others = [
        row
        for row in world.enrollments_in(enrollment.course_id, enrollment.user_id)
        if row.is_student and row.state != "rejected"
    ]
    for row in world.places(enrollment.user_id, enrollment.course_id):
        if not others or not _still_fits(world, row):
            leave(world, row)


def _still_fits(world: World, place: Membership) -> bool:
    """Whether a member of a section-restricted group still shares a section with the others."""
    group = world.groups[place.group_id]
    if world.categories[group.category_id].self_signup != "restricted":
        return True
    own = sections_of(world, group.course_id, place.user_id)
    others = [
        sections_of(world, group.course_id, row.user_id)
        for row in world.members(group.id)
        if row.user_id != place.user_id
    ]
    return not others or bool(own.intersection(*others))


def sections_of(world: World, course_id: int, user_id: int) -> set[int]:
    """The sections in which somebody is enrolled."""
    return {row.section_id for row in world.enrollments_in(course_id, user_id)}


def add_enrollment(
    world: World, *, course_id: int, section_id: int, user_id: int, kind: str, state: str
) -> Enrollment:
    """A place in a section; an earlier one there is taken up again with its old id."""
    now = world.now()
    for row in world.enrollments.of("user", user_id):
        if row.section_id == section_id and row.type == kind:
            row.state, row.updated_at = state, now
            break
    else:
        row = world.enrollments.add(
            Enrollment(
                world.new_id("enrollment"), course_id, section_id, user_id, kind, now, now, state
            )
        )
    if kind == STUDENT:
        fill_blanks(world, course_id, user_id)
    return row


def fill_blanks(world: World, course_id: int, user_id: int) -> None:
    """The placeholder submissions of a student, where they are missing."""
    for assignment in world.assignments.of("course", course_id):
        if assignment.published and not assignment.deleted:
            ensure_cell(world, assignment, user_id)


def ensure_cell(world: World, assignment: Assignment, user_id: int) -> Submission:
    """The student's row for the assignment, made if need be."""
    row = world.cell(assignment.id, user_id)
    if row is None:
        row = blank_submission(world, assignment, user_id)
        row.created_at = row.updated_at = world.now()
    return row


def set_score(
    world: World, row: Submission, *, score: float | None, grade: str | None, grader_id: int
) -> None:
    """Grade a submission; a score and grade of None clear it."""
    now = world.now()
    row.score, row.excused = score, False
    row.grade = grade if grade is not None else (None if score is None else show_score(score))
    row.grade_matches_current_submission = True
    cleared = score is None and grade is None
    row.graded_at = row.posted_at = None if cleared else now
    row.grader_id = None if cleared else grader_id
    row.workflow_state = "graded" if not cleared else _ungraded(row)
    row.touch(now)


def set_excused(world: World, row: Submission, *, excused: bool, grader_id: int) -> None:
    """Excuse a student, or take that back."""
    now = world.now()
    row.excused = excused
    row.score = row.grade = None
    row.graded_at = row.posted_at = now if excused else None
    row.grader_id = grader_id if excused else None
    row.workflow_state = "graded" if excused else _ungraded(row)
    row.touch(now)


def _ungraded(row: Submission) -> str:
    return "unsubmitted" if row.submitted_at is None else "submitted"


def hand_in(world: World, row: Submission, *, group_id: int | None) -> None:
    """A hand-in now; an earlier score stays but no longer matches."""
    now = world.now()
    assignment = world.assignments[row.assignment_id]
    row.submitted_at, row.attempt = now, (row.attempt or 0) + 1
    row.submission_type, row.workflow_state = assignment.submission_types[0], "submitted"
    row.grade_matches_current_submission = row.score is None
    row.group_id = group_id
    row.touch(now)


def group_of(world: World, category_id: int, user_id: int) -> Group | None:
    """The person's group in a set."""
    for group in world.groups_of_set(category_id):
        if any(row.user_id == user_id for row in world.members(group.id)):
            return group
    return None


def rename(user: User, name: str) -> None:
    """Give somebody a new name, sorted by the last word."""
    given, _, family = name.rpartition(" ")
    user.name = user.short_name = name
    user.sortable_name = f"{family}, {given}" if given else name
