"""Puts the situation of a set together from a reading of Canvas and the rows kept here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Q

from gradebench.canvas.models import (
    AgreedTeam,
    CanvasEnrollment,
    CanvasGroup,
    CanvasGroupCategory,
    CanvasSubmission,
    CanvasUser,
)
from gradebench.canvas.push.plan import Plan
from gradebench.canvas.push.planning import plan
from gradebench.canvas.push.reading import GroupReading, SetReading
from gradebench.canvas.push.situation import Answers, Person, Situation, Team
from gradebench.core import people
from gradebench.core.models import Team as CoreTeam

CURRENT = {"active", "invited", "creation_pending"}


def situation_of(category: CanvasGroupCategory, reading: SetReading) -> Situation:
    """The three answers for every team and person of the set, and what limits their moves."""
    students = _Students(category)
    teams = tuple(_teams(category, reading, students))
    return Situation(
        reading=reading,
        teams=teams,
        people=tuple(_people(category, reading, students, teams)),
        section_limited=category.course.section_limited,
        notices=category.course.workflow_state == "available",
    )


def last_seen(category: CanvasGroupCategory) -> SetReading:
    """The set as the mirror has it: what Canvas showed last, without asking it now."""
    members: dict[int, list[int]] = {}
    rows = category.course.memberships.filter(group__category=category, gone_at=None)
    for group, user in rows.values_list("group__canvas_id", "user__canvas_id"):
        members.setdefault(group, []).append(user)
    return SetReading(
        category_id=category.canvas_id,
        name=category.name,
        limit=category.group_limit,
        self_signup=category.self_signup,
        auto_leader=category.auto_leader,
        protected=category.protected,
        groups={
            group.canvas_id: GroupReading(
                name=group.name,
                members=tuple(sorted(members.get(group.canvas_id, ()))),
                leader=group.leader_id,
                limit=group.max_membership,
            )
            for group in category.groups.filter(gone_at=None).order_by("canvas_id")
        },
    )


def drift(category: CanvasGroupCategory) -> Plan:
    """What differs between what is wanted and what Canvas showed last: a plan nobody applies."""
    return plan(situation_of(category, last_seen(category)))


class _Students:
    """Looks up Canvas's ids of students, and the names of people."""

    def __init__(self, category: CanvasGroupCategory) -> None:
        rows = CanvasUser.objects.filter(
            integration=category.course.integration, student__isnull=False
        ).values_list("canvas_id", "student_id", "name")
        self.names = {canvas_id: name for canvas_id, _student, name in rows}
        self._ids = {student: canvas_id for canvas_id, student, _name in rows}

    def canvas_id(self, student: int | None) -> int | None:
        return None if student is None else self._ids.get(student)

    def by_canvas_id(self, places: Mapping[int, int]) -> dict[int, int]:
        """Places by student as places by person."""
        return {self._ids[one]: team for one, team in places.items() if one in self._ids}


def _teams(
    category: CanvasGroupCategory, reading: SetReading, students: _Students
) -> Iterator[Team]:
    groups = {
        group.team_id: group
        for group in CanvasGroup.objects.filter(category=category, team__isnull=False)
    }
    agreed = {
        one.team_id: one for one in AgreedTeam.objects.filter(team__team_set=category.team_set)
    }
    for row in CoreTeam.objects.filter(team_set=category.team_set).order_by("pk"):
        team = _team(row, groups.get(row.pk), agreed.get(row.pk), reading, students)
        if team.name.wanted or team.name.live or team.name.agreed:
            yield team


def _team(
    row: CoreTeam,
    group: CanvasGroup | None,
    agreed: AgreedTeam | None,
    reading: SetReading,
    students: _Students,
) -> Team:
    live = None if group is None else reading.groups.get(group.canvas_id)
    return Team(
        key=row.pk,
        group_id=None if group is None or live is None else group.canvas_id,
        name=Answers(
            agreed=agreed.name if agreed else None,
            wanted=row.name if row.gone_at is None else None,
            live=live.name if live else None,
        ),
        leader=Answers(
            agreed=agreed.leader_id if agreed else None,
            wanted=students.canvas_id(row.leader_id),
            live=live.leader if live else None,
        ),
        limit=live.limit if live else None,
    )


@dataclass
class _Standing:
    """What limits a person's moves: enrollments and group work."""

    sections: set[int]
    student: bool = False
    enrolled: bool = False
    submitted: bool = False
    graded: bool = False


def _people(
    category: CanvasGroupCategory,
    reading: SetReading,
    students: _Students,
    teams: Iterable[Team],
) -> Iterator[Person]:
    wanted = students.by_canvas_id(
        people.current_places(category.team_set) if category.team_set else {}
    )
    agreed = dict(category.placements.values_list("user__canvas_id", "agreed_team_id"))
    team_of = {team.group_id: team.key for team in teams if team.group_id is not None}
    live = _live(reading, team_of)
    here = _standings(category)
    for user in sorted({*wanted, *agreed, *live}):
        groups = sorted(
            live.get(user, ()),
            key=lambda team: (team != wanted.get(user), team != agreed.get(user)),
        )
        standing = here.get(user, _Standing(set()))
        yield Person(
            id=user,
            name=students.names.get(user, f"Person {user}"),
            place=Answers(
                agreed=agreed.get(user),
                wanted=wanted.get(user),
                live=groups[0] if groups else None,
            ),
            also_in=tuple(groups[1:]),
            sections=tuple(sorted(standing.sections)),
            student=standing.student,
            enrolled=standing.enrolled,
            submitted=standing.submitted,
            graded=standing.graded,
        )


def _live(reading: SetReading, team_of: Mapping[int, int]) -> dict[int, list[int]]:
    live: dict[int, list[int]] = {}
    for id_, group in sorted(reading.groups.items()):
        if id_ in team_of:
            for user in group.members:
                live.setdefault(user, []).append(team_of[id_])
    return live


def _standings(category: CanvasGroupCategory) -> dict[int, _Standing]:
    standings: dict[int, _Standing] = {}
    enrollments = CanvasEnrollment.objects.filter(course=category.course, gone_at=None)
    for user, section, type_, state in enrollments.values_list(
        "user__canvas_id", "course_section_id", "type", "enrollment_state"
    ):
        standing = standings.setdefault(user, _Standing(set()))
        standing.enrolled = True
        standing.student |= type_ == "StudentEnrollment" and state in CURRENT
        if section is not None:
            standing.sections.add(section)
    for user, graded in _group_work(category):
        standing = standings.setdefault(user, _Standing(set()))
        standing.submitted = True
        standing.graded |= graded
    return standings


def _group_work(category: CanvasGroupCategory) -> Iterator[tuple[int, bool]]:
    """(person, graded) for each piece of work handed in or graded for assignments of this set."""
    is_graded = Q(workflow_state="graded") & (Q(score__isnull=False) | Q(grade__isnull=False))
    rows = CanvasSubmission.objects.filter(
        Q(submitted_at__isnull=False) | is_graded,
        course=category.course,
        gone_at=None,
        assignment__gone_at=None,
        assignment__group_category_id=category.canvas_id,
    ).values_list("user__canvas_id", "workflow_state")
    for user, state in rows:
        yield user, state == "graded"
