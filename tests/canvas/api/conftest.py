from collections.abc import Iterator

import pytest

from gradebench.canvas.api.drivers import Canvas
from gradebench.canvas.api.protocol import Patience
from gradebench.sandbox.launch import Sandbox

QUICK = Patience(first=0.01, longest=0.05)


@pytest.fixture(scope="module")
def small() -> Iterator[Sandbox]:
    """A sandbox of its own for each file, since other files may change what they find."""
    with Sandbox.start(world="quirks") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(small: Sandbox) -> Sandbox:
    """The file's sandbox without the faults and the log of earlier tests."""
    small.clear_faults()
    small.clear_requests()
    small.throttle(enabled=True, high_water=600, outflow=10, status=403, cost_factor=1, level=0)
    small.settings(latency_ms=0, string_ids=False, legacy_401=False, require_user_agent=False)
    return small


@pytest.fixture
def canvas(sandbox: Sandbox) -> Iterator[Canvas]:
    """The teacher's Canvas, impatient."""
    with Canvas(sandbox.url, sandbox.token, patience=QUICK) as canvas:
        yield canvas
