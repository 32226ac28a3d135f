"""The blocking face of one Canvas: each function is done when it returns.

The same edits as the methods of `gradebench.canvas.client.Client`, with the same requests in the same
order; ids are Canvas's. All raise the errors of `gradebench.canvas.api.errors` and of
`gradebench.canvas.edits.refusals`.
"""

import time
from collections.abc import Sequence
from contextlib import closing
from typing import Self, TypeVar

from django.conf import settings
from msgspec import UNSET, UnsetType

from gradebench.canvas import edits
from gradebench.canvas.api.calls import Call, Listing
from gradebench.canvas.api.drivers import Canvas
from gradebench.canvas.api.errors import CanvasError, TokenRejected
from gradebench.canvas.edits import Edit, Ended, GroupMembers, Pause, advance
from gradebench.canvas.edits.talk import Effect
from gradebench.canvas.models import CanvasGroup, CanvasGroupCategory, CanvasIntegration
from gradebench.canvas.push.everything import push_everything
from gradebench.canvas.push.report import Report
from gradebench.core.vault import UnreadableSecret

T = TypeVar("T")


class BlockingClient:
    """Canvas for one integration, spoken to by waiting: `with BlockingClient(integration) as client`.

    `requests` counts what was sent. Raises TokenRejected when the stored token is unreadable.
    """

    def __init__(self, integration: CanvasIntegration) -> None:
        if isinstance(integration.api_key, UnreadableSecret):
            raise TokenRejected("The stored token cannot be decrypted.")
        self.integration = integration
        self.canvas = Canvas(
            integration.canvas_url,
            integration.api_key,
            max_in_flight=settings.CANVAS_MAX_IN_FLIGHT,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.canvas.close()

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self.canvas.requests

    def perform(self, edit: Edit[T]) -> T:
        """Make the edit: everything that it asks of Canvas and saves here."""
        with closing(edit.start()) as talk:
            turn = advance(talk)
            while not isinstance(turn, Ended):
                turn = advance(talk, self._answer(turn))
            return turn.value

    def _answer(self, wanted: Effect) -> object:
        try:
            match wanted:
                case Call():
                    return self.canvas.perform(wanted)
                case Listing():
                    return self.canvas.list(wanted)
                case Pause(seconds=seconds):
                    time.sleep(seconds)
        except CanvasError as error:
            return error
        return None


def perform_sync(integration: CanvasIntegration, edit: Edit[T]) -> T:
    """Make one edit and return what came of it."""
    with BlockingClient(integration) as client:
        return client.perform(edit)


def create_group_category_sync(
    integration: CanvasIntegration,
    course_id: int,
    name: str,
    self_signup: str | None = None,
    auto_leader: str | None = None,
    group_limit: int | None = None,
) -> CanvasGroupCategory:
    """Make an empty group set; see `edits.create_group_category`."""
    edit = edits.create_group_category(
        integration, course_id, name, self_signup, auto_leader, group_limit
    )
    return perform_sync(integration, edit)


def update_group_category_sync(
    integration: CanvasIntegration,
    category_id: int,
    name: str | UnsetType = UNSET,
    self_signup: str | UnsetType | None = UNSET,
    auto_leader: str | UnsetType | None = UNSET,
    group_limit: int | UnsetType | None = UNSET,
) -> CanvasGroupCategory:
    """Change a group set; what is not given stays. See `edits.update_group_category`."""
    edit = edits.update_group_category(
        integration, category_id, name, self_signup, auto_leader, group_limit
    )
    return perform_sync(integration, edit)


def delete_group_category_sync(
    integration: CanvasIntegration, category_id: int
) -> CanvasGroupCategory:
    """Delete a group set with its groups; returns the row, gone now."""
    return perform_sync(integration, edits.delete_group_category(integration, category_id))


def create_group_sync(
    integration: CanvasIntegration, category_id: int, name: str, description: str | None = None
) -> CanvasGroup:
    """Make an empty group in a set."""
    return perform_sync(
        integration, edits.create_group(integration, category_id, name, description)
    )


def update_group_sync(
    integration: CanvasIntegration,
    group_id: int,
    name: str | UnsetType = UNSET,
    description: str | UnsetType | None = UNSET,
    members: Sequence[int] | UnsetType = UNSET,
) -> CanvasGroup:
    """Change a group; what is not given stays. See `edits.update_group`."""
    edit = edits.update_group(integration, group_id, name, description, members)
    return perform_sync(integration, edit)


def delete_group_sync(integration: CanvasIntegration, group_id: int) -> CanvasGroup:
    """Delete a group; returns the row, gone now."""
    return perform_sync(integration, edits.delete_group(integration, group_id))


def push_group_memberships_sync(
    integration: CanvasIntegration, group_id: int, user_ids: Sequence[int]
) -> GroupMembers:
    """Replace who is in a group; says who is in it now, and whom Canvas left out and why."""
    return perform_sync(integration, edits.set_group_members(integration, group_id, user_ids))


def push_all_group_memberships_sync(
    integration: CanvasIntegration, course_id: int, *, yes: bool = False
) -> list[Report]:
    """Bring every team set of a course to Canvas as it is wanted here; one report for each set.

    `yes` agrees beforehand to taking many people out of their groups.
    """
    return perform_sync(integration, push_everything(integration, course_id, yes=yes))
