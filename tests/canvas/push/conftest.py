"""A synced course on a sandbox Canvas of the test's own."""

from collections.abc import Iterator

import pytest

from gradebench.canvas.models import CanvasCourse
from gradebench.sandbox.launch import Sandbox
from tests.canvas.push.classroom import Classroom
from tests.people import integration


def opened(sandbox: Sandbox) -> Classroom:
    """Connect the teacher to the sandbox and sync its course."""
    here = integration(canvas_url=sandbox.url, api_key=sandbox.token)
    course = CanvasCourse.objects.create(integration=here, canvas_id=sandbox.course)
    room = Classroom(sandbox, here, course)
    run = room.sync()
    assert run.state == "complete", run.summary
    sandbox.clear_requests()
    return room


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """The smallest Canvas: these tests look at groups, and at no coursework."""
    with Sandbox.start(world="small", assignments=1, job_seconds=0.1) as running:
        yield running


@pytest.fixture
def room(db: None, sandbox: Sandbox) -> Classroom:
    return opened(sandbox)
