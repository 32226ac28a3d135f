"""`gradebench groups plan`, `apply`, `undo` and what shows plans."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from django.utils import timezone

from gradebench.canvas.models import CanvasGroupCategory, GroupPlan
from gradebench.canvas.push.applying import apply_plan
from gradebench.canvas.push.plan import Conflict, Operation, Refused, Side
from gradebench.canvas.push.planning import IMPORT_FROM
from gradebench.canvas.push.report import Report
from gradebench.canvas.push.storing import Wishes, make_plan, plan_of
from gradebench.canvas.push.trouble import NeedsYes
from gradebench.canvas.push.undoing import make_undo
from gradebench.canvas.push.verifying import described
from gradebench.canvas.sync_utils import BlockingClient
from gradebench.cli import screen
from gradebench.cli.border import Stop
from gradebench.cli.group_sets import course_of, set_of

ALL = "all"
CODES = {"verified": 0, "remainder": 1, "failed": 2, "stale": 3, "waits": 3}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The choices that were typed: rows left out, conflicts settled (“all” for every one)."""

    leave_out: Sequence[str]
    ours: Sequence[str]
    canvas: Sequence[str]
    may_import: bool

    def wishes(self) -> Wishes:
        """As planning takes them. Raises Stop when both sides are to win everything."""
        if ALL in self.ours and ALL in self.canvas:
            raise Stop("A conflict has one winner.", "Give --ours all or --canvas all, not both.")
        settled = dict.fromkeys(self.ours, Side.OURS) | dict.fromkeys(self.canvas, Side.CANVAS)
        settle_all = settled.pop(ALL, None)
        return Wishes(
            leave_out=frozenset(self.leave_out),
            settled=settled,
            settle_all=settle_all,
            import_from=IMPORT_FROM if self.may_import else None,
        )


class ShownPlan(msgspec.Struct, kw_only=True):
    """What `groups plan --json` prints; ids are Canvas's, but for `plan_id` and teams."""

    plan_id: int
    state: str
    course_id: int
    set_id: int
    set_name: str
    fingerprint: str
    operations: tuple[Operation, ...]
    conflicts: tuple[Conflict, ...]
    refused: tuple[Refused, ...]
    left_out: tuple[str, ...]
    warnings: tuple[str, ...]
    writes: int
    removals: int
    needs_yes: bool


class ListedPlan(msgspec.Struct, kw_only=True):
    """What `groups plans --json` prints of each plan."""

    plan_id: int
    set_id: int
    set_name: str
    state: str
    because: str
    made_at: str
    made_by: str | None
    undoes: int | None
    operations: int
    writes: int


def make(
    course_id: int, set_id: int, asked: Asked, *, integration_id: int | None, as_json: bool
) -> None:
    """Make and print a plan."""
    category = set_of(course_id, set_id, integration_id=integration_id)
    integration = category.course.integration
    edit = make_plan(category, by=integration.user, because="Command line", wishes=asked.wishes())
    with BlockingClient(integration) as client:
        _print(client.perform(edit), as_json=as_json)


def show_stored(plan_id: int, *, as_json: bool) -> None:
    """Print a stored plan."""
    _print(_stored(plan_id), as_json=as_json)


def undo_stored(plan_id: int, *, as_json: bool) -> None:
    """Make and print the plan that takes a plan back."""
    row = _stored(plan_id)
    integration = row.category.course.integration
    with BlockingClient(integration) as client:
        _print(client.perform(make_undo(row, by=integration.user)), as_json=as_json)


def apply_stored(plan_id: int, *, yes: bool, as_json: bool) -> int:
    """Apply a plan, print what came of it, and return the exit code."""
    row = _stored(plan_id)
    integration = row.category.course.integration
    with BlockingClient(integration) as client:
        try:
            report = client.perform(apply_plan(row, by=integration.user, yes=yes))
        except NeedsYes as error:
            report = Report(
                plan_id=plan_id, state="waits", summary=f"{error.what} Agree with --yes."
            )
        report = msgspec.structs.replace(report, requests=client.requests)
    if as_json:
        screen.answer_json(report)
    else:
        _show_report(report)
    return CODES[report.state]


def list_plans(course_id: int, *, integration_id: int | None, as_json: bool) -> None:
    """Print the plans of a course, the latest first."""
    course = course_of(course_id, integration_id=integration_id)
    rows = GroupPlan.objects.filter(category__course=course).select_related("category", "made_by")
    listed = [_listed(row) for row in rows]
    if as_json:
        screen.answer_json(listed)
        return
    columns = ["plan", "set", "state", "changes", "writes", "made", "by", "why"]
    table = [
        [
            one.plan_id,
            one.set_name,
            one.state,
            one.operations,
            one.writes,
            one.made_at,
            one.made_by or "",
            one.because,
        ]
        for one in listed
    ]
    screen.results().print(screen.table(columns, table, numbers=["changes", "writes"]))


def _stored(plan_id: int) -> GroupPlan:
    rows = GroupPlan.objects.select_related("category__course__integration__user")
    found = rows.filter(pk=plan_id).first()
    if found is None:
        raise Stop(f"There is no plan {plan_id}.", "The plans: gradebench groups plans COURSE_ID")
    return found


def _listed(row: GroupPlan) -> ListedPlan:
    made = plan_of(row)
    return ListedPlan(
        plan_id=row.pk,
        set_id=row.category.canvas_id,
        set_name=row.category.name,
        state=row.state,
        because=row.because,
        made_at=f"{timezone.localtime(row.made_at):%Y-%m-%d %H:%M}",
        made_by=row.made_by.username if row.made_by else None,
        undoes=row.undoes_id,
        operations=len(made.operations),
        writes=len(made.writes),
    )


def _print(row: GroupPlan, *, as_json: bool) -> None:
    made = plan_of(row)
    category: CanvasGroupCategory = row.category
    shown = ShownPlan(
        plan_id=row.pk,
        state=row.state,
        course_id=category.course.canvas_id,
        set_id=category.canvas_id,
        set_name=category.name,
        fingerprint=made.fingerprint,
        operations=made.operations,
        conflicts=made.conflicts,
        refused=made.refused,
        left_out=made.left_out,
        warnings=made.warnings,
        writes=len(made.writes),
        removals=made.removals,
        needs_yes=made.needs_yes,
    )
    if as_json:
        screen.answer_json(shown)
    else:
        _show(shown)


def _show(shown: ShownPlan) -> None:
    console = screen.results()
    console.print(f"Plan {shown.plan_id} for {shown.set_name}", style="bold", markup=False)
    rows = [[one.row, described(one), one.touches or ""] for one in shown.operations]
    console.print(screen.table(["row", "change", "group work"], rows))
    for conflict in shown.conflicts:
        side = f"settled for {conflict.settled.value}" if conflict.settled else "to be settled"
        screen.say(f"Conflict {conflict.row} ({side}): {conflict.text}")
    for refused in shown.refused:
        screen.say(f"Not possible: {refused.reason}")
    for warning in shown.warnings:
        screen.say(warning)
    if not shown.operations:
        console.print("Canvas has all that is wanted here.", markup=False)
        return
    yes = " --yes" if shown.needs_yes else ""
    screen.say(
        f"{len(shown.operations)} changes in {shown.writes} writes. To make them: "
        f"gradebench groups apply {shown.plan_id}{yes}"
    )


def _show_report(report: Report) -> None:
    screen.results().print(report.summary, markup=False, soft_wrap=True)
    for one in report.unmet:
        screen.say(f"{one.text}: {one.reason}")
    for text in report.differences:
        screen.say(text)
