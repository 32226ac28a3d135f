"""A push as the product makes it: wanted here, planned, applied and verified.

Noting who is wanted where is not timed; making the set, the plan and everything after it are.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import msgspec

from benchmarks.in_django import answer, asked
from benchmarks.moves import Move

if TYPE_CHECKING:  # models can be imported once Django is set up
    from gradebench.canvas.models import CanvasGroupCategory, GroupPlan

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


class Asked(msgspec.Struct, frozen=True):
    """Either of the two."""

    wish: FirstPush | Moves


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
    want_moves(wish)
    return _push(wish.course_id, wish.set_name)


def want_moves(wish: Moves) -> None:
    """Note the moves here; Canvas does not hear of them yet."""
    from gradebench.canvas.models import CanvasGroup
    from gradebench.canvas.push.staging import stage_places
    from gradebench.core.models import Student

    category = _find_set(wish.course_id, wish.set_name)
    people = Student.objects.filter(canvas_user__canvas_id__in=[one.user for one in wish.moves])
    groups = CanvasGroup.objects.filter(category=category).select_related("team")
    students = {one.canvas_user.canvas_id: one for one in people.select_related("canvas_user")}
    teams = {one.canvas_id: one.team for one in groups}
    places = {students[one.user]: teams[one.goal] for one in wish.moves}
    stage_places(category, places, by=category.course.integration.user)


def make_plan_of(course_id: int, set_name: str) -> "GroupPlan":
    """Plan what is wanted of the set; nothing is written yet."""
    from gradebench.canvas.push.storing import make_plan
    from gradebench.canvas.sync_utils import perform_sync

    category = _find_set(course_id, set_name)
    integration = category.course.integration
    return perform_sync(integration, make_plan(category, by=integration.user))


def _push(course_id: int, set_name: str) -> Pushed:
    from gradebench.canvas.push.applying import apply_plan
    from gradebench.canvas.sync_utils import perform_sync

    planning, plan = _timed(lambda: make_plan_of(course_id, set_name))
    integration = plan.category.course.integration
    applying, report = _timed(
        lambda: perform_sync(integration, apply_plan(plan, by=integration.user))
    )
    return Pushed(planning + applying, report.verified, report.summary)


def _find_set(course_id: int, name: str) -> "CanvasGroupCategory":
    from gradebench.canvas.models import CanvasGroupCategory

    rows = CanvasGroupCategory.objects.select_related("course__integration", "team_set")
    return rows.get(course__canvas_id=course_id, name=name, gone_at=None)


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    done = work()
    return time.perf_counter() - began, done


def main() -> None:
    """Make the push that is asked for."""
    wish = asked(Asked).wish
    answer(push_first(wish) if isinstance(wish, FirstPush) else push_moves(wish))


if __name__ == "__main__":
    main()
