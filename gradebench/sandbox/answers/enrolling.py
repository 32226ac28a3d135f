"""Writing enrollments."""

from __future__ import annotations

from gradebench.sandbox.answers.find import course_named, find_user
from gradebench.sandbox.answers.people_rows import ROLE_IDS, enrollment_row
from gradebench.sandbox.wire.exchange import Answer, Request, in_json, not_found, refuse
from gradebench.sandbox.wire.params import ruby_integer
from gradebench.sandbox.wire.routes import route
from gradebench.sandbox.world.changes import add_enrollment, change_state
from gradebench.sandbox.world.rows import STUDENT, Course, Enrollment

TASKS = {
    "conclude": "completed",
    "delete": "deleted",
    "deactivate": "inactive",
    "inactivate": "inactive",
}


@route("POST", "/api/v1/courses/:course_id/enrollments")
def create_enrollment(request: Request) -> Answer:
    """Enroll somebody; invited unless the state says otherwise."""
    course = course_named(request)
    rights = request.require(course, "manage_students")
    told = request.params.inside("enrollment")
    kind = told.text("type") or STUDENT
    if kind not in ROLE_IDS:
        refuse(400, {"message": "Invalid type"})
    user = find_user(request, told.text("user_id") or "")
    if user is None:
        not_found()
    sections = [row.id for row in request.world.sections.of("course", course.id)]
    section_id = told.integer("course_section_id") or sections[0]
    if section_id not in sections:
        not_found()
    row = add_enrollment(
        request.world,
        course_id=course.id,
        section_id=section_id,
        user_id=user.id,
        kind=kind,
        state=told.text("enrollment_state") or "invited",
    )
    return in_json(enrollment_row(request.world, row, rights))


def _enrollment_named(request: Request, course: Course) -> Enrollment:
    row = request.world.enrollments.find(ruby_integer(request.segment("enrollment_id")))
    if row is None or row.course_id != course.id or row.state == "deleted":
        not_found()
    return row


@route("DELETE", "/api/v1/courses/:course_id/enrollments/:enrollment_id")
def end_enrollment(request: Request) -> Answer:
    """Conclude (the default), delete or deactivate."""
    course = course_named(request)
    rights = request.require(course, "manage_students")
    row = _enrollment_named(request, course)
    task = request.params.text("task") or "conclude"
    if task not in TASKS:
        refuse(400, {"message": "invalid task"})
    change_state(request.world, row, TASKS[task])
    return in_json(enrollment_row(request.world, row, rights))


@route("PUT", "/api/v1/courses/:course_id/enrollments/:enrollment_id/reactivate")
def reactivate_enrollment(request: Request) -> Answer:
    """Active again after a deactivation."""
    course = course_named(request)
    rights = request.require(course, "manage_students")
    row = _enrollment_named(request, course)
    change_state(request.world, row, "active")
    return in_json(enrollment_row(request.world, row, rights))
