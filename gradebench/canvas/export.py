"""A synced course as one object, with Canvas's own field names and ids, for programs and archives."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import msgspec
from django.db.models import Model, Q, QuerySet

from gradebench.canvas.mirror import columns
from gradebench.canvas.models import CanvasCourse, CanvasUser

Row: TypeAlias = dict[str, object]
Fields: TypeAlias = Mapping[str, str]
"""Canvas's name of a field → the column that holds it."""


def course_export(course: CanvasCourse, *, gone: bool = False) -> dict[str, object]:
    """Everything that the mirror holds of a course, JSON-ready.

    `course` is an object; `sections`, `users`, `enrollments`, `assignments`, `rubrics`, `quizzes`,
    `submissions`, `group_categories`, `groups` and `memberships` are lists of objects. Differentiation
    tags, which Canvas keeps beside the groups, are apart in `tag_categories`, `tags` and
    `tag_memberships`. Times are ISO 8601 in UTC with a `Z`. With `gone`, rows that Canvas no longer
    has are there too, each with `gone: true` and `gone_at`.
    """
    lists = {
        kind: _read(rows, fields, gone=gone) for kind, rows, fields in _lists(course, gone=gone)
    }
    _nest_grades(lists["enrollments"])
    _nest_leader(lists["groups"])
    _nest_leader(lists["tags"])
    ready: dict[str, object] = msgspec.to_builtins({"course": _course(course), **lists})
    return ready


def _same(names: Iterable[str]) -> Fields:
    return {name: name for name in names}


_OF_COURSE: Fields = {"id": "canvas_id", "course_id": "course__canvas_id"}
_COURSE: Fields = _same(columns.COURSE)
_SECTION: Fields = {**_OF_COURSE, **_same(columns.SECTION)}
_USER: Fields = {"id": "canvas_id", **_same(columns.USER)}
_ENROLLMENT: Fields = {
    **_OF_COURSE,
    "user_id": "user__canvas_id",
    **_same((*columns.ENROLLMENT, *columns.GRADES)),
}
_ASSIGNMENT: Fields = {**_OF_COURSE, **_same(columns.ASSIGNMENT)}
_RUBRIC: Fields = {
    "id": "rubric_id",
    "assignment_id": "assignment__canvas_id",
    **_same(("title", "points_possible", "criteria")),
    "use_rubric_for_grading": "use_for_grading",
}
_QUIZ: Fields = {"id": "canvas_id", **_same(columns.QUIZ)}
_SUBMISSION: Fields = {
    "id": "canvas_id",
    "assignment_id": "assignment__canvas_id",
    "user_id": "user__canvas_id",
    **_same(columns.SUBMISSION),
}
_CATEGORY: Fields = {**_OF_COURSE, **_same((*columns.GROUP_CATEGORY, "non_collaborative"))}
_GROUP: Fields = {
    **_OF_COURSE,
    "group_category_id": "category__canvas_id",
    **_same((*columns.GROUP, "leader_id", "non_collaborative")),
}
_MEMBERSHIP: Fields = {
    "id": "canvas_id",
    "group_id": "group__canvas_id",
    "user_id": "user__canvas_id",
    **_same(("workflow_state", "moderator")),
}


def _lists(course: CanvasCourse, *, gone: bool) -> Iterable[tuple[str, QuerySet[Model], Fields]]:
    tag, tag_of = Q(non_collaborative=True), Q(category__non_collaborative=True)
    tag_group = Q(group__category__non_collaborative=True)
    yield "sections", course.sections.all(), _SECTION
    yield "users", _people(course, gone=gone), _USER
    yield "enrollments", course.enrollments.all(), _ENROLLMENT
    yield "assignments", course.assignments.all(), _ASSIGNMENT
    yield "rubrics", course.rubrics.all(), _RUBRIC
    yield "quizzes", course.quizzes.all(), _QUIZ
    yield "submissions", course.submissions.all(), _SUBMISSION
    yield "group_categories", course.group_categories.exclude(tag), _CATEGORY
    yield "groups", course.groups.exclude(tag_of), _GROUP
    yield "memberships", course.memberships.exclude(tag_group), _MEMBERSHIP
    yield "tag_categories", course.group_categories.filter(tag), _CATEGORY
    yield "tags", course.groups.filter(tag_of), _GROUP
    yield "tag_memberships", course.memberships.filter(tag_group), _MEMBERSHIP


def _people(course: CanvasCourse, *, gone: bool) -> QuerySet[CanvasUser]:
    """Whoever is enrolled; with `gone` also those who were."""
    enrollments = course.enrollments.all() if gone else course.enrollments.filter(gone_at=None)
    return CanvasUser.objects.filter(pk__in=enrollments.values("user"))


def _read(rows: QuerySet[Model], fields: Fields, *, gone: bool) -> list[Row]:
    names, paths = list(fields), list(fields.values())
    # Canvas's id of a membership is rarely known, and changes.
    pair = ("group__canvas_id", "user__canvas_id")
    rows = rows.order_by(*(pair if fields is _MEMBERSHIP else ("canvas_id",)))
    if not gone:
        return _objects(rows.filter(gone_at=None), names, paths)
    read = _objects(rows, [*names, "gone_at"], [*paths, "gone_at"])
    return [_marked(row) for row in read]


def _objects(rows: QuerySet[Model], names: list[str], paths: list[str]) -> list[Row]:
    return [dict(zip(names, values, strict=True)) for values in rows.values_list(*paths)]


def _marked(row: Row) -> Row:
    gone_at = row.pop("gone_at")
    return row if gone_at is None else {**row, "gone": True, "gone_at": gone_at}


def _course(course: CanvasCourse) -> Row:
    row: Row = {"id": course.canvas_id}
    row.update({name: getattr(course, column) for name, column in _COURSE.items()})
    row["term"] = {"id": course.enrollment_term_id, "name": course.term_name}
    row["synced_at"] = course.synced_at
    return _marked({**row, "gone_at": course.gone_at})


def _nest_grades(enrollments: list[Row]) -> None:
    """Canvas has the scores in `grades`, and only where a student is graded."""
    for row in enrollments:
        grades = {name: row.pop(name) for name in columns.GRADES}
        if row["type"] in {"StudentEnrollment", "StudentViewEnrollment"}:
            row["grades"] = grades


def _nest_leader(groups: list[Row]) -> None:
    for row in groups:
        leader = row.pop("leader_id")
        row["leader"] = None if leader is None else {"id": leader}
