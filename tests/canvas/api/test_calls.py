from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest
from msgspec import UNSET

from gradebench.canvas.api import endpoints
from gradebench.canvas.api.calls import query_pairs
from gradebench.canvas.api.protocol.wire import first_page_of, request_of

from .talking import BASE


def test_a_sequence_is_repeated_with_brackets_and_what_is_not_given_is_left_out():
    pairs = query_pairs(
        {"include": ("email", "group_ids"), "user_id": None, "x": UNSET, "on": True}
    )
    assert list(pairs) == [("include[]", "email"), ("include[]", "group_ids"), ("on", "true")]


def test_a_time_goes_out_in_utc_because_canvas_reads_others_in_the_owners_zone():
    noon_in_denver = datetime(2026, 9, 28, 12, tzinfo=timezone(timedelta(hours=-6)))
    assert list(query_pairs({"graded_since": noon_in_denver})) == [
        ("graded_since", "2026-09-28T18:00:00Z")
    ]


def test_every_listing_asks_for_the_largest_pages():
    request = first_page_of(endpoints.list_enrollments(7), BASE)
    assert ("per_page", "100") in parse_qsl(urlsplit(request.url).query)


def test_renaming_a_set_sends_all_of_its_settings_because_canvas_resets_the_others():
    call = endpoints.update_group_category(
        5, name="Lab", self_signup=None, auto_leader="first", group_limit=4
    )
    assert call.body == {
        "name": "Lab",
        "self_signup": None,
        "auto_leader": "first",
        "group_limit": 4,
    }


def test_renaming_a_group_leaves_its_members_alone_and_an_empty_list_removes_them():
    assert endpoints.update_group(9, name="Ada's team").body == {"name": "Ada's team"}
    assert endpoints.update_group(9, members=[]).body == {"members": []}


def test_groups_made_with_their_set_stay_empty_unless_asked_otherwise():
    made = endpoints.create_group_category(7, name="Teams", create_group_count=20)
    assert made.body is not None
    assert made.body["assign_async"] is True
    spread = endpoints.create_group_category(
        7, name="Teams", create_group_count=20, spread_students=True
    )
    assert spread.body is not None
    assert spread.body["assign_async"] is False
    assert "assign_async" not in (endpoints.create_group_category(7, name="Teams").body or {})


def test_too_many_students_or_none_are_refused_before_canvas_is_asked():
    with pytest.raises(ValueError, match="100"):
        endpoints.list_student_submissions(7, student_ids=range(1, 102))
    with pytest.raises(ValueError, match="100"):
        endpoints.list_student_submissions(7, student_ids=[])


def test_a_csv_goes_as_one_file_in_a_form():
    request = request_of(
        endpoints.import_group_category(5, "login_id,group_name\nada,Süd\n".encode()), BASE
    )
    assert request.content_type is not None
    boundary = request.content_type.partition("boundary=")[2]
    assert request.content is not None
    assert request.content.startswith(f"--{boundary}\r\n".encode())
    assert request.content.endswith(f"\r\n--{boundary}--\r\n".encode())
    assert b'name="attachment"; filename="groups.csv"' in request.content
    assert "ada,Süd".encode() in request.content


def test_grades_are_sent_as_nested_json():
    request = request_of(endpoints.update_grades(7, 3, {11: "9.5", 12: ""}), BASE)
    assert msgspec.json.decode(request.content or b"") == {
        "grade_data": {"11": {"posted_grade": "9.5"}, "12": {"posted_grade": ""}}
    }


def test_a_call_can_be_made_patient_with_what_was_just_created():
    call = endpoints.get_group(4)
    assert not request_of(call, BASE).just_created
    assert request_of(call.of_just_created(), BASE).just_created
    assert first_page_of(endpoints.list_group_users(4).of_just_created(), BASE).just_created


def test_a_time_may_be_part_of_a_body():
    call = endpoints.update_group_category(
        5,
        name="Lab",
        self_signup="enabled",
        auto_leader=None,
        group_limit=None,
        self_signup_end_at=datetime(2026, 10, 1, tzinfo=UTC),
    )
    assert b'"2026-10-01T00:00:00Z"' in (request_of(call, BASE).content or b"")
