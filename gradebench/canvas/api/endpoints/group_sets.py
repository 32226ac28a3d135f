"""Group sets, which Canvas's API calls group categories, and its background jobs."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import UNSET, UnsetType

from gradebench.canvas.api.calls import Call, Listing, Upload, asked, given
from gradebench.canvas.api.payloads import (
    AssignedGroup,
    Group,
    GroupCategory,
    Progress,
    User,
)

COUNTS = ("groups_count", "unassigned_users_count")


def list_group_categories(
    course_id: int, *, collaboration_state: str = "collaborative", includes: Sequence[str] = ()
) -> Listing[GroupCategory]:
    """https://canvas.instructure.com/doc/api/group_categories.html#method.group_categories.index

    `collaboration_state` is collaborative, non_collaborative (tag sets) or all. The parameter is
    `includes[]`, plural, here alone.
    """
    query = asked(collaboration_state=collaboration_state, includes=includes)
    return Listing(f"courses/{course_id}/group_categories", GroupCategory, query=query)


def get_group_category(category_id: int, *, includes: Sequence[str] = ()) -> Call[GroupCategory]:
    """https://canvas.instructure.com/doc/api/group_categories.html#method.group_categories.show"""
    path = f"group_categories/{category_id}"
    return Call("GET", path, GroupCategory, query=asked(includes=includes))


def list_category_groups(category_id: int) -> Listing[Group]:
    """https://canvas.instructure.com/doc/api/group_categories.html#method.group_categories.groups

    Without their users.
    """
    return Listing(f"group_categories/{category_id}/groups", Group)


def list_category_users(category_id: int, *, unassigned: bool = False) -> Listing[User]:
    """https://canvas.instructure.com/doc/api/group_categories.html#method.group_categories.users

    The students of the course, in a group or not; with `unassigned` those in no group of the set.
    """
    query = asked(unassigned=unassigned or None)
    return Listing(f"group_categories/{category_id}/users", User, query=query)


def create_group_category(
    course_id: int,
    *,
    name: str,
    self_signup: str | None = None,
    auto_leader: str | None = None,
    group_limit: int | None = None,
    create_group_count: int | UnsetType = UNSET,
    spread_students: bool = False,
) -> Call[GroupCategory]:
    """https://canvas.instructure.com/doc/api/group_categories.html#method.group_categories.create

    `create_group_count` (at most 200) makes groups “name 1…n” in the same request. Canvas would
    then spread all students over them at random, so unless `spread_students` asks for that, the
    groups are made empty. `self_signup`: enabled or restricted; `auto_leader`: first or random.
    """
    counted = create_group_count is not UNSET
    body = given(
        name=name,
        self_signup=self_signup,
        auto_leader=auto_leader,
        group_limit=group_limit,
        create_group_count=create_group_count,
        assign_async=not spread_students if counted else UNSET,
    )
    return Call("POST", f"courses/{course_id}/group_categories", GroupCategory, body=body)


def update_group_category(
    category_id: int,
    *,
    name: str,
    self_signup: str | None,
    auto_leader: str | None,
    group_limit: int | None,
    self_signup_end_at: datetime | UnsetType | None = UNSET,
) -> Call[GroupCategory]:
    """https://canvas.instructure.com/doc/api/group_categories.html#method.group_categories.update

    No patch: Canvas resets what is left out, so every setting has to be given. A changed
    `group_limit` is written to all groups of the set.
    """
    body = given(
        name=name,
        self_signup=self_signup,
        auto_leader=auto_leader,
        group_limit=group_limit,
        self_signup_end_at=self_signup_end_at,
    )
    return Call("PUT", f"group_categories/{category_id}", GroupCategory, body=body)


def delete_group_category(category_id: int) -> Call[GroupCategory]:
    """https://canvas.instructure.com/doc/api/group_categories.html#method.group_categories.destroy

    Deletes its groups too. Assignments keep pointing at it.
    """
    return Call("DELETE", f"group_categories/{category_id}", GroupCategory)


def assign_unassigned_members(category_id: int, *, by_section: bool = False) -> Call[Progress]:
    """https://canvas.instructure.com/doc/api/group_categories.html#method.group_categories.assign_unassigned_members

    A background job that spreads the students without a group at random.
    """
    path = f"group_categories/{category_id}/assign_unassigned_members"
    return Call("POST", path, Progress, body={"sync": False, "group_by_section": by_section})


def assign_unassigned_members_now(
    category_id: int, *, by_section: bool = False
) -> Call[list[AssignedGroup]]:
    """https://canvas.instructure.com/doc/api/group_categories.html#method.group_categories.assign_unassigned_members

    The same within the request; slow for large courses.
    """
    path = f"group_categories/{category_id}/assign_unassigned_members"
    body = {"sync": True, "group_by_section": by_section}
    return Call("POST", path, list[AssignedGroup], body=body)


def import_group_category(category_id: int, csv: bytes) -> Call[Progress]:
    """https://canvas.instructure.com/doc/api/group_categories.html#method.group_categories.import

    CSV in UTF-8 with a header row. Listed students are moved, the others keep their groups; rows
    of unknown students are skipped silently; limits are not applied.
    """
    upload = Upload("attachment", "groups.csv", "text/csv", csv)
    return Call("POST", f"group_categories/{category_id}/import", Progress, upload=upload)


def export_group_category(category_id: int) -> Call[bytes]:
    """https://canvas.instructure.com/doc/api/group_categories.html#method.group_categories.export

    CSV in UTF-8, one row per active student of the course.
    """
    return Call("GET", f"group_categories/{category_id}/export", bytes)


def get_progress(progress_id: int) -> Call[Progress]:
    """https://canvas.instructure.com/doc/api/progress.html#method.progress.show"""
    return Call("GET", f"progress/{progress_id}", Progress)
