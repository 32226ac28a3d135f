"""Since when a set differs from what Canvas has."""

from datetime import datetime

from django.db.models import Exists, Max, Min, OuterRef

from gradebench.canvas.models import CanvasGroupCategory, Placement
from gradebench.core.models import TeamMembership


def waiting_since(category: CanvasGroupCategory) -> datetime | None:
    """When the oldest place was changed here that Canvas does not have yet; None: there is none.

    Changed names and leaders carry no time.
    """
    places = TeamMembership.objects.filter(team_set=category.team_set_id)
    put = places.filter(until=None, confirmed=False).aggregate(first=Min("since"))["first"]
    taken_out = _taken_out(category)
    return min((one for one in (put, taken_out) if one is not None), default=None)


def _taken_out(category: CanvasGroupCategory) -> datetime | None:
    """When the first of those was taken out who both sides last had in a team."""
    places = TeamMembership.objects.filter(team_set=category.team_set_id)
    agreed = Placement.objects.filter(category=category, user__student=OuterRef("student"))
    here = places.filter(student=OuterRef("student"), until=None)
    left = places.filter(Exists(agreed), ~Exists(here)).order_by().values("student")
    moments = left.annotate(last=Max("until")).values_list("last", flat=True)
    return min((one for one in moments if one is not None), default=None)
