"""What a token may do in a course: asked of the sandbox Canvas, told in sentences."""

from collections.abc import Iterator

import pytest

from gradebench.canvas import abilities
from gradebench.canvas.api.errors import CanvasError
from gradebench.canvas.connection import connect
from gradebench.canvas.models import CanvasCourse
from gradebench.sandbox.launch import Sandbox
from tests.people import teacher


@pytest.fixture(scope="module")
def _canvas() -> Iterator[Sandbox]:
    with Sandbox.start(world="demo", students=25, teams=5, assignments=2) as running:
        yield running


@pytest.fixture
def canvas(_canvas: Sandbox) -> Iterator[Sandbox]:
    yield _canvas
    _canvas.clear_faults()
    _canvas.reset_permissions()


def course_of(canvas: Sandbox, role: str = "teacher") -> CanvasCourse:
    """The main course, in the connection of somebody with this role."""
    integration = connect(user=teacher(), address=canvas.url, token=canvas.tokens[role])
    return integration.courses.get(canvas_id=canvas.course)


def checked(course: CanvasCourse) -> CanvasCourse:
    abilities.check([course])
    return CanvasCourse.objects.select_related("integration").get(pk=course.pk)


def lacks(course: CanvasCourse) -> dict[str, str]:
    return {one.key: one.who for one in abilities.missing(course)}


@pytest.mark.django_db
def test_a_teacher_may_do_everything(canvas: Sandbox) -> None:
    course = checked(course_of(canvas))
    assert all(one.may for one in abilities.abilities_of(course))
    assert course.abilities_at is not None


@pytest.mark.django_db
def test_before_canvas_was_asked_nothing_is_known_or_missing(canvas: Sandbox) -> None:
    course = course_of(canvas)
    canvas.clear_requests()
    assert {one.may for one in abilities.abilities_of(course)} == {None, True}
    assert abilities.missing(course) == []
    assert canvas.requests() == []


@pytest.mark.django_db
def test_what_the_administrator_took_away_is_named_as_their_page_names_it(canvas: Sandbox) -> None:
    canvas.permissions("TeacherEnrollment", off=["manage_groups_delete", "read_sis"])
    missing = lacks(checked(course_of(canvas)))
    assert set(missing) == {"manage_groups_delete", "read_sis"}
    assert "Canvas administrator" in missing["manage_groups_delete"]
    assert "“Groups - delete” for the role Teacher" in missing["manage_groups_delete"]
    assert "“SIS Data - read”" in missing["read_sis"]


@pytest.mark.django_db
def test_an_assistant_can_also_ask_the_teacher(canvas: Sandbox) -> None:
    canvas.permissions("TaEnrollment", off=["manage_groups_manage"])
    missing = lacks(checked(course_of(canvas, "assistant")))
    assert "for the role TA" in missing["manage_groups_manage"]
    assert "a teacher of the course, by adding you as Teacher" in missing["manage_groups_manage"]


@pytest.mark.django_db
def test_who_sees_some_sections_only_is_told_whom_to_ask(canvas: Sandbox) -> None:
    missing = lacks(checked(course_of(canvas, "ta_limited")))
    assert set(missing) == {"all_sections"}
    assert "a teacher of the course" in missing["all_sections"]


@pytest.mark.django_db
def test_a_concluded_course_has_to_be_opened_for_groups(canvas: Sandbox) -> None:
    course = course_of(canvas)
    canvas.act("change_course", course=canvas.course, state="completed")
    CanvasCourse.objects.filter(pk=course.pk).update(workflow_state="completed")
    course.refresh_from_db()
    missing = lacks(checked(course))
    canvas.act("change_course", course=canvas.course, state="available")
    assert set(missing) == {"manage_groups_add", "manage_groups_manage", "manage_groups_delete"}
    assert all("it is concluded" in who for who in missing.values())


@pytest.mark.django_db
@pytest.mark.parametrize("status", [400, 404])
def test_a_canvas_that_knows_no_such_question_is_no_failure(canvas: Sandbox, status: int) -> None:
    course = course_of(canvas)
    canvas.fault("status", path="/permissions$", status=status, count=None)
    course = checked(course)
    assert abilities.answered_of(course).problem == abilities.NOT_ASKED
    assert abilities.missing(course) == []


@pytest.mark.django_db
def test_an_older_canvas_leaves_out_what_it_does_not_know(canvas: Sandbox) -> None:
    course = course_of(canvas)
    canvas.fault("withhold", path="/permissions$", keys=["manage_groups_manage"])
    course = checked(course)
    known = {one.key: one.may for one in abilities.abilities_of(course)}
    assert known["manage_groups_manage"] is None
    assert known["manage_groups_add"] is True


@pytest.mark.django_db
def test_one_course_that_cannot_be_asked_about_does_not_stop_the_others(canvas: Sandbox) -> None:
    main = course_of(canvas)
    others = list(main.integration.courses.filter(access_restricted_by_date=False))
    assert len(others) > 1
    canvas.fault("status", path=f"/courses/{main.canvas_id}/permissions$", status=403, count=None)
    abilities.check(others)
    asked = {one.canvas_id: abilities.answered_of(one) for one in others}
    assert asked[main.canvas_id].problem
    assert all(one.may for key, one in asked.items() if key != main.canvas_id)


@pytest.mark.django_db
def test_a_refused_token_is_an_error_and_what_was_known_stays(canvas: Sandbox) -> None:
    course = checked(course_of(canvas))
    before = course.abilities_at
    course.integration.api_key = canvas.tokens["revoked"]
    with pytest.raises(CanvasError, match="deleted"):
        abilities.check([course])
    course.refresh_from_db()
    assert course.abilities_at == before
    assert abilities.missing(course) == []
