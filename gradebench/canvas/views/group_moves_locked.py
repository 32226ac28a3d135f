"""Locked students and teams stay as they are, however many are assigned at once."""

from collections.abc import Mapping

from gradebench.canvas.locks import locks_of
from gradebench.canvas.models import CanvasGroupCategory
from gradebench.canvas.push.single import Change
from gradebench.core.models import Student, Team

Goals = Mapping[Student, Team | None]


def without_locked(
    category: CanvasGroupCategory, goals: Goals, now: Mapping[int, int]
) -> tuple[dict[Student, Team | None], tuple[Change, ...]]:
    """The goals of whoever is free to go there, and a refusal for each of the others.

    `now`: student → team.
    """
    locks = locks_of(category)
    reasons = {
        one: locks.why_not(one.pk, out_of=now.get(one.pk), into=goal.pk if goal else None)
        for one, goal in goals.items()
    }
    refused = tuple(
        Change(text=reason, user_id=one.canvas_user.canvas_id, user_name=one.name, reason=reason)
        for one, reason in reasons.items()
        if reason
    )
    return {one: goal for one, goal in goals.items() if not reasons[one]}, refused
