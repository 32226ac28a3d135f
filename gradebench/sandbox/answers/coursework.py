"""Assignments, assignment groups and quizzes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from gradebench.sandbox.answers.coursework_rows import (
    assignment_group_row,
    assignment_row,
)
from gradebench.sandbox.answers.find import assignment_named, course_named
from gradebench.sandbox.answers.people_rows import Json
from gradebench.sandbox.answers.quiz_rows import (
    quiz_group_row,
    quiz_question_row,
    quiz_row,
)
from gradebench.sandbox.wire.exchange import Answer, Request, in_json, not_found, refuse
from gradebench.sandbox.wire.paging import numeric, page_size
from gradebench.sandbox.wire.params import ruby_integer
from gradebench.sandbox.wire.routes import route
from gradebench.sandbox.world.permissions import Rights
from gradebench.sandbox.world.rows import Assignment, AssignmentGroup, Course, Quiz

BUCKETS = {"past", "overdue", "undated", "ungraded", "unsubmitted", "upcoming", "future"}
FOREVER = datetime.max.replace(tzinfo=UTC)


def _member_rights(request: Request, course: Course) -> Rights:
    rights = request.rights(course)
    if not rights.enrolled:
        request.forbid()
    return rights


def visible_assignments(request: Request, course: Course, rights: Rights) -> list[Assignment]:
    """What the caller may see: staff everything that is not deleted, others what is published."""
    return [
        row
        for row in request.world.assignments.of("course", course.id)
        if not row.deleted and (row.published or rights.is_staff)
    ]


@route("GET", "/api/v1/courses/:course_id/assignments")
def list_assignments(request: Request) -> Answer:
    """The assignments of a course."""
    course = course_named(request)
    rights = _member_rights(request, course)
    rows = _chosen(request, visible_assignments(request, course, rights))
    rows = _in_bucket(request, rows)
    term = request.params.text("search_term")
    if term is not None:
        rows = [row for row in rows if term.casefold() in row.name.casefold()]
    rows.sort(key=_order(request))
    return numeric(request, rows, lambda row: assignment_row(request.world, row, rights))


def _chosen(request: Request, rows: list[Assignment]) -> list[Assignment]:
    if not request.params.has("assignment_ids"):
        return rows
    ids = [ruby_integer(value) for value in request.params.elements("assignment_ids")]
    if len(ids) > 100:
        refuse(400, {"message": "Request contains too many assignment_ids.  Limit 100"})
    found = [row for row in rows if row.id in set(ids)]
    missing = set(ids) - {row.id for row in found[: page_size(request)]}
    if missing:
        names = ",".join(str(number) for number in ids if number in missing)
        refuse(400, {"message": f"Invalid assignment_ids: {names}"})
    return found


def _in_bucket(request: Request, rows: list[Assignment]) -> list[Assignment]:
    bucket = request.params.text("bucket")
    if bucket is None:
        return rows
    if bucket not in BUCKETS:
        refuse(400, {"errors": [{"message": "bucket is invalid"}]})
    now = request.world.now()
    if bucket == "undated":
        return [row for row in rows if row.due_at is None]
    if bucket in {"past", "overdue"}:
        return [row for row in rows if row.due_at is not None and row.due_at < now]
    if bucket in {"upcoming", "future"}:
        return [row for row in rows if row.due_at is None or row.due_at >= now]
    waiting = {"submitted", "pending_review"} if bucket == "ungraded" else {"unsubmitted"}
    submissions = request.world.submissions
    return [
        row
        for row in rows
        if any(item.workflow_state in waiting for item in submissions.of("assignment", row.id))
    ]


Order = tuple[str, datetime, int, int, int]


def _order(request: Request) -> Callable[[Assignment], Order]:
    by = request.params.text("order_by")
    groups = request.world.assignment_groups

    def key(row: Assignment) -> Order:
        if by == "name":
            return row.name.casefold(), FOREVER, 0, 0, row.id
        if by == "due_at":
            return "", row.due_at or FOREVER, 0, 0, row.id
        return "", FOREVER, groups[row.assignment_group_id].position, row.position, row.id

    return key


@route("GET", "/api/v1/courses/:course_id/assignments/:assignment_id")
def show_assignment(request: Request) -> Answer:
    """One assignment."""
    course = course_named(request)
    rights = _member_rights(request, course)
    return in_json(assignment_row(request.world, assignment_named(request, course), rights))


@route("GET", "/api/v1/courses/:course_id/assignment_groups")
def list_assignment_groups(request: Request) -> Answer:
    """The assignment groups, with their assignments when asked for."""
    course = course_named(request)
    rights = _member_rights(request, course)
    rows = sorted(
        request.world.assignment_groups.of("course", course.id), key=lambda row: row.position
    )
    visible = visible_assignments(request, course, rights)

    def show(group: AssignmentGroup) -> Json:
        row = assignment_group_row(group)
        if "assignments" in request.includes:
            own = [item for item in visible if item.assignment_group_id == group.id]
            own.sort(key=lambda item: (item.position, item.id))
            row["assignments"] = [assignment_row(request.world, item, rights) for item in own]
        return row

    return numeric(request, rows, show)


@route("GET", "/api/v1/courses/:course_id/quizzes")
def list_quizzes(request: Request) -> Answer:
    """The classic quizzes of a course."""
    course = course_named(request)
    rights = _member_rights(request, course)
    rows = [
        quiz
        for quiz in request.world.quizzes.of("course", course.id)
        if quiz.published or rights.is_staff
    ]
    return numeric(request, rows, lambda quiz: quiz_row(request.world, quiz, rights))


def _quiz_named(request: Request) -> Quiz:
    course = course_named(request)
    rights = _member_rights(request, course)
    quiz = request.world.quizzes.find(ruby_integer(request.segment("quiz_id")))
    if quiz is None or quiz.course_id != course.id or not (quiz.published or rights.is_staff):
        not_found()
    return quiz


@route("GET", "/api/v1/courses/:course_id/quizzes/:quiz_id")
def show_quiz(request: Request) -> Answer:
    """One quiz."""
    quiz = _quiz_named(request)
    rights = request.rights(request.world.courses[quiz.course_id])
    return in_json(quiz_row(request.world, quiz, rights))


@route("GET", "/api/v1/courses/:course_id/quizzes/:quiz_id/questions")
def list_quiz_questions(request: Request) -> Answer:
    """A quiz's questions, for staff."""
    quiz = _quiz_named(request)
    if not request.rights(request.world.courses[quiz.course_id]).is_staff:
        request.forbid()
    return numeric(request, quiz.questions, lambda question: quiz_question_row(quiz, question))


@route("GET", "/api/v1/courses/:course_id/quizzes/:quiz_id/groups")
def list_quiz_groups(request: Request) -> Answer:
    """A quiz's pools of questions; an object around the list, as this endpoint has it."""
    quiz = _quiz_named(request)
    return in_json({"quiz_groups": [quiz_group_row(quiz, group) for group in quiz.groups]})
