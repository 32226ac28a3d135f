"""Acts of people coming, going and changing."""

from __future__ import annotations

import random

import msgspec

from gradebench.sandbox.answers.people_rows import Json
from gradebench.sandbox.control.acts import ActError, act
from gradebench.sandbox.world.build import add_user
from gradebench.sandbox.world.changes import add_enrollment, change_state, rename
from gradebench.sandbox.world.names import Names, PersonName, plain_letters
from gradebench.sandbox.world.people import STUDENT_DOMAIN
from gradebench.sandbox.world.rows import STUDENT, Enrollment
from gradebench.sandbox.world.world import World


class Person(msgspec.Struct, forbid_unknown_fields=True):
    """Somebody in a course; `section` narrows it to one of their sections."""

    course: int
    user: int
    section: int | None = None


class NewPerson(msgspec.Struct, forbid_unknown_fields=True):
    """Somebody new; the first section and a made-up name unless given."""

    course: int
    section: int | None = None
    name: str | None = None
    state: str = "active"
    role: str = STUDENT


class Renamed(msgspec.Struct, forbid_unknown_fields=True):
    """A new name, and perhaps new addresses; absent ones stay."""

    user: int
    name: str | None = None
    email: str | None = None
    login_id: str | None = None
    sis_user_id: str | None = None


def _places(world: World, who: Person) -> list[Enrollment]:
    places = [
        row
        for row in world.enrollments.of("user", who.user)
        if row.course_id == who.course and row.is_student
        if who.section in {None, row.section_id}
    ]
    if not places:
        raise ActError(f"{who.user} is no student of course {who.course}")
    return places


def _set_state(world: World, who: Person, state: str) -> Json:
    places = [row for row in _places(world, who) if row.state != "deleted"]
    for row in places:
        change_state(world, row, state)
    return {"user": who.user, "enrollments": [row.id for row in places], "state": state}


@act("drop_student", Person)
def drop_student(world: World, who: Person) -> Json:
    """The enrollment is deleted; without another one the student leaves the groups, too."""
    return _set_state(world, who, "deleted")


@act("conclude_student", Person)
def conclude_student(world: World, who: Person) -> Json:
    """The enrollment is completed; memberships stay."""
    return _set_state(world, who, "completed")


@act("deactivate_student", Person)
def deactivate_student(world: World, who: Person) -> Json:
    """The enrollment is inactive; memberships stay."""
    return _set_state(world, who, "inactive")


@act("reject_invitation", Person)
def reject_invitation(world: World, who: Person) -> Json:
    """The enrollment is rejected."""
    return _set_state(world, who, "rejected")


@act("return_student", Person)
def return_student(world: World, who: Person) -> Json:
    """Active again, in the last section unless one is named; the groups are not given back."""
    place = _places(world, who)[-1]
    row = add_enrollment(
        world,
        course_id=who.course,
        section_id=place.section_id,
        user_id=who.user,
        kind=place.type,
        state="active",
    )
    return {"user": who.user, "enrollment": row.id, "section": row.section_id}


@act("add_student", NewPerson)
def add_student(world: World, who: NewPerson) -> Json:
    """A late student, or with `role` anybody else."""
    sections = world.sections.of("course", who.course)
    section_id = who.section or sections[0].id
    user = add_user(world, _name(world, who.name), since=world.now(), domain=STUDENT_DOMAIN)
    row = add_enrollment(
        world,
        course_id=who.course,
        section_id=world.sections[section_id].id,
        user_id=user.id,
        kind=who.role,
        state=who.state,
    )
    return {"user": user.id, "enrollment": row.id, "section": section_id, "name": user.name}


def _name(world: World, full: str | None) -> PersonName:
    number = len(world.users)
    if full is None:
        name = Names(random.Random(f"late:{number}"), special=False).person()
    else:
        given, _, family = full.rpartition(" ")
        sortable = f"{family}, {given}" if given else full
        name = PersonName(full, sortable, full, plain_letters(full)[:12] or "student")
    return PersonName(name.full, name.sortable, name.short, f"{name.login}.{number}")


@act("move_section", Person)
def move_section(world: World, who: Person) -> Json:
    """The student changes to `section`; the places elsewhere are deleted afterwards."""
    section_id = world.sections[who.section or 0].id
    others = _places(world, Person(who.course, who.user))
    row = add_enrollment(
        world,
        course_id=who.course,
        section_id=section_id,
        user_id=who.user,
        kind=STUDENT,
        state="active",
    )
    for old in others:
        if old.section_id != section_id and old.state != "deleted":
            change_state(world, old, "deleted")
    return {"user": who.user, "enrollment": row.id, "section": section_id}


@act("join_section", Person)
def join_section(world: World, who: Person) -> Json:
    """The student is in `section` as well."""
    section_id = world.sections[who.section or 0].id
    row = add_enrollment(
        world,
        course_id=who.course,
        section_id=section_id,
        user_id=who.user,
        kind=STUDENT,
        state="active",
    )
    return {"user": who.user, "enrollment": row.id, "section": section_id}


@act("rename_person", Renamed)
def rename_person(world: World, who: Renamed) -> Json:
    """Another name, login, e-mail or SIS id."""
    user = world.users[who.user]
    if who.name is not None:
        rename(user, who.name)
    for name in ("email", "login_id", "sis_user_id"):
        value: str | None = getattr(who, name)
        if value is not None:
            setattr(user, name, value)
    return {"user": user.id, "name": user.name}
