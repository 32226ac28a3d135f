"""Every read endpoint against the sandbox Canvas, compared with what the course really has."""

import pytest

from gradebench.canvas.api import endpoints
from gradebench.canvas.api.drivers import Canvas

from .conftest import QUICK


def ids(rows):
    return sorted(row["id"] if isinstance(row, dict) else row.id for row in rows)


def truth_of(sandbox, name):
    return sandbox.truth(sandbox.course)[name]


@pytest.fixture
def course(sandbox):
    return sandbox.course


@pytest.mark.parametrize(
    ("listing", "name"),
    [
        (endpoints.list_sections, "sections"),
        (endpoints.list_assignments, "assignments"),
        (endpoints.list_assignment_groups, "assignment_groups"),
        (endpoints.list_quizzes, "quizzes"),
        (endpoints.list_group_categories, "group_categories"),
        (endpoints.list_course_groups, "groups"),
    ],
)
def test_a_listing_has_exactly_what_the_course_has(canvas, sandbox, course, listing, name):
    assert ids(canvas.list(listing(course))) == ids(truth_of(sandbox, name))


def test_all_enrollments_but_the_deleted_ones_come_with_their_people(canvas, sandbox, course):
    rows = canvas.list(endpoints.list_enrollments(course))
    kept = [row for row in truth_of(sandbox, "enrollments") if row["enrollment_state"] != "deleted"]
    assert ids(rows) == ids(kept)
    assert all(row.user and row.user.id == row.user_id for row in rows)


def test_the_people_of_a_course_come_once_each_with_all_their_roles(canvas, sandbox, course):
    people = canvas.list(endpoints.list_course_users(course))
    assert len(ids(people)) == len(set(ids(people)))
    assert any(len(person.enrollments or []) > 1 for person in people)


def test_every_submission_comes_whichever_way_it_is_asked_for(canvas, sandbox, course):
    flat = canvas.list(endpoints.list_student_submissions(course))
    grouped = canvas.list(endpoints.list_submissions_by_student(course))
    in_groups = {row.id for student in grouped for row in student.submissions or []}
    by_assignment = {
        row.id
        for assignment in canvas.list(endpoints.list_assignments(course))
        if assignment.published
        for row in canvas.list(endpoints.list_submissions(course, assignment.id, include=["group"]))
    }
    assert {row.id for row in flat} >= in_groups
    assert {row.id for row in flat} >= by_assignment
    assert by_assignment


def test_the_memberships_of_all_groups_are_those_of_the_course(canvas, sandbox, course):
    groups = canvas.list(endpoints.list_course_groups(course))
    found = [row for group in groups for row in canvas.list(endpoints.list_memberships(group.id))]
    assert ids(found) == ids(truth_of(sandbox, "memberships"))
    members = canvas.list(endpoints.list_group_users(groups[0].id))
    expected = {row.user_id for row in found if row.group_id == groups[0].id}
    assert {user.id for user in members} == expected


def test_sets_groups_and_their_students_are_found_one_by_one(canvas, sandbox, course):
    category = truth_of(sandbox, "group_categories")[0]
    assert canvas.perform(endpoints.get_group_category(category["id"])).name == category["name"]
    groups = canvas.list(endpoints.list_category_groups(category["id"]))
    assert canvas.perform(endpoints.get_group(groups[0].id)).name == groups[0].name
    everybody = canvas.list(endpoints.list_category_users(category["id"]))
    left_over = canvas.list(endpoints.list_category_users(category["id"], unassigned=True))
    assert set(ids(left_over)) <= set(ids(everybody))
    section = truth_of(sandbox, "sections")[0]["id"]
    rows = canvas.list(endpoints.list_section_enrollments(section))
    assert {row.course_section_id for row in rows} == {section}


def test_tag_sets_show_only_when_they_are_asked_for(canvas, sandbox, course):
    listing = endpoints.list_group_categories(course, collaboration_state="non_collaborative")
    tags = sandbox.truth(course)["tags"]
    assert ids(canvas.list(listing)) == ids(tags["group_categories"])


def test_courses_hidden_by_their_dates_are_listed_as_stubs(canvas, sandbox):
    courses = canvas.list(endpoints.list_courses())
    assert set(ids(courses)) <= set(sandbox.courses)
    assert any(course.is_stub for course in courses)
    assert canvas.perform(endpoints.get_course(sandbox.course)).workflow_state == "available"


def test_the_token_tells_whose_it_is_and_what_they_may_do(canvas, sandbox, course):
    teacher = canvas.perform(endpoints.get_self())
    assert canvas.perform(endpoints.get_own_profile()).name == teacher.name
    asked = endpoints.get_course_permissions(course, names=["manage_groups_add", "read_roster"])
    assert canvas.perform(asked).manage_groups_add is True
    with Canvas(sandbox.url, sandbox.tokens["student"], patience=QUICK) as student:
        assert student.perform(asked).manage_groups_add is False


def test_quizzes_have_questions_and_pools(canvas, course):
    quiz = canvas.list(endpoints.list_quizzes(course))[0]
    assert canvas.list(endpoints.list_quiz_questions(course, quiz.id)) is not None
    assert canvas.list(endpoints.list_quiz_groups(course, quiz.id)) is not None


def test_one_assignment_is_the_same_as_in_the_list(canvas, course):
    first = canvas.list(endpoints.list_assignments(course))[0]
    assert canvas.perform(endpoints.get_assignment(course, first.id)) == first


def test_ids_as_text_and_beyond_the_range_of_javascript_are_the_same_ids(canvas, sandbox, course):
    numbers = ids(canvas.list(endpoints.list_enrollments(course)))
    sandbox.settings(string_ids=True)
    assert ids(canvas.list(endpoints.list_enrollments(course))) == numbers


def test_a_canvas_that_refuses_strangers_knows_us_by_our_name(canvas, sandbox):
    sandbox.settings(require_user_agent=True)
    assert canvas.perform(endpoints.get_self()).id
