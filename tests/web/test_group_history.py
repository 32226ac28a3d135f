"""Who was in which team when, as the pages tell it."""

import re
from datetime import datetime, timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gradebench.core import people
from gradebench.core.models import TeamMembership
from tests.canvas.push.classroom import Classroom

QUERIES = 12


def words_of(desk: Client, path: str) -> str:
    answer = desk.get(path)
    assert answer.status_code == 200
    html = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", html).replace("&#x27;", "'")


def team_path(room: Classroom, name: str) -> str:
    return reverse("team", args=[room.course.pk, room.team(name).pk])


def weeks_ago(weeks: int) -> datetime:
    return timezone.now() - timedelta(weeks=weeks)


def move_in_the_past(room: Classroom, weeks: int) -> str:
    """All places began ten weeks ago; somebody left the first team `weeks` ago. Their name."""
    team_set = room.category().team_set
    TeamMembership.objects.filter(team_set=team_set).update(since=weeks_ago(10))
    ada = room.members("Project Team 1")[0]
    reason = people.Reason(because="Moved house", by=room.integration.user, at=weeks_ago(weeks))
    people.place(team_set, {ada.pk: None}, reason=reason, confirmed=False)
    return ada.name


def members_told(desk: Client, path: str) -> str:
    """What the page says between its day and the past."""
    return words_of(desk, path).split("Who was in it on")[1].split("Over time")[0]


def test_a_team_on_a_day_is_those_who_were_in_it_then(room, desk):
    name = move_in_the_past(room, weeks=3)
    path = team_path(room, "Project Team 1")
    before = (weeks_ago(5)).date().isoformat()
    after = (weeks_ago(2)).date().isoformat()
    assert name in members_told(desk, f"{path}?on={before}")
    assert name not in members_told(desk, f"{path}?on={after}")
    assert "5" in members_told(desk, f"{path}?on={before}")
    told = words_of(desk, path)
    assert f"left: Moved house by {room.integration.user}" in told


def test_a_day_that_is_none_is_today(room, desk):
    path = team_path(room, "Project Team 1")
    for on in ("", "yesterday", "2026-13-45", "2999-01-01"):
        assert "Today 5" in words_of(desk, f"{path}?on={on}")


def test_the_page_of_a_team_takes_few_queries(room, desk, django_assert_max_num_queries):
    with django_assert_max_num_queries(QUERIES):
        desk.get(team_path(room, "Project Team 1"))


def test_the_history_tells_who_moved_and_why_and_what_was_seen_in_canvas(room, desk):
    ada = room.members("Project Team 1")[0]
    room.move(ada, "Project Team with a leaver")
    told = words_of(desk, reverse("set_history", args=[room.course.pk, room.category().pk]))
    assert f"{ada.name} Project Team 1 Project Team with a leaver Edited here by lovelace" in told
    assert "Seen in Canvas" in told


def test_an_applied_plan_is_listed_with_its_undo(room, desk):
    room.move(room.members("Project Team 1")[0], None)
    assert room.push().verified
    told = words_of(desk, reverse("set_history", args=[room.course.pk, room.category().pk]))
    assert "Applied and verified" in told
    assert "Undo…" in told


def test_a_deleted_team_still_tells_its_past(room, desk):
    path = team_path(room, "Project Team 1")
    people.end_teams([room.team("Project Team 1")], reason=people.Reason(because="Dissolved"))
    told = words_of(desk, path)
    assert "deleted" in told
    assert "left: Dissolved" in told
