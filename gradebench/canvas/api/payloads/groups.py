"""Group sets, groups, and who is in them."""

from msgspec import UNSET

from gradebench.canvas.api.payloads.base import Answer, Maybe, When
from gradebench.canvas.api.payloads.people import User
from gradebench.canvas.api.payloads.progress import Progress


class Leader(Answer, frozen=True):
    """A group's leader, as a mini user."""

    id: int
    display_name: Maybe[str] = UNSET


class Group(Answer, frozen=True):
    """https://canvas.instructure.com/doc/api/groups.html#Group

    `members_count` counts concluded and inactive members too. `users` comes with writes and with
    `include[]=users` (1000 at most). `non_collaborative` marks a differentiation tag.
    """

    id: int
    name: Maybe[str] = UNSET
    description: Maybe[str] = UNSET
    group_category_id: Maybe[int] = UNSET
    max_membership: Maybe[int] = UNSET
    members_count: Maybe[int] = UNSET
    join_level: Maybe[str] = UNSET
    is_public: Maybe[bool] = UNSET
    is_full: Maybe[bool] = UNSET
    context_type: Maybe[str] = UNSET
    course_id: Maybe[int] = UNSET
    role: Maybe[str] = UNSET
    leader: Maybe[Leader] = UNSET
    has_submission: Maybe[bool] = UNSET
    concluded: Maybe[bool] = UNSET
    non_collaborative: Maybe[bool] = UNSET
    sis_group_id: Maybe[str] = UNSET
    created_at: Maybe[When] = UNSET
    html_url: Maybe[str] = UNSET
    users: Maybe[list[User]] = UNSET


class GroupCategory(Answer, frozen=True):
    """A group set. https://canvas.instructure.com/doc/api/group_categories.html#GroupCategory

    Does not say whether it is a tag set: that shows only in the `collaboration_state` asked for.
    """

    id: int
    name: Maybe[str] = UNSET
    role: Maybe[str] = UNSET
    self_signup: Maybe[str] = UNSET
    self_signup_end_at: Maybe[When] = UNSET
    group_limit: Maybe[int] = UNSET
    auto_leader: Maybe[str] = UNSET
    context_type: Maybe[str] = UNSET
    course_id: Maybe[int] = UNSET
    account_id: Maybe[int] = UNSET
    protected: Maybe[bool] = UNSET
    allows_multiple_memberships: Maybe[bool] = UNSET
    is_member: Maybe[bool] = UNSET
    sis_group_category_id: Maybe[str] = UNSET
    created_at: Maybe[When] = UNSET
    groups_count: Maybe[int] = UNSET
    unassigned_users_count: Maybe[int] = UNSET
    progress: Maybe[Progress] = UNSET
    groups: Maybe[list[Group]] = UNSET


class Membership(Answer, frozen=True):
    """A person in a group. The id changes when they leave and return.

    https://canvas.instructure.com/doc/api/groups.html#GroupMembership
    """

    id: int
    group_id: int
    user_id: int
    workflow_state: Maybe[str] = UNSET
    moderator: Maybe[bool] = UNSET
    created_at: Maybe[When] = UNSET
    just_created: Maybe[bool] = UNSET
    sis_group_id: Maybe[str] = UNSET


class Done(Answer, frozen=True):
    """Canvas's `{"ok": true}`."""

    ok: bool


class RemovedMembers(Answer, frozen=True):
    """Who a bulk removal removed. Somebody who was no member is in neither list."""

    deleted_user_ids: list[int]
    unauthorized_user_ids: list[int] = []
    message: Maybe[str] = UNSET


class NewMember(Answer, frozen=True):
    """Somebody whom Canvas put into a group by itself."""

    user_id: int
    name: Maybe[str] = UNSET
    display_name: Maybe[str] = UNSET


class AssignedGroup(Answer, frozen=True):
    """A group and whom Canvas added to it when it spread the students without a group."""

    id: int
    new_members: list[NewMember] = []
