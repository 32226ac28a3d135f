"""The throttle: a bucket for each token, and refusals in plain text."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from gradebench.sandbox.launch import Sandbox
from gradebench.sandbox.wire.throttle import Throttle, ThrottleSettings
from tests.sandbox.conftest import client_of


@pytest.fixture
def busy():
    with Sandbox.start(world="small", latency_ms=300) as sandbox:
        yield sandbox


def test_the_twelfth_request_at_once_is_refused(busy):
    with client_of(busy) as canvas, ThreadPoolExecutor(12) as pool:
        replies = list(pool.map(lambda _: canvas.get("users/self"), range(12)))
    refused = [reply for reply in replies if reply.status_code != 200]
    assert [reply.status_code for reply in refused] == [403]
    assert refused[0].text == "403 Forbidden (Rate Limit Exceeded)\n"
    assert refused[0].headers["content-type"] == "text/plain; charset=utf-8"
    assert refused[0].headers["x-rate-limit-remaining"] == "0.0"
    assert not {"retry-after", "x-request-cost"} & set(refused[0].headers)
    assert max(entry.in_flight for entry in busy.requests()) == 12


def test_a_refusal_can_be_429_and_counts_for_that_token_alone(busy):
    busy.settings(latency_ms=0)
    busy.throttle(status=429, level=590, token=busy.token)
    reply = client_of(busy).get("users/self")
    assert (reply.status_code, reply.text) == (429, "429 Too Many Requests (Rate Limit Exceeded)\n")
    other = client_of(busy, "assistant").get("users/self")
    assert other.status_code == 200
    assert 590 < float(other.headers["x-rate-limit-remaining"]) < 600
    assert float(other.headers["x-request-cost"]) > 0


def test_the_bucket_takes_the_charge_back_and_keeps_the_cost():
    throttle = Throttle(ThrottleSettings(outflow=0))
    assert throttle.enter("token")
    assert throttle.leave("token", 2.5) == pytest.approx(597.5)
    entered = [throttle.enter("token") for _ in range(12)]
    assert entered == [True] * 11 + [False]
