"""Parameters as Canvas reads them."""

from __future__ import annotations

import pytest

from gradebench.sandbox.wire.params import BadBody, Params, nest, read_body, ruby_integer


@pytest.mark.parametrize(
    ("pairs", "tree"),
    [
        ([("name", "A")], {"name": "A"}),
        ([("members[]", "1"), ("members[]", "2")], {"members": ["1", "2"]}),
        ([("group[name]", "A"), ("group[size]", "2")], {"group": {"name": "A", "size": "2"}}),
        ([("grade_data[3][posted_grade]", "9")], {"grade_data": {"3": {"posted_grade": "9"}}}),
        (
            [("a[][b]", "1"), ("a[][c]", "2"), ("a[][b]", "3")],
            {"a": [{"b": "1", "c": "2"}, {"b": "3"}]},
        ),
        ([("members[]", "")], {"members": [""]}),
    ],
)
def test_bracketed_names_become_nested_values(pairs, tree):
    assert nest(pairs) == tree


@pytest.mark.parametrize(
    ("value", "number"),
    [("12", 12), ("1~234", 1), ("sis_user_id:7", 0), (" 8 ", 8), ("-3", -3), (None, 0), (True, 0)],
)
def test_ids_are_cast_as_ruby_casts_them(value, number):
    assert ruby_integer(value) == number


def test_whole_numbers_keep_every_digit_beyond_what_a_float_holds():
    params = Params({"members": [9_010_000_000_000_001_001], "limit": 9_010_000_000_000_001_002})
    assert params.integers("members") == [9_010_000_000_000_001_001]
    assert params.integer("limit") == 9_010_000_000_000_001_002


@pytest.mark.parametrize("word", ["true", "t", "YES", "y", "on", "1", True])
def test_there_are_many_ways_to_say_yes(word):
    assert Params({"flag": word}).flag("flag")


def test_a_multipart_form_has_fields_and_files():
    lines = [
        "--x",
        'Content-Disposition: form-data; name="group[name]"',
        "",
        "Ünï",
        "--x",
        'Content-Disposition: form-data; name="attachment"; filename="a.csv"',
        "Content-Type: text/csv",
        "",
        "user,group\r\n1,Ä",
        "--x--",
        "",
    ]
    body = "\r\n".join(lines).encode()
    values, files = read_body("multipart/form-data; boundary=x", body)
    assert values == {"group": {"name": "Ünï"}}
    assert files["attachment"].filename == "a.csv"
    assert files["attachment"].content == "user,group\r\n1,Ä".encode()


def test_json_that_is_none_is_said_so():
    with pytest.raises(BadBody):
        read_body("application/json", b"{")
    assert read_body("application/json", b"[1]") == ({"_json": [1]}, {})
    assert read_body("text/csv", b"a,b") == ({}, {})
