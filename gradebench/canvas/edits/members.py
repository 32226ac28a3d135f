"""Who is in one group: replaced in one write, and compared with what Canvas made of it.

Canvas answers 200 also when it passed over people: over the limit, without a common section in a
restricted set, not in the course. Only its answer tells who is in.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from msgspec import Struct
from msgspec.structs import replace

from gradebench.canvas import teams
from gradebench.canvas.api import endpoints, payloads
from gradebench.canvas.api.errors import CanvasError, Invalid, NotFound, NotPermitted
from gradebench.canvas.api.payloads import known
from gradebench.canvas.edits.places import keep_places, students_of
from gradebench.canvas.edits.refusals import GroupGone, explained
from gradebench.canvas.edits.talk import Talk, read, say, surely
from gradebench.canvas.mirror.saving import save_people
from gradebench.canvas.models import CanvasGroup, CanvasUser
from gradebench.core import people

RESTRICTED = "restricted"


class LeftOut(Struct, frozen=True):
    """Somebody whom Canvas did not take, and why as far as can be told."""

    user_id: int
    name: str
    reason: str


class GroupMembers(Struct, frozen=True):
    """Who is in a group after a write, by Canvas's answer. All ids are Canvas's."""

    group_id: int
    group_name: str
    members: tuple[int, ...]
    left_out: tuple[LeftOut, ...] = ()

    def raise_if_left_out(self) -> None:
        """Raises MembersLeftOut when Canvas did not take everybody."""
        if self.left_out:
            raise MembersLeftOut(self)


class MembersLeftOut(CanvasError):
    """Canvas did not take everybody who was to be in a group; the others are in. See `outcome`."""

    todo = "Look at the reasons, and change the group, its limit, or who is to be in it."

    def __init__(self, outcome: GroupMembers) -> None:
        reasons = " ".join(one.reason for one in outcome.left_out)
        super().__init__(f"Not everybody came into “{outcome.group_name}”. {reasons}")
        self.outcome = outcome


def replace_members(group: CanvasGroup, user_ids: Sequence[int]) -> Talk[GroupMembers]:
    """Bring exactly these people into the group, and keep the rows in step with what came of it."""
    wanted = sorted(set(user_ids))
    with explained(
        doing=f"change who is in “{group.name}”", permission="manage_groups_manage", gone=GroupGone
    ):
        if group.category.course.section_limited:
            users = yield from _one_by_one(group, wanted)
        else:
            users = yield from _as_a_whole(group, wanted)
    members = {user.id for user in users}
    _keep_members(group, users)
    return GroupMembers(
        group_id=group.canvas_id,
        group_name=group.name,
        members=tuple(sorted(members)),
        left_out=tuple(left_out(group, set(wanted) - members, filled=len(members))),
    )


def _as_a_whole(group: CanvasGroup, wanted: Sequence[int]) -> Talk[list[payloads.User]]:
    call = endpoints.update_group(group.canvas_id, members=wanted)
    answer = yield from surely(call, partial(look_at_members, group.canvas_id, wanted))
    users = known(answer.users)
    if users is None:
        users = yield from read(endpoints.list_group_users(group.canvas_id))
    return users


def look_at_members(group_id: int, wanted: Iterable[int]) -> Talk[payloads.Group | None]:
    """The group with its users, if exactly the wanted people are in it."""
    users = yield from read(endpoints.list_group_users(group_id))
    if {user.id for user in users} != set(wanted):
        return None
    group = yield from say(endpoints.get_group(group_id))
    return replace(group, users=users)


def _one_by_one(group: CanvasGroup, wanted: Sequence[int]) -> Talk[list[payloads.User]]:
    """For a view that is limited to some sections: whom it does not show must stay."""
    before = yield from read(endpoints.list_group_users(group.canvas_id))
    ids = {user.id for user in before}
    if gone := sorted(ids.difference(wanted)):
        yield from say(endpoints.remove_group_members(group.canvas_id, gone))
    new = [user_id for user_id in wanted if user_id not in ids]
    refusals: list[CanvasError] = []
    for user_id in new:
        try:
            yield from say(endpoints.add_group_member(group.canvas_id, user_id))
        except (Invalid, NotFound, NotPermitted) as error:
            refusals.append(error)  # the list that is read afterwards tells who is missing
    if new and len(refusals) == len(new) and isinstance(refusals[-1], NotPermitted):
        raise refusals[-1]
    return (yield from read(endpoints.list_group_users(group.canvas_id)))


def left_out(group: CanvasGroup, user_ids: Iterable[int], *, filled: int) -> Iterator[LeftOut]:
    """Why Canvas passed over these people, as far as the mirror can tell."""
    here = CanvasUser.objects.filter(integration=group.course.integration)
    names = dict(here.filter(canvas_id__in=list(user_ids)).values_list("canvas_id", "name"))
    enrolled = set(
        here.filter(enrollments__course=group.course, enrollments__gone_at=None).values_list(
            "canvas_id", flat=True
        )
    )
    limit = group.max_membership or group.category.group_limit
    for user_id in sorted(user_ids):
        name = names.get(user_id, f"Person {user_id}")
        if user_id not in enrolled:
            reason = f"{name} is not in the course."
        elif limit is not None and filled >= limit:
            reason = f"{name} did not come in: “{group.name}” is full (limit {limit})."
        elif group.category.self_signup == RESTRICTED:
            reason = f"{name} shares no section with the others of “{group.name}”."
        else:
            reason = f"Canvas did not take {name}, and does not say why."
        yield LeftOut(user_id=user_id, name=name, reason=reason)


def _keep_members(group: CanvasGroup, users: Sequence[payloads.User]) -> None:
    """Rows, teams and what is agreed, as Canvas answered: this edit is what the owner wants."""
    category, at = group.category, timezone.now()
    with transaction.atomic():
        save_people(category.course.integration, users)
        before = set(
            group.memberships.filter(gone_at=None).values_list("user__canvas_id", flat=True)
        )
        now: dict[int, int | None] = dict.fromkeys(before, None)
        now.update({user.id: group.canvas_id for user in users})
        keep_places(category, now, at=at, within=group.canvas_id)
        if category.forms_teams and category.team_set is not None:
            _want(group, now, at)


def _want(group: CanvasGroup, now: Mapping[int, int | None], at: datetime) -> None:
    """The people of the group are wanted in its team; who left is wanted there no more."""
    team_set, team = group.category.team_set, group.team
    if team_set is None or team is None:
        return
    wanted = people.current_places(team_set)
    places: dict[int, int | None] = {}
    for user_id, student in students_of(group.category, now).items():
        if now[user_id] is not None:
            places[student] = team.pk
        elif wanted.get(student) == team.pk:
            places[student] = None
    owner = group.course.integration.user
    reason = people.Reason(because="The group's members were set", by=owner, at=at)
    people.place(team_set, places, reason=reason, confirmed=True)
    teams.follow_set(group.category, at=at)
