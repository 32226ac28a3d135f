"""The oddities of real courses that software must bear."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from gradebench.sandbox.world.build import Build, add_user, enroll
from gradebench.sandbox.world.course import add_course
from gradebench.sandbox.world.people import STUDENT_DOMAIN
from gradebench.sandbox.world.rows import (
    TEACHER,
    TEST_STUDENT,
    Assignment,
    Course,
    Section,
    Submission,
    User,
)
from gradebench.sandbox.world.scores import blank_submission
from gradebench.sandbox.world.teams import add_group, add_set, place
from gradebench.sandbox.world.world import World


def add_quirks(build: Build) -> None:
    """People, sets, assignments and submissions that break an unwary reader."""
    _odd_enrollments(build)
    _bare_people(build)
    _odd_sets(build)
    _odd_assignments(build)
    _odd_submissions(build)


def _student(build: Build, number: int) -> User:
    """The student who plays a part; in a tiny class one may play several."""
    return build.students[number % len(build.students)]


def _odd_enrollments(build: Build) -> None:
    world, section = build.world, build.sections[0]
    for state in ("invited", "inactive", "completed", "rejected", "deleted"):
        user = add_user(world, build.names.person(), since=build.day(-9), domain=STUDENT_DOMAIN)
        enroll(world, user, section, state=state, since=build.day(-9))
        if state in {"invited", "inactive", "completed"}:
            _fill_blanks(build, user)
        if state == "completed" and build.main_set:
            keep = add_group(build, build.main_set, "Project Team with a leaver")
            place(build, keep, user)
    twice = _student(build, 1)
    enroll(world, twice, build.sections[-1], since=build.day(-3))
    if build.teacher:
        assistant_too = _student(build, 2)
        enroll(world, assistant_too, section, kind="TaEnrollment", since=build.day(-3))
    observer = add_user(world, build.names.person(), since=build.day(-3), domain="mail.example")
    watching = enroll(world, observer, section, kind="ObserverEnrollment", since=build.day(-3))
    watching.associated_user_id = _student(build, 0).id


def _fill_blanks(build: Build, user: User) -> None:
    for assignment in build.world.assignments.of("course", build.course.id):
        blank_submission(build.world, assignment, user.id)


def _bare_people(build: Build) -> None:
    no_mail, no_login, no_sis = _student(build, 4), _student(build, 6), _student(build, 8)
    no_mail.email = None
    no_login.login_id = None
    no_sis.sis_user_id = None
    nameless = _student(build, 10)
    nameless.name = nameless.short_name = nameless.sortable_name = nameless.email or "User"


def _odd_sets(build: Build) -> None:
    leaders = add_set(build, "Debate Sides")
    leaders.auto_leader = "first"
    for name in ("Pro", "Contra"):
        add_group(build, leaders, name)
    closed = add_set(build, "Set of last year")
    gone = add_group(build, closed, "Group of last year")
    gone.deleted, closed.deleted_at = True, build.day(3)
    add_group(build, leaders, "Deleted side").deleted = True
    add_set(build, "Imported Groups", role="imported")


def _odd_assignments(build: Build) -> None:
    world = build.world
    first = world.assignments.of("course", build.course.id)[0]

    def variant(name: str) -> Assignment:
        row = replace(first, id=world.new_id("assignment"), name=name, rubric=None)
        row.position = len(world.assignments) + 1
        return world.assignments.add(row)

    variant("Draft, not published").published = False
    variant("Deleted by mistake").deleted = True
    unseen = variant("Anonymous peer essay")
    unseen.anonymous_grading = True
    undated = variant("Whenever you like")
    undated.due_at = undated.unlock_at = None
    undated.points_possible = None
    undated.grading_type = "pass_fail"
    for assignment in (unseen, undated):
        for student in build.students:
            blank_submission(world, assignment, student.id)


def _odd_submissions(build: Build) -> None:
    world = build.world
    tester = next(
        row.user_id
        for row in world.enrollments.of("course", build.course.id)
        if row.type == TEST_STUDENT
    )
    for assignment in world.assignments.of("course", build.course.id):
        if assignment.published and not assignment.deleted:
            blank_submission(world, assignment, tester)
    first = world.assignments.of("course", build.course.id)[0]
    rows = {row.user_id: row for row in world.submissions.of("assignment", first.id)}
    _excuse(rows[_student(build, 0).id], build)
    _ungraded_again(rows[_student(build, 3).id], build)
    rows[_student(build, 5).id].late_policy_status = "missing"
    rows[_student(build, 7).id].late_policy_status = "extended"


def _excuse(row: Submission, build: Build) -> None:
    row.excused, row.workflow_state, row.score, row.grade = True, "graded", None, None
    row.graded_at = row.posted_at = row.updated_at = build.day(30)


def _ungraded_again(row: Submission, build: Build) -> None:
    row.workflow_state, row.attempt, row.submission_type = "submitted", 2, "online_upload"
    row.submitted_at = row.updated_at = build.day(40)
    row.score, row.grade, row.graded_at = 7.0, "7", build.day(20)
    row.grade_matches_current_submission = False


def add_strange_courses(world: World, teacher: User, *, only_stub: bool = False) -> None:
    """A course outside its dates; also unpublished, completed, deleted and nicknamed ones."""
    stub = _bare_course(world, teacher, "Closed until its start date", "CLO 1")
    stub.restricted_by_date = True
    if only_stub:
        return
    _bare_course(world, teacher, "Not yet published", "NEW 1").workflow_state = "unpublished"
    _bare_course(world, teacher, "Finished long ago", "OLD 1").workflow_state = "completed"
    _bare_course(world, teacher, "Deleted course", "DEL 1").workflow_state = "deleted"
    nicknamed = _bare_course(world, teacher, "Introduction to Widget Studies, Part II", "WID 2")
    teacher.nicknames[nicknamed.id] = "Widgets"


def _bare_course(world: World, teacher: User, name: str, code: str) -> Course:
    course = add_course(world, name, code)
    since = world.start - timedelta(days=100)
    section = world.sections.add(Section(world.new_id("section"), course.id, name, since))
    enroll(world, teacher, section, kind=TEACHER, since=since)
    return course
