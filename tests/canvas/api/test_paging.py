"""Listings read to a certain end, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradebench.canvas.api import endpoints
from gradebench.canvas.api.calls import Listing
from gradebench.canvas.api.errors import ForeignLink, IncompleteListing
from gradebench.canvas.api.payloads import User
from gradebench.canvas.api.protocol import Patience, Reading, Request
from gradebench.canvas.api.protocol.links import read_links

from .talking import BASE, Roll, answer, page_number, read

KINDS = ["counted", "uncounted", "bookmark"]
kinds = st.sampled_from(KINDS)


def users(size, *, ragged=False):
    return Listing("groups/1/users", User, per_page=size, ragged=ragged)


def ids(pages):
    return sorted(user.id for page in pages for user in page.items)


@given(rows=st.integers(0, 40), size=st.integers(1, 8), kind=kinds, last_first=st.booleans())
def test_every_row_comes_once_whatever_the_size_and_kind_of_pages(rows, size, kind, last_first):
    pages = read(users(size), Roll(rows, size, kind), last_first=last_first)
    assert ids(pages) == list(range(rows))
    assert [page.done for page in pages] == [False] * (len(pages) - 1) + [True]
    assert pages[-1].total_pages is not None


@given(
    rows=st.integers(0, 40),
    size=st.integers(2, 8),
    kind=kinds,
    data=st.data(),
    lasting=st.booleans(),
)
def test_a_page_that_loses_its_next_never_ends_a_list_in_silence(rows, size, kind, data, lasting):
    spoilt = data.draw(st.integers(1, max(1, -(-rows // size))))
    whole_header = data.draw(st.booleans())
    times = []

    def spoil(number, found, links):
        if number != spoilt or (times and not lasting):
            return found, links
        times.append(number)
        return found, {} if whole_header else {k: v for k, v in links.items() if k != "next"}

    try:
        pages = read(users(size), Roll(rows, size, kind, spoil))
    except IncompleteListing:
        assert lasting
    else:
        assert ids(pages) == list(range(rows))


@given(rows=st.integers(0, 40), size=st.integers(2, 8), kind=kinds, data=st.data())
def test_a_page_that_comes_empty_once_loses_nobody(rows, size, kind, data):
    spoilt = data.draw(st.integers(1, max(1, rows // size)))
    times = []

    def spoil(number, found, links):
        if number != spoilt or times or "next" not in links:
            return found, links
        times.append(number)
        return [], links

    assert ids(read(users(size), Roll(rows, size, kind, spoil))) == list(range(rows))


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_that_stays_empty_in_the_middle_makes_the_list_incomplete(kind):
    def spoil(number, found, links):
        return ([], links) if number == 2 else (found, links)

    with pytest.raises(IncompleteListing):
        read(users(5), Roll(23, 5, kind, spoil))


def test_the_pages_of_a_counted_list_can_be_asked_for_at_once():
    reading = Reading(users(5), BASE, Patience())
    canvas = Roll(23, 5, "counted")
    first = reading.start()
    page, asks = reading.hear(first, _heard(reading, first, canvas))
    assert page.total_pages == 5
    assert [page_number(ask.request) for ask in asks] == ["2", "3", "4", "5"]


def _heard(reading, ask, canvas):
    talk = reading.talk(ask)
    send = next(talk)
    with pytest.raises(StopIteration) as end:
        talk.send(canvas(send.request))
    return end.value.value


def test_the_pages_of_a_bookmark_list_are_followed_one_by_one():
    canvas = Roll(12, 5, "bookmark")
    read(users(5), canvas)
    assert canvas.asked == ["1", "bookmark:2", "bookmark:3"]


def test_a_short_page_in_the_middle_is_asked_again_and_then_believed():
    def spoil(number, found, links):
        return (found[:-1], links) if number == 1 else (found, links)

    canvas = Roll(12, 5, "bookmark", spoil)
    pages = read(users(5), canvas)
    assert canvas.asked.count("1") == 2
    assert len(ids(pages)) == 11


def test_a_list_that_is_filtered_after_paging_may_have_short_pages():
    def spoil(number, found, links):
        return (found[1:], links)

    canvas = Roll(12, 5, "uncounted", spoil)
    assert len(ids(read(users(5, ragged=True), canvas))) == 9
    assert canvas.asked == ["1", "2", "3"]


def test_a_list_that_grows_while_it_is_read_is_followed_beyond_its_first_end():
    canvas = Roll(10, 5, "counted")

    def grow(number, found, links):
        if number == 1:
            canvas.rows.extend({"id": number} for number in range(10, 17))
        return found, links

    canvas.spoil = grow
    assert ids(read(users(5), canvas)) == list(range(17))


def test_a_list_that_shrinks_by_a_page_while_it_is_read_is_incomplete():
    canvas = Roll(15, 5, "counted")

    def shrink(number, found, links):
        del canvas.rows[8:]
        return found, links

    canvas.spoil = shrink
    with pytest.raises(IncompleteListing):
        read(users(5), canvas)


def test_a_row_that_moves_to_the_next_page_is_not_counted_twice():
    canvas = Roll(10, 5, "counted")

    def shift(number, found, links):
        if number == 1:
            canvas.rows.insert(0, {"id": 99})
        return found, links

    canvas.spoil = shift
    assert ids(read(users(5), canvas)) == list(range(10))


def test_two_rows_are_the_same_when_their_key_is():
    listing = endpoints.list_submissions_by_student(7)
    row = {"user_id": 1, "section_id": 2}
    other_section = {"user_id": 1, "section_id": 3}
    pages = read(listing, lambda _: answer([row, row, other_section]))
    assert len(pages[0].items) == 2


def test_a_next_page_on_another_server_is_not_asked_for():
    for next_page in (
        "https://evil.example/api/v1/groups/1/users?page=2",
        "http://canvas.school.edu/api/v1/groups/1/users?page=2",
        "https://canvas.school.edu:8443/api/v1/groups/1/users?page=2",
        "https://canvas.school.edu.evil.example/x?page=2",
        "https://canvas.school.edu@evil.example/x?page=2",
        "https://[/x?page=2",
        "/api/v1/groups/1/users?page=2",
    ):
        link = f'<{next_page}>; rel="next"'
        with pytest.raises(ForeignLink):
            read(users(1), lambda _, link=link: answer([{"id": 1}], link=link))


def test_a_circle_of_next_pages_is_noticed():
    def circle(request: Request):
        there = "y" if "bookmark:x" in request.url else "x"
        url = f"{BASE}/api/v1/groups/1/users?page=bookmark:{there}&per_page=1"
        return answer([{"id": 1}], link=f'<{url}>; rel="next"')

    with pytest.raises(IncompleteListing, match="twice"):
        read(users(1), circle)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("page", [1, 2, 5])
def test_a_page_that_once_names_itself_as_the_next_is_asked_again(kind, page):
    times = []

    def spoil(number, found, links):
        if number == page and not times:
            times.append(number)
            return found, links | {"next": links["current"]}
        return found, links

    assert ids(read(users(5), Roll(23, 5, kind, spoil))) == list(range(23))


def test_a_canvas_that_answers_page_one_for_every_page_is_noticed():
    def stuck(request: Request):
        base = f"{BASE}/api/v1/groups/1/users"
        links = [
            f'<{base}?page=1&per_page=1>; rel="current"',
            f'<{base}?page=2&per_page=1>; rel="next"',
            f'<{base}?page=3&per_page=1>; rel="last"',
        ]
        return answer([{"id": 1}], link=",".join(links))

    with pytest.raises(IncompleteListing, match="another page"):
        read(users(1), stuck)


def test_a_canvas_with_smaller_pages_than_asked_for_is_read_to_the_end():
    assert ids(read(users(100), Roll(23, 5, "counted"))) == list(range(23))


def test_a_full_page_without_links_is_whole_only_if_there_is_no_second():
    asked = []

    def no_links(request: Request):
        asked.append(page_number(request))
        return answer([{"id": 1}, {"id": 2}] if asked[-1] == "1" else [])

    assert ids(read(users(2), no_links)) == [1, 2]
    assert asked == ["1", "1", "2"]


def test_a_full_page_without_links_before_another_is_incomplete():
    def numeric(request):
        return answer([{"id": int(page_number(request))}])

    def bookmarks(request):
        if page_number(request) == "1":
            return answer([{"id": 1}])
        return answer({"status": "bad_request", "errors": [{"page": "Invalid page"}]}, 400)

    for canvas in (numeric, bookmarks):
        with pytest.raises(IncompleteListing):
            read(users(1), canvas)


def test_a_short_list_without_links_is_believed():
    assert ids(read(users(5), lambda _: answer([{"id": 1}]))) == [1]


def test_rows_that_cannot_be_read_do_not_count_as_lost():
    def spoil(number, found, links):
        return [row | {"name": 7} if row["id"] == 6 else row for row in found], links

    pages = read(users(5), Roll(12, 5, "counted", spoil))
    assert [bad.id for page in pages for bad in page.bad] == [6]
    assert len(ids(pages)) == 11


def test_links_are_read_with_any_spacing_and_order():
    links = read_links('<https://a/x?page=2>;rel=next , <https://a/x?page=9,1>; rel="last"; x=1')
    assert links.next == "https://a/x?page=2"
    assert links.by_rel["last"] == "https://a/x?page=9,1"
    assert not read_links("nonsense")


@given(st.text(max_size=80))
def test_no_link_header_breaks_anything(header):
    links = read_links(header)
    assert links.next is None or isinstance(links.next, str)
    assert links.last_number is None or links.last_number >= 0
