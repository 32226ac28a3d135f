"""Which error an answer becomes; the bodies are Canvas's own."""

import pytest

from gradebench.canvas.api import errors
from gradebench.canvas.api.protocol import Failure, Request, Response
from gradebench.canvas.api.protocol.refusals import lost, refusal

from .talking import BASE, answer, throttled, web_page

READ = Request("GET", f"{BASE}/api/v1/courses/7/groups?include%5B%5D=users")
WRITE = Request("PUT", f"{BASE}/api/v1/groups/4", b"{}")
BEARER = {"www_authenticate": 'Bearer realm="canvas-lms"'}


def messages(*texts):
    return {"errors": [{"message": text} for text in texts]}


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (answer(messages("user authorization required"), 401, **BEARER), errors.TokenRejected),
        (answer(messages("Invalid access token."), 401, **BEARER), errors.TokenRejected),
        (answer(messages("Invalid access token."), 401), errors.TokenRejected),
        (answer(messages("Expired access token."), 401, **BEARER), errors.TokenExpired),
        (answer(messages("Revoked access token."), 401, **BEARER), errors.TokenRevoked),
        (answer(messages("Insufficient scopes on access token."), 401), errors.MissingScope),
        (answer({"status": "unauthorized"}, 401), errors.NotPermitted),
        (answer({"message": "You must have manage_sis permission"}, 401), errors.NotPermitted),
        (answer(messages("user not authorized"), 403), errors.NotPermitted),
        (
            answer({"error": "Forbidden", "message": "no valid user agent"}, 403),
            errors.NotPermitted,
        ),
        (answer(messages("The specified resource does not exist."), 404), errors.NotFound),
        (answer({"status": "not found"}, 404), errors.NotFound),
        (answer({"detail": "Not found."}, 404), errors.NotCanvas),
        (answer({}, 400), errors.Invalid),
        (answer(messages("taken"), 422), errors.Invalid),
        (throttled(403), errors.RateLimited),
        (throttled(429), errors.RateLimited),
        (web_page(403), errors.NotCanvas),
        (web_page(404), errors.NotCanvas),
        (web_page(503), errors.ServerError),
        (answer(messages("An error occurred."), 500), errors.ServerError),
    ],
)
def test_every_refusal_has_its_own_class(reply, expected):
    error = refusal(READ, reply)
    assert type(error) is expected
    assert error.what
    assert error.todo
    assert str(error.at).startswith("GET /api/v1/courses/7/groups")
    assert "include" not in str(error.at)


def test_a_name_that_is_taken_is_named_with_its_field():
    body = {
        "errors": {
            "name": [{"attribute": "name", "message": "Lab is already in use.", "type": "taken"}]
        }
    }
    error = refusal(WRITE, answer(body, 400))
    assert isinstance(error, errors.Invalid)
    assert error.about("name") == (errors.Problem("Lab is already in use.", "name", "taken"),)
    assert "Lab is already in use." in error.what


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"errors": "Invalid as_user_id"}, errors.Problem("Invalid as_user_id")),
        ({"error": "too many students"}, errors.Problem("too many students")),
        ({"message": "Limit 100"}, errors.Problem("Limit 100")),
        (
            {"errors": {"submitted_since": "Invalid datetime for submitted_since"}},
            errors.Problem("Invalid datetime for submitted_since", "submitted_since"),
        ),
        (
            {"status": "bad_request", "errors": [{"page": "Invalid page; please restart"}]},
            errors.Problem("Invalid page; please restart", "page"),
        ),
        (
            {"errors": [{"field": "sis_source_id", "message": "taken", "error_code": "taken"}]},
            errors.Problem("taken", "sis_source_id", "taken"),
        ),
        (
            {"errors": {"base": [{"attribute": None, "message": "Full", "type": "Full"}]}},
            errors.Problem("Full", None, "Full"),
        ),
    ],
)
def test_each_of_canvass_shapes_of_a_refusal_is_understood(body, problem):
    error = refusal(WRITE, answer(body, 400))
    assert isinstance(error, errors.Invalid)
    assert error.problems == (problem,)


def test_canvas_broken_in_the_middle_of_a_change_leaves_it_uncertain():
    for reply in (answer(messages("An error occurred."), 500), web_page(502), web_page(504)):
        assert isinstance(refusal(WRITE, reply), errors.Uncertain)


def test_the_report_number_of_a_server_error_is_kept_for_the_administrators():
    error = refusal(READ, answer(messages("An error occurred.") | {"error_report_id": 123}, 500))
    assert isinstance(error, errors.ServerError)
    assert error.report == 123


def redirection(location):
    return Response(302, {"location": location}, b"")


def test_a_redirection_is_told_and_never_followed():
    onward = refusal(READ, redirection("https://school.instructure.com/login"))
    assert isinstance(onward, errors.WrongAddress)
    assert onward.suggestion == "https://school.instructure.com"
    plain = Request("GET", "http://canvas.localhost/api/v1/users/self")
    safe = refusal(plain, redirection("https://canvas.localhost/api/v1/users/self"))
    assert isinstance(safe, errors.WrongAddress)
    assert safe.suggestion == "https://canvas.localhost"
    assert isinstance(refusal(READ, redirection("/login/saml")), errors.NotCanvas)
    assert isinstance(refusal(READ, redirection("mailto:x")), errors.NotCanvas)


def test_a_lost_write_is_uncertain_only_if_it_may_have_arrived():
    assert isinstance(lost(WRITE, Failure("cut", sent=True)), errors.Uncertain)
    refused = lost(WRITE, Failure("refused", sent=False))
    assert isinstance(refused, errors.Unreachable)
    assert refused.retry is errors.Retry.ALWAYS
    assert isinstance(lost(READ, Failure("cut", sent=True)), errors.Unreachable)


def test_an_unknown_host_is_not_worth_waiting_for():
    error = lost(READ, Failure("unknown host", sent=False))
    assert error.retry is errors.Retry.NEVER
    assert error.stops_all


def test_a_long_answer_is_not_quoted_whole():
    error = refusal(WRITE, answer({"message": "x" * 5000}, 400))
    assert len(error.what) < 400
