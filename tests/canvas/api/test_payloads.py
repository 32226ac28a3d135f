import json
import re
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from msgspec import UNSET

from gradebench.canvas.api import endpoints, payloads
from gradebench.canvas.api.payloads import known
from gradebench.canvas.api.protocol.exchange import decoder
from gradebench.canvas.api.protocol.paging import read_rows

RECORDINGS = Path(__file__).parents[4] / "shared" / "recordings"

LISTINGS = [
    (r"/courses$", endpoints.list_courses()),
    (r"/courses/\d+/assignments$", endpoints.list_assignments(1)),
    (r"/assignments/\d+/submissions$", endpoints.list_submissions(1, 2)),
    (r"/students/submissions$", endpoints.list_student_submissions(1)),
    (r"/group_categories$", endpoints.list_group_categories(1)),
    (r"/quizzes$", endpoints.list_quizzes(1)),
    (r"/quizzes/\d+/groups$", endpoints.list_quiz_groups(1, 2)),
    (r"/quizzes/\d+/questions$", endpoints.list_quiz_questions(1, 2)),
    (r"/courses/\d+/users$", endpoints.list_course_users(1)),
]


def recordings(method):
    found = [json.loads(path.read_text()) for path in sorted(RECORDINGS.glob(f"{method}_*.json"))]
    missing = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="no recordings on this machine")
    return [pytest.param(one, id=one["path"]) for one in found] or [
        pytest.param(None, marks=missing)
    ]


@pytest.mark.parametrize("recording", recordings("GET"))
def test_every_recorded_answer_of_a_real_canvas_decodes_without_a_bad_row(recording):
    body = json.dumps(recording["body"]).encode()
    if isinstance(recording["body"], dict) and "quiz_groups" not in recording["body"]:
        course = decoder(payloads.Course).decode(body)
        assert course.id == recording["body"]["id"]
        return
    [listing] = [listing for path, listing in LISTINGS if re.search(path, recording["path"])]
    items, bad = read_rows(listing, body)
    assert bad == []
    rows = recording["body"]
    assert len(items) == len(rows if isinstance(rows, list) else rows["quiz_groups"])


@pytest.mark.parametrize("recording", recordings("POST"))
def test_every_recorded_answer_to_a_write_decodes(recording):
    if recording["path"].endswith("group_categories"):
        body = json.dumps(recording["body"]).encode()
        assert decoder(payloads.GroupCategory).decode(body).unassigned_users_count == 1
    else:
        # The recording was stripped of its volatile keys, a Progress's id among them.
        body = json.dumps(recording["body"] | {"id": 1}).encode()
        assert not decoder(payloads.Progress).decode(body).is_over


def test_a_course_hidden_by_its_dates_has_two_keys_and_decodes():
    stub = decoder(payloads.Course).decode(b'{"id":123,"access_restricted_by_date":true}')
    assert stub.is_stub
    assert stub.name is UNSET


def test_absent_and_empty_are_told_apart():
    assert decoder(payloads.User).decode(b'{"id":1}').email is UNSET
    assert decoder(payloads.User).decode(b'{"id":1,"email":null}').email is None
    assert known(UNSET) is None


def test_ids_may_come_as_text_and_names_stay_what_they_are():
    ada = decoder(payloads.Person).decode(
        b'{"id":"21070000000000079","name":"Null","sortable_name":"12","group_ids":["7","8"]}'
    )
    assert (ada.id, ada.name, ada.sortable_name) == (21070000000000079, "Null", "12")
    assert ada.group_ids == [7, 8]


def test_times_are_aware_also_with_an_offset():
    section = decoder(payloads.Section).decode(
        b'{"id":1,"course_id":2,"start_at":"2026-09-28T13:00:00-06:00"}'
    )
    assert section.start_at == datetime.fromisoformat("2026-09-28T19:00:00+00:00")


def test_one_row_that_cannot_be_read_spoils_no_other():
    body = b'[{"id":1,"name":"Ada"},{"id":"2","name":[]},{"name":"Cy"},7,{"id":5}]'
    items, bad = read_rows(endpoints.list_group_users(1), body)
    assert [user.id for user in items] == [1, 5]
    assert [(one.index, one.id) for one in bad] == [(1, 2), (2, None), (3, None)]
    assert "$.name" in bad[0].reason


def test_a_list_without_its_envelope_is_not_a_list():
    with pytest.raises(msgspec.ValidationError):
        read_rows(endpoints.list_quiz_groups(1, 2), b'{"errors":[]}')
    with pytest.raises(msgspec.ValidationError):
        read_rows(endpoints.list_group_users(1), b'{"errors":[]}')


def test_a_submission_in_no_group_says_so():
    row = (
        b'{"id":1,"user_id":2,"assignment_id":3,"workflow_state":"unsubmitted",'
        b'"excused":null,"group":{"id":null,"name":null}}'
    )
    submission = decoder(payloads.Submission).decode(row)
    assert submission.group == payloads.SubmissionGroup(id=None, name=None)
    assert submission.excused is None
