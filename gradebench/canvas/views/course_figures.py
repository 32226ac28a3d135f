"""The figures of a course's overview: one query for each, whatever its size."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import CharField, Count, Q
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from gradebench.canvas.models import CanvasAssignment, CanvasCourse
from gradebench.canvas.views.charts import BarChart, Spread, bar_chart, over_time, spread


@dataclass(frozen=True, kw_only=True)
class ScoreRow:
    """An assignment that has scores, and where they lie."""

    assignment: CanvasAssignment
    graded: int
    spread: Spread


@dataclass(frozen=True, kw_only=True)
class TeamSizes:
    """How many groups of a set have how many people."""

    set_name: str
    chart: BarChart


class GroupSize(NamedTuple):
    """A group as a size: its set by key and name, and how many are in it."""

    category: int
    set_name: str
    people: int


def work_to_look_at(course: CanvasCourse) -> dict[str, int]:
    """How much is to be graded, came late, is missing."""
    kinds = {
        "to_grade": Q(workflow_state__in=("submitted", "pending_review")),
        "late": Q(late=True),
        "missing": Q(missing=True),
    }
    any_of_them = kinds["to_grade"] | kinds["late"] | kinds["missing"]
    rows = course.submissions.filter(any_of_them, gone_at=None, assignment__gone_at=None)
    return rows.aggregate(**{name: Count("pk", filter=which) for name, which in kinds.items()})


def sections_with_students(course: CanvasCourse) -> list[tuple[str, int]]:
    """Names of the sections and how many active students each has."""
    active = Q(
        enrollments__gone_at=None,
        enrollments__type="StudentEnrollment",
        enrollments__enrollment_state="active",
    )
    sections = course.sections.filter(gone_at=None)
    counted = sections.annotate(students=Count("enrollments", filter=active))
    return list(counted.values_list("name", "students"))


def scores_of(course: CanvasCourse, assignments: Iterable[int]) -> dict[int, list[float]]:
    """The scores of graded work by the assignments' keys, in no order."""
    graded = course.submissions.filter(gone_at=None, workflow_state="graded", score__isnull=False)
    scores: dict[int, list[float]] = {one: [] for one in assignments}
    for key, score in graded.order_by().values_list("assignment_id", "score"):
        if key in scores and score is not None:
            scores[key].append(score)
    return scores


def score_rows(
    assignments: Sequence[CanvasAssignment], scores: Mapping[int, Sequence[float]]
) -> list[ScoreRow]:
    """The assignments with scores, in their order; worked out here, for SQLite has no quartiles."""
    spreads = [(one, spread(scores[one.pk], points=one.points_possible)) for one in assignments]
    return [
        ScoreRow(assignment=one, graded=len(scores[one.pk]), spread=box)
        for one, box in spreads
        if box is not None
    ]


def handed_in_over_time(course: CanvasCourse) -> BarChart | None:
    """Submissions by day or week, in the viewer's zone.

    Counted by the hour in the database, as text: its own functions for zones are slow on SQLite.
    """
    hour = Substr(Cast("submitted_at", CharField()), 1, 13)
    submitted = course.submissions.filter(
        gone_at=None, assignment__gone_at=None, submitted_at__isnull=False
    )
    counted = submitted.annotate(hour=hour).values("hour").annotate(count=Count("pk")).order_by()
    return over_time(_by_day(dict(counted.values_list("hour", "count"))))


def team_sizes(groups: Sequence[GroupSize]) -> TeamSizes | None:
    """How large the groups of the largest set are."""
    by_set: dict[int, list[GroupSize]] = defaultdict(list)
    for group in groups:
        by_set[group.category].append(group)
    if not by_set:
        return None
    largest = max(by_set.values(), key=len)
    sizes = Counter(group.people for group in largest)
    # A little room on both sides, so that groups of one size are a bar and not a block.
    shown = range(max(min(sizes) - 2, 0), max(sizes) + 3)
    chart = bar_chart([(str(size), sizes[size]) for size in shown])
    return TeamSizes(set_name=largest[0].set_name, chart=chart) if chart else None


def groups_with_sizes(course: CanvasCourse) -> list[GroupSize]:
    """The groups that Canvas still has, tags apart, each with how many are in it."""
    present = Count("memberships", filter=Q(memberships__gone_at=None))
    groups = course.groups.filter(gone_at=None, category__non_collaborative=False)
    counted = groups.annotate(people=present).order_by("pk")
    return [GroupSize(*row) for row in counted.values_list("category", "category__name", "people")]


def _by_day(hours: Mapping[str, int]) -> dict[date, int]:
    zone = timezone.get_current_timezone()
    days: Counter[date] = Counter()
    for hour, count in hours.items():
        begins = datetime.fromisoformat(f"{hour}:00+00:00")
        days[begins.astimezone(zone).date()] += count
    return days
