"""`python -m benchmarks`: measure everything, or what is named, and print one table."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import Error as BrowserError
from rich.console import Console

from benchmarks import board, pages, push, sandbox_pages, saving, sync
from benchmarks.figures import Figure, show, write
from benchmarks.scale import Scale, Trouble, tell
from gradebench.sandbox.launch import SandboxError

BENCHES: dict[str, Callable[[Scale], list[Figure]]] = {
    bench.BENCH: bench.measure for bench in (sync, saving, sandbox_pages, push, pages, board)
}
# A pipe has no width; a table that goes into a file must not be folded.
PIPE_WIDTH = 140
QUICK = Scale(latency_ms=25.0, rounds=1)


def main() -> int:
    """Measure, print, and return 1 when something could not be measured; time fails nothing."""
    given = _arguments()
    scale = QUICK if given.quick else Scale()
    figures, troubles = measure(given.names or list(BENCHES), scale)
    console = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False)
    console.print(f"\nThe worked example, {scale.away} where Canvas is far.\n")
    show(figures, console)
    if given.json:
        write(given.json, figures, scale, troubles)
    return 1 if troubles else 0


def measure(names: Sequence[str], scale: Scale) -> tuple[list[Figure], dict[str, str]]:
    """The figures of these benchmarks; one that is in trouble is named and leaves the others."""
    figures: list[Figure] = []
    troubles: dict[str, str] = {}
    for name in names:
        try:
            figures += BENCHES[name](scale)
        except (Trouble, SandboxError, BrowserError) as error:
            troubles[name] = str(error)
            tell(f"{name} could not be measured: {error}")
    return figures, troubles


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    # Not `choices`, which refuses an empty list of names.
    parser.add_argument("names", nargs="*", type=_bench, help=f"of {', '.join(BENCHES)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--quick", action="store_true", help="25 ms a request, one round of each")
    return parser.parse_args()


def _bench(name: str) -> str:
    if name not in BENCHES:
        raise argparse.ArgumentTypeError(f"no benchmark {name!r}; there are {', '.join(BENCHES)}")
    return name


if __name__ == "__main__":
    sys.exit(main())
