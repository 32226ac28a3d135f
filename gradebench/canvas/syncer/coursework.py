"""Sections, assignments with their rubrics, quizzes."""

from collections.abc import Sequence

from gradebench.canvas.api.endpoints import list_assignments, list_quizzes, list_sections
from gradebench.canvas.api.errors import NotFound
from gradebench.canvas.api.payloads import Assignment, Quiz, Section, known
from gradebench.canvas.mirror.rows import Saved
from gradebench.canvas.mirror.saving import save_assignments, save_quizzes, save_sections
from gradebench.canvas.mirror.sweeping import mark_gone, missing
from gradebench.canvas.syncer.reading import CourseSync, mirror_listing
from gradebench.core.async_utils import in_database

# These move by the minute without any submission of ours being wrong.
NOT_TELLING = {"position", "description", "html_url", "name", "lock_at", "unlock_at"}


async def read_sections(sync: CourseSync) -> None:
    """Read the sections."""

    def save(page: Sequence[Section]) -> Saved:
        return save_sections(sync.course, page)

    async with sync.part("sections"):
        listing = list_sections(sync.course_id)
        await mirror_listing(sync, "sections", listing, save, sync.course.sections.all())


async def read_assignments(sync: CourseSync) -> set[int]:
    """Read assignments and rubrics; answers which ones changed so that submissions may have too."""
    rubrics: set[int] = set()
    touched: set[int] = set()

    def save(page: Sequence[Assignment]) -> Saved:
        assignments, page_rubrics = save_assignments(sync.course, page)
        sync.tally.add("rubrics", page_rubrics)
        rubrics.update(one.id for one in page if known(one.rubric))
        touched.update(assignments.new)
        touched.update(one for one, fields in assignments.changed.items() if fields - NOT_TELLING)
        return assignments

    async with sync.part("assignments"):
        listing = list_assignments(sync.course_id)
        rows = sync.course.assignments.all()
        seen = await mirror_listing(sync, "assignments", listing, save, rows)
        if seen.certain:
            await in_database(_sweep_rubrics, sync, rubrics)
    return touched


def _sweep_rubrics(sync: CourseSync, seen: set[int]) -> None:
    rows = sync.course.rubrics.all()
    sync.tally.count("rubrics", gone=mark_gone(rows, missing(rows, seen), sync.now))


async def read_quizzes(sync: CourseSync) -> None:
    """Read the classic quizzes; a course or a Canvas without them has none."""

    def save(page: Sequence[Quiz]) -> Saved:
        return save_quizzes(sync.course, page)

    async with sync.part("quizzes"):
        try:
            rows = sync.course.quizzes.all()
            await mirror_listing(sync, "quizzes", list_quizzes(sync.course_id), save, rows)
        except NotFound:
            # The course's quizzes tab is switched off, or this Canvas has New Quizzes only.
            sync.progress.tell("This course has no classic quizzes")
