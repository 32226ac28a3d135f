"""Tokens that do not work, and changes whose answer is lost."""

import asyncio

import pytest

from gradebench.canvas.api import endpoints, errors
from gradebench.canvas.api.drivers import AsyncCanvas, Canvas
from gradebench.canvas.api.protocol import Patience


@pytest.mark.parametrize(
    ("role", "expected"), [("expired", errors.TokenExpired), ("revoked", errors.TokenRevoked)]
)
def test_a_token_that_was_good_once_says_what_became_of_it(sandbox, role, expected):
    with Canvas(sandbox.url, sandbox.tokens[role]) as canvas, pytest.raises(expected) as caught:
        canvas.perform(endpoints.get_self())
    assert "token" in caught.value.todo
    assert len(sandbox.requests()) == 1


def test_an_unknown_token_is_rejected(sandbox):
    with Canvas(sandbox.url, "nonsense") as canvas, pytest.raises(errors.TokenRejected):
        canvas.perform(endpoints.get_self())


def test_a_student_may_not_see_group_sets_in_old_and_new_canvases(sandbox):
    for legacy in (False, True):
        sandbox.settings(legacy_401=legacy)
        with (
            Canvas(sandbox.url, sandbox.tokens["student"]) as canvas,
            pytest.raises(errors.NotPermitted),
        ):
            canvas.list(endpoints.list_group_categories(sandbox.course))


def test_what_does_not_exist_is_not_found(canvas, sandbox):
    for call in (endpoints.get_group(999999), endpoints.get_group_category(999999)):
        with pytest.raises(errors.NotFound):
            canvas.perform(call)
    assert len(sandbox.requests()) == 2


def test_nobody_there_is_told_after_the_tries():
    patience = Patience(tries=2, first=0.01)
    for call in (endpoints.get_self(), endpoints.delete_group(4)):
        blocking = Canvas("http://127.0.0.1:9", "token", patience=patience)
        awaiting = AsyncCanvas("http://127.0.0.1:9", "token", patience=patience)
        with pytest.raises(errors.Unreachable) as one:
            blocking.perform(call)
        with pytest.raises(errors.Unreachable) as other:
            asyncio.run(awaiting.perform(call))
        assert (one.value.sent, other.value.sent) == (False, False)
        assert (blocking.requests, awaiting.requests) == (2, 2)


def test_an_unknown_host_is_told_at_once():
    with Canvas("https://canvas.invalid", "token") as canvas, pytest.raises(errors.Unreachable):
        canvas.perform(endpoints.get_self())


def test_a_server_that_speaks_no_https_is_told_so(sandbox):
    with (
        Canvas(sandbox.url.replace("http://", "https://"), "token") as canvas,
        pytest.raises(errors.Unreachable, match="https"),
    ):
        canvas.perform(endpoints.get_self())
    assert canvas.requests == 1


def test_a_canvas_that_hangs_is_given_up_after_the_tries(sandbox):
    sandbox.fault("hang", path="users/self", seconds=5, count=None)
    patience = Patience(tries=2, first=0.01)
    with (
        Canvas(sandbox.url, sandbox.token, timeout=0.2, patience=patience) as canvas,
        pytest.raises(errors.Unreachable, match="in time"),
    ):
        canvas.perform(endpoints.get_self())
    assert canvas.requests == 2
