"""Writing grades: one submission, or many in a job."""

from __future__ import annotations

from gradebench.sandbox.answers.find import (
    assignment_named,
    course_named,
    find_assignment,
    find_user,
    person_named,
)
from gradebench.sandbox.answers.group_rows import progress_row
from gradebench.sandbox.answers.jobs import new_job
from gradebench.sandbox.answers.show import moment
from gradebench.sandbox.answers.submission_rows import full_row, plain_row
from gradebench.sandbox.wire.exchange import Answer, Request, in_json, refuse
from gradebench.sandbox.wire.params import Params
from gradebench.sandbox.wire.routes import route
from gradebench.sandbox.world.changes import ensure_cell, group_of, set_excused, set_score
from gradebench.sandbox.world.rows import Assignment, Course, Submission
from gradebench.sandbox.world.world import World

LETTERS = {
    "A": 100,
    "A-": 93,
    "B+": 89,
    "B": 86,
    "B-": 83,
    "C+": 79,
    "C": 76,
    "C-": 73,
    "D+": 69,
    "D": 66,
    "D-": 63,
    "F": 60,
}
WHOLE, NOTHING = {"pass", "complete"}, {"fail", "incomplete"}
LATE_STATES = {"late", "missing", "extended", "none"}


class GradeRejected(Exception):
    """The grade means nothing for this assignment."""


def points_of(text: str, assignment: Assignment) -> tuple[float | None, str | None]:
    """Score and grade of a posted grade: points, percent, letter, or pass and fail."""
    possible = assignment.points_possible or 0.0
    word = text.strip()
    if not word:
        return None, None
    if word.lower() in WHOLE:
        return possible, "complete"
    if word.lower() in NOTHING:
        return 0.0, "incomplete"
    if word.upper() in LETTERS:
        return possible * LETTERS[word.upper()] / 100, word.upper()
    try:
        if word.endswith("%"):
            return possible * float(word[:-1]) / 100, None
        return float(word), None
    except ValueError:
        raise GradeRejected(f"invalid grade: {word}") from None


@route("PUT", "/api/v1/courses/:course_id/assignments/:assignment_id/submissions/:user_id")
def grade_submission(request: Request) -> Answer:
    """Grade, excuse or comment; group work is graded for the whole group."""
    course = course_named(request)
    rights = request.require(course, "manage_grades")
    assignment = assignment_named(request, course)
    user = person_named(request)
    row = request.world.cell(assignment.id, user.id)
    if row is None or not any(
        rights.sees(place) for place in request.world.enrollments_in(course.id, user.id)
    ):
        request.forbid()
    told = _told(request.params)
    try:
        rows = apply_grade(request.world, row, told, grader_id=request.user.id)
    except GradeRejected as error:
        refuse(400, {"error": str(error)})
    shown = full_row(request.world, row, rights, request.includes | {"submission_comments"})
    shown["all_submissions"] = [plain_row(request.world, each) for each in rows]
    return in_json(shown)


def _told(params: Params) -> Params:
    """The submission's and the comment's parameters in one level, as bulk grading has them."""
    return Params({**params.inside("submission").values, **params.inside("comment").values})


def apply_grade(world: World, row: Submission, told: Params, *, grader_id: int) -> list[Submission]:
    """Do what was told; returns every row that changed. Raises GradeRejected."""
    assignment = world.assignments[row.assignment_id]
    rows = _group_rows(world, assignment, row)
    if told.has("posted_grade"):
        score, grade = points_of(told.text("posted_grade") or "", assignment)
        for each in rows:
            set_score(world, each, score=score, grade=grade, grader_id=grader_id)
    if told.has("excuse"):
        set_excused(world, row, excused=told.flag("excuse"), grader_id=grader_id)
    if told.text("late_policy_status") in LATE_STATES:
        row.late_policy_status = told.text("late_policy_status")
        row.touch(world.now())
    _comment(world, rows if told.flag("group_comment") else [row], told, grader_id)
    return rows if told.has("posted_grade") else [row]


def _group_rows(world: World, assignment: Assignment, row: Submission) -> list[Submission]:
    if assignment.group_category_id is None or assignment.grades_members_individually:
        return [row]
    group = group_of(world, assignment.group_category_id, row.user_id)
    if group is None:
        return [row]
    members = [member.user_id for member in world.members(group.id)]
    return [ensure_cell(world, assignment, user_id) for user_id in members]


def _comment(world: World, rows: list[Submission], told: Params, author_id: int) -> None:
    text = told.text("text_comment")
    if not text:
        return
    for row in rows:
        row.comments.append(
            {
                "id": world.new_id("comment"),
                "author_id": author_id,
                "author_name": world.users[author_id].name,
                "comment": text,
                "created_at": moment(world.now()) or "",
            }
        )
        row.touch(world.now())


@route("POST", "/api/v1/courses/:course_id/submissions/update_grades")
def update_course_grades(request: Request) -> Answer:
    """Many grades of a course, by assignment and student."""
    course = course_named(request)
    request.require(course, "manage_grades")
    data = _grade_data(request)
    found = {name: find_assignment(request, course, name) for name in data.values}
    missing = [name for name, row in found.items() if row is None]
    if missing:
        refuse(400, {"error": f"Some assignments could not be found: ( {', '.join(missing)} )"})
    work = [(row, data.inside(name)) for name, row in found.items() if row is not None]
    return _bulk(request, course, work)


@route("POST", "/api/v1/courses/:course_id/assignments/:assignment_id/submissions/update_grades")
def update_assignment_grades(request: Request) -> Answer:
    """Many grades of one assignment, by student."""
    course = course_named(request)
    request.require(course, "manage_grades")
    assignment = assignment_named(request, course)
    return _bulk(request, course, [(assignment, _grade_data(request))])


def _grade_data(request: Request) -> Params:
    if not isinstance(request.params.raw("grade_data"), dict):
        refuse(400, {"error": "'grade_data' parameter required"})
    return request.params.inside("grade_data")


def _bulk(request: Request, course: Course, work: list[tuple[Assignment, Params]]) -> Answer:
    if not all(assignment.published for assignment, _ in work):
        request.forbid()
    job = new_job(request, "submissions_update", context=("Course", course.id), course_id=course.id)
    request.jobs.start(request.world, job, lambda: _grade_all(request, course, work))
    return in_json(progress_row(request.world, job))


def _grade_all(
    request: Request, course: Course, work: list[tuple[Assignment, Params]]
) -> str | None:
    """The job: what cannot be graded is only named in its message."""
    problems = []
    for assignment, students in work:
        for name, told in students.items():
            user = find_user(request, name)
            row = request.world.cell(assignment.id, user.id) if user else None
            if row is None:
                problems.append(f"Couldn't find User(s) with API ids '{name}'")
                continue
            try:
                apply_grade(request.world, row, told, grader_id=request.user.id)
            except GradeRejected as error:
                problems.append(str(error))
    return "\n".join(problems) or None
