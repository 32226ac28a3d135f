"""The public client library of Canvas works against the sandbox as it is."""

from __future__ import annotations

import time

import pytest
from canvasapi import Canvas
from canvasapi.exceptions import BadRequest, Forbidden, InvalidAccessToken, ResourceDoesNotExist

# The library warns about plain HTTP, which is all that a server on this machine needs.
pytestmark = pytest.mark.filterwarnings("ignore:Canvas may respond unexpectedly")


@pytest.fixture
def library(sandbox):
    return Canvas(sandbox.url, sandbox.token)


@pytest.fixture
def studio(library, sandbox):
    return library.get_course(sandbox.course)


def test_it_reads_everything_that_is_there(library, studio, sandbox):
    truth = sandbox.truth()
    assert library.get_current_user().name == "Dana Whitfield"
    assert [course.id for course in library.get_courses()] == [sandbox.course]
    sections = {section.id for section in studio.get_sections()}
    assert sections == {row["id"] for row in truth["sections"]}
    states = ["active", "invited", "inactive", "completed", "rejected", "deleted"]
    enrollments = {row.id for row in studio.get_enrollments(state=states)}
    assert enrollments == {row["id"] for row in truth["enrollments"]}
    assignments = {row.id for row in studio.get_assignments()}
    assert assignments == {row["id"] for row in truth["assignments"]}
    rows = studio.get_multiple_submissions(student_ids=["all"], per_page=100)
    assert {row.id for row in rows} == {row["id"] for row in truth["submissions"]}
    assert {quiz.id for quiz in studio.get_quizzes()} == {row["id"] for row in truth["quizzes"]}


def test_it_reads_people_and_their_submissions(studio):
    people = list(studio.get_users(enrollment_type=["student"], include=["enrollments", "email"]))
    assert len(people) == 26
    assignment = next(iter(studio.get_assignments()))
    assert len(list(assignment.get_submissions())) == 27


def test_it_reads_sets_groups_and_memberships(studio, sandbox):
    truth = sandbox.truth(submissions=False)
    sets = {row.id: row for row in studio.get_group_categories()}
    assert set(sets) == {row["id"] for row in truth["group_categories"]}
    groups = [group for category in sets.values() for group in category.get_groups()]
    assert {group.id for group in groups} == {row["id"] for row in truth["groups"]}
    assert {group.id for group in studio.get_groups()} == {group.id for group in groups}
    places = {row.id for group in groups for row in group.get_memberships()}
    assert places == {row["id"] for row in truth["memberships"]}


def test_it_creates_renames_fills_and_deletes(studio, sandbox):
    category = studio.create_group_category(name="By the library", group_limit=4)
    category.update(name="By the library, renamed", group_limit=4)
    group = category.create_group(name="First")
    group.edit(name="First, renamed")
    ann, ben, cid = (user.id for user in list(studio.get_users(enrollment_type=["student"]))[:3])
    group.edit(members=[ann, ben])
    assert {user.id for user in group.get_users()} == {ann, ben}
    membership = group.create_membership(cid)
    assert membership.just_created
    group.remove_user(ann)
    group.remove_user(cid)
    assert {user.id for user in group.get_users()} == {ben}
    group.delete()
    category.delete()
    names = [row["name"] for row in sandbox.truth(submissions=False)["group_categories"]]
    assert not [name for name in names if name.startswith("By the library")]


def test_it_grades_and_waits_for_a_job(studio):
    assignment = next(iter(studio.get_assignments()))
    ann = next(iter(studio.get_users(enrollment_type=["student"])))
    row = assignment.get_submission(ann.id).edit(submission={"posted_grade": 5})
    assert row.score == 5.0
    job = assignment.submissions_bulk_update(grade_data={ann.id: {"posted_grade": 6}})
    until = time.monotonic() + 10
    while job.query().workflow_state != "completed" and time.monotonic() < until:
        time.sleep(0.02)
    assert assignment.get_submission(ann.id).score == 6.0


def test_its_errors_are_those_of_canvas(library, studio, sandbox):
    with pytest.raises(ResourceDoesNotExist):
        library.get_course(99)
    with pytest.raises(BadRequest):
        studio.create_group_category(name="Project Teams")
    with pytest.raises(InvalidAccessToken):
        Canvas(sandbox.url, "nonsense").get_current_user()
    student = Canvas(sandbox.url, sandbox.tokens["student"])
    with pytest.raises(Forbidden):
        list(student.get_course(sandbox.course).get_group_categories())
