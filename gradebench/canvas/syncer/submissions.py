"""Submissions: by assignment when everything is read, by change in between.

Lists by assignment can be read several at once, but leave out concluded and deactivated students;
those are read by student. Between full readings Canvas is asked what was handed in or graded since
the last one; what no date betrays is found by reading whole the assignments and students that changed.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, QuerySet

from gradebench.canvas.api.calls import Listing
from gradebench.canvas.api.endpoints import list_student_submissions, list_submissions
from gradebench.canvas.api.payloads import Submission
from gradebench.canvas.mirror.rows import Saved, batches
from gradebench.canvas.mirror.saving import Keys, keys_of, save_submissions
from gradebench.canvas.mirror.sweeping import held_back, mark_gone, missing
from gradebench.canvas.models import CanvasAssignment, CanvasCourse
from gradebench.canvas.syncer.people import People
from gradebench.canvas.syncer.reading import CourseSync, Seen
from gradebench.core.async_utils import in_database

# Students in one request; Canvas refuses more than a hundred.
STUDENTS_AT_ONCE = 50
# Rows are committed in their own time: what was written a little before the newest may come late.
OVERLAP = timedelta(minutes=10)
# With more than this to read whole, reading everything is as fast and surer.
MOST_CHANGED_STUDENTS = 100
MOST_CHANGED_ASSIGNMENTS = 8


class Submissions:
    """Reads the submissions of one course during one sync."""

    def __init__(self, sync: CourseSync, people: People, assignments: Keys) -> None:
        self.sync = sync
        self.people = people
        self.assignments = assignments
        self.expected: int | None = None
        self._seen: set[int] = set()
        # Gone by their assignment's list, and to be looked for by student before it is believed.
        self._vanished: set[int] = set()

    async def read_all(self, assignment_ids: Iterable[int]) -> None:
        """Read the lists of these assignments at once; one that fails does not stop the others."""
        async with asyncio.TaskGroup() as tasks:
            for assignment in assignment_ids:
                tasks.create_task(self._read_assignment(assignment))

    async def read_students(
        self, student_ids: Collection[int], *, assignment_ids: Collection[int] = ()
    ) -> None:
        """Read what these students handed in or should have, for all or these assignments."""
        for some in batches(sorted(student_ids), STUDENTS_AT_ONCE):
            async with self._part(f"Submissions of {len(some)} students"):
                listing = list_student_submissions(
                    self.sync.course_id, student_ids=some, assignment_ids=sorted(assignment_ids)
                )
                seen = await self._read(listing)
                rows = self._of_students(some, assignment_ids)
                await in_database(self._note_vanished, rows, seen)

    async def read_changes(self, since: datetime) -> None:
        """Read what was handed in or graded since then."""
        for listing in (
            list_student_submissions(self.sync.course_id, submitted_since=since),
            list_student_submissions(self.sync.course_id, graded_since=since),
        ):
            async with self._part("Submissions that changed"):
                await self._read(listing)

    async def sweep(self) -> None:
        """Mark as gone what neither its assignment nor its student lists any more."""
        doubted = await in_database(self._students_of, self._vanished)
        for some in batches(sorted(doubted), STUDENTS_AT_ONCE):
            async with self._part("Submissions that are no longer listed"):
                listing = list_student_submissions(self.sync.course_id, student_ids=some)
                self._vanished -= (await self._read(listing)).ids
        if not self.sync.failed("submissions"):
            await in_database(self._mark_gone)

    async def _read_assignment(self, assignment: int) -> None:
        part = f"submissions of {assignment}"
        if part in self.sync.run.done_parts:
            return  # an earlier attempt of this run had read it when its worker died
        async with self._part(f"Submissions of assignment {assignment}"):
            seen = await self._read(list_submissions(self.sync.course_id, assignment))
            await in_database(self._note_vanished, self._of_assignment(assignment), seen)
            self.sync.run.done_parts.append(part)

    async def _read(self, listing: Listing[Submission]) -> Seen:
        seen, sync = Seen(), self.sync
        async with aclosing(sync.canvas.pages(listing)) as pages:
            async for page in pages:
                saved = await in_database(self._save, page.items)
                seen.add([one.id for one in page.items], page.bad)
                sync.tally.add("submissions", saved, page.bad)
                self._seen |= seen.ids
                sync.progress.requests = sync.canvas.requests
                sync.progress.step("submissions", done=len(self._seen), total=self.expected)
        return seen

    def _save(self, page: Sequence[Submission]) -> Saved:
        return save_submissions(
            self.sync.course, page, assignments=self.assignments, people=self.people.keys
        )

    @asynccontextmanager
    async def _part(self, about: str) -> AsyncIterator[None]:
        async with self.sync.part("submissions", about):
            yield

    def _of_assignment(self, assignment: int) -> "QuerySet[Any]":
        earlier = self.people.earlier_students
        rows = self.sync.course.submissions.filter(assignment__canvas_id=assignment)
        return rows.exclude(user__canvas_id__in=earlier) if earlier else rows

    def _of_students(
        self, students: Collection[int], assignments: Collection[int]
    ) -> "QuerySet[Any]":
        rows = self.sync.course.submissions.filter(
            user__canvas_id__in=students, assignment__gone_at=None
        )
        return rows.filter(assignment__canvas_id__in=assignments) if assignments else rows

    def _note_vanished(self, rows: "QuerySet[Any]", seen: Seen) -> None:
        if seen.certain:
            self._vanished |= missing(rows, seen.ids)

    def _students_of(self, submissions: Collection[int]) -> set[int]:
        """Students, still in the course, whose submissions these were."""
        rows = self.sync.course.submissions.filter(canvas_id__in=submissions)
        students = set(rows.values_list("user__canvas_id", flat=True))
        return students & set(self.people.states)

    def _mark_gone(self) -> None:
        """The brake minds submissions whose student and assignment are both still there."""
        course = self.sync.course
        rows = course.submissions.filter(canvas_id__in=self._vanished, gone_at=None)
        unexplained = rows.filter(assignment__gone_at=None, user__canvas_id__in=self.people.states)
        held = held_back(
            set(unexplained.values_list("canvas_id", flat=True)),
            present=course.submissions.filter(gone_at=None).count(),
            approved=self.sync.run.approved.get("submissions", []),
            yes=self.sync.run.yes,
        )
        if held:
            self.sync.tally.held["submissions"] = sorted(held)
        gone = self._vanished - held
        if "students" not in self.sync.tally.held:
            ended = mark_gone(course.submissions.all(), gone, self.sync.now)
            self.sync.tally.count("submissions", gone=ended)


async def read_submissions(
    sync: CourseSync, people: People, *, assignments_touched: set[int], students_touched: set[int]
) -> None:
    """Read the course's submissions, all of them or those that may have changed."""
    keys = await in_database(keys_of, CanvasAssignment, sync.course)
    published = await in_database(_published, sync.course)
    reader = Submissions(sync, people, keys)
    since = sync.course.changes_read_until
    touched = assignments_touched & set(published)
    if (
        len(students_touched) > MOST_CHANGED_STUDENTS
        or len(touched) > MOST_CHANGED_ASSIGNMENTS
        or since is None
    ):
        sync.full = True
    if sync.full:
        reader.expected = people.students * len(published)
        await reader.read_all(published)
        await reader.read_students(people.earlier_students)
    elif since is not None:
        await reader.read_changes(since - OVERLAP)
        await reader.read_all(touched)
        if touched:
            await reader.read_students(people.earlier_students, assignment_ids=touched)
        await reader.read_students(students_touched)
    await reader.sweep()
    if not sync.failed("submissions", "assignments", "enrollments"):
        sync.tally.parts_done.add("submissions")


def newest_change(course: CanvasCourse, started: datetime) -> datetime:
    """Up to which moment, by Canvas's clock, submissions are known after a complete sync.

    Ours may run ahead of Canvas's, and dates in the future occur: the earlier of both is safe.
    """
    newest = course.submissions.aggregate(handed_in=Max("submitted_at"), graded=Max("graded_at"))
    dates = [date for date in newest.values() if date]
    return min(max(dates), started) if dates else started


def _published(course: CanvasCourse) -> list[int]:
    rows = course.assignments.filter(gone_at=None, published=True)
    return list(rows.values_list("canvas_id", flat=True))
