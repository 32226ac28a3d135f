"""How fast the sandbox serves pages of submissions: it must not be what the other figures measure."""

import asyncio
import time
from collections.abc import Iterator
from itertools import cycle, islice

import httpx2
import msgspec

from benchmarks.figures import Figure
from benchmarks.scale import Scale, Trouble, median, tell
from gradebench.sandbox.launch import Sandbox

BENCH = "sandbox"
AT_ONCE = 8
PER_PAGE = 100
# "A few seconds" for a thousand pages, as a number.
MOST_SECONDS_A_THOUSAND = 5.0


class Numbered(msgspec.Struct):
    """All that is looked at in a row."""

    id: int


def measure(scale: Scale) -> list[Figure]:
    """Read the pages with a client that has eight requests in flight and decodes nothing."""
    with scale.canvas(far=False) as canvas:
        seconds: list[float] = []
        for number in range(1, scale.rounds + 1):
            tell(f"sandbox: round {number} of {scale.rounds}")
            seconds.append(asyncio.run(_read(canvas, scale.pages)))
    return [
        Figure(
            bench=BENCH,
            about=f"{scale.pages:,} pages of {PER_PAGE} submissions",
            unit="s",
            ours=median(seconds, float),
            target=MOST_SECONDS_A_THOUSAND * scale.pages / 1000,
        )
    ]


async def _read(canvas: Sandbox, count: int) -> float:
    headers = {"Authorization": f"Bearer {canvas.token}"}
    async with httpx2.AsyncClient(
        base_url=f"{canvas.url}/api/v1/courses/{canvas.course}/", headers=headers
    ) as client:
        pages = islice(cycle(await _full_pages(client)), count)
        began = time.perf_counter()
        await asyncio.gather(*(_work_off(client, pages) for _ in range(AT_ONCE)))
        return time.perf_counter() - began


async def _work_off(client: httpx2.AsyncClient, pages: Iterator[str]) -> None:
    for page in pages:
        reply = await client.get(page)
        if reply.status_code != httpx2.codes.OK:
            raise Trouble(f"{page} was answered with {reply.status_code}")


async def _full_pages(client: httpx2.AsyncClient) -> list[str]:
    """Addresses of the pages that have all their rows; the first ones, where a course is small."""
    assignments = await _ids(client, f"assignments?per_page={PER_PAGE}")
    full = await _count_full(client, assignments[0])
    return [
        _page(assignment, number)
        for assignment in assignments
        for number in range(1, max(full, 1) + 1)
    ]


async def _count_full(client: httpx2.AsyncClient, assignment: int) -> int:
    full = 0
    while len(await _ids(client, _page(assignment, full + 1))) == PER_PAGE:
        full += 1
    return full


def _page(assignment: int, number: int) -> str:
    return f"assignments/{assignment}/submissions?per_page={PER_PAGE}&page={number}"


async def _ids(client: httpx2.AsyncClient, path: str) -> list[int]:
    rows = msgspec.json.decode((await client.get(path)).content, type=list[Numbered])
    return [row.id for row in rows]
