"""The ground truth of a course: what a test compares a mirror with."""

from __future__ import annotations

from gradebench.sandbox.answers.course_rows import course_row, section_row
from gradebench.sandbox.answers.coursework_rows import (
    assignment_group_row,
    assignment_row,
)
from gradebench.sandbox.answers.group_rows import category_row, group_row, membership_row
from gradebench.sandbox.answers.people_rows import Json, enrollment_row, user_row
from gradebench.sandbox.answers.quiz_rows import quiz_row
from gradebench.sandbox.answers.submission_rows import plain_row
from gradebench.sandbox.world.permissions import Rights, all_seeing
from gradebench.sandbox.world.rows import Course, User
from gradebench.sandbox.world.world import World


def course_truth(world: World, course: Course, *, submissions: bool = True) -> Json:
    """Everything the course has, in Canvas's shapes, with nothing hidden.

    Deleted enrollments are listed with their state. Deleted assignments, groups and memberships are
    not, nor are the submissions of people who are no students any more. `tags` holds the
    differentiation-tag sets, groups and memberships apart.
    """
    rights = all_seeing(course)
    people = {row.user_id: None for row in world.enrollments.of("course", course.id)}
    nobody = User(0, "", "", "", world.start)
    truth: Json = {
        "course": course_row(world, course, nobody, rights, {"term", "total_students"}),
        "sections": [
            section_row(world, row, rights) for row in world.sections.of("course", course.id)
        ],
        "users": [
            user_row(world, world.users[user_id], rights, {"email", "group_ids"})
            for user_id in people
        ],
        "enrollments": [
            enrollment_row(world, row, rights, with_user=False)
            for row in world.enrollments.of("course", course.id)
        ],
    }
    truth |= _coursework(world, course, rights, submissions=submissions)
    truth |= _groups(world, course, rights, tags=False)
    truth["tags"] = _groups(world, course, rights, tags=True)
    return truth


def _coursework(world: World, course: Course, rights: Rights, *, submissions: bool) -> Json:
    assignments = [row for row in world.assignments.of("course", course.id) if not row.deleted]
    live = {row.id for row in assignments}
    heaps = world.assignment_groups.of("course", course.id)
    truth: Json = {
        "assignment_groups": [assignment_group_row(row) for row in heaps],
        "assignments": [assignment_row(world, row, rights) for row in assignments],
        "quizzes": [quiz_row(world, row, rights) for row in world.quizzes.of("course", course.id)],
    }
    if submissions:
        students = {
            row.user_id
            for row in world.enrollments.of("course", course.id)
            if row.is_student and row.state != "deleted"
        }
        truth["submissions"] = [
            plain_row(world, row)
            for row in world.submissions.of("course", course.id)
            if row.assignment_id in live and row.user_id in students
        ]
    return truth


def _groups(world: World, course: Course, rights: Rights, *, tags: bool) -> Json:
    sets = [row for row in world.sets_of_course(course.id) if row.non_collaborative == tags]
    groups = [group for category in sets for group in world.groups_of_set(category.id)]
    return {
        "group_categories": [category_row(world, row, rights) for row in sets],
        "groups": [group_row(world, row, rights) for row in groups],
        "memberships": [
            membership_row(world, row, rights)
            for group in groups
            for row in world.members(group.id)
        ],
    }
