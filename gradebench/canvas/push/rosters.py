"""Group files in and out: what a file says becomes what is wanted, and what is wanted a file."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction

from gradebench.canvas.edits.places import students_of
from gradebench.canvas.models import CanvasEnrollment, CanvasGroup, CanvasGroupCategory, CanvasUser
from gradebench.canvas.push.scene import CURRENT
from gradebench.canvas.push.staging import stage_new_teams, stage_places, team_set_of
from gradebench.canvas.roster_file import (
    Roster,
    RosterGroup,
    RosterPerson,
    read_roster,
    write_roster,
)
from gradebench.core import people
from gradebench.core.models import Student, Team


def understand(category: CanvasGroupCategory, content: bytes) -> Roster:
    """What a file says about the set. Raises RosterUnreadable, NotATeamSet."""
    return read_roster(content, people=_people(category), groups=list(_groups(category)))


def stage_roster(category: CanvasGroupCategory, roster: Roster, *, by: User | None) -> int:
    """Want what the file says: new teams, and people in their teams. Returns how many move."""
    with transaction.atomic():
        new = {team.name: team for team in stage_new_teams(category, roster.new_groups)}
        teams = Team.objects.in_bulk(
            [one.group for one in roster.rows if isinstance(one.group, int)]
        )
        keys = students_of(category, [one.user_id for one in roster.rows])
        students = Student.objects.in_bulk(keys.values())
        places = {
            students[keys[one.user_id]]: new[one.group]
            if isinstance(one.group, str)
            else teams[one.group]
            for one in roster.rows
        }
        return stage_places(category, places, by=by, because="From a file")


def write_file(category: CanvasGroupCategory) -> str:
    """The set as it is wanted, in the format of Canvas's own export."""
    team_set = team_set_of(category)
    groups = {group.key: group for group in _groups(category)}
    wanted = people.current_places(team_set)
    here = [one for one in _people(category) if one.student]
    keys = students_of(category, [one.id for one in here])
    places = {user: groups[wanted[student]] for user, student in keys.items() if student in wanted}
    return write_roster(here, places)


def _people(category: CanvasGroupCategory) -> list[RosterPerson]:
    """Everybody who is or was enrolled, by sortable name; staff are no students."""
    sections: dict[int, list[str]] = {}
    current: set[int] = set()
    rows = CanvasEnrollment.objects.filter(course=category.course, gone_at=None)
    for user, section, type_, state in rows.values_list(
        "user", "section__name", "type", "enrollment_state"
    ):
        if type_ == "StudentEnrollment":
            sections.setdefault(user, []).append(section or "")
            if state in CURRENT:
                current.add(user)
    known = CanvasUser.objects.filter(
        enrollments__course=category.course, enrollments__gone_at=None, student__isnull=False
    ).distinct()
    return [
        RosterPerson(
            id=one.canvas_id,
            name=one.sortable_name or one.name,
            login=one.login_id,
            sis_id=one.sis_user_id,
            sections=", ".join(sorted(filter(None, sections.get(one.pk, [])))),
            student=one.pk in current,
        )
        for one in known.order_by("sortable_name", "name", "canvas_id")
    ]


def _groups(category: CanvasGroupCategory) -> Iterable[RosterGroup]:
    """The teams that are wanted, those without a group among them."""
    groups = {
        group.team_id: group
        for group in CanvasGroup.objects.filter(category=category, gone_at=None)
    }
    for team in Team.objects.filter(team_set=team_set_of(category), gone_at=None).order_by("pk"):
        group = groups.get(team.pk)
        yield RosterGroup(
            key=team.pk,
            name=team.name,
            id=group.canvas_id if group else None,
            sis_id=group.sis_group_id if group else None,
        )
