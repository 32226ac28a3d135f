"""Sections, staff and students of a course."""

from __future__ import annotations

from gradebench.sandbox.world.build import Build, add_user, enroll
from gradebench.sandbox.world.rows import ASSISTANT, TEST_STUDENT, Section, User

STUDENT_DOMAIN = "students.northfield.example"
STAFF_DOMAIN = "northfield.example"


def add_sections(build: Build) -> None:
    """Sections named after the course's code, each with an SIS id."""
    plan = build.plan
    for number in range(1, plan.sections + 1):
        section = Section(
            id=build.world.new_id("section"),
            course_id=build.course.id,
            name=f"{plan.code} Section {number:02d}",
            created_at=build.day(-30),
            sis_section_id=f"{plan.sis_course_id}-{number:02d}",
        )
        build.sections.append(build.world.sections.add(section))


def add_staff(build: Build, teacher: User, assistants: list[User], *, limited: User) -> None:
    """The teacher, assistants for the whole course, and one who sees the first section only."""
    build.teacher = teacher
    world, since = build.world, build.day(-30)
    enroll(world, teacher, build.sections[0], kind="TeacherEnrollment", since=since)
    for number, assistant in enumerate(assistants):
        section = build.sections[number % len(build.sections)]
        enroll(world, assistant, section, kind=ASSISTANT, since=since)
    enroll(world, limited, build.sections[0], kind=ASSISTANT, limited=True, since=since)


def add_students(build: Build) -> None:
    """The plan's number of active students, in sections as even as they go."""
    for index in range(build.plan.students):
        name = build.names.student(index)
        user = add_user(build.world, name, since=build.day(-40), domain=STUDENT_DOMAIN)
        user.skill = build.random.gauss(0, 1)
        seat_student(build, user, build.sections[_section_index(build, index)])


def _section_index(build: Build, index: int) -> int:
    return index * len(build.sections) // build.plan.students


def seat_student(build: Build, user: User, section: Section) -> None:
    """An active enrollment for a student of the course."""
    enroll(build.world, user, section, since=build.day(build.random.uniform(-20, 0)))
    build.students.append(user)
    build.section_of[user.id] = section.id


def add_test_student(build: Build) -> User:
    """Canvas's own test student, as it is there once a teacher looked through student eyes."""
    world = build.world
    user = world.users.add(
        User(
            id=world.new_id("user"),
            name="Test Student",
            sortable_name="Student, Test",
            short_name="Test Student",
            created_at=build.day(-5),
            login_id=None,
            is_test_student=True,
        )
    )
    enroll(world, user, build.sections[0], kind=TEST_STUDENT, since=build.day(-5))
    return user
