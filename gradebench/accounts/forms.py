"""The forms of signing in."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from gradebench.accounts import brake
from gradebench.accounts.people import name_is_taken


class SignInForm(AuthenticationForm):
    """Name and password."""

    error_messages = {
        "invalid_login": "This name and this password do not belong together. "
        "Mind upper and lower case in the password.",
        "inactive": "This person may no longer sign in.",
    }

    def clean(self) -> dict[str, Any]:
        """Check them, unless too many were wrong lately."""
        name = self.cleaned_data.get("username", "")
        if brake.too_many_tries(self.request, name):
            raise ValidationError("Too many wrong passwords. Wait ten minutes, then try again.")
        try:
            return super().clean()
        except ValidationError:
            brake.count_a_try(self.request, name)
            raise


class FirstVisitForm(forms.Form):
    """The name and password that a person chooses at their first visit."""

    name = UsernameField(
        label="Your name here",
        max_length=150,
        help_text="Letters, digits and @ . + - _",
        validators=[User.username_validator],
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        help_text="At least 8 characters, and not an everyday word.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="Password, once more",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_name(self) -> str:
        """No two people share a name."""
        name: str = self.cleaned_data["name"]
        if name_is_taken(name, by_other_than=self.user):
            raise ValidationError("Somebody here already has this name. Choose another.")
        return name

    def clean(self) -> dict[str, Any]:
        """Both passwords are the same, and good enough."""
        values: dict[str, Any] = super().clean() or {}
        password, again = values.get("password"), values.get("again")
        if password and again and password != again:
            self.add_error("again", "The two passwords differ.")
        if password:
            try:
                validate_password(password, User(username=values.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return values
