"""Background jobs as Canvas shows them."""

from __future__ import annotations

from gradebench.sandbox.answers.find import find
from gradebench.sandbox.answers.group_rows import progress_row
from gradebench.sandbox.wire.exchange import Answer, Request, in_json, not_found
from gradebench.sandbox.wire.routes import route
from gradebench.sandbox.world.jobs import advance
from gradebench.sandbox.world.rows import Progress


def new_job(
    request: Request,
    tag: str,
    *,
    context: tuple[str, int],
    course_id: int,
    state: str = "queued",
    owned: bool = False,
) -> Progress:
    """A Progress row; only owned jobs can be cancelled, by their owner."""
    world, now = request.world, request.world.now()
    return world.progresses.add(
        Progress(
            id=world.new_id("progress"),
            course_id=course_id,
            context_type=context[0],
            context_id=context[1],
            tag=tag,
            created_at=now,
            updated_at=now,
            user_id=request.user.id if owned else None,
            workflow_state=state,
        )
    )


def _job_named(request: Request) -> Progress:
    job = find(request.world.progresses, request.segment("progress_id"), {})
    if job is None:
        not_found()
    if not request.rights(request.world.courses[job.course_id]).enrolled:
        request.forbid()
    return job


@route("GET", "/api/v1/progress/:progress_id")
def show_progress(request: Request) -> Answer:
    """How far a job is."""
    return in_json(progress_row(request.world, _job_named(request)))


@route("POST", "/api/v1/progress/:progress_id/cancel")
def cancel_progress(request: Request) -> Answer:
    """Stop one's own job."""
    job = _job_named(request)
    if job.user_id != request.user.id:
        request.forbid()
    job.message = request.params.text("message") or "canceled"
    advance(request.world, job, "failed", job.completion)
    return in_json(progress_row(request.world, job))
