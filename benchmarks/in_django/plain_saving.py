"""The plain way to save submissions: `canvasapi` and one `update_or_create` for each row.

It saves into the product's own table, with the product's own SQLite settings.
"""

import time
import warnings
from collections.abc import Iterator

import msgspec
from canvasapi import Canvas  # type: ignore[import-untyped]

from benchmarks.in_django import answer, asked


class Sample(msgspec.Struct, frozen=True):
    """Which submissions: those of the first few assignments of a synced course."""

    url: str
    token: str
    course_id: int
    assignments: int


class Took(msgspec.Struct, frozen=True):
    """How many rows were read and saved, and the seconds that both took together."""

    rows: int
    seconds: float


def save(sample: Sample) -> Took:
    """Forget the submissions of these assignments, then read and save them one by one."""
    from gradebench.canvas.models import CanvasCourse, CanvasSubmission

    mirrored = CanvasCourse.objects.get(canvas_id=sample.course_id)
    assignments = dict(mirrored.assignments.values_list("canvas_id", "pk"))
    users = dict(mirrored.integration.people.values_list("canvas_id", "pk"))
    course = Canvas(sample.url, sample.token).get_course(sample.course_id)
    some = list(course.get_assignments(per_page=100))[: sample.assignments]
    mirrored.submissions.filter(assignment__canvas_id__in=[one.id for one in some]).delete()
    rows = 0
    began = time.perf_counter()
    for one in some:
        for read in one.get_submissions(per_page=100):
            CanvasSubmission.objects.update_or_create(
                course=mirrored,
                canvas_id=read.id,
                defaults={
                    "assignment_id": assignments[read.assignment_id],
                    "user_id": users[read.user_id],
                    **dict(_columns(read)),
                },
            )
            rows += 1
    return Took(rows, time.perf_counter() - began)


def _columns(read: object) -> Iterator[tuple[str, object]]:
    """The library gives dates as text, and as dates under another name."""
    from gradebench.canvas.mirror.columns import SUBMISSION

    for name in SUBMISSION:
        if hasattr(read, name):
            is_date = name.endswith(("_at", "_date"))
            yield name, getattr(read, f"{name}_date", None) if is_date else getattr(read, name)


def main() -> None:
    """Save the sample that is asked for."""
    sample = asked(Sample)
    warnings.filterwarnings("ignore", message="Canvas may respond unexpectedly")
    answer(save(sample))


if __name__ == "__main__":
    main()
