"""The async face of one Canvas, bound to a CanvasIntegration: reads, edits and syncs."""

import asyncio
import functools
import inspect
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from django.contrib.auth.models import User
from django.utils import timezone

from gradebench.canvas import edits, runs
from gradebench.canvas.api import endpoints, payloads
from gradebench.canvas.api.calls import Call, Listing
from gradebench.canvas.api.errors import CanvasError
from gradebench.canvas.edits import Edit, Ended, Pause, advance
from gradebench.canvas.edits.talk import Effect
from gradebench.canvas.mirror.saving import save_courses
from gradebench.canvas.mirror.sweeping import mark_gone, missing
from gradebench.canvas.models import (
    CanvasCourse,
    CanvasIntegration,
    SyncRun,
)
from gradebench.canvas.opening import open_async_canvas
from gradebench.canvas.push.background import carry_out_push
from gradebench.canvas.push.everything import push_everything
from gradebench.canvas.syncer import CanvasSyncer
from gradebench.core.async_utils import in_database

P = ParamSpec("P")
T = TypeVar("T")
M = TypeVar("M", bound=Callable[..., object])

# While another worker carries out a run that we were asked for too, look after it this often.
SECONDS_BETWEEN_LOOKS = 0.5
# Courses side by side; the requests of all of them share the token's places in flight.
COURSES_AT_ONCE = 3


def _as_method(method: M, source: Callable[..., object], *, without: int = 0) -> M:
    """Give a method the name, the docstring and the parameters of what it makes happen."""
    functools.update_wrapper(method, source)
    described = inspect.signature(source)
    given = list(described.parameters.values())[without:]
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    del vars(method)["__wrapped__"]
    vars(method)["__signature__"] = described.replace(parameters=[own, *given])
    return method


def _sends(
    endpoint: Callable[P, Call[T]],
) -> "Callable[Concatenate[Client, P], Coroutine[Any, Any, T]]":
    """A method of the client for an endpoint that is one call, with the endpoint's parameters."""

    async def method(self: "Client", /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.send(endpoint(*args, **kwargs))

    return _as_method(method, endpoint)


def _reads(
    endpoint: Callable[P, Listing[T]],
) -> "Callable[Concatenate[Client, P], Coroutine[Any, Any, list[T]]]":
    """A method of the client for an endpoint that is a list; it reads all pages."""

    async def method(self: "Client", /, *args: P.args, **kwargs: P.kwargs) -> list[T]:
        return await self.read(endpoint(*args, **kwargs))

    return _as_method(method, endpoint)


def _performs(
    edit: Callable[Concatenate[CanvasIntegration, P], Edit[T]],
) -> "Callable[Concatenate[Client, P], Coroutine[Any, Any, T]]":
    """A method of the client for an edit, with the edit's parameters but the integration."""

    async def method(self: "Client", /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.perform(edit(self.integration, *args, **kwargs))

    return _as_method(method, edit, without=1)


class Client:
    """Canvas for one integration: `async with Client(integration) as client: …`

    Every method raises the errors of `gradebench.canvas.api.errors`. Ids are Canvas's.
    """

    def __init__(self, integration: CanvasIntegration) -> None:
        """Raises TokenRejected when the stored token is unreadable or no token at all."""
        self.integration = integration
        self.canvas = open_async_canvas(integration)

    def __repr__(self) -> str:
        return f"<Client of {self.integration}>"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self.canvas.aclose()

    async def send(self, call: Call[T]) -> T:
        """Make any call that `endpoints` describes."""
        return await self.canvas.perform(call)

    async def read(self, listing: Listing[T]) -> list[T]:
        """Read any listing that `endpoints` describes, to its end."""
        return await self.canvas.list(listing)

    # --- a method for each endpoint that reads ----------------------------------------------------

    get_self = _sends(endpoints.get_self)
    get_own_profile = _sends(endpoints.get_own_profile)
    list_courses = _reads(endpoints.list_courses)
    get_course = _sends(endpoints.get_course)
    get_course_permissions = _sends(endpoints.get_course_permissions)
    list_sections = _reads(endpoints.list_sections)
    list_enrollments = _reads(endpoints.list_enrollments)
    list_section_enrollments = _reads(endpoints.list_section_enrollments)
    list_course_users = _reads(endpoints.list_course_users)
    list_assignments = _reads(endpoints.list_assignments)
    get_assignment = _sends(endpoints.get_assignment)
    list_assignment_groups = _reads(endpoints.list_assignment_groups)
    list_quizzes = _reads(endpoints.list_quizzes)
    list_quiz_questions = _reads(endpoints.list_quiz_questions)
    list_quiz_groups = _reads(endpoints.list_quiz_groups)
    list_submissions = _reads(endpoints.list_submissions)
    list_student_submissions = _reads(endpoints.list_student_submissions)
    list_submissions_by_student = _reads(endpoints.list_submissions_by_student)
    list_group_categories = _reads(endpoints.list_group_categories)
    get_group_category = _sends(endpoints.get_group_category)
    list_category_groups = _reads(endpoints.list_category_groups)
    list_category_users = _reads(endpoints.list_category_users)
    export_group_category = _sends(endpoints.export_group_category)
    list_course_groups = _reads(endpoints.list_course_groups)
    get_group = _sends(endpoints.get_group)
    list_group_users = _reads(endpoints.list_group_users)
    list_memberships = _reads(endpoints.list_memberships)
    get_membership = _sends(endpoints.get_membership)
    get_progress = _sends(endpoints.get_progress)

    # --- and for each that writes what has no rows here -------------------------------------------

    grade_submission = _sends(endpoints.grade_submission)
    update_grades = _sends(endpoints.update_grades)
    import_group_category = _sends(endpoints.import_group_category)
    assign_unassigned_members = _sends(endpoints.assign_unassigned_members)

    # --- edits: Canvas and the rows here, the same as the functions of sync_utils ------------------

    async def perform(self, edit: Edit[T]) -> T:
        """Make the edit: everything that it asks of Canvas and saves here."""
        talk = edit.start()
        try:
            turn = await in_database(advance, talk)
            while not isinstance(turn, Ended):
                turn = await in_database(advance, talk, await self._answer(turn))
            return turn.value
        finally:
            await in_database(talk.close)

    async def _answer(self, wanted: Effect) -> object:
        try:
            match wanted:
                case Call():
                    return await self.canvas.perform(wanted)
                case Listing():
                    return await self.canvas.list(wanted)
                case Pause(seconds=seconds):
                    await asyncio.sleep(seconds)
        except CanvasError as error:
            return error
        return None

    create_group_category = _performs(edits.create_group_category)
    update_group_category = _performs(edits.update_group_category)
    delete_group_category = _performs(edits.delete_group_category)
    create_group = _performs(edits.create_group)
    update_group = _performs(edits.update_group)
    delete_group = _performs(edits.delete_group)
    set_group_members = _performs(edits.set_group_members)
    push_all_group_memberships = _performs(push_everything)

    # --- syncs ------------------------------------------------------------------------------------

    async def refresh_courses(self) -> list[CanvasCourse]:
        """Read which courses the token's owner has; a course not listed any more is gone.

        Canvas lists only courses in which they are enrolled: one that an administrator reads
        without being in it is never listed, and stays.
        """
        listed = await self.list_courses()
        return await in_database(self._save_courses, listed)

    def _save_courses(self, listed: list[payloads.Course]) -> list[CanvasCourse]:
        save_courses(self.integration, listed)
        rows = CanvasCourse.objects.filter(integration=self.integration)
        enrolled = rows.exclude(own_roles=[])
        mark_gone(rows, missing(enrolled, {course.id for course in listed}), timezone.now())
        return list(rows.filter(gone_at=None))

    async def sync_course(
        self, course_id: int, *, full: bool = False, yes: bool = False, asked_by: User | None = None
    ) -> SyncRun:
        """Sync one course and return its ended run.

        `full` reads every submission again; `yes` agrees to removals beforehand. While another
        worker has a run of this course in hand, that one is waited for. Raises NotFound or
        NotPermitted for a course that is not the token owner's.
        """
        course = await self._known_course(course_id)
        run = await in_database(runs.ask, course, by=asked_by, full=full, yes=yes)
        if await in_database(runs.claim_this, run):
            return await self.carry_out(run)
        return await self._wait_for(run)

    async def sync_all_courses(
        self, *, full: bool = False, yes: bool = False, asked_by: User | None = None
    ) -> list[SyncRun]:
        """Sync the chosen courses (all, when none was chosen) side by side; one that fails does
        not stop the others. Returns the ended runs."""
        await self.refresh_courses()
        turns = asyncio.Semaphore(COURSES_AT_ONCE)

        async def one(course: CanvasCourse) -> SyncRun:
            async with turns:
                return await self.sync_course(
                    course.canvas_id, full=full, yes=yes, asked_by=asked_by
                )

        courses = await in_database(self._courses_to_sync)
        return list(await asyncio.gather(*map(one, courses)))

    async def carry_out(self, run: SyncRun) -> SyncRun:
        """Carry out a run that this worker has claimed, to its end."""
        if run.kind == SyncRun.Kind.PUSH:
            return await runs.conduct(run, lambda: self.perform(carry_out_push(run)))
        return await runs.conduct(run, lambda: CanvasSyncer(self).sync_course(run))

    def _courses_to_sync(self) -> list[CanvasCourse]:
        open_ones = CanvasCourse.objects.filter(
            integration=self.integration, gone_at=None, access_restricted_by_date=False
        )
        chosen = list(open_ones.filter(chosen=True))
        return chosen or list(open_ones)

    async def _known_course(self, course_id: int) -> CanvasCourse:
        rows = CanvasCourse.objects.filter(integration=self.integration)
        known = await rows.filter(canvas_id=course_id).afirst()
        if known is None:
            listed = await self.get_course(course_id)
            await in_database(save_courses, self.integration, [listed])
            known = await rows.aget(canvas_id=listed.id)
        return known

    async def _wait_for(self, run: SyncRun) -> SyncRun:
        while not run.finished:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            await in_database(runs.give_up_on_the_dead)
            if await in_database(runs.claim_this, run):
                return await self.carry_out(run)
            await run.arefresh_from_db()
        return run
