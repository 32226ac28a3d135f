"""The forms of the Canvas pages."""

from django import forms


class ConnectForm(forms.Form):
    """A Canvas's address and a token for it."""

    address = forms.CharField(
        label="Address of your Canvas",
        max_length=500,
        help_text="As you see it in the browser when Canvas is open.",
        widget=forms.TextInput(
            attrs={
                "placeholder": "canvas.example.edu",
                "inputmode": "url",
                "autocapitalize": "none",
                "autocomplete": "url",
                "spellcheck": "false",
            }
        ),
    )
    token = forms.CharField(
        label="Access token",
        max_length=1000,
        help_text="In Canvas: Account, Settings, “+ New access token”. It is stored encrypted "
        "and never shown again.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label="What you call it",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "My university", "dir": "auto"}),
    )


class TokenForm(forms.Form):
    """A new token for an account that is known already."""

    token = forms.CharField(
        label="New access token",
        max_length=1000,
        help_text="In Canvas: Account, Settings, “+ New access token”. The old one is forgotten here "
        "once the new one works.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
