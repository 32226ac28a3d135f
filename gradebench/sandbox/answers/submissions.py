"""Reading submissions: by assignment, and by students."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from gradebench.sandbox.answers.find import (
    assignment_named,
    course_named,
    find_user,
    person_named,
    section_named,
)
from gradebench.sandbox.answers.grades import course_scores
from gradebench.sandbox.answers.people_rows import Json
from gradebench.sandbox.answers.submission_rows import (
    current_group,
    full_row,
    submission_row,
)
from gradebench.sandbox.wire.exchange import Answer, Request, Row, in_json, not_found, refuse
from gradebench.sandbox.wire.paging import Key, bookmark, numeric
from gradebench.sandbox.wire.routes import route
from gradebench.sandbox.world.permissions import Rights
from gradebench.sandbox.world.rows import CURRENT, Assignment, Course, Enrollment, Submission

GRADERS = ("manage_grades", "view_all_grades")
STRICT_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@route(
    "GET",
    "/api/v1/courses/:course_id/assignments/:assignment_id/submissions",
    "/api/v1/sections/:section_id/assignments/:assignment_id/submissions",
)
def list_assignment_submissions(request: Request) -> Answer:
    """The rows of the current students, test student included, by user."""
    course, section = _course_or_section(request)
    assignment = assignment_named(request, course)
    rights = request.require(course, *GRADERS)
    students = _students(request, course, rights, lambda row: row.state in CURRENT, section)
    rows = [
        row
        for row in request.world.submissions.of("assignment", assignment.id)
        if row.user_id in students
    ]
    rows.sort(key=lambda row: row.user_id)
    if request.params.flag("grouped"):
        rows = _one_per_group(request, assignment, rows)
    if "visibility" in request.includes:
        return in_json([_with_visibility(request, row, rights) for row in rows])
    return numeric(request, rows, _shower(request, rights))


def _course_or_section(request: Request) -> tuple[Course, int | None]:
    if "section_id" not in request.segments:
        return course_named(request), None
    section = section_named(request)
    return request.world.courses[section.course_id], section.id


def _students(
    request: Request,
    course: Course,
    rights: Rights,
    wanted: Callable[[Enrollment], bool],
    section_id: int | None = None,
) -> set[int]:
    return {
        row.user_id
        for row in request.world.enrollments.of("course", course.id)
        if row.is_student
        and wanted(row)
        and rights.sees(row)
        and section_id in {None, row.section_id}
    }


def _one_per_group(
    request: Request, assignment: Assignment, rows: list[Submission]
) -> list[Submission]:
    if assignment.group_category_id is None:
        return rows
    chosen: dict[object, Submission] = {}
    for row in rows:
        group = current_group(request.world, assignment, row.user_id)
        chosen.setdefault(("alone", row.user_id) if group is None else group, row)
    return list(chosen.values())


def _with_visibility(request: Request, row: Submission, rights: Rights) -> Json:
    return full_row(request.world, row, rights, request.includes) | {"assignment_visible": True}


def _shower(request: Request, rights: Rights) -> Callable[[Submission], Row]:
    world, includes = request.world, request.includes
    return lambda row: submission_row(world, row, rights, includes)


@route("GET", "/api/v1/courses/:course_id/assignments/:assignment_id/submissions/:user_id")
def show_submission(request: Request) -> Answer:
    """One student's row; students may read their own."""
    course = course_named(request)
    assignment = assignment_named(request, course)
    user = person_named(request)
    rights = request.rights(course)
    if user.id != request.user.id and not rights.can(*GRADERS):
        request.forbid()
    row = request.world.cell(assignment.id, user.id)
    if row is None or not any(
        rights.sees(e) for e in request.world.enrollments_in(course.id, user.id)
    ):
        not_found()
    return in_json(submission_row(request.world, row, rights, request.includes))


@route("GET", "/api/v1/courses/:course_id/assignments/:assignment_id/submission_summary")
def show_submission_summary(request: Request) -> Answer:
    """How many are graded, ungraded, not handed in."""
    course = course_named(request)
    assignment = assignment_named(request, course)
    request.require(course, *GRADERS)
    states = [
        row.workflow_state for row in request.world.submissions.of("assignment", assignment.id)
    ]
    graded, nothing = states.count("graded"), states.count("unsubmitted")
    counts = {"graded": graded, "ungraded": len(states) - graded - nothing}
    return in_json({**counts, "not_submitted": nothing})


@route(
    "GET",
    "/api/v1/courses/:course_id/students/submissions",
    "/api/v1/sections/:section_id/students/submissions",
)
def list_student_submissions(request: Request) -> Answer:
    """Rows across assignments: flat in bookmark pages, or grouped by student in numeric pages."""
    course, section = _course_or_section(request)
    rights = request.rights(course)
    students = _asked_students(request, course, rights, section)
    assignments = _asked_assignments(request, course)
    wanted = _row_filter(request)

    def keep(row: Submission) -> bool:
        return row.assignment_id in assignments and row.user_id in students and wanted(row)

    if request.params.has("grouped"):
        return _grouped(request, course, rights, students, keep)
    rows = request.world.submissions.of("course", course.id)
    if request.params.text("order_direction") == "descending":
        chosen = sorted(filter(keep, rows), key=_order(request), reverse=True)
        return numeric(request, chosen, _shower(request, rights))
    if request.params.text("order") == "graded_at":
        rows = sorted(rows, key=_order(request))
    return bookmark(request, rows, _shower(request, rights), key=_order(request), keep=keep)


def _asked_students(
    request: Request, course: Course, rights: Rights, section_id: int | None
) -> set[int]:
    asked = request.params.texts("student_ids") or [str(request.user.id)]
    if not rights.enrolled:
        request.forbid()
    visible = _students(request, course, rights, _state_filter(request), section_id)
    if asked == ["all"]:
        return visible if rights.can(*GRADERS) else visible & {request.user.id}
    if len(asked) > 100:
        refuse(400, {"error": "too many students"})
    users = [find_user(request, text) for text in asked]
    ids = {user.id for user in users if user is not None}
    allowed = visible if rights.can(*GRADERS) else {request.user.id}
    if None in users or ids - allowed - {request.user.id}:
        request.forbid()
    return ids


def _state_filter(request: Request) -> Callable[[Enrollment], bool]:
    state = request.params.text("enrollment_state")
    if state is None:
        return lambda row: row.state != "deleted"
    if state not in {"active", "concluded"}:
        refuse(400, {"error": "invalid enrollment_state"})
    states = CURRENT if state == "active" else {"completed"}
    return lambda row: row.state in states


def _asked_assignments(request: Request, course: Course) -> set[int]:
    published = {
        row.id
        for row in request.world.assignments.of("course", course.id)
        if row.published and not row.deleted
    }
    if not request.params.has("assignment_ids"):
        return published
    asked = set(request.params.integers("assignment_ids"))
    if asked - published:
        refuse(403, {"error": "invalid assignment ids requested"})
    return asked


def _row_filter(request: Request) -> Callable[[Submission], bool]:
    submitted = _strict_time(request, "submitted_since")
    graded = _strict_time(request, "graded_since")
    state = request.params.text("workflow_state")

    def wanted(row: Submission) -> bool:
        return (
            (submitted is None or (row.submitted_at or EPOCH) > submitted)
            and (graded is None or (row.graded_at or EPOCH) > graded)
            and (state is None or row.workflow_state == state)
        )

    return wanted


def _strict_time(request: Request, name: str) -> datetime | None:
    text = request.params.text(name)
    if text is None:
        return None
    if not STRICT_TIME.fullmatch(text):
        refuse(400, {"errors": {name: f"Invalid datetime for {name}"}})
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _order(request: Request) -> Callable[[Submission], Key]:
    if request.params.text("order") != "graded_at":
        return lambda row: (row.id,)
    return lambda row: ((row.graded_at or EPOCH).isoformat(), row.id)


def _grouped(
    request: Request,
    course: Course,
    rights: Rights,
    students: set[int],
    keep: Callable[[Submission], bool],
) -> Answer:
    world, show = request.world, _shower(request, rights)

    def show_student(user_id: int) -> Json:
        places = [row for row in world.enrollments_in(course.id, user_id) if row.is_student]
        rows = filter(keep, world.submissions.of("student", (course.id, user_id)))
        found: Json = {"user_id": user_id, "section_id": places[0].section_id}
        found["submissions"] = [show(row) for row in rows]
        if rights.can("read_sis"):
            found |= {"sis_user_id": world.users[user_id].sis_user_id, "integration_id": None}
        if "total_scores" in request.includes:
            current, final = course_scores(world, course.id, user_id)
            found |= {"computed_current_score": current, "computed_final_score": final}
        return found

    return numeric(request, sorted(students), show_student)
