"""Connecting Canvas accounts: address and token, tested on the spot."""

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from gradebench.canvas import connection
from gradebench.canvas.api.errors import CanvasError, TokenRejected, WrongAddress
from gradebench.canvas.forms import ConnectForm, TokenForm
from gradebench.canvas.models import CanvasIntegration, SyncRun
from gradebench.canvas.views.abilities import ask_at_first, shown_of_account
from gradebench.canvas.views.owned import SignedInRequest, own_integrations, owned_integration


@sensitive_post_parameters("token")
@require_http_methods(["GET", "POST"])
def setup(request: SignedInRequest) -> HttpResponse:
    """The visitor's Canvas accounts, and the form for another."""
    form = ConnectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        connected = _connect(request, form, address=values["address"], name=values["name"])
        if connected is not None:
            messages.success(request, _welcome(connected))
            _tell_what_is_missing(request, connected)
            return redirect("choose_courses")
    accounts = own_integrations(request).annotate(
        course_count=Count("courses", filter=Q(courses__gone_at=None)),
        chosen_count=Count("courses", filter=Q(courses__gone_at=None, courses__chosen=True)),
    )
    context = {
        "place": "canvas",
        "form": form,
        "accounts": [(one, shown_of_account(one)) for one in accounts.prefetch_related("courses")],
    }
    return render(request, "canvas/setup.html", context)


@sensitive_post_parameters("token")
@require_http_methods(["GET", "POST"])
def replace_token(request: SignedInRequest, pk: int) -> HttpResponse:
    """A new token for an account; the old one stays until the new one has worked."""
    integration = owned_integration(request, pk)
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        connected = _connect(request, form, address=integration.canvas_url, name=integration.name)
        if connected is not None:
            _tell_about_replacement(request, integration, connected)
            _tell_what_is_missing(request, connected)
            return redirect("setup")
    context = {"place": "canvas", "form": form, "integration": integration}
    return render(request, "canvas/replace_token.html", context)


@require_http_methods(["GET", "POST"])
def disconnect(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asks first and says what goes; then forgets the account, its token and its mirror."""
    integration = owned_integration(request, pk)
    if request.method == "POST":
        integration.delete()
        messages.success(request, f"{integration} is disconnected. Nothing was changed in Canvas.")
        return redirect("setup")
    unfinished = SyncRun.objects.filter(
        course__integration=integration, state__in=SyncRun.UNFINISHED
    )
    context = {
        "place": "canvas",
        "integration": integration,
        "courses": integration.courses.count(),
        "people": integration.people.count(),
        "unfinished": unfinished.exists(),
    }
    return render(request, "canvas/disconnect.html", context)


def _connect(
    request: SignedInRequest, form: forms.Form, *, address: str, name: str
) -> CanvasIntegration | None:
    """Test and save; what is wrong becomes the form's error, next to the field it concerns."""
    token = form.cleaned_data["token"].strip()
    try:
        return connection.connect(user=request.user, address=address, token=token, name=name)
    except CanvasError as error:
        form.add_error(_field_of(error, form), str(error))
        return None


def _field_of(error: CanvasError, form: forms.Form) -> str | None:
    if isinstance(error, WrongAddress) and "address" in form.fields:
        return "address"
    return "token" if isinstance(error, TokenRejected) else None


def _welcome(integration: CanvasIntegration) -> str:
    return f"Connected to {integration} as {integration.canvas_user_name}."


def _tell_what_is_missing(request: SignedInRequest, integration: CanvasIntegration) -> None:
    """Ask what the token may do, and say at once where it may not do everything."""
    asked = ask_at_first(integration)
    lacking = [one for one in asked if one.missing]
    if not lacking:
        return
    where = "this course" if len(asked) == 1 else f"{len(lacking)} of {len(asked)} courses"
    messages.warning(
        request,
        f"In {where} the token may not do everything that GradeBench can do. The page “Canvas” says "
        "what, and who can change it.",
    )


def _tell_about_replacement(
    request: SignedInRequest, known: CanvasIntegration, connected: CanvasIntegration
) -> None:
    if connected.pk == known.pk:
        messages.success(request, f"The new token of {connected} works.")
        return
    messages.warning(
        request,
        f"This token belongs to {connected.canvas_user_name}, not to {known.canvas_user_name}. "
        "It was saved as an account of its own; the other one is as it was.",
    )
