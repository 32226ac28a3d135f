"""The first page: the chosen courses, how they stand, and what needs attention."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from gradebench.canvas import runs
from gradebench.canvas.models import CanvasCourse, CanvasIntegration, SyncRun
from gradebench.canvas.progress import Snapshot, SyncProgress
from gradebench.canvas.views.course_states import CourseRow, rows_of
from gradebench.canvas.views.drift import drift_of
from gradebench.canvas.views.owned import SignedInRequest, own_courses, own_integrations

# What one can look at: the word of the address, and the words of the page.
SHOWN = {
    "all": "All",
    "attention": "Needs attention",
    "drift": "Differs from Canvas",
    "syncing": "Syncing",
}


@dataclass(frozen=True, kw_only=True)
class ShowLink:
    """A filter of the list with the number of courses behind it."""

    key: str
    text: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Something at the top of the page that waits for a person."""

    kind: str
    text: str
    todo: str
    link_url: str
    link_text: str


@require_GET
def dashboard(request: SignedInRequest) -> HttpResponse:
    """The chosen courses with term, people, last sync, state and drift; filtered and searched."""
    integrations = list(own_integrations(request))
    everything = rows_of(own_courses(request)) if integrations else []
    rows = _with_drift([row for row in everything if row.kept])
    show, words = request.GET.get("show", "all"), request.GET.get("q", "").strip()
    context = {
        "place": "courses",
        "integrations": integrations,
        "several": len(integrations) > 1,
        "rows": rows,
        "listed": [row for row in rows if belongs(row, show) and matches(row.course, words)],
        "shows": [
            ShowLink(key=key, text=text, count=sum(belongs(row, key) for row in rows))
            for key, text in SHOWN.items()
        ],
        "show": show if show in SHOWN else "all",
        "q": words,
        "others": sum(not row.kept and row.course.gone_at is None for row in everything),
        "troubles": troubles(integrations, rows),
        "syncing": _ids_of_syncing(rows),
    }
    return render(request, "canvas/dashboard.html", context)


@require_GET
def live_states(request: SignedInRequest) -> HttpResponse:
    """How the courses stand that were syncing a moment ago; the page asks every second."""
    asked = [int(one) for one in request.GET.getlist("course") if one.isdecimal()]
    rows = rows_of(own_courses(request).filter(pk__in=asked))
    context = {
        "rows": [(row, _snapshot(row)) for row in rows],
        "syncing": _ids_of_syncing(rows),
    }
    return render(request, "canvas/parts/live_states.html", context)


@require_POST
def sync_courses(request: SignedInRequest) -> HttpResponse:
    """Ask for syncs of the ticked courses, or of all that the page shows."""
    courses = own_courses(request).filter(gone_at=None)
    if "ticked" in request.POST:
        ticked = [int(one) for one in request.POST.getlist("course") if one.isdecimal()]
        courses = courses.filter(pk__in=ticked)
    wanted = [row.course for row in rows_of(courses) if row.kept]
    asked = [runs.ask(course, by=request.user, full="full" in request.POST) for course in wanted]
    if len(asked) == 1:
        return redirect("run", pk=asked[0].pk)
    if not asked:
        messages.info(request, "No course was ticked, so nothing was started.")
    return redirect("dashboard")


def belongs(row: CourseRow, show: str) -> bool:
    """Whether the filter keeps the course."""
    match show:
        case "attention":
            return row.asks or (row.drift is not None and row.drift.conflicts > 0)
        case "drift":
            return row.drift is not None
        case "syncing":
            return row.syncing
    return True


def matches(course: CanvasCourse, words: str) -> bool:
    """Whether every word stands in the course's name, code or term, or in its account's name."""
    named = (str(course), course.course_code or "", course.term_name or "", str(course.integration))
    text = " ".join(named).casefold()
    return all(word in text for word in words.casefold().split())


def chosen_or_all(courses: "QuerySet[CanvasCourse]") -> "QuerySet[CanvasCourse]":
    """What “all” means: the chosen courses, or every open one while none was chosen."""
    chosen = courses.filter(chosen=True)
    return chosen if chosen.exists() else courses.filter(access_restricted_by_date=False)


def troubles(integrations: Sequence[CanvasIntegration], rows: Sequence[CourseRow]) -> list[Trouble]:
    """What needs a person: accounts that Canvas refuses, syncs that failed or wait for a yes."""
    broken = [_broken(one) for one in integrations if one.problem]
    asking = [(row, row.run) for row in rows if row.run is not None and row.asks]
    return broken + [_ended_badly(row, run) for row, run in asking]


_ASKS = {
    SyncRun.State.FAILED: "See what happened",
    SyncRun.State.WAITS: "Look at what would be removed",
}


def _broken(integration: CanvasIntegration) -> Trouble:
    return Trouble(
        kind="error",
        text=f"{integration}: {integration.problem}",
        todo="",
        link_url=reverse("replace_token", args=[integration.pk]),
        link_text="Enter a new token",
    )


def _ended_badly(row: CourseRow, run: SyncRun) -> Trouble:
    return Trouble(
        kind=row.state.kind,
        text=f"{row.course}: {row.state.word.lower()}",
        todo=run.summary,
        link_url=reverse("run", args=[run.pk]),
        link_text=_ASKS[SyncRun.State(run.state)],
    )


def _with_drift(rows: Sequence[CourseRow]) -> list[CourseRow]:
    drifts = drift_of(row.course for row in rows)
    return [replace(row, drift=drifts.get(row.course.pk)) for row in rows]


def _ids_of_syncing(rows: Sequence[CourseRow]) -> list[int]:
    return [row.course.pk for row in rows if row.syncing]


def _snapshot(row: CourseRow) -> Snapshot | None:
    return SyncProgress.read(row.run) if row.run is not None and row.syncing else None
