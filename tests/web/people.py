"""A course with everything in it, for looking at pages: made in bulk, without a Canvas."""

from datetime import UTC, datetime, timedelta
from itertools import count

from django.contrib.auth.models import User
from django.test import Client

from gradebench.accounts.people import add_user
from gradebench.canvas.models import (
    CanvasAssignment,
    CanvasCourse,
    CanvasEnrollment,
    CanvasGroup,
    CanvasGroupCategory,
    CanvasGroupMembership,
    CanvasIntegration,
    CanvasSection,
    CanvasSubmission,
    CanvasUser,
    GroupPlan,
    SyncRun,
)
from gradebench.canvas.push.scene import drift
from gradebench.canvas.push.storing import store
from tests import people

START = datetime(2026, 9, 1, 12, tzinfo=UTC)
_ids = count(5_000_000)


def signed_in(user: User) -> Client:
    """A browser of this person."""
    client = Client()
    client.force_login(user)
    return client


def teacher(name: str) -> User:
    """Somebody who may sign in."""
    return User.objects.filter(username=name).first() or add_user(name)


def integration_of(user: User, **values: object) -> CanvasIntegration:
    """The person's connection to a Canvas that nobody calls."""
    return people.integration(user, canvas_user_name=f"{user} in Canvas", **values)


def course_of(user: User, name: str = "Design Studio", **values: object) -> CanvasCourse:
    """A chosen, synced course of the person."""
    known = CanvasIntegration.objects.filter(user=user).first() or integration_of(user)
    values = {"chosen": True, "synced_at": START, "total_students": 0, **values}
    return people.course(name, integration=known, **values)


def run_of(course: CanvasCourse, state: str, **values: object) -> SyncRun:
    """A run of the course in this state."""
    return SyncRun.objects.create(course=course, state=state, **values)


def plan_of(course: CanvasCourse) -> GroupPlan:
    """A plan for the course's first set, from what Canvas showed last: no Canvas is asked."""
    category = course.group_categories.select_related("course__integration", "team_set").first()
    assert category is not None
    return store(category, drift(category), by=course.integration.user, because="A test")


def fill(course: CanvasCourse, *, students: int = 30, assignments: int = 6, teams: int = 6) -> None:
    """Two sections, students in teams, and a submission of each to every assignment."""
    rows = _enroll(course, _sections(course), students)
    for work in _assignments(course, assignments):
        _hand_in(work, rows)
    _form_teams(course, rows, teams)
    CanvasCourse.objects.filter(pk=course.pk).update(total_students=students)


def _sections(course: CanvasCourse) -> list[CanvasSection]:
    return [
        CanvasSection.objects.create(course=course, canvas_id=next(_ids), name=f"Section {letter}")
        for letter in "AB"
    ]


def _enroll(course: CanvasCourse, sections: list[CanvasSection], students: int) -> list[CanvasUser]:
    rows = CanvasUser.objects.bulk_create(
        CanvasUser(
            integration=course.integration,
            canvas_id=next(_ids),
            name=f"Student {number}",
            sortable_name=f"{number:04d}, Student",
            login_id=f"s{number}",
        )
        for number in range(students)
    )
    CanvasEnrollment.objects.bulk_create(
        CanvasEnrollment(
            course=course,
            canvas_id=next(_ids),
            user=row,
            section=sections[number % 2],
            type="StudentEnrollment",
            enrollment_state="active",
            current_score=60 + number % 40,
        )
        for number, row in enumerate(rows)
    )
    return rows


def _assignments(course: CanvasCourse, how_many: int) -> list[CanvasAssignment]:
    return CanvasAssignment.objects.bulk_create(
        CanvasAssignment(
            course=course,
            canvas_id=next(_ids),
            name=f"Homework {number + 1}",
            position=number,
            points_possible=20,
            due_at=START + timedelta(days=7 * number),
        )
        for number in range(how_many)
    )


def _hand_in(work: CanvasAssignment, students: list[CanvasUser]) -> None:
    CanvasSubmission.objects.bulk_create(
        CanvasSubmission(
            course=work.course,
            canvas_id=next(_ids),
            assignment=work,
            user=student,
            workflow_state="graded" if number % 3 else "submitted",
            score=number % 21 if number % 3 else None,
            late=number % 10 == 0,
            excused=number % 11 == 5,
            submitted_at=(work.due_at or START) - timedelta(hours=number),
        )
        for number, student in enumerate(students)
    )


def _form_teams(course: CanvasCourse, students: list[CanvasUser], teams: int) -> None:
    category = CanvasGroupCategory.objects.create(
        course=course, canvas_id=next(_ids), name="Projects"
    )
    groups = [
        CanvasGroup.objects.create(
            course=course, category=category, canvas_id=next(_ids), name=f"Team {number + 1}"
        )
        for number in range(teams)
    ]
    CanvasGroupMembership.objects.bulk_create(
        CanvasGroupMembership(course=course, group=groups[number % teams], user=student)
        for number, student in enumerate(students[:-2])
    )
