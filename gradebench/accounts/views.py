"""Signing in, and the first visit."""

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from gradebench.accounts.first_visit import AddressUsed, find_address, let_in
from gradebench.accounts.forms import FirstVisitForm, SignInForm
from gradebench.accounts.models import OneTimeAddress


class SignIn(LoginView):
    """Asks for name and password, and goes on to where the visitor wanted to be."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """Ends the visitor's session."""


@login_not_required
@never_cache
def first_visit(request: HttpRequest, token: str) -> HttpResponse:
    """Lets the holder of a one-time address in, who chooses a name and a password."""
    address = find_address(token)
    if address is None:
        if request.user.is_authenticated:
            return redirect("dashboard")
        return render(request, "accounts/address_used.html", status=410)
    if not address.asks_password:
        return _sign_in_at_once(request, address)
    form = FirstVisitForm(
        request.POST or None,
        user=address.user,
        initial={"name": address.user.username if address.user else ""},
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        return _let_in(request, address, name=chosen["name"], password=chosen["password"])
    return render(request, "accounts/first_visit.html", {"form": form})


def _sign_in_at_once(request: HttpRequest, address: OneTimeAddress) -> HttpResponse:
    if request.method != "POST":
        return render(request, "accounts/come_in.html", {"name": str(address.user)})
    return _let_in(request, address)


def _let_in(
    request: HttpRequest, address: OneTimeAddress, *, name: str = "", password: str | None = None
) -> HttpResponse:
    try:
        user: User = let_in(address, name=name, password=password)
    except AddressUsed:
        return render(request, "accounts/address_used.html", status=410)
    login(request, user)
    return redirect("dashboard")
