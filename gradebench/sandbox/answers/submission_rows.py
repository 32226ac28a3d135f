"""Submissions as JSON; the plain row is encoded once and kept until the submission changes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec

from gradebench.sandbox.answers.coursework_rows import assignment_row
from gradebench.sandbox.answers.people_rows import Json, user_row
from gradebench.sandbox.answers.show import moment, page_url
from gradebench.sandbox.wire.exchange import Row
from gradebench.sandbox.world.permissions import Rights
from gradebench.sandbox.world.rows import Assignment, Submission
from gradebench.sandbox.world.world import World

NEEDS_MORE = frozenset(
    {"user", "group", "assignment", "submission_comments", "submission_history", "course"}
)


def seconds_late(assignment: Assignment, submission: Submission) -> int:
    """How long after the due date it was handed in."""
    if submission.submitted_at is None or assignment.due_at is None:
        return 0
    return max(0, int((submission.submitted_at - assignment.due_at).total_seconds()))


def is_late(assignment: Assignment, submission: Submission) -> bool:
    """Late by the clock, unless somebody set a status."""
    if submission.late_policy_status is not None:
        return submission.late_policy_status == "late"
    return seconds_late(assignment, submission) > 0


def is_missing(assignment: Assignment, submission: Submission, now: datetime) -> bool:
    """Missing by the clock, unless excused, graded, or somebody set a status."""
    if submission.excused:
        return False
    if submission.late_policy_status is not None:
        return submission.late_policy_status == "missing"
    waits = submission.submitted_at is None and submission.workflow_state != "graded"
    overdue = assignment.due_at is not None and assignment.due_at < now
    return waits and overdue and assignment.expects_hand_in


def plain_row(world: World, submission: Submission) -> msgspec.Raw:
    """The encoded row without includes."""
    if submission.row is None:
        submission.row = msgspec.Raw(msgspec.json.encode(_fields(world, submission)))
    return submission.row


def submission_row(
    world: World, submission: Submission, rights: Rights, includes: Collection[str]
) -> Row:
    """A submission with what was asked for beside it."""
    if NEEDS_MORE.isdisjoint(includes):
        return plain_row(world, submission)
    return full_row(world, submission, rights, includes)


def full_row(
    world: World, submission: Submission, rights: Rights, includes: Collection[str]
) -> Json:
    """The row as an object, with its includes."""
    row = _fields(world, submission)
    assignment = world.assignments[submission.assignment_id]
    if "group" in includes:
        row["group"] = _group(world, submission, assignment)
    if "user" in includes and not assignment.anonymous_grading:
        row["user"] = user_row(world, world.users[submission.user_id], rights)
    if "assignment" in includes:
        row["assignment"] = assignment_row(world, assignment, rights)
    if "submission_comments" in includes:
        row["submission_comments"] = submission.comments
    if "submission_history" in includes:
        row["submission_history"] = [_fields(world, submission)]
    return row


def _fields(world: World, submission: Submission) -> Json:
    assignment = world.assignments[submission.assignment_id]
    row: Json = {
        "id": submission.id,
        "user_id": submission.user_id,
        "assignment_id": submission.assignment_id,
        "url": None,
        "score": submission.score,
        "grade": submission.grade,
        "excused": submission.excused,
        "attempt": submission.attempt,
        "submission_type": submission.submission_type,
        "submitted_at": moment(submission.submitted_at),
        "body": submission.body,
        "graded_at": moment(submission.graded_at),
        "grade_matches_current_submission": submission.grade_matches_current_submission,
        "grader_id": submission.grader_id,
        "workflow_state": submission.workflow_state,
        "late_policy_status": submission.late_policy_status,
        "points_deducted": submission.points_deducted,
        "grading_period_id": None,
        "cached_due_date": moment(assignment.due_at),
        "extra_attempts": None,
        "posted_at": moment(submission.posted_at),
        "redo_request": False,
        "sticker": None,
        "custom_grade_status_id": None,
        "late": is_late(assignment, submission),
        "missing": is_missing(assignment, submission, world.now()),
        "seconds_late": seconds_late(assignment, submission),
        "entered_grade": submission.grade,
        "entered_score": submission.score,
    }
    if not assignment.anonymous_grading:
        path = f"courses/{submission.course_id}/assignments/{assignment.id}/submissions"
        row["preview_url"] = page_url(world, f"{path}/{submission.user_id}?preview=1&version=1")
    return row


def _group(world: World, submission: Submission, assignment: Assignment) -> Json:
    """The group at hand-in, or the current one while nothing was handed in."""
    group_id = submission.group_id if submission.submitted_at is not None else None
    if group_id is None:
        group_id = current_group(world, assignment, submission.user_id)
    if group_id is None:
        return {"id": None, "name": None}
    return {"id": group_id, "name": world.groups[group_id].name}


def current_group(world: World, assignment: Assignment, user_id: int) -> int | None:
    """The person's group in the assignment's set, if it is group work."""
    if assignment.group_category_id is None:
        return None
    for place in world.places(user_id, assignment.course_id):
        if world.groups[place.group_id].category_id == assignment.group_category_id:
            return place.group_id
    return None
