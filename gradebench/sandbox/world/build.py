"""What the makers of a course share: the world, a seeded source of chance, and the people so far."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gradebench.sandbox.world.names import Names, PersonName
from gradebench.sandbox.world.plan import CoursePlan
from gradebench.sandbox.world.rows import (
    STUDENT,
    Course,
    Enrollment,
    GroupCategory,
    Section,
    User,
)
from gradebench.sandbox.world.world import World


@dataclass
class Build:
    """A course in the making. `students` are the active ones, in the order they enrolled."""

    world: World
    plan: CoursePlan
    course: Course
    random: random.Random
    names: Names
    sections: list[Section] = field(default_factory=list)
    students: list[User] = field(default_factory=list)
    section_of: dict[int, int] = field(default_factory=dict)
    teacher: User | None = None
    main_set: GroupCategory | None = None

    @property
    def term_start(self) -> datetime:
        return self.world.start - timedelta(days=self.plan.days_before)

    def day(self, number: float) -> datetime:
        """A moment of the term, counted in days from its start."""
        return self.term_start + timedelta(days=number)


def add_user(world: World, name: PersonName, *, since: datetime, domain: str) -> User:
    """A person with login, e-mail and SIS id."""
    user_id = world.new_id("user")
    return world.users.add(
        User(
            id=user_id,
            name=name.full,
            sortable_name=name.sortable,
            short_name=name.short,
            created_at=since,
            login_id=name.login,
            email=f"{name.login}@{domain}",
            sis_user_id=f"S{2_100_000 + user_id - world.id_offset}",
        )
    )


def enroll(
    world: World,
    user: User,
    section: Section,
    *,
    kind: str = STUDENT,
    state: str = "active",
    limited: bool = False,
    since: datetime | None = None,
) -> Enrollment:
    """A place in a section; `since` is the world's now unless given."""
    when = since or world.now()
    return world.enrollments.add(
        Enrollment(
            id=world.new_id("enrollment"),
            course_id=section.course_id,
            section_id=section.id,
            user_id=user.id,
            type=kind,
            created_at=when,
            updated_at=when,
            state=state,
            limited_to_section=limited,
            last_activity_at=world.start - timedelta(hours=user.id % 190) if since else None,
            total_activity_time=(user.id * 37) % 90_000,
        )
    )
