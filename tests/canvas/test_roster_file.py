"""Group files: every row is understood or named with its line, its value and the reason."""

import pytest

from gradebench.canvas.roster_file import (
    RosterGroup,
    RosterPerson,
    RosterUnreadable,
    read_roster,
    write_moves,
    write_roster,
)

ADA = RosterPerson(id=11, name="Lovelace, Ada", login="ada", sis_id="S-1", sections="A")
BEN = RosterPerson(id=12, name="Ben", login="Ben@school.edu", sis_id="S-2")
OLD = RosterPerson(id=13, name="Old", login="old", student=False)
RED = RosterGroup(key=1, name="Red", id=101, sis_id="G-1")
BLUE = RosterGroup(key=2, name="Blue")
TWIN = RosterGroup(key=3, name="Red", id=103)


def read(text: str | bytes, groups=(RED, BLUE)):
    content = text if isinstance(text, bytes) else text.encode()
    return read_roster(content, people=[ADA, BEN, OLD], groups=groups)


@pytest.mark.parametrize(
    "text",
    [
        "canvas_user_id,canvas_group_id\n11,101\n",
        "user_id,group_id\nS-1,G-1\n",
        "login_id,group_name\nADA,Red\n",
        "Login_ID , Group_Name\r\n ada , Red \r\n",
        "\ufefflogin_id;group_name\nada;Red\n",
        "name,canvas_user_id,login_id,group_name,canvas_group_id\nWhoever,,ada,Blue,101\n",
    ],
)
def test_people_and_groups_are_found_by_every_column(text):
    roster = read(text)
    assert [(one.user_id, one.group) for one in roster.rows] == [(11, 1)]
    assert roster.bad == ()


def test_a_new_name_makes_a_group_once():
    roster = read("login_id,group_name\nada,Green\nben@school.edu,Green\n")
    assert roster.new_groups == ("Green",)
    assert [one.group for one in roster.rows] == ["Green", "Green"]


def test_a_row_without_a_group_leaves_the_person_where_they_are():
    roster = read("login_id,group_name\nada,\n")
    assert (roster.rows, roster.bad, roster.without_group) == ((), (), 1)


@pytest.mark.parametrize(
    ("row", "value", "reason"),
    [
        ("99,,Red", "99", "nobody in the course has this canvas_user_id."),
        ("x7,,Red", "x7", "is not a Canvas id: only digits can be."),
        (",nobody,Red", "nobody", "nobody in the course has this login_id."),
        (",,Red", "", "names nobody: canvas_user_id, user_id, login_id are empty."),
        ("13,,Red", "Old", "is not a student of the course now."),
        ("11,," + "x" * 256, "x" * 40 + "…", "is too long a name: Canvas takes 255 characters."),
    ],
)
def test_a_bad_row_is_named_with_its_line_value_and_reason(row, value, reason):
    roster = read(f"canvas_user_id,login_id,group_name\n{row}\n12,,Blue\n")
    [bad] = roster.bad
    assert (bad.line, bad.value, bad.reason) == (2, value, reason)
    assert len(roster.rows) == 1


def test_unknown_group_ids_and_names_of_two_groups_are_bad():
    roster = read("login_id,canvas_group_id,group_name\nada,999,Red\n")
    assert roster.bad[0].reason == "no group of this set has this canvas_group_id."
    roster = read("login_id,group_name\nada,Red\n", groups=[RED, TWIN])
    assert "2 groups have this group_name" in roster.bad[0].reason


def test_the_second_row_of_a_person_is_bad():
    roster = read("login_id,group_name\nada,Red\nada,Blue\n")
    assert str(roster.bad[0]) == "line 3: 'Lovelace, Ada': is on line 2 already."
    assert [one.group for one in roster.rows] == [1]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        ("login_id,group_name\nJos\u00e9,Red\n".encode("latin-1"), "not UTF-8 (line 2, byte 0xE9)"),
        (b"PK\x03\x04\x00\x00", "no text file"),
        (b"login_id,team\nada,Red\n", "no column for the group"),
        (b"student,group_name\nada,Red\n", "no column for the person"),
        (b'login_id,group_name\n"ada,Red\n', "no proper CSV"),
    ],
)
def test_what_is_no_group_file_gets_a_sentence(content, sentence):
    with pytest.raises(RosterUnreadable, match=sentence.replace("(", "\\(").replace(")", "\\)")):
        read(content)


def test_what_was_written_is_read_back_as_it_was():
    text = write_roster([ADA, BEN], {11: RED, 12: BLUE})
    assert text.splitlines()[1] == '"Lovelace, Ada",11,S-1,ada,A,Red,101,G-1'
    roster = read(text)
    assert [(one.user_id, one.group) for one in roster.rows] == [(11, 1), (12, 2)]


def test_names_with_commas_quotes_and_line_breaks_survive():
    odd = RosterGroup(key=9, name='The "Best", of\nthem')
    text = write_roster([ADA], {11: odd})
    assert [one.group for one in read(text, groups=[odd]).rows] == [9]


def test_the_file_of_an_import_names_ids_alone():
    assert (
        write_moves("canvas_group_id", [(11, 101)]) == b"canvas_user_id,canvas_group_id\n11,101\n"
    )
