import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradebench.canvas.api.address import canvas_address, origin
from gradebench.canvas.api.errors import WrongAddress


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("canvas.school.edu", "https://canvas.school.edu"),
        ("  https://Canvas.School.edu/ ", "https://canvas.school.edu"),
        ("https://canvas.school.edu/courses/12?x=1#top", "https://canvas.school.edu"),
        ("https://canvas.school.edu/api/v1", "https://canvas.school.edu"),
        ("https://canvas.school.edu:443", "https://canvas.school.edu"),
        ("canvas.school.edu:8443/login", "https://canvas.school.edu:8443"),
        ("http://127.0.0.1:3000/", "http://127.0.0.1:3000"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("https://canvas.schüle.de", "https://canvas.xn--schle-mva.de"),
    ],
)
def test_whatever_is_pasted_from_the_browser_becomes_the_origin(typed, address):
    assert canvas_address(typed) == address


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "No address"),
        ("canvas school edu", "space"),
        ("https://ada:secret@canvas.school.edu", "password"),
        ("ada:secret@canvas.school.edu", "password"),
        ("ftp://canvas.school.edu", "ftp"),
        ("javascript://alert.example", "javascript"),
        ("canvas", "not the name"),
        ("https://", "not the name"),
        ("https://canvas.school.edu:99999", "port"),
        ("https://canvas.school.edu:abc", "port"),
        ("https://[::1", "cannot be read"),
        ("canvas.school.edu\u200b", "invisible"),
    ],
)
def test_an_impossible_address_gets_a_sentence(typed, said):
    with pytest.raises(WrongAddress, match=said) as caught:
        canvas_address(typed)
    assert "secret" not in str(caught.value)


def test_plain_http_is_refused_because_the_token_would_be_readable():
    with pytest.raises(WrongAddress) as caught:
        canvas_address("http://canvas.school.edu/login")
    assert caught.value.suggestion == "https://canvas.school.edu"
    assert "https://canvas.school.edu" in caught.value.todo


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_sentence_and_an_address_stays_as_it_is(typed):
    try:
        address = canvas_address(typed)
    except WrongAddress:
        return
    assert canvas_address(address) == address
    assert origin(address) == origin(address + "/")
