"""Group sets: one with every team full, and the smaller ones that make a course believable."""

from __future__ import annotations

from itertools import cycle

from gradebench.sandbox.world.build import Build
from gradebench.sandbox.world.rows import Group, GroupCategory, Membership, User


def add_set(
    build: Build,
    name: str,
    *,
    limit: int | None = None,
    self_signup: str | None = None,
    role: str | None = None,
    tags: bool = False,
) -> GroupCategory:
    """An empty group set."""
    return build.world.categories.add(
        GroupCategory(
            id=build.world.new_id("category"),
            course_id=build.course.id,
            name=name,
            created_at=build.day(1),
            role=role,
            self_signup=self_signup,
            group_limit=limit,
            non_collaborative=tags,
        )
    )


def add_group(build: Build, category: GroupCategory, name: str) -> Group:
    """A group that takes its limit from the set, as in Canvas."""
    return build.world.groups.add(
        Group(
            id=build.world.new_id("group"),
            course_id=build.course.id,
            category_id=category.id,
            name=name,
            created_at=build.day(1),
            max_membership=category.group_limit,
        )
    )


def place(build: Build, group: Group, *students: User) -> None:
    """Accepted memberships."""
    for student in students:
        build.world.memberships.add(
            Membership(
                id=build.world.new_id("membership"),
                group_id=group.id,
                user_id=student.id,
                created_at=build.day(2),
            )
        )


def add_main_set(build: Build) -> GroupCategory:
    """Everybody in a team; teams stay within a section while the numbers allow it."""
    teams, students = build.plan.teams, build.students
    limit = max(2, -(-len(students) // teams)) if teams else None
    category = build.main_set = add_set(build, "Project Teams", limit=limit)
    groups = [add_group(build, category, f"Project Team {n}") for n in range(1, teams + 1)]
    shuffled = sorted(students, key=lambda user: (build.section_of[user.id], build.random.random()))
    for index, student in enumerate(shuffled):
        place(build, groups[index * teams // len(shuffled)], student)
    for group in groups[:: max(1, teams // 8)]:
        members = build.world.members(group.id)
        group.leader_id = members[0].user_id if members else None
    return category


def add_smaller_sets(build: Build) -> None:
    """Partly filled, empty, open for sign-up, restricted, the students' own groups, and tags."""
    _partly_filled(build)
    add_set(build, "Peer Review Circles")
    _self_signup(build)
    _restricted(build)
    _student_groups(build)
    _tags(build)


def _partly_filled(build: Build) -> None:
    count = min(10, max(2, len(build.students) // 6))
    category = add_set(build, "Lab Benches", limit=4)
    groups = [add_group(build, category, f"Bench {n}") for n in range(1, count + 1)]
    some = build.random.sample(build.students, min(len(build.students), count * 2))
    for group, student in zip(cycle(groups), some, strict=False):
        place(build, group, student)


def _self_signup(build: Build) -> None:
    category = add_set(build, "Study Circles", limit=8, self_signup="enabled")
    topics = ["Mornings", "Evenings", "Weekend", "Online only"]
    groups = [add_group(build, category, f"Study circle: {topic}") for topic in topics]
    some = build.random.sample(build.students, min(len(build.students), 14))
    for group, student in zip(cycle(groups[:3]), some, strict=False):
        place(build, group, student)


def _restricted(build: Build) -> None:
    category = add_set(build, "Section Showcases", limit=6, self_signup="restricted")
    for section in build.sections[:6]:
        group = add_group(build, category, f"Showcase {section.name}")
        locals_ = [user for user in build.students if build.section_of[user.id] == section.id]
        place(build, group, *locals_[:3])


def _student_groups(build: Build) -> None:
    category = add_set(build, "Student Groups", role="student_organized")
    some = build.random.sample(build.students, min(len(build.students), 6))
    chess = add_group(build, category, "Chess after class")
    jam = add_group(build, category, "Saturday jam")
    place(build, chess, *some[:4])
    place(build, jam, *some[2:])
    chess.leader_id = some[0].id if some else None


def _tags(build: Build) -> None:
    category = add_set(build, "Support", tags=True)
    names = ["Extra time", "Honors track", "Needs check-in"]
    groups = [add_group(build, category, name) for name in names]
    some = build.random.sample(build.students, min(len(build.students), 9))
    for group, student in zip(cycle(groups), some, strict=False):
        place(build, group, student)
    place(build, groups[1], *some[:1])
