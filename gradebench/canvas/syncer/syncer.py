"""The sync of one course: which part after which, the heartbeat beside it, and how it ends."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol

from django.conf import settings
from django.utils import timezone

from gradebench.canvas import runs, teams
from gradebench.canvas.api.drivers import AsyncCanvas
from gradebench.canvas.api.endpoints import get_course
from gradebench.canvas.api.errors import CanvasError, TokenRejected
from gradebench.canvas.mirror.saving import save_courses
from gradebench.canvas.mirror.sweeping import sweep_after_people, sweep_below
from gradebench.canvas.models import CanvasCourse, CanvasIntegration, CanvasUser, SyncRun
from gradebench.canvas.progress import SyncProgress
from gradebench.canvas.runs import Outcome
from gradebench.canvas.syncer.coursework import read_assignments, read_quizzes, read_sections
from gradebench.canvas.syncer.groups import mirror_memberships, read_groups
from gradebench.canvas.syncer.people import People, read_people
from gradebench.canvas.syncer.reading import CourseSync
from gradebench.canvas.syncer.submissions import newest_change, read_submissions
from gradebench.canvas.syncer.tally import broken_off, cancelled, outcome
from gradebench.core.async_utils import in_database

HEARTBEAT_SECONDS = 1.0


class Connection(Protocol):
    """What a sync needs of a client: `Client` is one."""

    @property
    def integration(self) -> CanvasIntegration: ...

    @property
    def canvas(self) -> AsyncCanvas: ...


class CanvasSyncer:
    """Carries out claimed runs: reads a course completely and mirrors it."""

    def __init__(self, client: Connection) -> None:
        self.client = client

    async def sync_course(self, run: SyncRun) -> Outcome:
        """Read the course of a claimed run, and say how that ended; `runs.conduct` ends the run.

        Every trouble with Canvas is in the outcome. Raises runs.RunTakenAway.
        """
        courses = CanvasCourse.objects.select_related("integration")
        course = await courses.aget(pk=run.course_id)
        progress = SyncProgress(run.pk)
        progress.start(f"Reading {course}")
        sync = CourseSync(
            canvas=self.client.canvas,
            course=course,
            run=run,
            progress=progress,
            full=run.full or _full_is_due(course),
            now=timezone.now(),
        )
        error = await self._read(sync)
        sync.tally.totals = await in_database(_totals, course)
        requests = sync.canvas.requests
        if isinstance(error, CanvasError):
            ended = broken_off(sync.tally, error, requests=requests)
        elif error is not None:
            ended = cancelled(sync.tally, requests=requests)
        else:
            ended = outcome(sync.tally, requests=requests, full=sync.full)
            if ended.state == SyncRun.State.COMPLETE:
                await in_database(_note_complete, sync)
        problem = str(error) if isinstance(error, TokenRejected) else ""
        await course.integration.aupdate(problem=problem, checked_at=timezone.now())
        progress.finish(ended.summary)
        return ended

    async def _read(self, sync: CourseSync) -> CanvasError | runs.RunCancelled | None:
        """Read the course; answers what kept it from being read to its end."""
        try:
            await _with_heartbeat(sync, _read_course(sync))
        except (CanvasError, runs.RunCancelled) as error:
            return error
        return None


def _full_is_due(course: CanvasCourse) -> bool:
    if course.fully_synced_at is None:
        return True
    return timezone.now() - course.fully_synced_at > timedelta(
        hours=settings.CANVAS_FULL_SYNC_HOURS
    )


async def _read_course(sync: CourseSync) -> None:
    """The parts in their order: what others refer to comes first, the rest side by side."""
    await _read_course_itself(sync)
    async with asyncio.TaskGroup() as tasks:
        touched = tasks.create_task(read_assignments(sync))
        tasks.create_task(read_quizzes(sync))
        reading = tasks.create_task(_read_people_and_groups(sync))
    people, students_touched = reading.result()
    await read_submissions(
        sync,
        people,
        assignments_touched=touched.result(),
        students_touched=people.touched | (students_touched & set(people.states)),
    )
    sync.progress.tell("Bringing teams in step")
    await in_database(_finish, sync, people)


async def _read_course_itself(sync: CourseSync) -> None:
    course = await sync.canvas.perform(get_course(sync.course_id))
    saved = await in_database(save_courses, sync.course.integration, [course])
    sync.tally.add("course", saved)
    await sync.course.arefresh_from_db(
        from_queryset=CanvasCourse.objects.select_related("integration")
    )


async def _read_people_and_groups(sync: CourseSync) -> tuple[People, set[int]]:
    """Sections before the people in them, sets and groups beside, memberships after both."""

    async def sections_then_people() -> People:
        await read_sections(sync)
        return await read_people(sync)

    async with asyncio.TaskGroup() as tasks:
        people = tasks.create_task(sections_then_people())
        groups = tasks.create_task(read_groups(sync))
    moved = await mirror_memberships(sync, groups.result(), people.result())
    return people.result(), moved


def _finish(sync: CourseSync, people: People) -> None:
    if not sync.tally.held:
        sweep_below(sync.course, sync.now)
        if people.complete:
            sweep_after_people(sync.course, sync.now)
    teams.follow(sync.course, at=sync.now)


def _totals(course: CanvasCourse) -> dict[str, int]:
    present = {
        kind: getattr(course, kind).filter(gone_at=None).count()
        for kind in (
            "sections",
            "enrollments",
            "assignments",
            "rubrics",
            "quizzes",
            "submissions",
            "group_categories",
            "groups",
            "memberships",
        )
    }
    users = CanvasUser.objects.filter(enrollments__course=course, enrollments__gone_at=None)
    return present | {"course": 1, "users": users.distinct().count()}


def _note_complete(sync: CourseSync) -> None:
    course = sync.course
    course.synced_at = timezone.now()
    course.changes_read_until = newest_change(course, sync.now)
    if sync.full:
        course.fully_synced_at = sync.now
    course.save(update_fields=["synced_at", "fully_synced_at", "changes_read_until"])


async def _with_heartbeat(sync: CourseSync, work: Awaitable[None]) -> None:
    """Do the work while a second task shows that it lives, and stops it when a person asks."""
    working = asyncio.ensure_future(work)
    beating = asyncio.create_task(_beat(sync))
    try:
        await asyncio.wait({working, beating}, return_when=asyncio.FIRST_COMPLETED)
        # The heart only stops with an exception: cancelled, or taken away.
        await (working if working.done() else beating)
    except BaseExceptionGroup as group:
        raise _first(group) from None
    finally:
        await _stop(working)
        await _stop(beating)


async def _beat(sync: CourseSync) -> None:
    report: Callable[..., None] = runs.report
    while True:
        await in_database(
            report, sync.run, requests=sync.canvas.requests, done_parts=list(sync.run.done_parts)
        )
        await asyncio.sleep(HEARTBEAT_SECONDS)


async def _stop(task: "asyncio.Future[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Tasks side by side fail together; the first failure is the one that ended the others."""
    error = group.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error
