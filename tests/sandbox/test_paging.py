"""The two kinds of pages, to the letter of the Link header."""

from __future__ import annotations

import re

from tests.sandbox.conftest import walk


def rels(reply):
    return re.findall(r'rel="(\w+)"', reply.headers.get("link", ""))


def test_numbered_pages_name_their_neighbours_in_canvas_order(canvas, course):
    path = f"{course.path}/groups"
    reply = canvas.get(path, params={"page": 2, "per_page": 5})
    assert rels(reply) == ["current", "next", "prev", "first", "last"]
    link = reply.headers["link"]
    assert link.startswith(f"<{course.sandbox.url}/api/v1/{path}?page=2&per_page=5>; rel=")
    assert ",<" in link
    assert ", <" not in link


def test_links_keep_the_other_parameters_encoded_and_drop_the_token(canvas, course):
    token = course.sandbox.token
    params = {"include[]": "term", "per_page": 1, "access_token": token}
    link = canvas.get("courses", params=params).headers["link"]
    assert "?include%5B%5D=term&page=1&per_page=1>" in link
    assert token not in link


def test_ten_rows_are_a_page_unless_asked_and_a_hundred_at_most(canvas, course):
    path = f"{course.path}/assignments/{301}/submissions"
    sizes = {text: len(canvas.get(path, params={"per_page": text}).json()) for text in PER_PAGE}
    assert sizes == PER_PAGE
    assert len(canvas.get(path).json()) == 10


PER_PAGE = {"0": 1, "-5": 1, "abc": 1, "7": 7, "1000": 27}


def test_a_page_beyond_the_end_is_empty_and_has_no_next(canvas, course):
    reply = canvas.get(f"{course.path}/sections", params={"page": 9})
    assert reply.json() == []
    assert rels(reply) == ["current", "prev", "first", "last"]
    assert 'page=9&per_page=10>; rel="last"' in reply.headers["link"]


def test_page_zero_is_not_found(canvas, course):
    reply = canvas.get(f"{course.path}/sections", params={"page": 0})
    assert reply.status_code == 404
    assert reply.json()["errors"][0]["error_code"] == "not_found"


def test_course_users_name_the_last_page_only_on_it(canvas, course):
    first = canvas.get(f"{course.path}/users", params={"per_page": 20})
    assert rels(first) == ["current", "next", "first"]
    last = canvas.get(first.links["next"]["url"])
    assert rels(last) == ["current", "prev", "first", "last"]


def test_a_page_of_people_is_short_where_the_test_student_was(canvas, course):
    pages = walk(canvas, f"{course.path}/users", per_page=5)
    with_tester = walk(canvas, f"{course.path}/users", per_page=5, **{"include[]": "test_student"})
    assert sum(map(len, with_tester)) == sum(map(len, pages)) + 1
    assert 4 in [len(page) for page in pages[:-1]]


def test_bookmark_pages_know_only_the_way_on(canvas, course):
    first = canvas.get(f"{course.path}/enrollments", params={"per_page": 10})
    assert rels(first) == ["current", "next", "first"]
    assert "page=first&" in first.headers["link"]
    pages = walk(canvas, f"{course.path}/enrollments", per_page=10)
    ids = [row["id"] for page in pages for row in page]
    assert len(ids) == len(set(ids)) > 25
    second = canvas.get(first.links["next"]["url"])
    assert "page=bookmark%3A" in str(second.url)


def test_a_garbled_bookmark_is_silently_the_first_page(canvas, course):
    path = f"{course.path}/enrollments"
    first = canvas.get(path).json()
    assert canvas.get(path, params={"page": "bookmark:xx!"}).json() == first
    assert canvas.get(path, params={"page": "1"}).json() == first


def test_a_whole_number_above_one_is_refused_on_bookmark_lists(canvas, course):
    reply = canvas.get(f"{course.path}/enrollments", params={"page": 2})
    assert reply.status_code == 400
    assert reply.json() == {
        "status": "bad_request",
        "errors": [{"page": "Invalid page; please restart iteration and follow `next` links"}],
    }


def test_every_submission_is_read_once_either_way(canvas, course):
    path, params = f"{course.path}/students/submissions", {"student_ids[]": "all", "per_page": 50}
    flat = [row["id"] for page in walk(canvas, path, **params) for row in page]
    grouped = walk(canvas, path, **params, grouped=1)
    nested = [row["id"] for page in grouped for student in page for row in student["submissions"]]
    down = walk(canvas, path, **params, order_direction="descending")
    assert sorted(flat) == sorted(nested) == sorted(row["id"] for page in down for row in page)
    assert len(flat) == len(set(flat)) > 200


def test_a_link_that_would_grow_too_long_loses_its_lesser_entries(canvas, course):
    ids = [("student_ids[]", user) for user in course.students()]
    padding = [("include[]", "x" * 60) for _ in range(20)]
    query = [*ids, *padding, ("per_page", 1), ("order_direction", "descending"), ("page", 3)]
    reply = canvas.get(f"{course.path}/students/submissions", params=query)
    assert rels(reply) == ["next", "prev", "last"] or "next" in rels(reply)
    assert len(reply.headers["link"]) < 6200
    assert len(rels(reply)) < 5
