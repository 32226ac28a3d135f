"""The forms of the Canvas pages."""

from collections.abc import Mapping
from typing import Any

from django import forms

from gradebench.canvas.models import CanvasGroupCategory
from gradebench.core.models import Student, Team


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


class GroupSetForm(forms.Form):
    """A group set's name and settings, in Canvas's terms."""

    name = forms.CharField(
        label="Name",
        max_length=255,
        widget=forms.TextInput(attrs={"dir": "auto", "placeholder": "Project teams"}),
    )
    group_limit = forms.IntegerField(
        label="Most people in a group",
        min_value=2,
        required=False,
        help_text="Empty: no limit. Canvas then takes nobody over it; changed, it counts for all "
        "groups of the set.",
    )
    self_signup = forms.ChoiceField(
        label="Students sign up by themselves",
        required=False,
        choices=[
            ("", "No"),
            ("enabled", "Yes, in any group"),
            ("restricted", "Yes, in groups of their own section"),
        ],
    )
    auto_leader = forms.ChoiceField(
        label="Canvas picks a leader",
        required=False,
        choices=[("", "No"), ("first", "The first to join"), ("random", "At random")],
    )

    @classmethod
    def of(
        cls, category: CanvasGroupCategory, data: Mapping[str, Any] | None = None
    ) -> "GroupSetForm":
        """The form with the set as it is."""
        fields = ("name", "group_limit", "self_signup", "auto_leader")
        initial = {field: getattr(category, field) for field in fields}
        return cls(data, initial=initial)

    def settings(self) -> dict[str, Any]:
        """The cleaned values as the functions for sets take them: None is “no”."""
        return {
            "name": self.cleaned_data["name"],
            "group_limit": self.cleaned_data["group_limit"],
            "self_signup": self.cleaned_data["self_signup"] or None,
            "auto_leader": self.cleaned_data["auto_leader"] or None,
        }


class GroupForm(forms.Form):
    """A group's name, and who leads it."""

    name = forms.CharField(label="Name", max_length=255, widget=forms.TextInput({"dir": "auto"}))
    leader = forms.ModelChoiceField(
        label="Leader",
        queryset=Student.objects.none(),
        required=False,
        empty_label="Nobody",
    )

    @classmethod
    def of(cls, team: Team, data: Mapping[str, Any] | None = None) -> "GroupForm":
        """The form with the team as it is wanted; whoever is in it can lead it."""
        form = cls(data, initial={"name": team.name, "leader": team.leader_id})
        members = form.fields["leader"]
        if isinstance(members, forms.ModelChoiceField):
            members.queryset = team.students
        return form


class NewGroupForm(forms.Form):
    """A new group's name."""

    name = forms.CharField(label="Name", max_length=255, widget=forms.TextInput({"dir": "auto"}))


class RandomForm(forms.Form):
    """How to put those without a team into teams at random."""

    by = forms.ChoiceField(
        label="Divide by", choices=[("size", "Size of a team"), ("number", "Number of teams")]
    )
    value = forms.IntegerField(label="How many", min_value=1, max_value=1000, initial=5)
    within_sections = forms.BooleanField(
        label="Within sections: nobody is put together with people of another section",
        required=False,
    )
    fill = forms.ChoiceField(
        label="Into",
        choices=[
            ("empty", "Empty teams, then new ones"),
            ("half-full", "The teams there are, the emptiest first, and new ones if needed"),
        ],
    )
    seed = forms.IntegerField(
        label="Seed",
        min_value=0,
        max_value=2**31,
        help_text="The same number draws the same teams again.",
    )
