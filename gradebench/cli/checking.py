"""Says what a token may do in a course, and who can change it."""

from datetime import datetime

from msgspec import Struct

from gradebench.canvas import abilities
from gradebench.canvas.abilities import Ability
from gradebench.canvas.models import CanvasCourse
from gradebench.cli import choose, screen

WORDS = {True: "yes", False: "no", None: "not known"}


class CheckLine(Struct, kw_only=True):
    """One ability in `gradebench check --json`; `may` is null where Canvas did not say."""

    permission: str
    does: str
    may: bool | None
    without: str
    who: str


class Checked(Struct, kw_only=True):
    """`gradebench check --json`; `problem`: why Canvas could not be asked."""

    course_id: int
    name: str
    asked_at: datetime | None
    problem: str
    abilities: list[CheckLine]


def check_course(canvas_id: int, *, integration_id: int | None, as_json: bool) -> int:
    """Ask Canvas, print the answer, and return 0 for everything, 1 for less or not known.

    Raises CanvasError.
    """
    connections = choose.integrations(integration_id)
    known = choose.known_course(canvas_id, integration_id=integration_id)
    course = known or choose.course_in_canvas(canvas_id, connections)
    abilities.check([course])
    found = abilities.abilities_of(course)
    problem = abilities.answered_of(course).problem
    if as_json:
        screen.answer_json(_checked(course, found, problem))
    else:
        _print(found, problem)
    return 0 if all(one.may for one in found) else 1


def _checked(course: CanvasCourse, found: tuple[Ability, ...], problem: str) -> Checked:
    lines = [
        CheckLine(permission=one.key, does=one.does, may=one.may, without=one.without, who=one.who)
        for one in found
    ]
    return Checked(
        course_id=course.canvas_id,
        name=str(course),
        asked_at=course.abilities_at,
        problem=problem,
        abilities=lines,
    )


def _print(found: tuple[Ability, ...], problem: str) -> None:
    rows = [[one.does, WORDS[one.may], one.who] for one in found]
    screen.results().print(screen.table(["what", "may", "who can change it"], rows))
    if problem:
        screen.say(f"Canvas could not be asked: {problem}")
