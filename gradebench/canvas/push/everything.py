"""Brings all team sets of a course to Canvas as they are wanted here, one plan for each."""

from gradebench.canvas.api.errors import CanvasError
from gradebench.canvas.edits.find import find_course
from gradebench.canvas.edits.talk import Edit, Talk
from gradebench.canvas.models import CanvasGroupCategory, CanvasIntegration, GroupPlan
from gradebench.canvas.push.applying import apply_plan
from gradebench.canvas.push.report import Report
from gradebench.canvas.push.storing import make_plan
from gradebench.canvas.push.trouble import NeedsYes

WAITS = "waits"


def push_everything(
    integration: CanvasIntegration, course_id: int, *, yes: bool = False
) -> Edit[list[Report]]:
    """Plan and apply every set of the course in which people form teams.

    `yes` agrees to taking many people out of their groups; without it such a set waits, with its
    plan stored and nothing written, and its report says so. What concerns one set alone is told in
    its report; raises what concerns them all.
    """

    def talk() -> Talk[list[Report]]:
        course = yield from find_course(integration, course_id)
        rows = CanvasGroupCategory.objects.filter(
            course=course, gone_at=None, team_set__isnull=False, protected=False
        ).select_related("course__integration", "team_set")
        reports: list[Report] = []
        for category in rows:
            if category.forms_teams:
                report = yield from _push_one(category, integration, yes=yes)
                reports.append(report)
        return reports

    return Edit(talk)


def _push_one(
    category: CanvasGroupCategory, integration: CanvasIntegration, *, yes: bool
) -> Talk[Report]:
    """One set that cannot be pushed does not keep the others from it."""
    try:
        return (yield from push_set(category, integration, yes=yes).start())
    except CanvasError as error:
        if error.stops_all:
            raise
        return Report(plan_id=None, state=GroupPlan.State.FAILED, summary=str(error))


def push_set(
    category: CanvasGroupCategory, integration: CanvasIntegration, *, yes: bool = False
) -> Edit[Report]:
    """Plan one set afresh and apply the plan at once."""

    def talk() -> Talk[Report]:
        by = integration.user
        row = yield from make_plan(category, by=by, because="Push memberships").start()
        try:
            return (yield from apply_plan(row, by=by, yes=yes).start())
        except NeedsYes as error:
            return Report(plan_id=row.pk, state=WAITS, summary=str(error))

    return Edit(talk)
