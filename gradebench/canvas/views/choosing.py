"""Which courses are kept in sync."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gradebench.canvas import runs
from gradebench.canvas.models import CanvasCourse
from gradebench.canvas.views.dashboard import matches
from gradebench.canvas.views.owned import SignedInRequest, own_courses


@require_http_methods(["GET", "POST"])
def choose_courses(request: SignedInRequest) -> HttpResponse:
    """All courses of all accounts, to be ticked; saving may start the first syncs at once.

    ?q= lists those alone that have these words, and saving changes none but the listed ones.
    """
    words = request.GET.get("q", "").strip()
    everything = list(own_courses(request).filter(gone_at=None))
    listed = [course for course in everything if matches(course, words)]
    if request.method == "POST":
        ticked = {int(one) for one in request.POST.getlist("course") if one.isdecimal()}
        return _saved(request, choose(listed, ticked))
    context = {
        "place": "courses",
        "courses": everything,
        "listed": listed,
        "q": words,
        "first_time": not any(course.chosen for course in everything),
    }
    return render(request, "canvas/choose_courses.html", context)


def choose(courses: list[CanvasCourse], ticked: set[int]) -> list[CanvasCourse]:
    """Make exactly the ticked ones of these courses the chosen ones, and return them."""
    ids = [course.pk for course in courses]
    of_these = CanvasCourse.objects.filter(pk__in=ids)
    with transaction.atomic():
        of_these.filter(pk__in=ticked).update(chosen=True)
        of_these.exclude(pk__in=ticked).update(chosen=False)
    return [course for course in courses if course.pk in ticked]


def _saved(request: SignedInRequest, chosen: list[CanvasCourse]) -> HttpResponse:
    if "sync" in request.POST:
        for course in chosen:
            if course.synced_at is None and not course.access_restricted_by_date:
                runs.ask(course, by=request.user)
    kept = own_courses(request).filter(gone_at=None, chosen=True).count()
    count = f"{kept} course{'' if kept == 1 else 's'}"
    messages.success(request, f"GradeBench now keeps {count} in sync.")
    return redirect("dashboard")
