"""Who was in which team when, as the pages tell it."""

import random
import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gradebench.canvas.models import CanvasCourse
from gradebench.canvas.push.history import history
from gradebench.canvas.teams import follow
from gradebench.canvas.views.set_events import SetEvents
from gradebench.core import people
from gradebench.core.models import Team, TeamMembership, TeamSet
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
    _before, row = told.split(ada.name, 1)
    assert "Project Team 1 Project Team with a leaver Edited here by lovelace" in row[:120]
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


def go_about(team_set: TeamSet, *, seed: int) -> None:
    """Twenty moves, some back and some out of all teams, each at a time of its own."""
    chance = random.Random(seed)
    teams = [*Team.objects.filter(team_set=team_set).values_list("pk", flat=True), None]
    students = list(TeamMembership.objects.values_list("student_id", flat=True))[:5]
    for step in range(20):
        at = weeks_ago(50) + timedelta(days=step)
        reason = people.Reason(because=f"Step {step}", at=at)
        goal = {student: chance.choice(teams) for student in chance.sample(students, 2)}
        people.place(team_set, goal, reason=reason, confirmed=False)


@pytest.mark.parametrize("seed", range(4))
def test_pages_of_the_history_put_together_are_the_whole_of_it(
    studio: CanvasCourse, seed: int
) -> None:
    follow(studio, at=weeks_ago(60))
    team_set = studio.group_categories.get().team_set
    assert team_set is not None
    go_about(team_set, seed=seed)
    events = SetEvents(team_set)
    paged = [event for start in range(0, len(events), 7) for event in events[start : start + 7]]
    times = [event.at for event in paged]
    assert times == sorted(times, reverse=True)
    whole = history(studio, of=team_set)
    assert sorted(paged, key=repr) == sorted(whole, key=repr)
    assert len(paged) == len(events)
