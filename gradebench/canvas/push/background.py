"""Pushes that a worker carries out while a page shows their progress."""

from django.contrib.auth.models import User

from gradebench.canvas import runs
from gradebench.canvas.api.errors import CanvasError
from gradebench.canvas.edits.talk import Edit, Talk
from gradebench.canvas.models import GroupPlan, SyncRun
from gradebench.canvas.push.applying import apply_plan
from gradebench.canvas.push.running import can_be_resumed, outcome_of
from gradebench.canvas.push.storing import plan_of
from gradebench.canvas.push.trouble import Busy, NeedsYes, NotApplicable

State = GroupPlan.State


def ask_to_apply(row: GroupPlan, *, by: User | None, yes: bool = False) -> SyncRun:
    """Ask a worker to apply the plan, and return the run to follow.

    Raises NeedsYes, NotApplicable, Busy.
    """
    if row.state != State.READY and not can_be_resumed(row):
        raise NotApplicable(f"The plan is not ready: {row.get_state_display().lower()}.")
    made = plan_of(row)
    if made.needs_yes and not (yes or row.yes):
        raise NeedsYes(made.removals)
    run = runs.ask(row.category.course, by=by, kind=SyncRun.Kind.PUSH)
    if run.group_plans.exclude(pk=row.pk).exists():
        raise Busy("Another push of this course waits or is being applied.")
    GroupPlan.objects.filter(pk=row.pk).update(run=run, yes=yes or row.yes)
    return run


def carry_out_push(run: SyncRun) -> Edit[runs.Outcome]:
    """Apply the plan of a run that this worker has claimed, or go on with it."""

    def talk() -> Talk[runs.Outcome]:
        row = run.group_plans.select_related("category__course__integration").first()
        if row is None:
            summary = "There is no plan to apply any more."
            return runs.Outcome(state=SyncRun.State.FAILED, summary=summary)
        try:
            report = yield from apply_plan(row, by=run.asked_by, claimed=run).start()
        except CanvasError as error:
            return runs.Outcome(state=SyncRun.State.FAILED, summary=str(error))
        return outcome_of(report)

    return Edit(talk)
