"""How many requests of one token may be on their way, judged by what Canvas says is left."""

from gradebench.canvas.api.protocol import Failure, Quota, quota_of

from .talking import answer, throttled


def left(units):
    return answer({}, x_rate_limit_remaining=str(units))


def places(quota, most=8):
    """How many of ten who ask at once get a place; then nobody has one."""
    asked = [quota.ask(most) for _ in range(10)]
    got = [place for place in asked if place.done()]
    for place in asked:
        if not place.cancel():
            continue
    for _ in got:
        quota.give_back()
    return len(got)


def fly(quota, reply, now=0.0):
    assert quota.take_off(now) == 0
    quota.land(now, reply)


def test_no_more_than_allowed_get_a_place_and_the_next_in_line_follows():
    quota = Quota()
    first, second, third = (quota.ask(2) for _ in range(3))
    assert (first.done(), second.done(), third.done()) == (True, True, False)
    quota.give_back()
    assert third.done()


def test_who_stops_waiting_takes_no_place():
    quota = Quota()
    quota.ask(1)
    impatient, patient = quota.ask(1), quota.ask(1)
    assert impatient.cancel()
    quota.give_back()
    assert patient.done()


def test_a_full_bucket_allows_all_and_a_drained_one_fewer():
    quota = Quota()
    assert places(quota) == 8
    fly(quota, left(599.7))
    assert places(quota) == 8
    fly(quota, left(300))
    assert places(quota) == 4
    fly(quota, left(160))
    assert places(quota) == 1


def test_our_own_requests_in_flight_are_not_mistaken_for_a_drained_bucket():
    quota = Quota()
    for _ in range(8):
        assert quota.take_off(0.0) == 0
    quota.land(0.0, left(600 - 7 * 50))
    assert places(quota) == 8


def test_a_nearly_empty_bucket_makes_everybody_take_a_breath():
    quota = Quota()
    fly(quota, left(60))
    assert quota.take_off(0.0) == 4.0
    assert quota.take_off(4.1) == 0


def test_a_refusal_stops_everybody_for_at_least_a_second_and_longer_each_time():
    quota, now, waits = Quota(), 100.0, []
    for _ in range(6):
        fly(quota, throttled(), now)
        waits.append(quota.take_off(now))
        now += waits[-1]
    for wait, shortest in zip(waits, [1, 2, 4, 8, 16, 30], strict=True):
        assert shortest <= wait <= 1.5 * shortest
    assert places(quota) == 1


def test_refusals_of_requests_sent_together_count_as_one():
    quota = Quota()
    for _ in range(8):
        quota.take_off(0.0)
    for _ in range(8):
        quota.land(0.1, throttled())
    assert quota.take_off(0.1) <= 1.5


def test_after_a_good_answer_the_next_refusal_starts_small_again():
    quota, now = Quota(), 0.0
    for _ in range(4):
        fly(quota, throttled(), now)
        now += quota.take_off(now)
    fly(quota, left(500), now)
    assert places(quota) == 8
    fly(quota, throttled(), now)
    assert quota.take_off(now) <= 1.5


def test_a_canvas_that_does_not_count_is_asked_at_full_width():
    quota = Quota()
    fly(quota, answer({}))
    fly(quota, answer({}, x_rate_limit_remaining="soon"))
    fly(quota, Failure("cut", sent=True))
    fly(quota, None)
    assert places(quota) == 8
    assert quota.in_flight == 0


def test_clients_of_one_token_share_a_quota_and_others_do_not():
    one = quota_of("https://a.edu", "secret")
    assert quota_of("https://a.edu", "secret") is one
    assert quota_of("https://b.edu", "secret") is not one
    assert quota_of("https://a.edu", "other") is not one
