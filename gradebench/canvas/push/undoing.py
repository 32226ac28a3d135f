"""The undo of a plan: the set as it was before it, wanted again, and planned like any other wish."""

from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import transaction
from msgspec.structs import replace

from gradebench.canvas import teams
from gradebench.canvas.edits.places import students_of
from gradebench.canvas.edits.talk import Edit, Talk
from gradebench.canvas.models import CanvasGroupCategory, GroupPlan
from gradebench.canvas.push.deciding import leader_row, place_row, team_row
from gradebench.canvas.push.looking import keep, look_at
from gradebench.canvas.push.plan import Op, Operation, Plan
from gradebench.canvas.push.scene import situation_of
from gradebench.canvas.push.staging import stage_deletion, team_set_of
from gradebench.canvas.push.storing import Wishes, check_forms_teams, plan_of, store
from gradebench.canvas.push.trouble import NotApplicable
from gradebench.core import people
from gradebench.core.models import Team

UNDONE = (GroupPlan.State.VERIFIED, GroupPlan.State.REMAINDER, GroupPlan.State.FAILED)


def make_undo(row: GroupPlan, *, by: User | None) -> Edit[GroupPlan]:
    """A plan that takes back what a plan did; what was changed again since is left, and named.

    A group that was deleted is made anew: Canvas gives it another id, and group work handed in
    before keeps the old one. Raises NotApplicable for a plan that was never applied.
    """

    def talk() -> Talk[GroupPlan]:
        category = row.category
        check_forms_teams(category)
        if row.state not in UNDONE:
            raise NotApplicable("Only a plan that was applied can be undone.")
        look = yield from look_at(category)
        keep(look, category)
        with transaction.atomic():
            undo = _Undo(plan_of(row), category, by, f"Undo of plan {row.pk}")
            undo.stage()
            wishes = Wishes(only=frozenset(undo.rows))
            made = wishes.plan(situation_of(category, look.reading))
            made = replace(made, warnings=(*made.warnings, *undo.notes))
            return store(category, made, by=by, because=undo.because, undoes=row)

    return Edit(talk)


@dataclass
class _Undo:
    """Gathers and stages what has to be wanted again. `rows`: what the undo is about."""

    plan: Plan
    category: CanvasGroupCategory
    by: User | None
    because: str
    rows: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def stage(self) -> None:
        self.team_set = team_set_of(self.category)
        self.teams = Team.objects.in_bulk(
            [one.team for one in self.plan.operations if one.team is not None]
        )
        for operation in self.plan.operations:
            if operation.op is Op.DELETE_GROUP:
                self._bring_back(operation)
            elif operation.op is Op.RENAME_GROUP:
                self._rename_back(operation)
        self._place_back()
        self._lead_back()
        for operation in self.plan.operations:
            if operation.op is Op.CREATE_GROUP:
                self._take_away(operation)
        teams.follow_set(self.category, at=self._reason().when)

    def _reason(self) -> people.Reason:
        return people.Reason(because=self.because, by=self.by)

    def _bring_back(self, operation: Operation) -> None:
        team = self.teams[operation.team or 0]
        if team.gone_at is None:
            return self.notes.append(f"“{operation.before}” is there again already.")
        teams.unlink_team(team)
        team.gone_at, team.name, team.confirmed = None, operation.before or team.name, False
        people.update_teams([team])
        self.rows |= {team_row(team.pk), leader_row(team.pk)}
        return None

    def _rename_back(self, operation: Operation) -> None:
        team = self.teams[operation.team or 0]
        if team.name != operation.after:
            return self.notes.append(f"“{team.name}” was renamed again since, and keeps its name.")
        team.name = operation.before or team.name
        people.update_teams([team])
        self.rows.add(team_row(team.pk))
        return None

    def _place_back(self) -> None:
        moves = [one for one in self.plan.operations if one.op in (Op.ADD, Op.MOVE, Op.REMOVE)]
        students = students_of(self.category, [one.user_id or 0 for one in moves])
        now = people.current_places(self.team_set)
        there = set(self.team_set.teams.filter(gone_at=None).values_list("pk", flat=True))
        back: dict[int, int | None] = {}
        for move in moves:
            student = students.get(move.user_id or 0)
            if student is None or now.get(student) != move.to_team:
                self.notes.append(f"{move.user_name} was moved again since, and stays.")
            elif move.from_team is not None and move.from_team not in there:
                self.notes.append(f"{move.user_name} stays, because “{move.before}” is gone since.")
            else:
                back[student] = move.from_team
                self.rows.add(place_row(move.user_id or 0))
        people.place(self.team_set, back, reason=self._reason(), confirmed=False)

    def _lead_back(self) -> None:
        """Whoever led a team before, and lost that by the plan, is to lead it again."""
        led = {
            group.team: self.plan.reading.groups[group.canvas_id].leader
            for group in self.category.groups.filter(team__isnull=False).select_related("team")
            if group.canvas_id in self.plan.reading.groups
        }
        touched = {
            key for one in self.plan.operations for key in (one.team, one.from_team, one.to_team)
        }
        leaders = students_of(self.category, [one for one in led.values() if one])
        changed: list[Team] = []
        for team, leader in led.items():
            before = leaders.get(leader or 0)
            if team is not None and team.pk in touched and team.leader_id != before:
                team.leader_id = before
                changed.append(team)
                self.rows.add(leader_row(team.pk))
        people.update_teams(changed)

    def _take_away(self, operation: Operation) -> None:
        team = self.teams[operation.team or 0]
        if team.gone_at is not None:
            return
        if team.pk in people.current_places(self.team_set).values():
            self.notes.append(f"“{team.name}” stays, because others are in it since.")
        else:
            stage_deletion(self.category, [team], by=self.by, because=self.because)
            self.rows.add(team_row(team.pk))
