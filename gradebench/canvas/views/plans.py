"""The review of a plan: what would change, what stays out, whose side wins; then apply, undo, drop."""

import msgspec
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from gradebench.canvas.models import GroupPlan
from gradebench.canvas.push.background import ask_to_apply
from gradebench.canvas.push.plan import Plan, Side
from gradebench.canvas.push.storing import Wishes, drop, make_plan, plan_of, revise
from gradebench.canvas.push.undoing import make_undo
from gradebench.canvas.sync_utils import perform_sync
from gradebench.canvas.views.course_pages import course_page
from gradebench.canvas.views.group_moves_answers import groups_address, tells_refusals
from gradebench.canvas.views.owned import SignedInRequest, owned_plan, owned_set
from gradebench.canvas.views.plans_shown import shown

READY = GroupPlan.State.READY
REVIEWED = "Planned for a review"
SIDES = {"ours": Side.OURS, "canvas": Side.CANVAS}
ALL = "all"


@require_POST
@tells_refusals
def plan_set(request: SignedInRequest, pk: int, set_pk: int) -> HttpResponse:
    """Read the set from Canvas and plan what is wanted here; an older plan that waits is dropped."""
    category = owned_set(request, pk, set_pk)
    edit = make_plan(category, by=request.user, because=REVIEWED)
    row = perform_sync(category.course.integration, edit)
    for older in category.plans.filter(state=READY, pk__lt=row.pk):
        drop(older)
    return redirect("plan", pk=pk, plan_pk=row.pk)


@require_GET
@never_cache
def plan_page(request: SignedInRequest, pk: int, plan_pk: int) -> HttpResponse:
    """The plan by group or by student; once it was applied, what came of it."""
    row = owned_plan(request, pk, plan_pk)
    view = "people" if request.GET.get("view") == "people" else "groups"
    facts = shown(row)
    # Rows that were left out are told by deciding anew: there the count beside the tab is too much.
    frame = {"drift": None} if facts["left_out"] else {}
    context = course_page(row.category.course, "groups", **facts, **frame, view=view)
    return render(request, "canvas/plan.html", context)


@require_GET
def plan_json(request: SignedInRequest, pk: int, plan_pk: int) -> HttpResponse:
    """The plan and its report as a file to keep."""
    row = owned_plan(request, pk, plan_pk)
    made = msgspec.to_builtins(plan_of(row))
    body = {
        "plan_id": row.pk,
        "state": row.state,
        "set": row.category.name,
        "set_id": row.category.canvas_id,
        "made_at": row.made_at,
        "made_by": row.made_by.get_username() if row.made_by else None,
        **made,
        "report": msgspec.json.decode(row.report) if row.report else None,
    }
    answer = JsonResponse(body, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="plan-{row.pk}.json"'
    return answer


@require_POST
@tells_refusals
def leave_out(request: SignedInRequest, pk: int, plan_pk: int) -> HttpResponse:
    """POST row=… (many), out=1 or 0: these rows stay as Canvas has them, or are taken in again."""
    row = owned_plan(request, pk, plan_pk)
    made, rows = plan_of(row), frozenset(request.POST.getlist("row"))
    out = frozenset(made.left_out)
    out = out - rows if request.POST.get("out") == "0" else out | rows
    revise(row, Wishes(leave_out=out, settled=_settled(made)))
    return _to_plan(request, row)


@require_POST
@tells_refusals
def settle(request: SignedInRequest, pk: int, plan_pk: int) -> HttpResponse:
    """POST row=… or row=all, side=ours, canvas or open: whose answer wins a conflict."""
    row = owned_plan(request, pk, plan_pk)
    made = plan_of(row)
    settled = _settled(made)
    wanted = request.POST.get("row", "")
    side = SIDES.get(request.POST.get("side", ""))
    for conflict in made.conflicts:
        if wanted in (ALL, conflict.row):
            settled.pop(conflict.row, None)
            if side is not None:
                settled[conflict.row] = side
    revise(row, Wishes(leave_out=frozenset(made.left_out), settled=settled))
    return _to_plan(request, row)


@require_POST
@tells_refusals
def apply(request: SignedInRequest, pk: int, plan_pk: int) -> HttpResponse:
    """Ask a worker to apply the plan, or to go on with it, and show the run. yes=1: removals are meant."""
    row = owned_plan(request, pk, plan_pk)
    run = ask_to_apply(row, by=request.user, yes=request.POST.get("yes") == "1")
    return redirect("run", pk=run.pk)


@require_POST
@tells_refusals
def undo(request: SignedInRequest, pk: int, plan_pk: int) -> HttpResponse:
    """Plan the set as it was before the plan; the undo is reviewed like any other."""
    row = owned_plan(request, pk, plan_pk)
    made = perform_sync(row.category.course.integration, make_undo(row, by=request.user))
    return redirect("plan", pk=pk, plan_pk=made.pk)


@require_POST
def drop_plan(request: SignedInRequest, pk: int, plan_pk: int) -> HttpResponse:
    """Put a plan aside that waits; what is wanted here stays wanted."""
    row = owned_plan(request, pk, plan_pk)
    if drop(row):
        messages.info(request, "The plan is dropped. Your changes stay here, and nothing was sent.")
    return redirect(groups_address(row.category))


def _settled(made: Plan) -> dict[str, Side]:
    return {one.row: one.settled for one in made.conflicts if one.settled is not None}


def _to_plan(request: SignedInRequest, row: GroupPlan) -> HttpResponse:
    view = "?view=people" if request.POST.get("view") == "people" else ""
    answer = redirect("plan", pk=row.category.course_id, plan_pk=row.pk)
    answer["Location"] += view
    return answer
