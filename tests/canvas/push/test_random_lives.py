"""A course lives: people are moved here and in Canvas, syncs, plans, faults, deaths, undos.

A hypothesis state machine on the real sandbox. After every step nobody is in two teams; no push
changes what its plan did not name; no wish that Canvas has not got is lost; and in the end everything
that is wanted is in Canvas and a second plan is empty.
"""

import ctypes
import random
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from gradebench.canvas.api.errors import CanvasError
from gradebench.canvas.edits import Ended, advance
from gradebench.canvas.models import CanvasCourse, CanvasUser, GroupPlan, SyncRun
from gradebench.canvas.push.applying import apply_plan
from gradebench.canvas.push.plan import Side
from gradebench.canvas.push.report import Report
from gradebench.canvas.push.running import can_be_resumed
from gradebench.canvas.push.staging import (
    stage_deletion,
    stage_leader,
    stage_name,
    stage_new_teams,
    stage_places,
)
from gradebench.canvas.push.storing import plan_of
from gradebench.canvas.push.trouble import PushRefused
from gradebench.canvas.push.undoing import make_undo
from gradebench.canvas.sync_utils import BlockingClient, perform_sync
from gradebench.core.models import Student, Team, TeamMembership, TeamSet
from gradebench.sandbox.launch import Sandbox
from tests.canvas.push.classroom import Classroom
from tests.people import integration, teacher

SEEDS = st.integers(0, 2**32)
FAULTS = ["lost", "cut", "html", "status", "truncate"]


class Life(RuleBasedStateMachine):
    """One course from its first sync on."""

    def __init__(self) -> None:
        super().__init__()
        self.sandbox = Sandbox.start(world="small", assignments=1, job_seconds=0.05, throttle=False)
        here = integration(canvas_url=self.sandbox.url, api_key=self.sandbox.token)
        course = CanvasCourse.objects.create(integration=here, canvas_id=self.sandbox.course)
        self.room = Classroom(self.sandbox, here, course)
        self.undoable: tuple[GroupPlan, dict[int, str], dict[int, int]] | None = None
        self.names = 0

    @initialize()
    def first_sync(self) -> None:
        assert self.room.sync().state == "complete"

    # --- what the instructor does here ------------------------------------------------------------

    @rule(seed=SEEDS, count=st.integers(1, 6))
    def move_here(self, seed: int, count: int) -> None:
        chance = random.Random(seed)
        teams = [*self._teams(), None]
        students = chance.sample(self._students(), count)
        places = {student: chance.choice(teams) for student in students}
        stage_places(self.room.category(), places, by=teacher())

    @rule(seed=SEEDS)
    def swap_here(self, seed: int) -> None:
        chance = random.Random(seed)
        rows = list(TeamMembership.objects.filter(team_set=self._set(), until=None))
        if len(rows) >= 2:
            one, other = chance.sample(rows, 2)
            places = {one.student: other.team, other.student: one.team}
            stage_places(self.room.category(), places, by=teacher())

    @rule(named_as_in_canvas=st.booleans())
    def new_team_here(self, named_as_in_canvas: bool) -> None:
        self.names += not named_as_in_canvas
        stage_new_teams(self.room.category(), [f"New {self.names}"])

    @rule(seed=SEEDS)
    def rename_here(self, seed: int) -> None:
        self.names += 1
        stage_name(self.room.category(), self._team(seed), f"Renamed {self.names}")

    @rule(seed=SEEDS)
    def lead_here(self, seed: int) -> None:
        team = self._team(seed)
        members = list(team.students)
        if members:
            stage_leader(self.room.category(), team, random.Random(seed).choice(members))

    @rule(seed=SEEDS)
    def delete_here(self, seed: int) -> None:
        if len(self._teams()) > 3:
            stage_deletion(self.room.category(), [self._team(seed)], by=teacher())

    # --- what others do in Canvas -----------------------------------------------------------------

    @rule(seed=SEEDS)
    def switch_in_canvas(self, seed: int) -> None:
        chance = random.Random(seed)
        group = chance.choice(self._groups())
        self.room.act("change_group", group=group, max_membership=9)
        self.room.act("switch_group", user=chance.choice(self._enrolled()), group=group)

    @rule(seed=SEEDS)
    def leave_in_canvas(self, seed: int) -> None:
        user = random.Random(seed).choice(self._enrolled())
        self.room.act("leave_set", user=user, category=self.room.category().canvas_id)

    @rule(seed=SEEDS)
    def drop_out(self, seed: int) -> None:
        enrolled = self._enrolled()
        if len(enrolled) > 15:
            user = random.Random(seed).choice(enrolled)
            self.room.act("drop_student", course=self.sandbox.course, user=user)

    @rule()
    def late_add(self) -> None:
        self.room.act("add_student", course=self.sandbox.course)

    @rule(named_as_here=st.booleans())
    def new_group_in_canvas(self, named_as_here: bool) -> None:
        self.names += not named_as_here
        self.room.act(
            "create_group", category=self.room.category().canvas_id, name=f"New {self.names}"
        )

    @rule(seed=SEEDS)
    def rename_in_canvas(self, seed: int) -> None:
        self.names += 1
        group = random.Random(seed).choice(self._groups())
        self.room.act("change_group", group=group, name=f"Canvas {self.names}")

    @rule(seed=SEEDS)
    def delete_in_canvas(self, seed: int) -> None:
        groups = self._groups()
        if len(groups) > 3:
            self.room.act("delete_group", group=random.Random(seed).choice(groups))

    @rule(limit=st.sampled_from([None, 4, 5, 7]))
    def change_limit(self, limit: int | None) -> None:
        self.room.act("change_set", category=self.room.category().canvas_id, group_limit=limit)

    @rule(mode=st.sampled_from([None, "enabled", "restricted"]))
    def change_sign_up(self, mode: str | None) -> None:
        self.room.act("change_set", category=self.room.category().canvas_id, self_signup=mode)

    # --- syncs and pushes -------------------------------------------------------------------------

    @rule()
    def sync(self) -> None:
        before = self._pending()
        self.room.sync()
        self._assert_wishes_kept(before, but=set())

    @rule(
        side=st.sampled_from([None, Side.OURS, Side.CANVAS]),
        fault=st.sampled_from([None, None, *FAULTS]),
        after=st.integers(0, 12),
        bulk=st.sampled_from([None, 4]),
    )
    def push(self, side: Side | None, fault: str | None, after: int, bulk: int | None) -> None:
        row = self._plan(settle_all=side, import_from=bulk)
        if row is None:
            return
        if fault:
            self.sandbox.fault(fault, after=after, status=502)
        self._apply(row)
        self.sandbox.clear_faults()

    @rule(step=st.integers(0, 14), bulk=st.sampled_from([None, 4]), sync_first=st.booleans())
    def push_that_is_killed_and_resumed(
        self, step: int, bulk: int | None, sync_first: bool
    ) -> None:
        row = self._plan(settle_all=Side.OURS, import_from=bulk)
        if row is None:
            return
        before, named, wishes = self._truth(), self._named(), self._pending()
        self._die(row, step)
        if sync_first:
            self.room.sync()
        row.refresh_from_db()
        if can_be_resumed(row) or row.state == GroupPlan.State.READY:
            self._apply(row, before=before, named=named, wishes=wishes)

    @precondition(lambda self: self.undoable is not None)
    @rule()
    def undo(self) -> None:
        assert self.undoable is not None
        row, before, after = self.undoable
        self.undoable = None
        if self._truth() != after:
            return
        made = perform_sync(self.room.integration, make_undo(row, by=teacher()))
        refused = plan_of(made).refused
        report = self._apply(made)
        if report and report.verified and not refused and not plan_of(made).warnings:
            assert self._named() == before

    # --- what must hold ---------------------------------------------------------------------------

    @invariant()
    def nobody_is_in_two_teams(self) -> None:
        rows = self._memberships()
        assert len(rows) == len({user for user, _group in rows})

    @invariant()
    def nobody_is_wanted_in_a_team_that_is_gone(self) -> None:
        gone = Team.objects.filter(team_set=self._set(), gone_at__isnull=False)
        rows = TeamMembership.objects.filter(until=None, team__in=gone)
        assert not [(row.student.name, row.team.name) for row in rows]

    def teardown(self) -> None:
        try:
            self._end_well()
        finally:
            self.sandbox.stop()

    def _end_well(self) -> None:
        """Once all is calm, what is wanted gets to Canvas, but for what it would refuse."""
        self.sandbox.clear_faults()
        self.room.act(
            "change_set",
            category=self.room.category().canvas_id,
            group_limit=None,
            self_signup=None,
        )
        self.room.sync()
        for _round in range(2):
            row = self._plan(settle_all=Side.OURS)
            assert row is not None
            self._apply(row)
        last = self.room.plan(settle_all=Side.OURS)
        assert plan_of(last).is_empty, plan_of(last).operations
        refused = {one.user_id for one in plan_of(last).refused}
        group_of = dict(self.room.category().groups.values_list("team_id", "canvas_id"))
        wanted = {user: group_of.get(team) for user, team in self._wanted().items()}
        truth = self._truth()
        for user in wanted.keys() | truth.keys():
            same = user in refused or wanted.get(user) == truth.get(user)
            assert same, (user, wanted.get(user), truth.get(user), plan_of(last).refused)

    # --- helpers ----------------------------------------------------------------------------------

    def _plan(self, **wishes: object) -> GroupPlan | None:
        before = self._pending()
        try:
            row = self.room.plan(**wishes)
        except PushRefused:  # too many gone at once: a sync, agreed to, comes first
            self.room.sync()
            return None
        self._assert_wishes_kept(before, but=set())
        return row

    def _apply(
        self,
        row: GroupPlan,
        *,
        before: dict[int, int] | None = None,
        named: dict[int, str] | None = None,
        wishes: dict[int, int | None] | None = None,
    ) -> Report | None:
        """Apply, and check that Canvas changed where the plan says so, and nowhere else."""
        before = self._truth() if before is None else before
        wishes = self._pending() if wishes is None else wishes
        named = self._named() if named is None else named
        try:
            report = perform_sync(self.room.integration, apply_plan(row, by=teacher(), yes=True))
        except CanvasError:
            report = None
        made, after = plan_of(row), self._truth()
        touched = {one.user_id for one in made.operations}
        for user in before.keys() | after.keys():
            assert user in touched or before.get(user) == after.get(user), user
        settled = {one.user_id for one in made.conflicts if one.settled is Side.CANVAS}
        if not any(one.team and one.settled is Side.CANVAS for one in made.conflicts):
            self._assert_wishes_kept(wishes, but=settled)
        if report and report.verified and made.operations:
            self.undoable = (row, named, after)
        return report

    def _die(self, row: GroupPlan, step: int) -> None:
        """Carry the plan out up to a request, and never come back; the run looks alone."""
        talk = apply_plan(row, by=teacher(), yes=True).start()
        never_closed(talk)
        with BlockingClient(self.room.integration) as client:
            turn = advance(talk)
            for _number in range(step):
                if isinstance(turn, Ended):
                    return
                turn = advance(talk, client._answer(turn))
            if not isinstance(turn, Ended):
                client._answer(turn)  # it reaches Canvas; nobody hears the answer
        long_ago = timezone.now() - timedelta(minutes=5)
        SyncRun.objects.filter(group_plans=row).update(heartbeat_at=long_ago)

    def _wanted(self) -> dict[int, int]:
        """Where people are wanted: person -> team."""
        rows = TeamMembership.objects.filter(team_set=self._set(), until=None)
        return dict(rows.values_list("student__canvas_user__canvas_id", "team_id"))

    def _pending(self) -> dict[int, int | None]:
        """Wishes that Canvas has not got: person -> team."""
        rows = self.room.category().placements
        agreed = dict(rows.values_list("user__canvas_id", "agreed_team_id"))
        wanted = self._wanted()
        return {
            user: wanted.get(user)
            for user in agreed.keys() | wanted.keys()
            if wanted.get(user) != agreed.get(user)
        }

    def _assert_wishes_kept(self, before: dict[int, int | None], *, but: set[int | None]) -> None:
        wanted = self._wanted()
        for user, team in before.items():
            assert user in but or wanted.get(user) == team, (user, team, wanted.get(user))

    def _memberships(self) -> list[tuple[int, int]]:
        """(person, group) as Canvas has them."""
        groups = set(self._groups())
        rows = self.sandbox.truth(submissions=False)["memberships"]
        return [(one["user_id"], one["group_id"]) for one in rows if one["group_id"] in groups]

    def _truth(self) -> dict[int, int]:
        """Who is in which group: person -> group."""
        return dict(self._memberships())

    def _named(self) -> dict[int, str]:
        """Who is in which group: person -> the group's name."""
        groups = self.sandbox.truth(submissions=False)["groups"]
        names = {one["id"]: one["name"] for one in groups}
        return {user: names[group] for user, group in self._truth().items()}

    def _set(self) -> TeamSet:
        return self.room.category().team_set

    def _teams(self) -> list[Team]:
        return list(Team.objects.filter(team_set=self._set(), gone_at=None).order_by("pk"))

    def _team(self, seed: int) -> Team:
        return random.Random(seed).choice(self._teams())

    def _students(self) -> list[Student]:
        here = CanvasUser.objects.filter(
            enrollments__course=self.room.course,
            enrollments__gone_at=None,
            enrollments__type="StudentEnrollment",
            enrollments__enrollment_state="active",
            student__isnull=False,
        ).distinct()
        return [user.student for user in here.order_by("canvas_id").select_related("student")]

    def _enrolled(self) -> list[int]:
        """Active students as Canvas has them now."""
        truth = self.sandbox.truth(submissions=False)["enrollments"]
        return sorted(
            {
                one["user_id"]
                for one in truth
                if one["type"] == "StudentEnrollment" and one["enrollment_state"] == "active"
            }
        )

    def _groups(self) -> list[int]:
        truth = self.sandbox.truth(submissions=False)["groups"]
        category = self.room.category().canvas_id
        return sorted(one["id"] for one in truth if one["group_category_id"] == category)


def never_closed(talk: object) -> None:
    """As in a process that was killed, nothing of the talk runs any more, not even at the end."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(talk))


def live(*, lives: int, steps: int, always_the_same: bool) -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=lives,
            stateful_step_count=steps,
            deadline=None,
            derandomize=always_the_same,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            # A life takes seconds: to shrink a failure would take an hour.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )


def test_five_lives_of_forty_steps(db):
    live(lives=5, steps=40, always_the_same=True)


@pytest.mark.slow
def test_fifty_lives_of_forty_steps(db):
    live(lives=50, steps=40, always_the_same=False)
