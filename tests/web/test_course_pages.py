"""A course's pages: what they show, and that they take few queries."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from gradebench.canvas.models import (
    CanvasAssignment,
    CanvasCourse,
    CanvasEnrollment,
    CanvasGroup,
    CanvasGroupCategory,
    CanvasSubmission,
    CanvasUser,
    Regrade,
    SyncRun,
)
from gradebench.canvas.teams import follow
from gradebench.core import people
from gradebench.core.models import Team
from tests.web.people import course_of, fill, run_of

TABS = ("course", "assignments", "students", "groups", "history")


def shown(client: Client, name: str, *args: int, **query: object) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("tab", TABS)
def test_a_course_that_was_never_synced_says_what_to_do(
    browser_of_ada: Client, ada: User, tab: str
) -> None:
    course = course_of(ada, synced_at=None)
    assert "Sync this course" in shown(browser_of_ada, tab, course.pk)


@pytest.mark.parametrize("tab", ["assignments", "groups"])
def test_a_course_without_them_says_so(browser_of_ada: Client, ada: User, tab: str) -> None:
    assert "Canvas has none in this course" in shown(browser_of_ada, tab, course_of(ada).pk)


@pytest.mark.parametrize("size", [10, 140])
@pytest.mark.parametrize("tab", TABS)
def test_a_page_takes_at_most_twelve_queries_whatever_its_size(
    browser_of_ada: Client,
    ada: User,
    tab: str,
    size: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    course = course_of(ada)
    fill(course, students=size, assignments=size // 10, teams=size // 5)
    for _ in range(size):
        run_of(course, SyncRun.State.COMPLETE, asked_by=ada)
    with django_assert_max_num_queries(12):
        shown(browser_of_ada, tab, course.pk)


def test_one_assignment_and_one_student_take_few_queries(
    browser_of_ada: Client,
    studio: CanvasCourse,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    work, person = studio.assignments.get(name="Homework 1"), student(studio, 3)
    with django_assert_max_num_queries(12):
        shown(browser_of_ada, "assignment", studio.pk, work.pk)
    with django_assert_max_num_queries(12):
        shown(browser_of_ada, "student", studio.pk, person.pk)


def student(course: CanvasCourse, number: int) -> CanvasUser:
    return course.integration.people.get(name=f"Student {number}")


def test_the_overview_counts_what_canvas_still_has(
    browser_of_ada: Client, studio: CanvasCourse
) -> None:
    CanvasAssignment.objects.filter(name="Homework 6").update(gone_at=timezone.now())
    context = browser_of_ada.get(reverse("course", args=[studio.pk])).context
    assert (context["students"], context["assignments"], context["groups"]) == (30, 5, 6)
    assert context["handed_in"] == context["over_time"].total == 150
    assert context["graded"] == 100


def test_a_student_in_two_sections_is_one_person(
    browser_of_ada: Client, studio: CanvasCourse
) -> None:
    CanvasEnrollment.objects.create(
        course=studio,
        canvas_id=1,
        user=student(studio, 0),
        section=studio.sections.get(name="Section B"),
        type="StudentEnrollment",
        enrollment_state="active",
    )
    page = shown(browser_of_ada, "students", studio.pk)
    assert "Section A, Section B" in page
    assert "30 people" in page


def test_people_are_found_by_name_and_by_section(
    browser_of_ada: Client, studio: CanvasCourse
) -> None:
    section = studio.sections.get(name="Section A")
    page = shown(browser_of_ada, "students", studio.pk, q="student 12", section=section.pk)
    assert "Student 12" in page
    assert "1 person" in page
    nobody = shown(browser_of_ada, "students", studio.pk, q="<script>")
    assert "&lt;script&gt;" in nobody
    assert "<script>" not in nobody.split("</head>")[1]


def test_who_left_is_listed_apart(browser_of_ada: Client, studio: CanvasCourse) -> None:
    gone = student(studio, 7)
    gone.enrollments.update(gone_at=timezone.now())
    assert "Student 7<" not in shown(browser_of_ada, "students", studio.pk)
    left = shown(browser_of_ada, "students", studio.pk, show="left")
    assert "Student 7<" in left
    assert "No longer in Canvas" in left


def test_the_test_student_is_nobody(browser_of_ada: Client, studio: CanvasCourse) -> None:
    CanvasEnrollment.objects.filter(user=student(studio, 1)).update(type="StudentViewEnrollment")
    assert "29 people" in shown(browser_of_ada, "students", studio.pk)


def test_a_long_list_comes_in_pages(browser_of_ada: Client, ada: User) -> None:
    course = course_of(ada)
    fill(course, students=140, assignments=1, teams=2)
    assert "of 140 people" in shown(browser_of_ada, "students", course.pk)
    last = shown(browser_of_ada, "students", course.pk, page=2)
    assert "Student 139" in last
    assert "Student 139" in shown(browser_of_ada, "students", course.pk, page=99)


def test_typing_into_the_search_field_fetches_the_table_alone(
    browser_of_ada: Client, studio: CanvasCourse
) -> None:
    path = reverse("students", args=[studio.pk])
    answer = browser_of_ada.get(path, {"q": "12"}, headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert "Student 12" in answer.content.decode()


@pytest.mark.parametrize(
    ("show", "count"), [("all", 30), ("ungraded", 10), ("late", 3), ("excused", 3), ("missing", 0)]
)
def test_submissions_are_filtered(
    browser_of_ada: Client, studio: CanvasCourse, show: str, count: int
) -> None:
    work = studio.assignments.get(name="Homework 1")
    path = reverse("assignment", args=[studio.pk, work.pk])
    context = browser_of_ada.get(path, {"show": show}).context
    assert context["page"].paginator.count == count
    assert {one.key: one.count for one in context["filters"]}[show] == count


def test_group_work_names_the_group_of_each_student(
    browser_of_ada: Client, studio: CanvasCourse
) -> None:
    category = studio.group_categories.get()
    work = studio.assignments.get(name="Homework 1")
    CanvasAssignment.objects.filter(pk=work.pk).update(group_category_id=category.canvas_id)
    assert "Team 3" in shown(browser_of_ada, "assignment", studio.pk, work.pk)


def test_a_student_has_all_their_work_on_one_page(
    browser_of_ada: Client, studio: CanvasCourse
) -> None:
    page = shown(browser_of_ada, "student", studio.pk, student(studio, 4).pk)
    assert all(f"Homework {number}" in page for number in range(1, 7))
    assert "Section A" in page
    assert "Team 5" in page


def test_teams_are_in_the_order_that_people_count(
    browser_of_ada: Client, studio: CanvasCourse
) -> None:
    CanvasGroup.objects.filter(name="Team 3").update(name="Team 10")
    cards = browser_of_ada.get(reverse("groups", args=[studio.pk])).context["cards"]
    assert [card.name for card in cards][-2:] == ["Team 6", "Team 10"]


def test_whoever_is_in_no_team_is_named(browser_of_ada: Client, studio: CanvasCourse) -> None:
    context = browser_of_ada.get(reverse("groups", args=[studio.pk])).context
    assert [person.name for person in context["without"]] == ["Student 28", "Student 29"]
    assert context["placed"] == 28


def test_tags_are_not_taken_for_groups(browser_of_ada: Client, studio: CanvasCourse) -> None:
    category = CanvasGroupCategory.objects.create(
        course=studio, canvas_id=77, name="Accommodations", non_collaborative=True
    )
    page = shown(browser_of_ada, "groups", studio.pk, set=category.pk)
    assert "tags, not groups" in page
    assert "In no group of this set" not in page


def test_names_keep_the_direction_in_which_they_are_written(
    browser_of_ada: Client, studio: CanvasCourse
) -> None:
    CanvasUser.objects.filter(pk=student(studio, 0).pk).update(name="ليلى حداد")
    assert 'dir="auto">ليلى حداد<' in shown(browser_of_ada, "students", studio.pk)


def test_times_are_in_the_viewers_zone(browser_of_ada: Client, studio: CanvasCourse) -> None:
    work = studio.assignments.get(name="Homework 1")  # due at 12:00 UTC
    browser_of_ada.cookies["time_zone"] = "Asia/Tokyo"
    page = shown(browser_of_ada, "assignment", studio.pk, work.pk)
    assert "1 Sep 2026, 21:00" in page
    browser_of_ada.cookies["time_zone"] = "../../etc/passwd"
    assert "1 Sep 2026, 12:00" in shown(browser_of_ada, "assignment", studio.pk, work.pk)


def test_an_unmarked_zero_is_not_an_unmarked_paper(
    browser_of_ada: Client, studio: CanvasCourse
) -> None:
    work = studio.assignments.get(name="Homework 1")
    CanvasSubmission.objects.filter(assignment=work).update(score=0, workflow_state="graded")
    figures = browser_of_ada.get(reverse("assignment", args=[studio.pk, work.pk])).context[
        "figures"
    ]
    assert (figures["graded"], figures["mean"]) == (30, 0)


def test_group_work_is_shown_group_by_group(browser_of_ada: Client, studio: CanvasCourse) -> None:
    work = studio.assignments.get(name="Homework 1")
    category = studio.group_categories.get()
    CanvasAssignment.objects.filter(pk=work.pk).update(group_category_id=category.canvas_id)
    path = reverse("assignment", args=[studio.pk, work.pk])
    listed = browser_of_ada.get(path, {"by": "group"}).context["work"]
    names = [one.group.name if one.group else None for one in listed]
    assert names == [f"Team {number}" for number in range(1, 7)] + [None]
    assert [one.user.name for one in listed[-1].submissions] == ["Student 28", "Student 29"]
    assert listed[0].handed_in == 5


def test_single_work_has_no_groups_to_show(browser_of_ada: Client, studio: CanvasCourse) -> None:
    work = studio.assignments.get(name="Homework 1")
    path = reverse("assignment", args=[studio.pk, work.pk])
    assert browser_of_ada.get(path, {"by": "group"}).context["page"].paginator.count == 30


def test_assignments_are_found_by_name(browser_of_ada: Client, studio: CanvasCourse) -> None:
    page = shown(browser_of_ada, "assignments", studio.pk, q="homework 4")
    assert "Homework 4" in page
    assert "Homework 5" not in page
    nothing = shown(browser_of_ada, "assignments", studio.pk, q="essay")
    assert "No assignment has these words" in nothing
    assert 'value="essay"' in nothing


def test_an_assignment_that_nobody_has_to_hand_in_is_listed(
    browser_of_ada: Client, studio: CanvasCourse
) -> None:
    studio.assignments.create(canvas_id=987_654, name="Only for the audit", points_possible=5)
    html = browser_of_ada.get(reverse("assignments", args=[studio.pk])).content.decode()
    assert "Only for the audit" in html


def test_an_assignment_tells_the_middle_of_its_scores(
    browser_of_ada: Client, studio: CanvasCourse
) -> None:
    work = studio.assignments.get(name="Homework 1")
    CanvasSubmission.objects.filter(assignment=work).update(score=None)
    for number, score in enumerate((4, 10, 18), start=1):
        of = CanvasSubmission.objects.filter(assignment=work, user=student(studio, number))
        of.update(score=score, workflow_state="graded")
    context = browser_of_ada.get(reverse("assignment", args=[studio.pk, work.pk])).context
    assert context["middle"] == 10


def test_a_student_page_counts_their_work(browser_of_ada: Client, studio: CanvasCourse) -> None:
    figures = browser_of_ada.get(
        reverse("student", args=[studio.pk, student(studio, 10).pk])
    ).context["figures"]
    assert (figures.assignments, figures.handed_in, figures.late) == (6, 6, 6)
    assert figures.middle == 50


def test_a_student_keeps_what_canvas_took_away(
    browser_of_ada: Client, studio: CanvasCourse
) -> None:
    person = student(studio, 4)
    CanvasAssignment.objects.filter(name="Homework 6").update(gone_at=timezone.now())
    person.enrollments.update(gone_at=timezone.now())
    page = shown(browser_of_ada, "student", studio.pk, person.pk)
    assert "1 piece of work that Canvas no longer has" in page
    assert "Homework 6" in page
    assert "No longer in Canvas since" in page


def test_a_student_page_tells_the_teams_of_all_times(
    browser_of_ada: Client, ada: User, studio: CanvasCourse
) -> None:
    follow(studio, at=timezone.now())
    person = student(studio, 4)
    team_set = studio.group_categories.get().team_set
    assert team_set is not None
    other = Team.objects.get(team_set=team_set, name="Team 1")
    reason = people.Reason(because="Wanted nearer friends", by=ada)
    people.place(team_set, {person.student_id: other.pk}, reason=reason, confirmed=False)
    page = shown(browser_of_ada, "student", studio.pk, person.pk)
    assert "left: Wanted nearer friends by ada" in page
    assert "joined: Wanted nearer friends by ada" in page
    assert "today, not in Canvas yet" in page
    assert reverse("team", args=[studio.pk, other.pk]) in page


def test_a_student_page_tells_which_scores_were_others_before(
    browser_of_ada: Client, studio: CanvasCourse
) -> None:
    person = student(studio, 4)
    assert "Changed scores" not in shown(browser_of_ada, "student", studio.pk, person.pk)
    Regrade.objects.create(
        submission=person.submissions.get(assignment__name="Homework 2"),
        seen_at=timezone.now(),
        score_before=12.5,
        grade_before="12.5",
        score_after=18.0,
        grade_after="A-",
    )
    told = shown(browser_of_ada, "student", studio.pk, person.pk).split("Changed scores")[1]
    row = re.sub(r"<[^>]+>|\s+", " ", told.split("<tbody>")[1].split("</tbody>")[0]).split()
    assert row[:5] == ["Homework", "2", "12.5", "18", "(A-)"]
