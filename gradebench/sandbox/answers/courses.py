"""Users/self, courses and sections."""

from __future__ import annotations

from gradebench.sandbox.answers.course_rows import course_row, section_row, stub_row
from gradebench.sandbox.answers.find import course_named, person_named, section_named
from gradebench.sandbox.answers.people_rows import SHORT_TYPES, Json, base_user, user_row
from gradebench.sandbox.answers.show import page_url
from gradebench.sandbox.wire.exchange import Answer, Request, in_json
from gradebench.sandbox.wire.paging import numeric
from gradebench.sandbox.wire.routes import route
from gradebench.sandbox.world.permissions import ALL_PERMISSIONS, Rights
from gradebench.sandbox.world.rows import STUDENT, Course, Enrollment, Section, User

STATES = ("unpublished", "available", "completed")


@route("GET", "/api/v1/users/:user_id")
def show_user(request: Request) -> Answer:
    """A person; oneself with more, others for the staff of a course of theirs."""
    user = person_named(request)
    row = base_user(user)
    if user.id != request.user.id:
        if not _is_taught(request, user):
            request.forbid()
        return in_json(row)
    row |= {
        "locale": None,
        "effective_locale": "en",
        "avatar_url": page_url(request.world, "images/messages/avatar-50.png"),
        "permissions": {
            "can_update_name": True,
            "can_update_avatar": False,
            "limit_parent_app_web_access": False,
        },
    }
    return in_json(row)


def _is_taught(request: Request, user: User) -> bool:
    courses = {place.course_id for place in request.world.enrollments.of("user", user.id)}
    return any(request.rights(request.world.courses[number]).is_staff for number in courses)


@route("GET", "/api/v1/users/:user_id/profile")
def show_profile(request: Request) -> Answer:
    """One's own profile."""
    user = person_named(request)
    if user.id != request.user.id:
        request.forbid()
    profile: Json = {
        "id": user.id,
        "name": user.name,
        "short_name": user.short_name,
        "sortable_name": user.sortable_name,
        "title": None,
        "bio": None,
        "pronunciation": None,
        "primary_email": user.email,
        "login_id": user.login_id,
        "integration_id": user.integration_id,
        "sis_user_id": user.sis_user_id,
        "time_zone": user.time_zone,
        "locale": None,
        "effective_locale": "en",
        "avatar_url": page_url(request.world, "images/messages/avatar-50.png"),
        "calendar": {"ics": page_url(request.world, f"feeds/calendars/user_{user.id}.ics")},
        "k5_user": False,
        "use_classic_font_in_k5": False,
    }
    return in_json(profile)


@route("GET", "/api/v1/courses", "/api/v1/users/:user_id/courses")
def list_courses(request: Request) -> Answer:
    """The courses in which the token's person is enrolled, by name."""
    if "user_id" in request.segments and person_named(request).id != request.user.id:
        request.forbid()
    courses = [course for course in request.world.courses if _is_listed(request, course)]
    names = request.user.nicknames
    courses.sort(key=lambda course: names.get(course.id, course.name).casefold())
    return numeric(request, courses, lambda course: _listed(request, course))


def _is_listed(request: Request, course: Course) -> bool:
    places = [
        place
        for place in request.world.enrollments_in(course.id, request.user.id)
        if place.state in {"active", "invited", "completed"} and _is_wanted(request, place)
    ]
    return any(course.workflow_state in _states(request, place) for place in places)


def _states(request: Request, place: Enrollment) -> tuple[str, ...]:
    asked = tuple(request.params.texts("state"))
    is_reader = SHORT_TYPES[place.type] in {"student", "observer"}
    return asked or (("available",) if is_reader else STATES)


def _is_wanted(request: Request, place: Enrollment) -> bool:
    kind = request.params.text("enrollment_type")
    if kind is not None and SHORT_TYPES[place.type] != kind:
        return False
    role = request.params.text("enrollment_role")
    if role is not None and place.type != role:
        return False
    wanted = request.params.text("enrollment_state")
    if wanted is None:
        return True
    concluded = request.world.courses[place.course_id].workflow_state == "completed"
    state = "completed" if concluded else place.state
    return (state if state != "invited" else "invited_or_pending") == wanted


def _listed(request: Request, course: Course) -> Json:
    if course.restricted_by_date:
        return stub_row(course)
    return course_row(request.world, course, request.user, request.rights(course), request.includes)


@route("GET", "/api/v1/courses/:course_id")
def show_course(request: Request) -> Answer:
    """One course; 403 for people who are not in it."""
    course = course_named(request)
    rights = request.rights(course)
    if not rights.enrolled or course.restricted_by_date:
        request.forbid()
    row = course_row(request.world, course, request.user, rights, request.includes)
    if "permissions" in request.includes:
        row["permissions"] = {
            "create_discussion_topic": True,
            "create_announcement": rights.is_staff,
        }
    return in_json(row)


@route("GET", "/api/v1/courses/:course_id/permissions")
def show_permissions(request: Request) -> Answer:
    """What the caller may do here: the named permissions, or all of them."""
    course = course_named(request)
    rights = request.rights(course)
    if not rights.enrolled:
        request.forbid()
    names = request.params.texts("permissions") or sorted(ALL_PERMISSIONS)
    return in_json({name: rights.can(name) for name in names})


@route("GET", "/api/v1/courses/:course_id/sections")
def list_sections(request: Request) -> Answer:
    """The sections of a course by name; `all=1` gives them in one page."""
    course = course_named(request)
    rights = request.rights(course)
    if not rights.enrolled:
        request.forbid()
    found = [
        section
        for section in request.world.sections.of("course", course.id)
        if rights.sections is None or section.id in rights.sections
    ]
    found.sort(key=lambda section: (section.name.casefold(), section.id))
    if request.params.flag("all"):
        return in_json([_section(request, section, rights) for section in found])
    return numeric(request, found, lambda section: _section(request, section, rights))


@route("GET", "/api/v1/sections/:section_id", "/api/v1/courses/:course_id/sections/:section_id")
def show_section(request: Request) -> Answer:
    """One section."""
    section = section_named(request)
    rights = request.rights(request.world.courses[section.course_id])
    if not rights.enrolled:
        request.forbid()
    return in_json(_section(request, section, rights))


def _section(request: Request, section: Section, rights: Rights) -> Json:
    row = section_row(request.world, section, rights)
    if not rights.is_staff:
        return row
    if "total_students" in request.includes:
        people = _section_students(request, section, current=True)
        row["total_students"] = len(people)
    if "students" in request.includes:
        people = _section_students(request, section, current=False)
        rows = [user_row(request.world, user, rights, request.includes) for user in people]
        row["students"] = rows or None
    return row


def _section_students(request: Request, section: Section, *, current: bool) -> list[User]:
    world = request.world
    states = {"active", "invited", "creation_pending"}
    ids = dict.fromkeys(
        place.user_id
        for place in world.enrollments.of("course", section.course_id)
        if place.section_id == section.id
        and place.type == STUDENT
        and (place.state in states if current else place.state != "deleted")
    )
    return [world.users[user_id] for user_id in ids]
