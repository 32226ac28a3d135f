"""Since when a set differs from what Canvas has."""

from datetime import datetime

from django.db.models import Max, Min

from gradebench.canvas.models import CanvasGroupCategory
from gradebench.core.models import TeamMembership


def waiting_since(category: CanvasGroupCategory) -> datetime | None:
    """When the oldest place was changed here that Canvas does not have yet; None: there is none.

    Two queries. Changed names and leaders carry no time.
    """
    places = TeamMembership.objects.filter(team_set=category.team_set_id).order_by()
    put = places.filter(until=None, confirmed=False).aggregate(first=Min("since"))["first"]
    here = places.filter(until=None).values("student")
    # Both sides last had them in a team, and now nobody wants them in one.
    agreed = category.placements.values("user__student")
    left = places.filter(student__in=agreed).exclude(student__in=here).values("student")
    last = left.annotate(last=Max("until")).values_list("last", flat=True)
    return min((one for one in (put, *last) if one is not None), default=None)
