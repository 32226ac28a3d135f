"""Groups become core teams, people with a student's enrollment become students.

Where only Canvas moved, the core follows. What an instructor wants here and Canvas does not have yet
is never overwritten: it stays, unconfirmed, until it is pushed or settled.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from gradebench.canvas.compare import Verdict, settle
from gradebench.canvas.models import (
    AgreedTeam,
    CanvasCourse,
    CanvasGroup,
    CanvasGroupCategory,
    CanvasUser,
    Placement,
)
from gradebench.core import people
from gradebench.core.models import Student, Team, TeamSet

SEEN_IN_CANVAS = "Seen in Canvas"


def follow(course: CanvasCourse, *, at: datetime) -> None:
    """Bring students, team sets, teams and places in step with the course's mirror."""
    with transaction.atomic():
        _follow_people(course)
        categories = [one for one in course.group_categories.all() if one.forms_teams]
        _follow_sets(course, categories, at)
        students = _student_keys(course)
        for category in categories:
            if category.team_set is not None:
                _follow_set(category, students, at)


def follow_set(category: CanvasGroupCategory, *, at: datetime) -> None:
    """Bring one set's teams and places in step."""
    with transaction.atomic():
        _follow_set(category, _student_keys(category.course), at)


def _follow_set(category: CanvasGroupCategory, students: Mapping[int, int], at: datetime) -> None:
    _follow_teams(category, students, at)
    _follow_places(category, at)


# --- people ---------------------------------------------------------------------------------------


def _follow_people(course: CanvasCourse) -> None:
    """Whoever has a student's enrollment, or a place in a group, is a student of the core."""
    team_members = Q(memberships__course=course, memberships__gone_at=None)
    enrolled = Q(enrollments__course=course, enrollments__type="StudentEnrollment")
    here = CanvasUser.objects.filter(enrolled | team_members).distinct().select_related("student")
    new: list[tuple[CanvasUser, Student]] = []
    changed: list[Student] = []
    for person in here:
        if person.student is None:
            new.append((person, _as_student(person, Student(owner_id=course.integration.user_id))))
        elif _differs(person, person.student):
            changed.append(_as_student(person, person.student))
    people.create_students([student for _person, student in new])
    people.update_students(changed)
    for person, student in new:
        person.student = student
    CanvasUser.objects.bulk_update([person for person, _ in new], ["student"], batch_size=500)


def _details(person: CanvasUser) -> dict[str, str]:
    return {
        "name": person.name or person.short_name or f"Person {person.canvas_id}",
        "sortable_name": person.sortable_name or person.name,
        "email": person.email or "",
        "login": person.login_id or "",
        "sis_id": person.sis_user_id or "",
    }


def _differs(person: CanvasUser, student: Student) -> bool:
    return any(getattr(student, name) != value for name, value in _details(person).items())


def _as_student(person: CanvasUser, student: Student) -> Student:
    for name, value in _details(person).items():
        setattr(student, name, value)
    return student


# --- sets -----------------------------------------------------------------------------------------


def _follow_sets(
    course: CanvasCourse, categories: Iterable[CanvasGroupCategory], at: datetime
) -> None:
    fresh: list[CanvasGroupCategory] = []
    changed: list[TeamSet] = []
    for category in categories:
        gone_at = category.gone_at and at
        if category.team_set is None:
            category.team_set = TeamSet(owner_id=course.integration.user_id)
            fresh.append(category)
        elif _set_is_in_step(category.team_set, category, course):
            continue
        else:
            changed.append(category.team_set)
        category.team_set.name = category.name
        category.team_set.course_name = str(course)
        category.team_set.gone_at = gone_at
    people.create_team_sets([one.team_set for one in fresh if one.team_set])
    people.update_team_sets(changed)
    for category in fresh:
        category.team_set = category.team_set  # takes over the primary key that it has got
    CanvasGroupCategory.objects.bulk_update(fresh, ["team_set"])


def _set_is_in_step(team_set: TeamSet, category: CanvasGroupCategory, course: CanvasCourse) -> bool:
    same_name = (team_set.name, team_set.course_name) == (category.name, str(course))
    return same_name and (team_set.gone_at is None) == (category.gone_at is None)


# --- teams ----------------------------------------------------------------------------------------


@dataclass
class _TeamChanges:
    """What following a set's groups leads to, gathered before anything is written."""

    edited: Set[int] = frozenset()
    unlinked: dict[str, Team] = field(default_factory=dict)
    new: list[tuple[CanvasGroup, Team]] = field(default_factory=list)
    changed: list[Team] = field(default_factory=list)
    agreed: list[AgreedTeam] = field(default_factory=list)
    ended: list[Team] = field(default_factory=list)


def _follow_teams(category: CanvasGroupCategory, students: Mapping[int, int], at: datetime) -> None:
    """Names, leaders and existence of teams, each by the three answers."""
    changes = _TeamChanges(edited=_edited(category), unlinked=_unlinked(category))
    groups = category.groups.select_related("team", "team__agreed")
    for group in groups:
        _follow_team(group, students, changes, at)
    people.create_teams([team for _group, team in changes.new if team.pk is None])
    for group, team in changes.new:
        group.team = team
        changes.agreed.append(_agreement(team, group, at))
    CanvasGroup.objects.bulk_update([group for group, _ in changes.new], ["team"], batch_size=500)
    people.update_teams(changes.changed)
    AgreedTeam.objects.bulk_create(
        changes.agreed,
        update_conflicts=True,
        update_fields=["name", "leader_id", "agreed_at"],
        unique_fields=["team"],
        batch_size=500,
    )
    AgreedTeam.objects.filter(team__in=changes.ended).delete()


def _follow_team(
    group: CanvasGroup, students: Mapping[int, int], changes: _TeamChanges, at: datetime
) -> None:
    team = group.team
    if team is None:
        if group.gone_at is None:
            changes.new.append((group, _team_for(group, students, changes)))
        return
    agreed: AgreedTeam | None = getattr(team, "agreed", None)
    before = (team.name, team.leader_id, team.confirmed, team.gone_at)
    if _exists(team, agreed, group, at, edited=team.pk in changes.edited):
        _settle_properties(team, agreed, group, students)
    elif agreed is not None and group.gone_at is not None and team.gone_at is not None:
        changes.ended.append(team)
    if before != (team.name, team.leader_id, team.confirmed, team.gone_at):
        changes.changed.append(team)
    if team.confirmed and team.gone_at is None and _moved_on(agreed, group):
        changes.agreed.append(_agreement(team, group, at))


def _team_for(group: CanvasGroup, students: Mapping[int, int], changes: _TeamChanges) -> Team:
    """The team that waits here for a group of this name, or a new one.

    Made here and in Canvas under one name is the same change on both sides.
    """
    waiting = changes.unlinked.pop(group.name, None)
    if waiting is not None:
        return waiting
    leader = students.get(group.leader_id or 0)
    return Team(team_set=group.category.team_set, name=group.name, leader_id=leader)


def _unlinked(category: CanvasGroupCategory) -> dict[str, Team]:
    """Teams that are wanted and have no group yet, by names that only one of them has."""
    teams = Team.objects.filter(
        team_set=category.team_set, gone_at=None, canvas_group=None, agreed=None
    )
    by_name: dict[str, list[Team]] = {}
    for team in teams if category.team_set is not None else ():
        by_name.setdefault(team.name, []).append(team)
    return {name: same[0] for name, same in by_name.items() if len(same) == 1}


def _exists(
    team: Team, agreed: AgreedTeam | None, group: CanvasGroup, at: datetime, *, edited: bool
) -> bool:
    """Settle whether the team exists at all; True when its properties are worth comparing.

    A team that was edited here does not end because Canvas deleted its group: a person settles it.
    """
    live = group.gone_at is None
    verdict = settle(agreed=agreed is not None, wanted=team.gone_at is None, live=live)
    if verdict is Verdict.FOLLOW and not live and edited:
        verdict = Verdict.CONFLICT
    if verdict is Verdict.FOLLOW:
        team.gone_at = None if live else at
    team.confirmed = verdict in (Verdict.AGREED, Verdict.FOLLOW)
    return live and team.gone_at is None


def _settle_properties(
    team: Team, agreed: AgreedTeam | None, group: CanvasGroup, students: Mapping[int, int]
) -> None:
    name = settle(agreed=agreed and agreed.name, wanted=team.name, live=group.name)
    if name is Verdict.FOLLOW:
        team.name = group.name
    live = students.get(group.leader_id or 0)
    then = students.get((agreed and agreed.leader_id) or 0)
    leader = settle(agreed=then, wanted=team.leader_id, live=live)
    if leader is Verdict.FOLLOW:
        team.leader_id = live
    unsettled = {Verdict.PUSH, Verdict.CONFLICT}
    team.confirmed = team.confirmed and name not in unsettled and leader not in unsettled


def _moved_on(agreed: AgreedTeam | None, group: CanvasGroup) -> bool:
    return agreed is None or (agreed.name, agreed.leader_id) != (group.name, group.leader_id)


def _agreement(team: Team, group: CanvasGroup, at: datetime) -> AgreedTeam:
    return AgreedTeam(team=team, name=group.name, leader_id=group.leader_id, agreed_at=at)


def _student_keys(course: CanvasCourse) -> dict[int, int]:
    """Students by Canvas's id of the person, as the course's Canvas account knows them."""
    known = CanvasUser.objects.filter(integration=course.integration, student__isnull=False)
    return {one: key for one, key in known.values_list("canvas_id", "student_id") if key}


def link_group(category: CanvasGroupCategory, *, group_id: int, team_id: int) -> None:
    """Note that the group was made for the team; a namesake that a sync made of it meanwhile goes."""
    group = category.groups.get(canvas_id=group_id)
    if group.team_id == team_id:
        return
    stray = group.team_id
    category.groups.filter(team_id=team_id).update(team=None)
    category.groups.filter(pk=group.pk).update(team_id=team_id)
    if stray is not None:
        Team.objects.filter(pk=stray, memberships=None).delete()


# --- places ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Places:
    """The three answers for a whole set: student → team, by primary key; absent: in no team."""

    agreed: Mapping[int, int]
    wanted: Mapping[int, int]
    live: Mapping[int, int]

    def verdicts(self) -> dict[int, Verdict]:
        """What follows for every student whom any of the three answers names."""
        students = {*self.agreed, *self.wanted, *self.live}
        return {
            one: settle(
                agreed=self.agreed.get(one), wanted=self.wanted.get(one), live=self.live.get(one)
            )
            for one in students
        }


def places_of(category: CanvasGroupCategory) -> Places:
    """Read the three answers of a set from the database."""
    agreed = category.placements.filter(user__student__isnull=False)
    live = CanvasGroup.objects.filter(
        category=category,
        gone_at=None,
        team__isnull=False,
        memberships__gone_at=None,
        memberships__user__student__isnull=False,
    ).order_by("-canvas_id")  # should Canvas show a person in two groups, the older one counts
    return Places(
        agreed=dict(agreed.values_list("user__student_id", "agreed_team_id")),
        wanted=people.current_places(category.team_set) if category.team_set else {},
        live=dict(live.values_list("memberships__user__student_id", "team_id")),
    )


def _edited(category: CanvasGroupCategory) -> set[int]:
    """The teams of the set that carry an edit of ours: another name, or people put into them."""
    rows = AgreedTeam.objects.filter(team__team_set=category.team_set).exclude(name=F("team__name"))
    places = places_of(category)
    put = {team for one, team in places.wanted.items() if places.agreed.get(one) != team}
    return put | set(rows.values_list("team_id", flat=True))


def _unsettled_teams(category: CanvasGroupCategory) -> set[int]:
    """The teams that one side has and the other wants away: people do not follow them."""
    teams = Team.objects.filter(team_set=category.team_set, canvas_group__isnull=False)
    gone_here = Q(gone_at__isnull=False, canvas_group__gone_at=None)
    gone_there = Q(gone_at=None, canvas_group__gone_at__isnull=False)
    return set(teams.filter(gone_here | gone_there).values_list("pk", flat=True))


def _follow_places(category: CanvasGroupCategory, at: datetime) -> None:
    if category.team_set is None:
        return
    places = places_of(category)
    verdicts = places.verdicts()
    unsettled = _unsettled_teams(category)
    followed = {
        one
        for one, verdict in verdicts.items()
        if verdict is Verdict.FOLLOW
        and places.live.get(one) not in unsettled
        and (places.wanted.get(one) not in unsettled or one in places.live)
    }
    agreed = {one for one, verdict in verdicts.items() if verdict is Verdict.AGREED}
    people.place(
        category.team_set,
        {one: places.live.get(one) for one in followed},
        reason=people.Reason(because=SEEN_IN_CANVAS, at=at),
        confirmed=True,
    )
    people.mark_places(category.team_set, agreed, confirmed=True)
    people.mark_places(category.team_set, verdicts.keys() - agreed - followed, confirmed=False)
    moved = {one for one in agreed | followed if places.agreed.get(one) != places.live.get(one)}
    agree_on_places(category, {one: places.live.get(one) for one in moved}, at=at)


def agree_on_places(
    category: CanvasGroupCategory, places: Mapping[int, int | None], *, at: datetime
) -> None:
    """Note that both sides have these students there now: student → team or None."""
    users = {
        student: key
        for key, student in CanvasUser.objects.filter(
            integration=category.course.integration, student__in=list(places)
        ).values_list("pk", "student_id")
    }
    nowhere = [users[one] for one, team in places.items() if team is None]
    category.placements.filter(user__in=nowhere).delete()
    Placement.objects.bulk_create(
        [
            Placement(category=category, user_id=users[one], agreed_team_id=team, agreed_at=at)
            for one, team in places.items()
            if team is not None
        ],
        update_conflicts=True,
        update_fields=["agreed_team", "agreed_at"],
        unique_fields=["category", "user"],
        batch_size=500,
    )


def unlink_team(team: Team) -> None:
    """The team is to have another group than the one that is gone."""
    CanvasGroup.objects.filter(team=team, gone_at__isnull=False).update(team=None)
    AgreedTeam.objects.filter(team=team).delete()
