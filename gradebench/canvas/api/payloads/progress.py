"""The jobs that Canvas does in the background."""

from msgspec import UNSET

from gradebench.canvas.api.payloads.base import Answer, Maybe, When


class Progress(Answer, frozen=True):
    """A job of Canvas's: queued, running, completed or failed; `completion` in percent.

    `message` is free text, or JSON text for imports. https://canvas.instructure.com/doc/api/progress.html#Progress
    """

    id: int
    workflow_state: str
    completion: Maybe[float] = UNSET
    message: Maybe[str] = UNSET
    tag: Maybe[str] = UNSET
    context_id: Maybe[int] = UNSET
    context_type: Maybe[str] = UNSET
    user_id: Maybe[int] = UNSET
    created_at: Maybe[When] = UNSET
    updated_at: Maybe[When] = UNSET
    url: Maybe[str] = UNSET

    @property
    def is_over(self) -> bool:
        """True when nothing more will happen, well or badly."""
        return self.workflow_state in {"completed", "failed", "canceled"}
