"""The figures of a course's overview: one query for each, whatever its size."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

from django.db.models import CharField, Count, Q
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from gradebench.canvas.models import CanvasAssignment, CanvasCourse, CanvasGroup
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


def work_counts(course: CanvasCourse) -> dict[str, int]:
    """How much was handed in, graded, late, missing."""
    return course.submissions.filter(gone_at=None, assignment__gone_at=None).aggregate(
        handed_in=Count("pk", filter=Q(submitted_at__isnull=False)),
        graded=Count("pk", filter=Q(workflow_state="graded", score__isnull=False)),
        to_grade=Count("pk", filter=Q(workflow_state__in=("submitted", "pending_review"))),
        late=Count("pk", filter=Q(late=True)),
        missing=Count("pk", filter=Q(missing=True)),
    )


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


def score_rows(course: CanvasCourse, assignments: Sequence[CanvasAssignment]) -> list[ScoreRow]:
    """The assignments with scores, in their order; worked out here, for SQLite has no quartiles."""
    graded = course.submissions.filter(gone_at=None, workflow_state="graded", score__isnull=False)
    pairs = graded.order_by("assignment_id").values_list("assignment_id", "score")
    scores = {
        key: [score for _key, score in rows if score is not None]
        for key, rows in groupby(pairs.iterator(chunk_size=5000), key=itemgetter(0))
    }
    found = [(one, scores.get(one.pk, [])) for one in assignments]
    spreads = [(one, mine, spread(mine, points=one.points_possible)) for one, mine in found]
    return [
        ScoreRow(assignment=one, graded=len(mine), spread=box)
        for one, mine, box in spreads
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


def team_sizes(groups: Sequence[CanvasGroup]) -> TeamSizes | None:
    """How large the groups of the largest set are; `groups` carry their size as `people`."""
    by_set = Counter(group.category_id for group in groups)
    if not by_set:
        return None
    largest, _count = by_set.most_common(1)[0]
    mine = [group for group in groups if group.category_id == largest]
    sizes = Counter(int(getattr(group, "people", 0)) for group in mine)
    # A little room on both sides, so that groups of one size are a bar and not a block.
    shown = range(max(min(sizes) - 2, 0), max(sizes) + 3)
    chart = bar_chart([(str(size), sizes[size]) for size in shown])
    return TeamSizes(set_name=mine[0].category.name, chart=chart) if chart else None


def groups_with_sizes(course: CanvasCourse) -> list[CanvasGroup]:
    """The groups that Canvas still has, tags apart, each with `people`: how many are in it."""
    present = Count("memberships", filter=Q(memberships__gone_at=None))
    groups = CanvasGroup.objects.filter(
        course=course, gone_at=None, category__non_collaborative=False
    )
    return list(groups.annotate(people=present).select_related("category").order_by("pk"))


def _by_day(hours: Mapping[str, int]) -> dict[date, int]:
    zone = timezone.get_current_timezone()
    days: Counter[date] = Counter()
    for hour, count in hours.items():
        begins = datetime.fromisoformat(f"{hour}:00+00:00")
        days[begins.astimezone(zone).date()] += count
    return days
