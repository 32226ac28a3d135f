"""Since when a set differs from what Canvas has, read along with the set itself."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Subquery

from gradebench.canvas.models import Placement
from gradebench.core.models import TeamMembership

PUT, TAKEN = "first_put", "first_taken"


def since_when() -> dict[str, Subquery]:
    """Annotations for sets: the oldest place that somebody was put into here, or taken out of,
    and that Canvas does not have like this yet. Changed names and leaders carry no time."""
    of_set = TeamMembership.objects.filter(team_set=OuterRef("team_set"))
    put = of_set.filter(until=None, confirmed=False).order_by("since")
    later = TeamMembership.objects.filter(
        team_set=OuterRef("team_set"), student=OuterRef("student"), since__gte=OuterRef("until")
    )
    agreed = Placement.objects.filter(
        category__team_set=OuterRef("team_set"), user__student=OuterRef("student")
    )
    taken = of_set.filter(~Exists(later), Exists(agreed), until__isnull=False).order_by("until")
    return {PUT: Subquery(put.values("since")[:1]), TAKEN: Subquery(taken.values("until")[:1])}


def oldest(category: object) -> datetime | None:
    """The older of the two annotations; None: no place waits."""
    moments: list[datetime | None] = [getattr(category, PUT), getattr(category, TAKEN)]
    return min((one for one in moments if one is not None), default=None)
