"""One believable course, from a plan and a seed."""

from __future__ import annotations

import random
import uuid
from datetime import timedelta

from gradebench.sandbox.world.build import Build
from gradebench.sandbox.world.coursework import add_coursework
from gradebench.sandbox.world.names import Names
from gradebench.sandbox.world.people import (
    add_sections,
    add_staff,
    add_students,
    add_test_student,
)
from gradebench.sandbox.world.plan import CoursePlan
from gradebench.sandbox.world.rows import Course, User
from gradebench.sandbox.world.scores import Gradebook
from gradebench.sandbox.world.teams import add_main_set, add_smaller_sets
from gradebench.sandbox.world.world import World


def add_course(world: World, name: str, code: str, *, sis_id: str | None = None) -> Course:
    """An empty, available course."""
    course_id = world.new_id("course")
    return world.courses.add(
        Course(
            id=course_id,
            name=name,
            course_code=code,
            created_at=world.start - timedelta(days=120),
            uuid=uuid.uuid5(uuid.NAMESPACE_OID, f"course-{course_id}").hex,
            sis_course_id=sis_id,
        )
    )


def make_course(
    world: World,
    plan: CoursePlan,
    names: Names,
    *,
    seed: str,
    teacher: User,
    assistants: list[User],
    limited: User,
) -> Build:
    """People, sets, coursework and submissions of one course; the same for the same seed."""
    course = add_course(world, plan.name, plan.code, sis_id=plan.sis_course_id)
    course.start_at = world.start - timedelta(days=plan.days_before)
    course.end_at = world.start + timedelta(days=plan.days_after + 10)
    build = Build(world, plan, course, random.Random(seed), names)
    add_sections(build)
    add_staff(build, teacher, assistants, limited=limited)
    add_students(build)
    add_test_student(build)
    if plan.teams:
        add_main_set(build)
    if plan.extras:
        add_smaller_sets(build)
    add_coursework(build)
    Gradebook(build).fill()
    return build
