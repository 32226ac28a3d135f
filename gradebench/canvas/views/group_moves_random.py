"""Draws teams for those who are in none: how many new teams that takes, and who goes where."""

from dataclasses import dataclass, field
from typing import Literal

from gradebench.canvas import placing
from gradebench.canvas.locks import locks_of
from gradebench.canvas.models import CanvasEnrollment, CanvasGroupCategory
from gradebench.canvas.placing import Candidate, CannotDivide, Seats
from gradebench.canvas.push.scene import CURRENT
from gradebench.canvas.push.staging import team_set_of
from gradebench.canvas.views.students import STUDENT
from gradebench.canvas.views.team_names import next_names
from gradebench.core import people
from gradebench.core.models import Student, Team

# Whoever wants more than this at once has mistyped.
MOST_NEW_TEAMS = 200


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """By number of teams or by size; into empty teams alone, or into half-full ones too."""

    by: Literal["number", "size"]
    value: int
    within_sections: bool
    fill: Literal["empty", "half-full"]
    seed: int


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Who waits for a team, and the teams that there are, but for whoever and whatever is locked.

    `sections`: student → section keys. `shut`: how many teams are locked.
    """

    waiting: list[Candidate]
    teams: list[Team]
    members: dict[int, list[int]]
    sections: dict[int, tuple[int, ...]]
    shut: int = 0

    @property
    def empty(self) -> list[Team]:
        """The teams without anybody."""
        return [team for team in self.teams if not self.members.get(team.pk)]


@dataclass(frozen=True, kw_only=True)
class Draw:
    """A decision how to draw. `new_names`: teams to be made; `shares`: the section of each team
    that is to be filled from empty, None where any will do."""

    wishes: Wishes
    waiting: list[Candidate]
    seats: list[Seats]
    new_names: list[str]
    shares: list[int | None] = field(default_factory=list)
    limit: int | None = None

    @property
    def seed(self) -> int:
        """What the draw can be repeated with."""
        return self.wishes.seed

    def places(self, category: CanvasGroupCategory) -> dict[Student, Team | None]:
        """Who goes where, once the new teams are there. Whoever finds no room is left out."""
        named = Team.objects.filter(team_set=category.team_set_id, gone_at=None)
        made = list(named.filter(name__in=self.new_names).order_by("pk"))
        fresh = self.shares[len(self.shares) - len(made) :] if made else []
        sections = [*fresh, *[None] * (len(made) - len(fresh))]
        seats = [
            *self.seats,
            *(
                Seats(team=team.pk, section=section, limit=self.limit)
                for team, section in zip(made, sections, strict=True)
            ),
        ]
        drawn = placing.assign(
            self.waiting, seats, seed=self.seed, within_sections=self.wishes.within_sections
        ).places
        teams = named.in_bulk()
        students = Student.objects.select_related("canvas_user").in_bulk(list(drawn))
        return {students[one]: teams[team] for one, team in drawn.items()}


def standing(category: CanvasGroupCategory) -> Standing:
    """Read who is in no team of the set, and which teams it has."""
    team_set = team_set_of(category)
    places = people.current_places(team_set)
    sections = _sections(category)
    locks = locks_of(category)
    members: dict[int, list[int]] = {}
    for student, team in places.items():
        if team not in locks.teams:
            members.setdefault(team, []).append(student)
    stays = {*places, *locks.people}
    teams = list(Team.objects.filter(team_set=team_set, gone_at=None))
    return Standing(
        waiting=[Candidate(one, own) for one, own in sections.items() if one not in stays],
        teams=[team for team in teams if team.pk not in locks.teams],
        members=members,
        sections=sections,
        shut=sum(team.pk in locks.teams for team in teams),
    )


def drawn(category: CanvasGroupCategory, wishes: Wishes) -> Draw:
    """Decide which teams are filled and how many are made. Raises CannotDivide."""
    now = standing(category)
    limit = category.group_limit
    if not now.waiting:
        return Draw(wishes=wishes, waiting=[], seats=[], new_names=[], limit=limit)
    if wishes.fill == "half-full":
        return _filling(category, now, wishes, limit)
    shares = placing.new_teams(
        now.waiting,
        number=wishes.value if wishes.by == "number" else None,
        size=wishes.value if wishes.by == "size" else None,
        limit=limit,
        within_sections=wishes.within_sections,
    )
    used = now.empty[: len(shares)]
    return Draw(
        wishes=wishes,
        waiting=now.waiting,
        seats=[
            Seats(team=team.pk, section=section, limit=limit)
            for team, section in zip(used, shares, strict=False)
        ],
        new_names=_names(category, len(shares) - len(used)),
        shares=shares,
        limit=limit,
    )


def _filling(
    category: CanvasGroupCategory, now: Standing, wishes: Wishes, limit: int | None
) -> Draw:
    """All teams take part, the emptiest first; new ones only where those there are do not do."""
    everybody = len(now.waiting) + sum(map(len, now.members.values()))
    wanted = wishes.value - now.shut
    if wishes.by == "size":
        wanted = placing.teams_of_size(everybody, wishes.value, limit=limit)
    return Draw(
        wishes=wishes,
        waiting=now.waiting,
        seats=[
            Seats(
                team=team.pk,
                members=len(now.members.get(team.pk, ())),
                section=_common_section(now, team),
                limit=limit,
            )
            for team in now.teams
        ],
        new_names=_names(category, max(0, wanted - len(now.teams))),
        limit=limit,
    )


def _common_section(now: Standing, team: Team) -> int | None:
    """The section that all members of the team share."""
    own = [set(now.sections.get(one, ())) for one in now.members.get(team.pk, ())]
    shared = set.intersection(*own) if own else set()
    return min(shared, default=None)


def _names(category: CanvasGroupCategory, count: int) -> list[str]:
    if count > MOST_NEW_TEAMS:
        raise CannotDivide(f"That would make {count} new teams; at most {MOST_NEW_TEAMS} at once.")
    return next_names(category, count)


def _sections(category: CanvasGroupCategory) -> dict[int, tuple[int, ...]]:
    """Everybody who takes part in the course as a student, with the sections they are in."""
    rows = CanvasEnrollment.objects.filter(
        course=category.course_id,
        gone_at=None,
        type=STUDENT,
        enrollment_state__in=CURRENT,
        user__student__isnull=False,
    ).order_by("user__student_id", "section_id")
    found: dict[int, tuple[int, ...]] = {}
    for student, section in rows.values_list("user__student_id", "section_id"):
        if student is not None:
            found[student] = found.get(student, ()) + ((section,) if section else ())
    return found
