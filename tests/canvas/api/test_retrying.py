import pytest

from gradebench.canvas.api import endpoints, errors
from gradebench.canvas.api.protocol import Failure, Patience, Response, perform

from .talking import BASE, JSON, answer, converse, throttled, web_page

PATIENCE = Patience(tries=5, first=1.0, longest=3.0, refusals=4)
ADA = answer({"id": 1, "name": "Ada"})
CUT = Failure("cut", sent=True)
REFUSED = Failure("refused", sent=False)
GONE = answer({"errors": [{"message": "The specified resource does not exist."}]}, 404)
HALF = Response(200, JSON, b'{"id":1,"na')


def ask(call, *replies):
    return converse(perform(call, BASE, PATIENCE), replies)


@pytest.mark.parametrize(
    "hiccup", [web_page(503), CUT, Failure("timeout", sent=True), REFUSED, HALF]
)
def test_a_read_survives_four_hiccups_of_any_kind(hiccup):
    user, pauses = ask(endpoints.get_self(), hiccup, hiccup, hiccup, hiccup, ADA)
    assert user.name == "Ada"
    assert len(pauses) == 5


def test_the_pauses_grow_to_a_bound_and_are_never_the_same_for_all():
    _, pauses = ask(endpoints.get_self(), CUT, CUT, CUT, CUT, ADA)
    assert pauses[0] == 0
    for pause, full in zip(pauses[1:], [1.0, 2.0, 3.0, 3.0], strict=True):
        assert full / 2 <= pause <= full


@pytest.mark.parametrize(
    ("hiccup", "expected"),
    [
        (web_page(503), errors.ServerError),
        (CUT, errors.Unreachable),
        (HALF, errors.Undecodable),
    ],
)
def test_a_read_gives_up_after_five_tries(hiccup, expected):
    with pytest.raises(expected):
        ask(endpoints.get_self(), *[hiccup] * 5)


@pytest.mark.parametrize("hiccup", [web_page(503), answer({}, 500), CUT, HALF])
def test_a_write_whose_answer_was_lost_is_never_repeated(hiccup):
    with pytest.raises(errors.Uncertain):
        ask(endpoints.create_group(5, name="Team 1"), hiccup)


def test_a_write_is_repeated_when_it_certainly_did_not_happen():
    call = endpoints.create_group(5, name="Team 1")
    group, pauses = ask(call, REFUSED, throttled(403), throttled(429), answer({"id": 9}))
    assert group.id == 9
    assert len(pauses) == 4


def test_throttling_is_waited_out_for_long_but_not_for_ever():
    user, _ = ask(endpoints.get_self(), throttled(), throttled(), throttled(), ADA)
    assert user.id == 1
    with pytest.raises(errors.RateLimited):
        ask(endpoints.get_self(), *[throttled()] * 4)


def test_the_waits_for_throttling_do_not_use_up_the_tries():
    user, _ = ask(endpoints.get_self(), CUT, CUT, throttled(), throttled(), CUT, CUT, ADA)
    assert user.id == 1


def test_a_404_is_believed_except_right_after_creation():
    with pytest.raises(errors.NotFound):
        ask(endpoints.get_group(4), GONE)
    group, _ = ask(endpoints.get_group(4).of_just_created(), GONE, GONE, answer({"id": 4}))
    assert group.id == 4
    members, _ = ask(
        endpoints.update_group(4, members=[1]).of_just_created(), GONE, answer({"id": 4})
    )
    assert members.id == 4


def test_a_web_page_is_never_parsed_and_not_asked_again():
    with pytest.raises(errors.NotCanvas):
        ask(endpoints.get_self(), web_page(200))
    with pytest.raises(errors.NotCanvas):
        ask(endpoints.export_group_category(5), web_page(200))


def test_json_of_another_program_is_not_canvas():
    with pytest.raises(errors.NotCanvas):
        ask(endpoints.get_self(), answer({"hello": "world"}))
    with pytest.raises(errors.NotCanvas):
        ask(endpoints.get_self(), answer([1, 2]))
    with pytest.raises(errors.NotCanvas):
        ask(endpoints.get_self(), Response(200, {"content-type": "text/plain"}, b"it works"))


def test_a_strange_field_is_named_and_not_asked_again():
    with pytest.raises(errors.Undecodable, match=r"\$\.name"):
        ask(endpoints.get_self(), answer({"id": 1, "name": 7}))


def test_a_csv_is_kept_as_it_is():
    csv = Response(200, {"content-type": "text/csv"}, "name\nSüß\n".encode())
    kept, _ = ask(endpoints.export_group_category(5), csv)
    assert kept == "name\nSüß\n".encode()


def test_a_certificate_that_is_not_valid_is_told_at_once():
    with pytest.raises(errors.Unreachable, match="certificate"):
        ask(endpoints.get_self(), Failure("certificate", sent=False))
