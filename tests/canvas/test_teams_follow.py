"""What teams do when Canvas moves, when we move, and when both do."""

from itertools import product

import pytest
from django.utils import timezone

from gradebench.canvas import teams
from gradebench.canvas.compare import Verdict, settle
from gradebench.core import people
from gradebench.core.models import Student, Team, TeamMembership
from tests.people import course, group_set, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Ada is in Red, Ben in Blue, as both sides agree."""
    here = course()
    projects = group_set(here, "Red", "Blue")
    ada, ben = person(here, "Ada"), person(here, "Ben")
    projects.put(ada, "Red")
    projects.put(ben, "Blue")
    follow(here)
    return here, projects, ada, ben


def follow(here):
    teams.follow(here, at=timezone.now())


def team_of(user) -> str | None:
    place = TeamMembership.objects.filter(student__canvas_user=user, until=None).first()
    return place and place.team.name


def want(projects, user, name: str | None):
    """The instructor wants the person in that team; Canvas has not heard of it."""
    team_set = projects.category.team_set
    team = name and Team.objects.get(team_set=team_set, name=name).pk
    student = Student.objects.get(canvas_user=user)
    reason = people.Reason(because="Edited here")
    people.place(team_set, {student.pk: team}, reason=reason, confirmed=False)


def refreshed(projects):
    projects.category.refresh_from_db()
    return projects


def test_groups_become_teams_and_members_their_students(world):
    _here, _projects, ada, ben = world
    assert (team_of(ada), team_of(ben)) == ("Red", "Blue")


def test_a_student_who_switched_in_canvas_is_followed(world):
    here, projects, ada, _ben = world
    projects.put(ada, "Blue")
    follow(here)
    assert team_of(ada) == "Blue"
    history = TeamMembership.objects.filter(student__canvas_user=ada).order_by("since")
    assert [(one.team.name, one.until is None) for one in history] == [
        ("Red", False),
        ("Blue", True),
    ]


def test_a_student_who_left_in_canvas_leaves_the_team(world):
    here, projects, ada, _ben = world
    projects.put(ada, None)
    follow(here)
    assert team_of(ada) is None


def test_what_the_instructor_wants_is_not_overwritten_by_a_sync(world):
    here, projects, ada, _ben = world
    want(refreshed(projects), ada, "Blue")
    follow(here)
    assert team_of(ada) == "Blue"
    assert not TeamMembership.objects.get(student__canvas_user=ada, until=None).confirmed


def test_two_different_moves_of_one_student_wait_for_a_person(world):
    here, projects, ada, _ben = world
    want(refreshed(projects), ada, "Blue")
    projects.put(ada, None)
    follow(here)
    assert team_of(ada) == "Blue"
    student = Student.objects.get(canvas_user=ada)
    assert teams.places_of(projects.category).verdicts()[student.pk] is Verdict.CONFLICT


def test_the_same_move_on_both_sides_is_no_conflict(world):
    here, projects, ada, _ben = world
    want(refreshed(projects), ada, "Blue")
    projects.put(ada, "Blue")
    follow(here)
    place = TeamMembership.objects.get(student__canvas_user=ada, until=None)
    assert (place.team.name, place.confirmed) == ("Blue", True)


def test_a_group_renamed_in_canvas_renames_the_team(world):
    here, *_ = world
    here.groups.filter(name="Red").update(name="Crimson")
    follow(here)
    assert set(Team.objects.values_list("name", flat=True)) == {"Crimson", "Blue"}


def test_a_team_renamed_here_keeps_its_name_until_it_is_pushed(world):
    here, *_ = world
    Team.objects.filter(name="Red").update(name="Scarlet")
    follow(here)
    assert not Team.objects.get(name="Scarlet").confirmed


def test_a_group_deleted_in_canvas_ends_the_team(world):
    here, projects, ada, _ben = world
    projects.put(ada, None)
    here.groups.filter(name="Red").update(gone_at=timezone.now())
    follow(here)
    assert Team.objects.get(name="Red").gone_at is not None


def test_a_team_deleted_here_stays_deleted_until_it_is_pushed(world):
    here, *_ = world
    Team.objects.filter(name="Red").update(gone_at=timezone.now())
    follow(here)
    follow(here)
    red = Team.objects.get(name="Red")
    assert red.gone_at is not None
    assert not red.confirmed


def test_a_group_deleted_in_canvas_while_somebody_was_put_into_it_here_waits_for_a_person(world):
    here, projects, ada, ben = world
    want(refreshed(projects), ben, "Red")
    projects.put(ada, None)
    here.groups.filter(name="Red").update(gone_at=timezone.now())
    follow(here)
    follow(here)
    red = Team.objects.get(name="Red")
    assert (red.gone_at, red.confirmed) == (None, False)
    assert (team_of(ada), team_of(ben)) == ("Red", "Red")


def test_nobody_follows_into_a_team_that_was_deleted_here(world):
    here, projects, _ada, ben = world
    Team.objects.filter(name="Red").update(gone_at=timezone.now())
    projects.put(ben, "Red")
    follow(here)
    assert team_of(ben) == "Blue"


def test_following_twice_changes_nothing(world):
    here, *_ = world
    before = list(TeamMembership.objects.values_list("pk", "team", "since", "until"))
    follow(here)
    assert list(TeamMembership.objects.values_list("pk", "team", "since", "until")) == before


def test_following_a_large_set_takes_a_constant_number_of_queries(django_assert_max_num_queries):
    here = course()
    projects = group_set(here, *(f"Team {number}" for number in range(60)))
    for number in range(240):
        projects.put(person(here, f"Student {number}"), f"Team {number % 60}")
    with django_assert_max_num_queries(45):
        follow(here)


def test_who_was_in_the_team_on_a_day(world):
    here, projects, ada, _ben = world
    red = Team.objects.get(name="Red")
    before = timezone.now()
    projects.put(ada, "Blue")
    follow(here)
    assert [one.name for one in people.members_on(red, before)] == ["Ada"]
    assert people.members_on(red, timezone.now()) == []


@pytest.mark.parametrize(
    ("agreed", "wanted", "live"), list(product([None, "Red", "Blue"], repeat=3))
)
def test_all_27_combinations_of_agreed_wanted_and_live(agreed, wanted, live):
    verdict = settle(agreed=agreed, wanted=wanted, live=live)
    moved_here, moved_there = wanted != agreed, live != agreed
    expected = {
        (False, False): Verdict.AGREED,
        (False, True): Verdict.FOLLOW,
        (True, False): Verdict.PUSH,
        (True, True): Verdict.AGREED if wanted == live else Verdict.CONFLICT,
    }[moved_here, moved_there]
    assert verdict is expected
