"""The blocking face of one Canvas: each function is done when it returns.

The same edits as the methods of `gradebench.canvas.client.Client`, with the same requests in the same
order; ids are Canvas's. All raise the errors of `gradebench.canvas.api.errors` and of
`gradebench.canvas.edits.refusals`.
"""

import functools
import time
from collections.abc import Callable
from contextlib import closing
from typing import Concatenate, ParamSpec, Self, TypeVar, cast

from gradebench.canvas import edits
from gradebench.canvas.api.calls import Call, Listing
from gradebench.canvas.api.errors import CanvasError
from gradebench.canvas.edits import Edit, Ended, Pause, advance
from gradebench.canvas.edits.talk import Effect
from gradebench.canvas.models import CanvasIntegration
from gradebench.canvas.opening import open_canvas
from gradebench.canvas.push.everything import push_everything

P = ParamSpec("P")
T = TypeVar("T")


class BlockingClient:
    """Canvas for one integration, spoken to by waiting: `with BlockingClient(integration) as client`.

    `requests` counts what was sent. Raises TokenRejected when the stored token is unreadable.
    """

    def __init__(self, integration: CanvasIntegration) -> None:
        self.integration = integration
        self.canvas = open_canvas(integration)

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


def _blocking(
    edit: Callable[Concatenate[CanvasIntegration, P], Edit[T]],
) -> Callable[Concatenate[CanvasIntegration, P], T]:
    """A function that makes the edit and returns what came of it, with the edit's parameters."""

    def function(integration: CanvasIntegration, *args: P.args, **kwargs: P.kwargs) -> T:
        return perform_sync(integration, edit(integration, *args, **kwargs))

    functools.update_wrapper(function, edit)
    # Cast, because callers may well name the first argument, which Concatenate cannot say.
    return cast("Callable[Concatenate[CanvasIntegration, P], T]", function)


create_group_category_sync = _blocking(edits.create_group_category)
update_group_category_sync = _blocking(edits.update_group_category)
delete_group_category_sync = _blocking(edits.delete_group_category)
create_group_sync = _blocking(edits.create_group)
update_group_sync = _blocking(edits.update_group)
delete_group_sync = _blocking(edits.delete_group)
push_group_memberships_sync = _blocking(edits.set_group_members)
push_all_group_memberships_sync = _blocking(push_everything)
