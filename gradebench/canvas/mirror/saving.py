"""One `save_*` for each kind of payload: many in, what was new and what changed out.

Each call is one transaction. References to rows that are not there yet are reported as refused, for
the run to record, and the others are saved.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from django.db import transaction
from msgspec import UNSET

from gradebench.canvas.api import payloads
from gradebench.canvas.api.payloads import known
from gradebench.canvas.mirror import columns
from gradebench.canvas.mirror.regrading import note_regrades
from gradebench.canvas.mirror.rows import BATCH, Columns, Saved, batches, save_rows
from gradebench.canvas.models import (
    CanvasAssignment,
    CanvasCourse,
    CanvasEnrollment,
    CanvasGroup,
    CanvasGroupCategory,
    CanvasGroupMembership,
    CanvasIntegration,
    CanvasQuiz,
    CanvasRubric,
    CanvasSection,
    CanvasSubmission,
    CanvasUser,
    CourseRow,
)


class HasId(Protocol):
    """A payload that Canvas numbers."""

    @property
    def id(self) -> int: ...


P = TypeVar("P", bound=HasId)

# Canvas id → primary key.
Keys = Mapping[int, int]


def keys_of(model: type[CourseRow], course: CanvasCourse) -> dict[int, int]:
    """The primary keys of a course's rows by Canvas id, gone ones included."""
    return dict(model._default_manager.filter(course=course).values_list("canvas_id", "pk"))


def keys_of_people(course: CanvasCourse) -> dict[int, int]:
    """The primary keys of everybody who has or had an enrollment in the course."""
    people = CanvasUser.objects.filter(enrollments__course=course)
    return dict(people.values_list("canvas_id", "pk"))


def save_courses(integration: CanvasIntegration, courses: Iterable[payloads.Course]) -> Saved:
    """Courses that the token's owner sees."""
    rows = {course.id: columns.of_course(course) for course in courses}
    return save_rows(CanvasCourse, scope={"integration": integration}, rows=rows)


def save_sections(course: CanvasCourse, sections: Iterable[payloads.Section]) -> Saved:
    """Sections of a course."""
    return _save(CanvasSection, course, sections, columns.of_section)


def save_people(integration: CanvasIntegration, people: Iterable[payloads.User]) -> Saved:
    """People, wherever they were listed."""
    rows = {person.id: columns.of_user(person) for person in people}
    return save_rows(CanvasUser, scope={"integration": integration}, rows=rows)


def save_enrollments(
    course: CanvasCourse, enrollments: Sequence[payloads.Enrollment]
) -> tuple[Saved, Saved]:
    """Enrollments together with the people in them; answers (people, enrollments)."""
    users = {one.user_id: user for one in enrollments if (user := known(one.user))}
    people = save_people(course.integration, users.values())
    listed = {one.user_id for one in enrollments}
    keys = dict(
        CanvasUser.objects.filter(integration=course.integration, canvas_id__in=listed).values_list(
            "canvas_id", "pk"
        )
    )
    sections = keys_of(CanvasSection, course)
    rows: dict[int, Columns] = {}
    refused: dict[int, str] = {}
    for one in enrollments:
        if one.user_id not in keys:
            refused[one.id] = f"Canvas did not say who person {one.user_id} is."
            continue
        given = columns.of_enrollment(one) | {"user_id": keys[one.user_id]}
        if one.course_section_id is not UNSET:
            given["section_id"] = sections.get(known(one.course_section_id) or 0)
        rows[one.id] = given
    saved = save_rows(CanvasEnrollment, scope={"course": course}, rows=rows)
    saved.refused |= refused
    saved.seen |= set(refused)
    return people, saved


def save_assignments(
    course: CanvasCourse, assignments: Sequence[payloads.Assignment]
) -> tuple[Saved, Saved]:
    """Assignments with their rubrics; answers (assignments, rubrics)."""
    saved = _save(CanvasAssignment, course, assignments, columns.of_assignment)
    keys = keys_of(CanvasAssignment, course)
    rubrics = {
        one.id: rubric | {"assignment_id": keys[one.id]}
        for one in assignments
        if one.id in keys and (rubric := columns.of_rubric(one))
    }
    return saved, save_rows(CanvasRubric, scope={"course": course}, rows=rubrics)


def save_quizzes(course: CanvasCourse, quizzes: Iterable[payloads.Quiz]) -> Saved:
    """Classic quizzes."""
    return _save(CanvasQuiz, course, quizzes, columns.of_quiz)


def save_submissions(
    course: CanvasCourse,
    submissions: Iterable[payloads.Submission],
    *,
    assignments: Keys,
    people: Keys,
) -> Saved:
    """Submissions; one of an unknown person or assignment is refused with the reason.

    A score or grade that changed is kept as a Regrade.
    """
    rows: dict[int, Columns] = {}
    refused: dict[int, str] = {}
    for one in submissions:
        if one.user_id not in people:
            refused[one.id] = f"It belongs to person {one.user_id}, whom the course does not list."
        elif one.assignment_id not in assignments:
            refused[one.id] = f"It belongs to assignment {one.assignment_id}, which is not listed."
        else:
            rows[one.id] = columns.of_submission(one) | {
                "assignment_id": assignments[one.assignment_id],
                "user_id": people[one.user_id],
            }
    with transaction.atomic():
        saved = save_rows(CanvasSubmission, scope={"course": course}, rows=rows)
        note_regrades(saved)
    saved.refused |= refused
    saved.seen |= set(refused)
    return saved


def save_group_categories(
    course: CanvasCourse,
    categories: Iterable[payloads.GroupCategory],
    *,
    non_collaborative: bool = False,
) -> Saved:
    """Group sets, or sets of differentiation tags where `non_collaborative`."""

    def of(category: payloads.GroupCategory) -> Columns:
        return columns.of_group_category(category, non_collaborative=non_collaborative)

    return _save(CanvasGroupCategory, course, categories, of)


def save_groups(course: CanvasCourse, groups: Iterable[payloads.Group]) -> Saved:
    """Groups; one of an unknown set is refused with the reason."""
    sets = keys_of(CanvasGroupCategory, course)
    rows: dict[int, Columns] = {}
    refused: dict[int, str] = {}
    for group in groups:
        category = known(group.group_category_id)
        if category in sets:
            rows[group.id] = columns.of_group(group) | {"category_id": sets[category]}
        else:
            refused[group.id] = f"It belongs to group set {category}, which is not listed."
    saved = save_rows(CanvasGroup, scope={"course": course}, rows=rows)
    saved.refused |= refused
    saved.seen |= set(refused)
    return saved


Pair = tuple[int, int]  # (group, person), by primary key


def save_memberships(course: CanvasCourse, pairs: Collection[Pair]) -> tuple[set[Pair], set[Pair]]:
    """Who is in which group; answers (new, returned). Canvas's membership ids are not touched."""
    before = {
        (row.group_id, row.user_id): row
        for row in course.memberships.filter(group__in={group for group, _person in pairs})
    }
    new = {pair for pair in pairs if pair not in before}
    returned = {pair for pair in pairs if pair in before and before[pair].gone_at}
    CanvasGroupMembership.objects.bulk_create(
        [
            CanvasGroupMembership(course=course, group_id=group, user_id=person)
            for group, person in sorted(new | returned)
        ],
        update_conflicts=True,
        update_fields=["gone_at"],
        unique_fields=["group", "user"],
        batch_size=BATCH,
    )
    return new, returned


def _save(
    model: type[CourseRow],
    course: CanvasCourse,
    listed: Iterable[P],
    columns_of: Callable[[P], Columns],
) -> Saved:
    rows = {one.id: columns_of(one) for one in listed}
    return save_rows(model, scope={"course": course}, rows=rows)


def end_memberships(course: CanvasCourse, pairs: Collection[Pair], at: datetime) -> int:
    """Mark memberships as gone, because Canvas answered so; returns how many were present."""
    by_group: dict[int, list[int]] = {}
    for group, person in pairs:
        by_group.setdefault(group, []).append(person)
    return sum(
        course.memberships.filter(gone_at=None, group=group, user__in=some).update(gone_at=at)
        for group, people in by_group.items()
        for some in batches(people)
    )


def save_limit(category: CanvasGroupCategory, limit: int | None) -> None:
    """A changed limit of a set, which Canvas writes to all its groups."""
    category.groups.filter(gone_at=None).update(max_membership=limit)
