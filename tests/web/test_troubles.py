"""What went wrong is told in a sentence, and no traceback reaches a person."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.test import Client, RequestFactory

from gradebench.canvas.api.errors import TokenExpired
from gradebench.canvas.views.troubles import UNKNOWN, Troubles, answer, sentence_for


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OperationalError("database is locked"), 503, "busy with another change"),
        (OperationalError("database or disk is full"), 507, "disk of the server is full"),
        (OSError(28, "No space left on device"), 507, "disk of the server is full"),
        (OperationalError("attempt to write a readonly database"), 503, "may not be written"),
        (OperationalError("unable to open database file"), 503, "cannot be reached"),
        (OperationalError('connection to server at "db" failed'), 503, "cannot be reached"),
        (ImproperlyConfigured("Restore the file."), 500, "not set up right"),
        (TokenExpired("The token has expired."), 502, "The token has expired."),
    ],
)
def test_an_error_that_is_understood_becomes_a_sentence(
    rf: RequestFactory, error: Exception, status: int, words: str
) -> None:
    for path in ("/courses/1", "/api/courses"):
        request = rf.get(path)
        told = Troubles(lambda _request: None).process_exception(request, error)  # type: ignore[arg-type,return-value]
        assert told is not None
        assert told.status_code == status
        assert words in told.content.decode()
        assert "Traceback" not in told.content.decode()


def test_an_error_that_nobody_foresaw_is_left_to_the_last_page(rf: RequestFactory) -> None:
    assert sentence_for(ZeroDivisionError("division by zero")) is None
    told = answer(rf.get("/"), UNKNOWN)
    assert told.status_code == 500
    assert "Nothing was lost" in told.content.decode()


def test_a_missing_page_says_so_to_anybody(client: Client, db: None) -> None:
    told = client.get("/nowhere")
    assert told.status_code == 404
    assert "nothing at this address" in told.content.decode()
    assert client.get("/api/nowhere").json()["error"] == "There is nothing at this address."


def test_an_old_form_says_what_to_do(ada: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    told = client.post("/courses/sync")
    assert told.status_code == 403
    assert "reload the page" in told.content.decode()


def test_even_without_its_tables_the_server_answers_in_a_sentence(ada: User) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(ada)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE django_session")
    told = client.get("/")
    assert told.status_code == 500
    assert "Nothing was lost" in told.content.decode()
    assert "django_session" not in told.content.decode()
