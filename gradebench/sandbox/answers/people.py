"""Enrollments and the users of a course."""

from __future__ import annotations

from collections.abc import Callable

from gradebench.sandbox.answers.find import course_named, person_named, section_named
from gradebench.sandbox.answers.people_rows import (
    SHORT_TYPES,
    Json,
    enrollment_row,
    has_tags,
    user_row,
)
from gradebench.sandbox.wire.exchange import Answer, Request, in_json, not_found, refuse
from gradebench.sandbox.wire.paging import bookmark, numeric
from gradebench.sandbox.wire.routes import route
from gradebench.sandbox.world.permissions import TAG_RIGHTS, Rights
from gradebench.sandbox.world.rows import CURRENT, Course, Enrollment, User

ROSTER = ("read_roster", "view_all_grades", "manage_grades")
SIS_FILTERS = ("sis_user_id", "sis_section_id", "sis_course_id", "sis_account_id")


@route("GET", "/api/v1/courses/:course_id/enrollments")
def list_course_enrollments(request: Request) -> Answer:
    """A course's enrollments, in bookmark pages by type, name and id."""
    return _enrollments(request, course_named(request), lambda _: True)


@route("GET", "/api/v1/sections/:section_id/enrollments")
def list_section_enrollments(request: Request) -> Answer:
    """A section's enrollments."""
    section = section_named(request)
    course = request.world.courses[section.course_id]
    return _enrollments(request, course, lambda row: row.section_id == section.id)


def _enrollments(request: Request, course: Course, within: Callable[[Enrollment], bool]) -> Answer:
    rights = _roster_rights(request, course)
    wanted = _enrollment_filter(request, rights)
    users = request.world.users
    found = [
        row
        for row in request.world.enrollments.of("course", course.id)
        if within(row) and rights.sees(row) and wanted(row)
    ]

    def key(row: Enrollment) -> tuple[str, str, int]:
        return row.type, users[row.user_id].sortable_name.casefold(), row.id

    found.sort(key=key)
    return bookmark(
        request,
        found,
        lambda row: enrollment_row(request.world, row, rights, request.includes),
        key=key,
    )


def _roster_rights(request: Request, course: Course) -> Rights:
    rights = request.rights(course)
    own = request.params.text("user_id") in {"self", str(request.user.id)}
    if not rights.can(*ROSTER) and not (own and rights.enrolled):
        request.forbid()
    return rights


def _enrollment_filter(request: Request, rights: Rights) -> Callable[[Enrollment], bool]:
    params = request.params
    roles = set(params.texts("role"))
    types = set() if roles else set(params.texts("type"))
    if roles - set(SHORT_TYPES):
        refuse(400, {"errors": [{"message": "unknown role"}]})
    if any(params.has(name) for name in SIS_FILTERS) and not rights.can("read_sis"):
        refuse(400, {"message": "Insufficient permissions to filter by SIS fields"})
    if params.has("grading_period_id"):
        refuse(400, {"error": "invalid grading_period_id"})
    sis_users = set(params.texts("sis_user_id"))
    states = set(params.texts("state")) or CURRENT | (
        {"inactive"} if rights.can("read_as_admin") else set()
    )
    user_id = request.user.id if params.text("user_id") == "self" else params.integer("user_id")
    users = request.world.users

    def wanted(row: Enrollment) -> bool:
        return (
            row.state in states
            and (not types or row.type in types)
            and (not roles or row.type in roles)
            and (user_id is None or row.user_id == user_id)
            and (not sis_users or users[row.user_id].sis_user_id in sis_users)
        )

    return wanted


@route("GET", "/api/v1/courses/:course_id/users", "/api/v1/courses/:course_id/search_users")
def list_users(request: Request) -> Answer:
    """The people of a course, one row each; the test student leaves its page after the cut."""
    course = course_named(request)
    rights = request.require(course, *ROSTER)
    kinds = set(request.params.texts("enrollment_type"))
    if kinds - set(SHORT_TYPES.values()):
        refuse(400, {"errors": [{"message": "invalid enrollment type"}]})
    people = _people(request, course, rights, kinds)
    test_student = "test_student" in request.includes or "student_view" in kinds
    return numeric(
        request,
        people,
        lambda user: course_user_row(request, user, rights),
        counted=False,
        keep=lambda user: test_student or not user.is_test_student,
    )


def _people(request: Request, course: Course, rights: Rights, kinds: set[str]) -> list[User]:
    states = set(request.params.texts("enrollment_state")) or {"active", "invited"}
    if request.params.flag("include_inactive") and rights.can("read_as_admin"):
        states.add("inactive")
    sections = set(request.params.integers("section_ids"))
    ids = {
        row.user_id
        for row in request.world.enrollments.of("course", course.id)
        if row.state in states
        and rights.sees(row)
        and (not kinds or SHORT_TYPES[row.type] in kinds)
        and (not sections or row.section_id in sections)
    }
    chosen = set(request.params.integers("user_ids"))
    users = [request.world.users[user_id] for user_id in (ids & chosen if chosen else ids)]
    users = matching(request, users)
    descending = request.params.text("order") == "desc"
    return sorted(
        users, key=lambda user: (user.sortable_name.casefold(), user.id), reverse=descending
    )


def matching(request: Request, users: list[User]) -> list[User]:
    """The users that fit `search_term`, by name, login, SIS id or e-mail."""
    term = request.params.text("search_term")
    if term is None:
        return users
    if len(term) < 2:
        error = {"field": "search_term", "code": "invalid"}
        refuse(400, {"errors": [{**error, "message": "2 or more characters is required"}]})
    word = term.casefold()

    def fits(user: User) -> bool:
        exact = {str(user.id), user.sis_user_id, user.login_id, user.email}
        return word in user.name.casefold() or term in exact

    return [user for user in users if fits(user)]


def course_user_row(request: Request, user: User, rights: Rights) -> Json:
    """A user as the people list of a course shows them."""
    world = request.world
    row = user_row(world, user, rights, {*request.includes, "email"})
    if rights.can(*TAG_RIGHTS):
        row["has_non_collaborative_groups"] = has_tags(world, user.id, rights.course_id)
    if "enrollments" in request.includes:
        places = [
            row for row in world.enrollments_in(rights.course_id, user.id) if rights.sees(row)
        ]
        places.sort(key=lambda place: world.sections[place.section_id].name)
        row["enrollments"] = [
            enrollment_row(world, place, rights, with_user=False) for place in places
        ]
    return row


@route("GET", "/api/v1/courses/:course_id/users/:user_id")
def show_course_user(request: Request) -> Answer:
    """One person of a course."""
    course = course_named(request)
    rights = request.require(course, *ROSTER)
    user = person_named(request)
    places = request.world.enrollments_in(course.id, user.id)
    if not any(rights.sees(row) for row in places):
        not_found()
    return in_json(course_user_row(request, user, rights))
