"""What a token may do in a course, and who can change it where something is missing.

Canvas is asked when an account is connected or somebody wants to know, never on a page view; its
answers are kept with the course. Which permission opens what was taken from Canvas's role permissions:
https://developerdocs.instructure.com/services/canvas/permissions/file.permissions
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
from asgiref.sync import async_to_sync
from django.conf import settings
from django.utils import timezone

from gradebench.canvas.api.drivers import AsyncCanvas
from gradebench.canvas.api.endpoints import get_course_permissions
from gradebench.canvas.api.errors import CanvasError, Invalid, NotFound, TokenRejected
from gradebench.canvas.api.payloads import CoursePermissions
from gradebench.canvas.models import CanvasCourse, CanvasIntegration
from gradebench.core.vault import UnreadableSecret

NOT_ASKED = "This Canvas does not say what a token may do in this course."
# What Canvas's Permissions page calls the roles, from the one with the most rights down.
ROLES = {"teacher": "Teacher", "ta": "TA", "designer": "Designer", "student": "Student"}
TEACHING = frozenset({"teacher", "ta"})
STAFF = TEACHING | {"designer"}
ANYBODY = frozenset({*ROLES, "observer"})


@dataclass(frozen=True, kw_only=True)
class Need:
    """Something GradeBench does, and the one permission of Canvas that it takes.

    `label`: the permission's name on Canvas's Permissions page. `roles`: who can be given it at all.
    `without`: what is lost for want of it. `concluded`: it outlasts the end of the course.
    """

    permission: str
    does: str
    label: str
    without: str
    roles: frozenset[str]
    concluded: bool = True


NEEDS = (
    Need(
        permission="read_roster",
        does="See who is in the course",
        label="Users - view list",
        without="Nobody can be read, so there are no teams to form.",
        roles=ANYBODY,
    ),
    Need(
        permission="read_email_addresses",
        does="See e-mail addresses",
        label="Users - view primary email address",
        without="People are shown without their addresses.",
        roles=ANYBODY,
    ),
    Need(
        permission="view_user_logins",
        does="See login names",
        label="Users - view login IDs",
        without="People cannot be told apart or found by login.",
        roles=TEACHING,
    ),
    Need(
        permission="read_sis",
        does="See SIS ids",
        label="SIS Data - read",
        without="People cannot be found or matched by SIS id.",
        roles=TEACHING | {"student"},
    ),
    Need(
        permission="view_all_grades",
        does="Read submissions and grades",
        label="Grades - view all grades",
        without="There are no scores, and moves are not checked against handed-in group work.",
        roles=TEACHING,
    ),
    Need(
        permission="manage_groups_add",
        does="Make group sets and groups",
        label="Groups - add",
        without="New sets and groups cannot be pushed.",
        roles=STAFF,
        concluded=False,
    ),
    Need(
        permission="manage_groups_manage",
        does="Rename groups and move people",
        label="Groups - manage",
        without="Moves stay here and cannot be pushed.",
        roles=STAFF,
        concluded=False,
    ),
    Need(
        permission="manage_groups_delete",
        does="Delete group sets and groups",
        label="Groups - delete",
        without="Sets and groups can only be deleted in Canvas.",
        roles=STAFF,
        concluded=False,
    ),
)
SECTIONS = "See everybody, not some sections only"


@dataclass(frozen=True, kw_only=True)
class Ability:
    """One thing the token may or may not do; `may` is None while that is not known.

    `without` says what is lost and `who` who can change it, where it may not.
    """

    key: str
    does: str
    may: bool | None
    without: str = ""
    who: str = ""


class Answered(msgspec.Struct, frozen=True):
    """What is kept of an answer: `may` by permission, or the `problem` that there was none."""

    may: dict[str, bool] = {}
    problem: str = ""


def check(courses: Iterable[CanvasCourse]) -> None:
    """Ask Canvas about these courses and keep the answers; blocking, several requests at once.

    A course that could not be asked about keeps the reason. Raises CanvasError where no course could
    be: a refused token, a Canvas that is down.
    """
    by_account: dict[CanvasIntegration, list[CanvasCourse]] = {}
    for course in courses:
        by_account.setdefault(course.integration, []).append(course)
    for integration, own in by_account.items():
        for course, answered in zip(own, async_to_sync(_ask)(integration, own), strict=True):
            course.abilities = msgspec.to_builtins(answered)
            course.abilities_at = timezone.now()
        CanvasCourse.objects.bulk_update(own, ["abilities", "abilities_at"], batch_size=500)


def abilities_of(course: CanvasCourse) -> tuple[Ability, ...]:
    """What is known of the token in this course, in the order of the work; asks nobody."""
    may = answered_of(course).may
    asked = [_ability(need, may.get(need.permission), course) for need in NEEDS]
    return (asked[0], _sections(course), *asked[1:])


def answered_of(course: CanvasCourse) -> Answered:
    """What Canvas answered last; empty while it was never asked (`abilities_at` is None)."""
    return msgspec.convert(course.abilities, Answered)


def missing(course: CanvasCourse) -> list[Ability]:
    """What the token may not do for certain."""
    return [one for one in abilities_of(course) if one.may is False]


def worth_asking(courses: Iterable[CanvasCourse]) -> list[CanvasCourse]:
    """The courses that Canvas still shows and keeps open to the token's owner."""
    return [one for one in courses if one.gone_at is None and not one.access_restricted_by_date]


async def _ask(integration: CanvasIntegration, courses: Sequence[CanvasCourse]) -> list[Answered]:
    if isinstance(integration.api_key, UnreadableSecret):
        raise TokenRejected("The stored token cannot be decrypted.", todo="Enter it again.")
    async with AsyncCanvas(
        integration.canvas_url, integration.api_key, max_in_flight=settings.CANVAS_MAX_IN_FLIGHT
    ) as canvas:
        answers = await asyncio.gather(*(_ask_about(canvas, one.canvas_id) for one in courses))
    for one in answers:
        if isinstance(one, CanvasError):
            raise one
    return [one for one in answers if isinstance(one, Answered)]


async def _ask_about(canvas: AsyncCanvas, course_id: int) -> Answered | CanvasError:
    """The answer; an error that the other courses would meet too is returned, so that all end."""
    names = [need.permission for need in NEEDS]
    try:
        answer = await canvas.perform(get_course_permissions(course_id, names=names))
    except (NotFound, Invalid):
        return Answered(problem=NOT_ASKED)
    except CanvasError as error:
        return error if error.stops_all else Answered(problem=str(error))
    return Answered(may=_given(answer))


def _given(answer: CoursePermissions) -> dict[str, bool]:
    """The permissions that were answered: an older Canvas leaves out those it does not know."""
    known = {need.permission: getattr(answer, need.permission) for need in NEEDS}
    return {name: may for name, may in known.items() if isinstance(may, bool)}


def _ability(need: Need, may: bool | None, course: CanvasCourse) -> Ability:  # noqa: FBT001
    lacks = may is False
    return Ability(
        key=need.permission,
        does=need.does,
        may=may,
        without=need.without if lacks else "",
        who=_who(need, course) if lacks else "",
    )


def _who(need: Need, course: CanvasCourse) -> str:
    """Who can give the permission, and where; goes on a sentence."""
    if course.workflow_state == "completed" and not need.concluded:
        return (
            "a teacher of the course or a Canvas administrator, by opening the course again in its "
            "Settings: it is concluded."
        )
    role = next((one for one in ROLES if one in course.own_roles), None)
    if course.own_roles and role not in need.roles:
        return "a teacher of the course, by adding you as Teacher or TA: no other role can have it."
    whose = f"the role {ROLES[role]}" if role else "your role"
    admin = f"a Canvas administrator, under Permissions: “{need.label}” for {whose}."
    if role is None or role == "teacher":
        return admin
    return f"{admin} Or a teacher of the course, by adding you as Teacher."


def _sections(course: CanvasCourse) -> Ability:
    limited = course.section_limited
    return Ability(
        key="all_sections",
        does=SECTIONS,
        may=not limited if course.own_roles else None,
        without="Other sections' people stay unseen, and groups are changed one person at a time."
        if limited
        else "",
        who="a teacher of the course, by adding you again without “Can interact with users in their "
        "section only”."
        if limited
        else "",
    )
