"""A run's page: a bar that moves, what came of it, and what a person can do about it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from gradebench.canvas import runs
from gradebench.canvas.models import GroupPlan, SyncRun
from gradebench.canvas.progress import SyncProgress
from gradebench.canvas.push.background import ask_to_apply
from gradebench.canvas.push.running import can_be_resumed
from gradebench.canvas.views.course_pages import course_page, page_of, wants_fragment
from gradebench.canvas.views.course_states import RUN_KINDS
from gradebench.canvas.views.group_moves_answers import tells_refusals
from gradebench.canvas.views.held import held_back
from gradebench.canvas.views.owned import SignedInRequest, owned_course, owned_run
from gradebench.canvas.views.words import heading

NO_PLAN = "This push has no plan of its own any more: a later one went on with it."
REVIEW = "To push what is wanted now, review the set on the page of the groups."


@require_GET
@never_cache
@vary_on_headers("HX-Request")
def run_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """One run, live while it works; the part that moves asks for itself again every second."""
    run = owned_run(request, pk)
    snapshot = SyncProgress.read(run)
    plan = run.group_plans.first() if run.kind == SyncRun.Kind.PUSH else None
    context = {
        "place": "courses",
        "course": run.course,
        "run": run,
        "kind": RUN_KINDS[SyncRun.State(run.state)],
        "now": snapshot,
        "steps": [(heading(step["name"]), step) for step in snapshot["steps"]],
        "counts": [(heading(kind), figures) for kind, figures in run.ordered_counts.items()],
        "held": held_back(run) if run.state == SyncRun.State.WAITS else [],
        "bar_label": f"How far the {run.get_kind_display().lower()} is",
        "plan": plan,
        "can_go_on": run.finished and plan is not None and can_go_on(plan),
        "no_plan": NO_PLAN,
        "newer": run.course.runs.filter(kind=run.kind, pk__gt=run.pk).first(),
    }
    fragment = "canvas/parts/run_body.html" if wants_fragment(request) else None
    return render(request, fragment or "canvas/run.html", context)


@require_POST
def cancel_run(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask the run to stop at its next safe place."""
    runs.cancel(owned_run(request, pk))
    return redirect("run", pk=pk)


@require_POST
@tells_refusals
def run_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for another sync of the course; a push goes on with its plan, if anything is left of it."""
    run = owned_run(request, pk)
    if run.kind == SyncRun.Kind.PUSH:
        return _push_on(request, run)
    again = runs.ask(run.course, by=request.user, full="full" in request.POST)
    return redirect("run", pk=again.pk)


def _push_on(request: SignedInRequest, run: SyncRun) -> HttpResponse:
    plan = run.group_plans.select_related("category__course__integration").first()
    if plan is None:
        messages.error(request, f"{NO_PLAN} {REVIEW}")
        return redirect("run", pk=run.pk)
    if not can_go_on(plan):
        messages.info(request, f"Nothing of this plan is left to be sent. {REVIEW}")
        return redirect("plan", pk=run.course_id, plan_pk=plan.pk)
    return redirect("run", pk=ask_to_apply(plan, by=request.user).pk)


def can_go_on(plan: GroupPlan) -> bool:
    """Whether the plan waits to be applied, or was left half done."""
    return plan.state == GroupPlan.State.READY or can_be_resumed(plan)


@require_POST
def approve_run(request: SignedInRequest, pk: int) -> HttpResponse:
    """Agree to the removals at which the run stopped."""
    run = owned_run(request, pk)
    if run.state != SyncRun.State.WAITS:
        return redirect("run", pk=pk)
    return redirect("run", pk=runs.approve(run, by=request.user).pk)


@require_GET
def history(request: SignedInRequest, pk: int) -> HttpResponse:
    """All runs of a course, the newest first."""
    course = owned_course(request, pk)
    page = page_of(request, course.runs.select_related("asked_by"))
    rows = [(run, RUN_KINDS[SyncRun.State(run.state)]) for run in page]
    context = course_page(course, "history", page=page, rows=rows)
    return render(request, "canvas/history.html", context)
