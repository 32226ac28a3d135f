"""A teacher with a synced course on a real sandbox Canvas, for tests told with people."""

from dataclasses import dataclass

from asgiref.sync import async_to_sync

from gradebench.canvas.client import Client
from gradebench.canvas.models import (
    CanvasCourse,
    CanvasGroupCategory,
    CanvasIntegration,
    GroupPlan,
    SyncRun,
)
from gradebench.canvas.push.applying import apply_plan
from gradebench.canvas.push.plan import Plan
from gradebench.canvas.push.report import Report
from gradebench.canvas.push.staging import stage_places
from gradebench.canvas.push.storing import Wishes, make_plan, plan_of
from gradebench.canvas.sync_utils import perform_sync
from gradebench.core.models import Student, Team, TeamMembership
from gradebench.sandbox.launch import Sandbox
from tests.people import teacher

PROJECTS = "Project Teams"


@dataclass
class Classroom:
    """The teacher's integration, the course's row, and the Canvas behind it."""

    sandbox: Sandbox
    integration: CanvasIntegration
    course: CanvasCourse

    # --- Canvas's side ----------------------------------------------------------------------------

    def truth(self, set_name: str = PROJECTS) -> dict[str, set[str]]:
        """Who is in which group, as Canvas has it: group name -> names."""
        truth = self.sandbox.truth(submissions=False)
        names = {user["id"]: user["name"] for user in truth["users"]}
        category = self.category(set_name).canvas_id
        groups = {
            one["id"]: one["name"]
            for one in truth["groups"]
            if one["group_category_id"] == category
        }
        places: dict[str, set[str]] = {name: set() for name in groups.values()}
        for one in truth["memberships"]:
            if one["group_id"] in groups:
                places[groups[one["group_id"]]].add(names[one["user_id"]])
        return places

    def act(self, verb: str, **what: object) -> dict[str, object]:
        """Somebody does something in Canvas."""
        return self.sandbox.act(verb, **what)

    def writes(self) -> list[tuple[str, str]]:
        """The writes that reached Canvas, in order."""
        return [(one.method, one.path) for one in self.sandbox.requests() if one.method != "GET"]

    # --- our side ---------------------------------------------------------------------------------

    def sync(self) -> SyncRun:
        """Sync the course."""

        async def sync() -> SyncRun:
            async with Client(self.integration) as client:
                return await client.sync_course(self.course.canvas_id, yes=True)

        run = async_to_sync(sync)()
        self.course.refresh_from_db()
        return run

    def category(self, name: str = PROJECTS) -> CanvasGroupCategory:
        """A set of the course."""
        rows = CanvasGroupCategory.objects.select_related("course__integration", "team_set")
        return rows.get(course=self.course, name=name, gone_at=None)

    def team(self, name: str, set_name: str = PROJECTS) -> Team:
        """A team of a set."""
        return Team.objects.get(team_set=self.category(set_name).team_set, name=name, gone_at=None)

    def wanted(self, set_name: str = PROJECTS) -> dict[str, set[str]]:
        """Who is wanted in which team here: team name -> names."""
        team_set = self.category(set_name).team_set
        places: dict[str, set[str]] = {
            team.name: set() for team in Team.objects.filter(team_set=team_set, gone_at=None)
        }
        rows = TeamMembership.objects.filter(team_set=team_set, until=None)
        for row in rows.select_related("team", "student"):
            places[row.team.name].add(row.student.name)
        return places

    def members(self, team: str, set_name: str = PROJECTS) -> list[Student]:
        """Who is wanted in the team, in order."""
        return list(self.team(team, set_name).students.order_by("pk"))

    def canvas_id(self, student: Student) -> int:
        """Canvas's id of the person."""
        return student.canvas_user.canvas_id

    def move(self, student: Student, team: str | None, set_name: str = PROJECTS) -> None:
        """The teacher wants the student in that team."""
        goal = None if team is None else self.team(team, set_name)
        stage_places(self.category(set_name), {student: goal}, by=teacher())

    def plan(self, set_name: str = PROJECTS, **wishes: object) -> GroupPlan:
        """Make a plan for the set."""
        edit = make_plan(
            self.category(set_name), by=teacher(), because="A test", wishes=Wishes(**wishes)
        )
        return perform_sync(self.integration, edit)

    def apply(self, row: GroupPlan, *, yes: bool = False) -> Report:
        """Apply the plan."""
        return perform_sync(self.integration, apply_plan(row, by=teacher(), yes=yes))

    def push(self, set_name: str = PROJECTS, *, yes: bool = False, **wishes: object) -> Report:
        """Plan and apply."""
        return self.apply(self.plan(set_name, **wishes), yes=yes)

    def planned(self, set_name: str = PROJECTS, **wishes: object) -> Plan:
        """A plan as a value."""
        return plan_of(self.plan(set_name, **wishes))
