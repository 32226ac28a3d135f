"""The named worlds, and the people and tokens that are the same in each."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from gradebench.sandbox.world.build import Build, add_user
from gradebench.sandbox.world.course import make_course
from gradebench.sandbox.world.names import Names, PersonName
from gradebench.sandbox.world.people import STAFF_DOMAIN
from gradebench.sandbox.world.plan import CoursePlan
from gradebench.sandbox.world.quirks import add_quirks, add_strange_courses
from gradebench.sandbox.world.rows import Token, User
from gradebench.sandbox.world.world import World

SMALL = CoursePlan(
    name="Design Thinking Workshop",
    code="DES 120",
    students=25,
    sections=2,
    teams=5,
    assignments=8,
    quirks=True,
    sis_course_id="DES120-01",
)
WORKED_EXAMPLE = CoursePlan()
DEMO = CoursePlan(
    name="Engineering Design Studio",
    code="ENG 210",
    students=120,
    sections=3,
    teams=24,
    assignments=14,
    sis_course_id="ENG210-01",
)
WORLDS = {"small": SMALL, "course": WORKED_EXAMPLE, "demo": DEMO, "quirks": SMALL}


@dataclass(frozen=True)
class WorldOptions:
    """Which world, and what overrides its numbers."""

    world: str = "small"
    students: int | None = None
    sections: int | None = None
    teams: int | None = None
    assignments: int | None = None
    seed: int = 1
    id_offset: int = 0
    now: datetime | None = None

    def plan(self) -> CoursePlan:
        """The main course's plan; an unknown world raises ValueError."""
        if self.world not in WORLDS:
            raise ValueError(f"no world named {self.world!r}; there are {', '.join(WORLDS)}")
        base = WORLDS[self.world]
        return replace(
            base,
            students=_given(self.students, base.students),
            sections=_given(self.sections, base.sections),
            teams=_given(self.teams, base.teams),
            assignments=_given(self.assignments, base.assignments),
        )


def _given(number: int | None, default: int) -> int:
    return default if number is None else number


@dataclass
class Staff:
    """The people behind the tokens."""

    teacher: User
    assistant: User
    limited: User
    outsider: User


def make_world(options: WorldOptions) -> World:
    """A whole Canvas; the same options (and `now`) give the same Canvas."""
    plan = options.plan()
    world = World(options.now or datetime.now(UTC), id_offset=options.id_offset)
    names = Names(random.Random(f"names:{options.seed}"))
    staff = _add_staff(world)
    main = _course(world, plan, names, staff, seed=f"{options.seed}:main")
    if plan.quirks and main.students:
        add_quirks(main)
    if options.world == "quirks":
        add_strange_courses(world, staff.teacher)
    if options.world == "demo":
        _add_demo_courses(world, names, staff, seed=options.seed)
    _issue_tokens(world, staff, student=main.students[0] if main.students else staff.outsider)
    return world


def _add_staff(world: World) -> Staff:
    def person(full: str, sortable: str, login: str) -> User:
        name = PersonName(full, sortable, full, login)
        since = world.start - timedelta(days=900)
        return add_user(world, name, since=since, domain=STAFF_DOMAIN)

    return Staff(
        teacher=person("Dana Whitfield", "Whitfield, Dana", "dwhitfield"),
        assistant=person("Grace Adeyemi", "Adeyemi, Grace", "gadeyemi"),
        limited=person("Ravi Menon", "Menon, Ravi", "rmenon"),
        outsider=person("Erik Lindqvist", "Lindqvist, Erik", "elindqvist"),
    )


def _course(world: World, plan: CoursePlan, names: Names, staff: Staff, *, seed: str) -> Build:
    return make_course(
        world,
        plan,
        names,
        seed=seed,
        teacher=staff.teacher,
        assistants=[staff.assistant],
        limited=staff.limited,
    )


def _add_demo_courses(world: World, names: Names, staff: Staff, *, seed: int) -> None:
    _course(world, replace(SMALL, quirks=False), names, staff, seed=f"{seed}:small")
    empty = CoursePlan(
        name="Capstone Project (next term)",
        code="ENG 490",
        students=0,
        sections=1,
        teams=0,
        assignments=0,
        extras=False,
        sis_course_id="ENG490-01",
    )
    build = _course(world, empty, names, staff, seed=f"{seed}:empty")
    build.course.workflow_state = "unpublished"
    add_strange_courses(world, staff.teacher, only_stub=True)


def _issue_tokens(world: World, staff: Staff, *, student: User) -> None:
    past = world.start - timedelta(days=3)
    reads = frozenset({"url:GET|*"})
    teacher = staff.teacher.id
    for token in [
        Token("sandbox-teacher-token", teacher, "teacher"),
        Token("sandbox-assistant-token", staff.assistant.id, "assistant"),
        Token("sandbox-ta-limited-token", staff.limited.id, "ta_limited"),
        Token("sandbox-student-token", student.id, "student"),
        Token("sandbox-outsider-token", staff.outsider.id, "outsider"),
        Token("sandbox-readonly-token", teacher, "readonly", scopes=reads),
        Token("sandbox-expired-token", teacher, "expired", expires_at=past),
        Token("sandbox-revoked-token", teacher, "revoked", revoked=True),
    ]:
        world.tokens[token.value] = token
