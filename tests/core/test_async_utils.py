"""Models in async code."""

import threading

import pytest
from asgiref.sync import async_to_sync
from django.core.exceptions import SynchronousOnlyOperation

from gradebench.canvas.models import CanvasCourse
from gradebench.core.async_utils import SafeAsyncAccessor, run_async_in_thread
from tests.people import course, group_set, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _django_guards_its_rule(monkeypatch):
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)


def test_a_relation_is_read_without_breaking_djangos_rule():
    here = course("Compilers")
    pk = group_set(here, "Red").groups["Red"].pk

    async def names():
        group = await type(here).objects.aget(pk=here.pk)
        red = await group.groups.aget(pk=pk)
        with pytest.raises(SynchronousOnlyOperation):
            red.category  # noqa: B018
        return await SafeAsyncAccessor(red).get_many("category__course__name", "name")

    assert async_to_sync(names)() == {"category__course__name": "Compilers", "name": "Red"}


def test_a_relation_to_many_gives_a_list():
    here = course()
    person(here, "Ada")

    async def people():
        found = await SafeAsyncAccessor(here).get("enrollments")
        return [one.type for one in found]

    assert async_to_sync(people)() == ["StudentEnrollment"]


def test_what_is_null_on_the_way_gives_the_default():
    here = course()
    red = group_set(here, "Red").groups["Red"]
    name = async_to_sync(SafeAsyncAccessor(red).get)("team__team_set__name", default="no team")
    assert name == "no team"


def test_a_name_that_the_model_lacks_is_a_mistake_in_the_code():
    with pytest.raises(AttributeError):
        async_to_sync(SafeAsyncAccessor(course()).get)("curse")


def test_models_update_single_fields():
    here = course("Old")
    async_to_sync(here.aupdate)(name="New")
    assert CanvasCourse.objects.get(pk=here.pk).name == "New"
    assert async_to_sync(CanvasCourse.aget_or_none)(name="Old") is None


def test_background_work_answers_through_its_future():
    async def add(one: int, other: int) -> int:
        return one + other

    assert run_async_in_thread(add, 2, 3).result(timeout=10) == 5


def test_background_work_that_crashes_is_logged_and_kept(caplog):
    reached = threading.Event()

    async def crash() -> None:
        reached.set()
        raise ValueError("the roof is on fire")

    with pytest.raises(ValueError, match="roof"):
        run_async_in_thread(crash).result(timeout=10)
    assert "crash" in caplog.text
