"""Making, changing and deleting group sets."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import TypeVar

from django.db import transaction
from django.utils import timezone
from msgspec import UNSET, UnsetType

from gradebench.canvas import teams
from gradebench.canvas.api import endpoints, payloads
from gradebench.canvas.api.calls import Json
from gradebench.canvas.api.errors import NotFound
from gradebench.canvas.api.payloads import known
from gradebench.canvas.edits.find import find_course, find_set, keep_set
from gradebench.canvas.edits.refusals import (
    NameTaken,
    SetGone,
    check_limit,
    check_set_name,
    explained,
)
from gradebench.canvas.edits.talk import Edit, Talk, read, say, surely
from gradebench.canvas.mirror.saving import save_limit
from gradebench.canvas.mirror.sweeping import mark_gone, sweep_below
from gradebench.canvas.models import CanvasCourse, CanvasGroupCategory, CanvasIntegration
from gradebench.core import people

Setting = TypeVar("Setting")


def create_group_category(
    integration: CanvasIntegration,
    course_id: int,
    name: str,
    self_signup: str | None = None,
    auto_leader: str | None = None,
    group_limit: int | None = None,
) -> Edit[CanvasGroupCategory]:
    """Make an empty group set. `self_signup`: enabled or restricted; `auto_leader`: first or random.

    Raises NameBlank, NameTooLong, NameReserved, NameTaken, LimitTooSmall, SettingRefused, MayNot.
    """

    def talk() -> Talk[CanvasGroupCategory]:
        checked = check_set_name(name)
        check_limit(group_limit)
        course = yield from find_course(integration, course_id)
        call = endpoints.create_group_category(
            course_id,
            name=checked,
            self_signup=self_signup,
            auto_leader=auto_leader,
            group_limit=group_limit,
        )
        with explained(
            doing=f"create the group set “{checked}”",
            permission="manage_groups_add",
            gone=NotFound,
            name=NameTaken,
        ):
            answer = yield from surely(call, partial(_look_for_new_set, course, checked))
        return keep_set(course, answer)

    return Edit(talk)


def _look_for_new_set(course: CanvasCourse, name: str) -> Talk[payloads.GroupCategory | None]:
    """A set of that name which was not known before: names of sets are unique in a course."""
    listed = yield from read(endpoints.list_group_categories(course.canvas_id))
    before = set(course.group_categories.filter(gone_at=None).values_list("canvas_id", flat=True))
    return next((one for one in listed if one.name == name and one.id not in before), None)


def update_group_category(
    integration: CanvasIntegration,
    category_id: int,
    name: str | UnsetType = UNSET,
    self_signup: str | UnsetType | None = UNSET,
    auto_leader: str | UnsetType | None = UNSET,
    group_limit: int | UnsetType | None = UNSET,
) -> Edit[CanvasGroupCategory]:
    """Change a group set; what is not given stays as it is, although Canvas would reset it.

    A changed `group_limit` is written to all groups of the set. Raises what
    `create_group_category` does, SetGone and SetProtected.
    """

    def talk() -> Talk[CanvasGroupCategory]:
        wanted_name = name if isinstance(name, UnsetType) else check_set_name(name)
        if not isinstance(group_limit, UnsetType):
            check_limit(group_limit)
        category = yield from find_set(integration, category_id)
        with _explained(category, doing="change", permission="manage_groups_manage"):
            now = yield from say(endpoints.get_group_category(category_id))
            call = endpoints.update_group_category(
                category_id,
                name=_chosen(wanted_name, known(now.name)) or category.name,
                self_signup=_chosen(self_signup, known(now.self_signup)),
                auto_leader=_chosen(auto_leader, known(now.auto_leader)),
                group_limit=_chosen(group_limit, known(now.group_limit)),
                self_signup_end_at=now.self_signup_end_at,
            )
            answer = yield from surely(
                call, partial(_look_whether_set_is, category_id, call.body or {})
            )
        if known(now.group_limit) != known(answer.group_limit):
            save_limit(category, known(answer.group_limit))
        return keep_set(category.course, answer)

    return Edit(talk)


def _chosen(given: Setting | UnsetType, now: Setting) -> Setting:
    return now if isinstance(given, UnsetType) else given


def _look_whether_set_is(
    category_id: int, wanted: Mapping[str, Json]
) -> Talk[payloads.GroupCategory | None]:
    """The set, if it has every setting that was sent."""
    now = yield from say(endpoints.get_group_category(category_id))
    same = all(getattr(now, field) == value for field, value in wanted.items())
    return now if same else None


def delete_group_category(
    integration: CanvasIntegration, category_id: int
) -> Edit[CanvasGroupCategory]:
    """Delete a group set with its groups; assignments keep pointing at it. Returns the gone row.

    Raises SetGone, SetProtected, MayNot.
    """

    def talk() -> Talk[CanvasGroupCategory]:
        category = yield from find_set(integration, category_id)
        call = endpoints.delete_group_category(category_id)
        with _explained(category, doing="delete", permission="manage_groups_delete"):
            yield from surely(call, partial(_look_whether_set_is_gone, category_id))
        _forget(category, by=integration)
        return category

    return Edit(talk)


def _look_whether_set_is_gone(category_id: int) -> Talk[payloads.GroupCategory | None]:
    try:
        yield from say(endpoints.get_group_category(category_id))
    except NotFound:
        return payloads.GroupCategory(id=category_id)
    return None


def _forget(category: CanvasGroupCategory, *, by: CanvasIntegration) -> None:
    """The set, its groups and memberships are gone, and so are its teams, edited or not."""
    at = timezone.now()
    with transaction.atomic():
        mark_gone(category.course.group_categories.all(), [category.canvas_id], at)
        sweep_below(category.course, at)
        if category.team_set is not None:
            reason = people.Reason(because="The group set was deleted", by=by.user, at=at)
            people.end_teams(category.team_set.teams.all(), reason=reason)
        teams.follow(category.course, at=at)
    category.refresh_from_db()


def _explained(
    category: CanvasGroupCategory, *, doing: str, permission: str
) -> AbstractContextManager[None]:
    return explained(
        doing=f"{doing} the group set “{category.name}”",
        permission=permission,
        gone=SetGone,
        protected=category.protected,
        name=NameTaken,
    )
