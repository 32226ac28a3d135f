"""People and their enrollments: the listing on which most of the others depend."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from gradebench.canvas.api.endpoints import list_enrollments
from gradebench.canvas.api.payloads import Enrollment, known
from gradebench.canvas.mirror.rows import Saved
from gradebench.canvas.mirror.saving import keys_of_people, save_enrollments
from gradebench.canvas.mirror.sweeping import held_back, mark_gone
from gradebench.canvas.models import STUDENT_TYPES, CanvasCourse
from gradebench.canvas.syncer.reading import CourseSync, Seen, read_twice_if_less
from gradebench.core.async_utils import in_database

CURRENT = {"active", "invited", "creation_pending"}
# A student's grade moves when any of their submissions is graded, excused or penalised.
TELLING = {"enrollment_state", "gone_at", "current_score", "final_score", "current_grade"}


@dataclass
class People:
    """What the listing of people told, for the parts that come after it. Ids are Canvas's."""

    keys: dict[int, int] = field(default_factory=dict)
    # Each person's groups; None where Canvas withheld them.
    groups: dict[int, set[int] | None] = field(default_factory=dict)
    states: dict[int, set[str]] = field(default_factory=dict)
    # Students whose submissions may have changed although no date says so.
    touched: set[int] = field(default_factory=set)
    complete: bool = False

    @property
    def earlier_students(self) -> list[int]:
        """Concluded and deactivated students, whom the lists by assignment leave out."""
        return sorted(one for one, states in self.states.items() if not states & CURRENT)

    @property
    def students(self) -> int:
        """How many students the course has or had, the test student included."""
        return len(self.states)


async def read_people(sync: CourseSync) -> People:
    """Read everybody with their enrollments in all states; sweep those whom Canvas dropped."""
    people = People()
    course = sync.course
    owner_of: dict[int, int] = {}

    def save(page: Sequence[Enrollment]) -> Saved:
        users, enrollments = save_enrollments(course, page)
        sync.tally.add("users", users)
        _note(people, page)
        owner_of.update({one.id: one.user_id for one in page})
        changed = {one for one, fields in enrollments.changed.items() if fields & TELLING}
        people.touched |= {owner_of[one] for one in (enrollments.new | changed)}
        return enrollments

    async with sync.part("enrollments", "People and enrollments"):
        seen = Seen()
        listing = list_enrollments(sync.course_id)
        rows = course.enrollments.all()
        gone = await read_twice_if_less(sync, "enrollments", listing, save, rows, seen=seen)
        await in_database(_sweep, sync, gone)
        people.complete = seen.certain
    people.touched &= set(people.states)
    people.keys = await in_database(keys_of_people, course)
    return people


def _note(people: People, page: Sequence[Enrollment]) -> None:
    for one in page:
        if one.type in STUDENT_TYPES:
            people.states.setdefault(one.user_id, set()).add(one.enrollment_state)
        user = known(one.user)
        given = known(user.group_ids) if user else None
        if given is None:
            people.groups.setdefault(one.user_id, None)
        else:
            people.groups[one.user_id] = set(given)


def _sweep(sync: CourseSync, gone: set[int]) -> None:
    """Mark enrollments as gone, unless so many students would go that a person must agree."""
    leaving = _students_leaving(sync.course, gone)
    held = held_back(
        leaving,
        present=_present_students(sync.course),
        approved=sync.run.approved.get("students", []),
        yes=sync.run.yes,
    )
    if held:
        sync.tally.held["students"] = sorted(held)
        return
    ended = mark_gone(sync.course.enrollments.all(), gone, sync.now)
    sync.tally.count("enrollments", gone=ended)


def _students_leaving(course: CanvasCourse, gone: set[int]) -> set[int]:
    """Canvas ids of the students who would have no enrollment left."""
    rows = course.enrollments.filter(gone_at=None, type__in=STUDENT_TYPES)
    listed = list(rows.values_list("canvas_id", "user__canvas_id"))
    staying = {person for enrollment, person in listed if enrollment not in gone}
    return {person for enrollment, person in listed if enrollment in gone} - staying


def _present_students(course: CanvasCourse) -> int:
    rows = course.enrollments.filter(gone_at=None, type__in=STUDENT_TYPES)
    return rows.values("user").distinct().count()
