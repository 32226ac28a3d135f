"""Group sets, groups, and who is in them.

Memberships come twice without costing a request each: with the people (`group_ids`) and with the
groups (`users`). Where both agree they are believed; a group on which they differ, or on which
neither speaks, is read by itself.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gradebench.canvas.api.endpoints import (
    list_course_groups,
    list_group_categories,
    list_group_users,
)
from gradebench.canvas.api.errors import CanvasError, Invalid, MissingScope, NotFound, NotPermitted
from gradebench.canvas.api.payloads import Group, GroupCategory, User, known
from gradebench.canvas.mirror.rows import Saved
from gradebench.canvas.mirror.saving import (
    Pair,
    end_memberships,
    save_group_categories,
    save_groups,
    save_memberships,
    save_people,
)
from gradebench.canvas.mirror.sweeping import held_back, mark_gone
from gradebench.canvas.models import CanvasCourse, CanvasGroup, CanvasUser
from gradebench.canvas.syncer.people import People
from gradebench.canvas.syncer.reading import CourseSync, Seen, read_twice_if_less
from gradebench.core.async_utils import in_database

# What a Canvas without tags, or without the right to see them, answers to a question about them.
NO_TAGS = (NotPermitted, MissingScope, NotFound, Invalid)


@dataclass
class Groups:
    """What the listings of sets and groups told. Ids are Canvas's."""

    # Members by group; None where the listing did not say.
    members: dict[int, set[int] | None] = field(default_factory=dict)
    counts: dict[int, int | None] = field(default_factory=dict)
    tags: set[int] = field(default_factory=set)
    # The sets that are no tags. A Canvas that does not know tags answers with these again.
    sets: set[int] = field(default_factory=set)
    # Not listed any more; marked as gone only together with their memberships, past the brake.
    sets_gone: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    complete: bool = False


async def read_groups(sync: CourseSync) -> Groups:
    """Read sets and groups, tags apart."""
    groups = Groups()
    async with sync.part("group_categories", "Group sets"):
        groups.sets_gone |= await _read_sets(sync, "collaborative", groups)
    if sync.failed("group_categories"):
        reason = "Groups were left as they were, because their sets could not be read."
        sync.tally.not_done("groups", reason)
        return groups
    async with sync.part("groups"):
        groups.gone |= await _read_groups_of(sync, "collaborative", groups)
    try:
        groups.sets_gone |= await _read_sets(sync, "non_collaborative", groups)
        groups.gone |= await _read_groups_of(sync, "non_collaborative", groups)
    except NO_TAGS:
        sync.progress.tell("Differentiation tags are not visible with this token")
    except CanvasError as error:
        sync.tally.part_failed("groups", error, "Differentiation tags")
    groups.complete = not sync.failed("groups")
    return groups


async def _read_sets(sync: CourseSync, state: str, groups: Groups) -> set[int]:
    tags = state == "non_collaborative"

    def save(page: Sequence[GroupCategory]) -> Saved:
        if not tags:
            groups.sets.update(one.id for one in page)
            return save_group_categories(sync.course, page)
        tag_sets = [one for one in page if one.id not in groups.sets]
        return save_group_categories(sync.course, tag_sets, non_collaborative=True)

    return await read_twice_if_less(
        sync,
        "group_categories",
        list_group_categories(sync.course_id, collaboration_state=state),
        save,
        sync.course.group_categories.filter(non_collaborative=tags),
        seen=Seen(),
    )


async def _read_groups_of(sync: CourseSync, state: str, groups: Groups) -> set[int]:
    tags = state == "non_collaborative"
    if (
        tags
        and not await sync.course.group_categories.filter(
            non_collaborative=True, gone_at=None
        ).aexists()
    ):
        return set()

    def save(listed: Sequence[Group]) -> Saved:
        page = [one for one in listed if not tags or one.group_category_id not in groups.sets]
        for one in page:
            users = known(one.users)
            groups.members[one.id] = None if users is None else {user.id for user in users}
            groups.counts[one.id] = known(one.members_count)
            if tags:
                groups.tags.add(one.id)
        return save_groups(sync.course, page)

    return await read_twice_if_less(
        sync,
        "groups",
        list_course_groups(sync.course_id, include=("users",), collaboration_state=state),
        save,
        sync.course.groups.filter(category__non_collaborative=tags),
        seen=Seen(),
    )


def doubtful(
    groups: Groups, people: People, *, limited: bool
) -> tuple[dict[int, set[int]], set[int]]:
    """Compare the sources; answers the members of the groups that are certain, and the others.

    With a view that is limited to some sections, counts may speak of people whom it hides.
    """
    told = _members_by_people(people)
    certain: dict[int, set[int]] = {}
    for group, listed in groups.members.items():
        by_people = None if told is None or group in groups.tags else told.get(group, set())
        sources = [members for members in (listed, by_people) if members is not None]
        members = _agreed(sources, count=None if limited else groups.counts.get(group))
        if members is not None:
            certain[group] = members
    return certain, set(groups.members).difference(certain)


def _agreed(sources: list[set[int]], *, count: int | None) -> set[int] | None:
    """The members on which all sources agree; a single one must agree with Canvas's own count."""
    if not sources:
        return set() if count == 0 else None
    first = sources[0]
    if len(sources) == 1:
        return first if count in (None, len(first)) else None
    return first if first == sources[1] else None


def _members_by_people(people: People) -> dict[int, set[int]] | None:
    """Members by group as the people told; None when anybody's groups were withheld."""
    if not people.complete or any(groups is None for groups in people.groups.values()):
        return None
    members: dict[int, set[int]] = {}
    for person, groups in people.groups.items():
        for group in groups or ():
            members.setdefault(group, set()).add(person)
    return members


async def mirror_memberships(sync: CourseSync, groups: Groups, people: People) -> set[int]:
    """Save who is in which group, and mark as gone what is; answers whose groups changed."""
    if not groups.complete:
        reason = "Memberships were left as they were, because the groups could not be read."
        sync.tally.not_done("memberships", reason)
        return set()
    members, ask = doubtful(groups, people, limited=sync.course.section_limited)
    async with sync.part("memberships"):
        members |= await _ask_groups(sync, ask)
    return await in_database(_save, sync, groups, members)


async def _ask_groups(sync: CourseSync, ask: set[int]) -> dict[int, set[int]]:
    """Read the members of single groups, each from the group itself."""
    answers: dict[int, set[int]] = {}

    async def one(group: int) -> None:
        async with sync.part("memberships", f"Members of group {group}"):
            users: list[User] = await sync.canvas.list(list_group_users(group))
            await in_database(save_people, sync.course.integration, users)
            answers[group] = {user.id for user in users}
            sync.progress.step("memberships", done=len(answers), total=len(ask))

    async with asyncio.TaskGroup() as tasks:
        for group in sorted(ask):
            tasks.create_task(one(group))
    return answers


def _save(sync: CourseSync, groups: Groups, members: Mapping[int, set[int]]) -> set[int]:
    course = sync.course
    pairs, unknown = _pairs(course, members)
    for person in sorted(unknown):
        sync.tally.add("memberships", Saved(refused={person: "Canvas did not say who this is."}))
    new, returned = save_memberships(course, pairs)
    read = set(course.groups.filter(canvas_id__in=members).values_list("pk", flat=True))
    left = _left(course, pairs, read, groups)
    moved = _moved(course, left, pairs)
    held = _held(sync, left - moved)
    ended = end_memberships(course, moved if held else left, sync.now)
    sync.tally.count("memberships", gone=ended)
    if not held:
        _mark_gone(sync, groups)
    sync.tally.count("memberships", new=len(new), changed=len(returned))
    changed = {person for _group, person in new | returned | left}
    return set(CanvasUser.objects.filter(pk__in=changed).values_list("canvas_id", flat=True))


def _pairs(course: CanvasCourse, members: Mapping[int, set[int]]) -> tuple[set[Pair], set[int]]:
    group_keys = dict(course.groups.values_list("canvas_id", "pk"))
    everybody = {person for people in members.values() for person in people}
    people = CanvasUser.objects.filter(integration=course.integration, canvas_id__in=everybody)
    person_keys = dict(people.values_list("canvas_id", "pk"))
    pairs = {
        (group_keys[group], person_keys[person])
        for group, people_of in members.items()
        if group in group_keys
        for person in people_of
        if person in person_keys
    }
    return pairs, everybody - set(person_keys)


def _left(course: CanvasCourse, pairs: set[Pair], read: set[int], groups: Groups) -> set[Pair]:
    """Present memberships of groups that were read, or are gone, and that are no more."""
    vanished = course.groups.filter(canvas_id__in=groups.gone) | course.groups.filter(
        category__canvas_id__in=groups.sets_gone
    )
    looked_at = read | set(vanished.values_list("pk", flat=True))
    rows = course.memberships.filter(gone_at=None, group__in=looked_at)
    return set(rows.values_list("group_id", "user_id")) - pairs


def _moved(course: CanvasCourse, left: set[Pair], pairs: set[Pair]) -> set[Pair]:
    """Those who left a group for another one of the same set: they were not removed."""
    set_of = dict(course.groups.values_list("pk", "category_id"))
    placed = {(set_of[group], person) for group, person in pairs}
    return {(group, person) for group, person in left if (set_of[group], person) in placed}


def _held(sync: CourseSync, removed: set[Pair]) -> bool:
    """The brake. For those who left the course the brake on students has answered."""
    here = set(sync.course.enrollments.filter(gone_at=None).values_list("user", flat=True))
    names = _canvas_ids({(group, person) for group, person in removed if person in here})
    agreed = {(group, person) for group, person in sync.run.approved.get("memberships", [])}
    present = sync.course.memberships.filter(gone_at=None).count()
    held = held_back(set(names), present=present, approved=agreed, yes=sync.run.yes)
    if held:
        sync.tally.held["memberships"] = sorted([group, person] for group, person in held)
    return bool(held) or "students" in sync.tally.held


def _canvas_ids(pairs: set[Pair]) -> list[Pair]:
    groups = CanvasGroup.objects.in_bulk({group for group, _person in pairs})
    people = CanvasUser.objects.in_bulk({person for _group, person in pairs})
    return [(groups[group].canvas_id, people[person].canvas_id) for group, person in pairs]


def _mark_gone(sync: CourseSync, groups: Groups) -> None:
    course, at = sync.course, sync.now
    sync.tally.count("groups", gone=mark_gone(course.groups.all(), groups.gone, at))
    sets = mark_gone(course.group_categories.all(), groups.sets_gone, at)
    sync.tally.count("group_categories", gone=sets)
