"""Group sets and groups: made, changed and deleted, in Canvas when the view answers.

Groups of a set whose edits wait for a review are changed here alone, and pushed by its next plan.
"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from gradebench.canvas.api.errors import CanvasError
from gradebench.canvas.edits.refusals import NameRefused
from gradebench.canvas.forms import GroupForm, GroupSetForm, NewGroupForm
from gradebench.canvas.models import CanvasGroupCategory
from gradebench.canvas.push.single import Outcome, add_teams, lead_team, remove_teams, rename_team
from gradebench.canvas.push.staging import team_set_of
from gradebench.canvas.sync_utils import (
    create_group_category_sync,
    delete_group_category_sync,
    perform_sync,
    update_group_category_sync,
)
from gradebench.canvas.views.course_pages import course_page
from gradebench.canvas.views.group_edits_answers import done, put_on_form, told
from gradebench.canvas.views.group_edits_hanging import hanging_on_set, hanging_on_team
from gradebench.canvas.views.group_moves_answers import (
    back,
    posted,
    tells_refusals,
    wants_json,
    wrong_form,
)
from gradebench.canvas.views.owned import SignedInRequest, owned_course, owned_set, team_of
from gradebench.core import people
from gradebench.core.models import Student, Team


@require_http_methods(["GET", "POST"])
@tells_refusals
def create_group_set(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET shows the form; POST {name, group_limit, self_signup, auto_leader} makes the set."""
    course = owned_course(request, pk)
    form = GroupSetForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            category = create_group_category_sync(
                course.integration, course.canvas_id, **form.settings()
            )
        except CanvasError as error:
            put_on_form(form, error)
        else:
            return done(request, category, f"The group set “{category}” is in Canvas now.")
    if request.method == "POST" and wants_json(request):
        return wrong_form(form)
    context = course_page(course, "groups", form=form, back_to=reverse("groups", args=[pk]))
    return render(request, "canvas/set_form.html", context)


@require_http_methods(["GET", "POST"])
@tells_refusals
def edit_group_set(request: SignedInRequest, pk: int, set_pk: int) -> HttpResponse:
    """GET shows the set as it was read last; POST changes it in Canvas."""
    category = owned_set(request, pk, set_pk)
    form = GroupSetForm.of(category, posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.settings()
        changed = {field: given[field] for field in form.changed_data}
        try:
            category = update_group_category_sync(
                category.course.integration, category.canvas_id, **changed
            )
        except CanvasError as error:
            put_on_form(form, error)
        else:
            return done(request, category, f"“{category}” is changed in Canvas.")
    if request.method == "POST" and wants_json(request):
        return wrong_form(form)
    context = course_page(category.course, "groups", category=category, form=form)
    return render(request, "canvas/set_form.html", context)


@require_http_methods(["GET", "POST"])
@tells_refusals
def delete_group_set(request: SignedInRequest, pk: int, set_pk: int) -> HttpResponse:
    """GET asks, and says what hangs on the set; POST deletes it in Canvas."""
    category = owned_set(request, pk, set_pk)
    if request.method == "POST":
        delete_group_category_sync(category.course.integration, category.canvas_id)
        groups = reverse("groups", args=[pk])
        return done(request, category, f"“{category}” is deleted in Canvas.", to=groups)
    context = course_page(
        category.course, "groups", category=category, hanging=hanging_on_set(category)
    )
    return render(request, "canvas/set_delete.html", context)


@require_http_methods(["GET", "POST"])
@tells_refusals
def create_group(request: SignedInRequest, pk: int, set_pk: int) -> HttpResponse:
    """GET shows the form; POST {name} makes a group."""
    category = owned_set(request, pk, set_pk)
    form = NewGroupForm(posted(request))
    if request.method == "POST" and form.is_valid():
        edit = add_teams(category, [form.cleaned_data["name"]], by=request.user)
        try:
            return told(request, category, [perform_sync(category.course.integration, edit)])
        except NameRefused as error:
            put_on_form(form, error)
    if request.method == "POST" and wants_json(request):
        return wrong_form(form)
    context = course_page(category.course, "groups", category=category, form=form)
    return render(request, "canvas/group_form.html", context)


@require_http_methods(["GET", "POST"])
@tells_refusals
def edit_group(request: SignedInRequest, pk: int, set_pk: int, team_pk: int) -> HttpResponse:
    """GET shows the form; POST {name, leader} renames the group and says who leads it."""
    category = owned_set(request, pk, set_pk)
    team = team_of(category, team_pk)
    form = GroupForm.of(team, posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            return told(request, category, _change(request, category, team, form))
        except NameRefused as error:
            put_on_form(form, error)
    if request.method == "POST" and wants_json(request):
        return wrong_form(form)
    context = course_page(category.course, "groups", category=category, team=team, form=form)
    return render(request, "canvas/group_form.html", context)


@require_http_methods(["GET", "POST"])
@tells_refusals
def delete_group(request: SignedInRequest, pk: int, set_pk: int, team_pk: int) -> HttpResponse:
    """GET asks, and says what hangs on the group; POST deletes it."""
    category = owned_set(request, pk, set_pk)
    team = team_of(category, team_pk)
    if request.method == "POST":
        edit = remove_teams(category, [team], by=request.user)
        return told(request, category, [perform_sync(category.course.integration, edit)])
    context = course_page(
        category.course,
        "groups",
        category=category,
        team=team,
        hanging=hanging_on_team(category, team),
    )
    return render(request, "canvas/group_delete.html", context)


@require_POST
@tells_refusals
def choose_policy(request: SignedInRequest, pk: int, set_pk: int) -> HttpResponse:
    """POST wait=1: single edits of the set wait for a review; without it they go out at once."""
    category = owned_set(request, pk, set_pk)
    team_set = team_set_of(category)
    waits = request.POST.get("wait") == "1"
    people.let_edits_wait(team_set, wait=waits)
    messages.success(
        request,
        f"Edits of “{category}” wait here until you have reviewed them."
        if waits
        else f"Edits of “{category}” go to Canvas at once. What waits already is not sent by that.",
    )
    return back(request, category)


def _change(
    request: SignedInRequest, category: CanvasGroupCategory, team: Team, form: GroupForm
) -> list[Outcome]:
    """Only what the form changed; each is an edit of its own."""
    outcomes: list[Outcome] = []
    integration = category.course.integration
    if "name" in form.changed_data:
        edit = rename_team(category, team, form.cleaned_data["name"], by=request.user)
        outcomes.append(perform_sync(integration, edit))
    if "leader" in form.changed_data:
        leader: Student | None = form.cleaned_data["leader"]
        team.refresh_from_db()
        outcomes.append(
            perform_sync(integration, lead_team(category, team, leader, by=request.user))
        )
    return outcomes
