"""A push as the product makes it: wanted here, planned, applied and verified.

Noting who is wanted where is not timed; making the set, the plan and everything after it are.
"""

import time
from collections.abc import Callable
from typing import TypeVar

import msgspec

from benchmarks.in_django import answer, asked
from benchmarks.moves import Move

T = TypeVar("T")


class FirstPush(msgspec.Struct, frozen=True, tag=True):
    """Everybody of the course into the teams of a set that Canvas does not have yet."""

    course_id: int
    set_name: str
    teams: int


class Moves(msgspec.Struct, frozen=True, tag=True):
    """People into other groups of a set that is in step."""

    course_id: int
    set_name: str
    moves: list[Move]


class Pushed(msgspec.Struct, frozen=True):
    """How long it took, and whether Canvas was read to have all of it."""

    seconds: float
    verified: bool
    summary: str


def push_first(wish: FirstPush) -> Pushed:
    """A new set, its teams, and everybody in them as evenly as they go."""
    from gradebench.canvas.models import CanvasCourse
    from gradebench.canvas.push import staging
    from gradebench.canvas.sync_utils import create_group_category_sync
    from gradebench.core.models import Student

    course = CanvasCourse.objects.select_related("integration").get(canvas_id=wish.course_id)
    able = Student.objects.filter(
        canvas_user__enrollments__course=course,
        canvas_user__enrollments__gone_at=None,
        canvas_user__enrollments__type="StudentEnrollment",
        canvas_user__enrollments__enrollment_state="active",
    )
    students = list(able.distinct().order_by("canvas_user__canvas_id"))
    limit = max(2, -(-len(students) // wish.teams))
    making, category = _timed(
        lambda: create_group_category_sync(
            course.integration, wish.course_id, wish.set_name, group_limit=limit
        )
    )
    names = [f"Team {number:03}" for number in range(1, wish.teams + 1)]
    teams = staging.stage_new_teams(category, names)
    places = {one: teams[number % wish.teams] for number, one in enumerate(students)}
    staging.stage_places(category, places, by=course.integration.user)
    pushed = _push(wish.course_id, wish.set_name)
    return msgspec.structs.replace(pushed, seconds=pushed.seconds + making)


def push_moves(wish: Moves) -> Pushed:
    """The moves, wanted here and then pushed together."""
    from gradebench.canvas.models import CanvasGroup, CanvasGroupCategory
    from gradebench.canvas.push.staging import stage_places
    from gradebench.core.models import Student

    category = CanvasGroupCategory.objects.get(
        course__canvas_id=wish.course_id, name=wish.set_name, gone_at=None
    )
    people = Student.objects.filter(canvas_user__canvas_id__in=[one.user for one in wish.moves])
    students = {one.canvas_user.canvas_id: one for one in people.select_related("canvas_user")}
    groups = CanvasGroup.objects.filter(category=category).select_related("team")
    teams = {one.canvas_id: one.team for one in groups}
    stage_places(category, {students[one.user]: teams[one.goal] for one in wish.moves}, by=None)
    return _push(wish.course_id, wish.set_name)


def _push(course_id: int, set_name: str) -> Pushed:
    from gradebench.canvas.models import CanvasGroupCategory
    from gradebench.canvas.push.applying import apply_plan
    from gradebench.canvas.push.storing import make_plan
    from gradebench.canvas.sync_utils import perform_sync

    rows = CanvasGroupCategory.objects.select_related("course__integration", "team_set")
    category = rows.get(course__canvas_id=course_id, name=set_name, gone_at=None)
    integration = category.course.integration
    planning, plan = _timed(
        lambda: perform_sync(integration, make_plan(category, by=integration.user))
    )
    applying, report = _timed(
        lambda: perform_sync(integration, apply_plan(plan, by=integration.user))
    )
    return Pushed(planning + applying, report.verified, report.summary)


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    done = work()
    return time.perf_counter() - began, done


def main() -> None:
    """Make the push that is asked for."""
    # The two shapes are told apart by their tags.
    wish = asked(FirstPush | Moves)  # type: ignore[arg-type]
    answer(push_first(wish) if isinstance(wish, FirstPush) else push_moves(wish))


if __name__ == "__main__":
    main()
