"""Finds a Chromium for the browser tests, and gets one where there is none.

A browser is tried by running it: some machines carry wrappers in PATH that fail. First the
system's, then Debian's package when this is root on Debian, then Playwright's own download.
`python -m tests.browser.chromium` does this ahead of the tests; it is quick when there is one.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NONE_CAN_BE_HAD = """\
The browser tests need Chromium, and none could be found or installed here.
Install it (on Debian: apt-get install chromium), or run `python -m playwright install chromium`,
or set GRADEBENCH_NO_BROWSER=1 to leave these tests out.
"""


def wanted() -> bool:
    """Whether the browser tests are to run at all."""
    return os.environ.get("GRADEBENCH_NO_BROWSER", "") != "1"


def switches() -> list[str]:
    """Fewer processes than for the web at large; and Chromium refuses its own sandbox to root."""
    frugal = ["--disable-gpu", "--process-per-site"]
    return [*frugal, "--no-sandbox"] if os.geteuid() == 0 else frugal


def find() -> Path | None:
    """A Chromium that is here and runs."""
    return next((path for path in _candidates() if _runs(path)), None)


def find_or_install() -> Path | None:
    """A Chromium that runs, installed if need be; None where that is not possible."""
    for install in (_do_nothing, _install_with_apt, _install_with_playwright):
        install()
        found = find()
        if found is not None:
            return found
    return None


def _candidates() -> Iterator[Path]:
    for name in NAMES:
        path = shutil.which(name)
        if path:
            yield Path(path)
    yield from sorted(_playwright_folder().glob("chromium-*/chrome-*/chrome"), reverse=True)


def _playwright_folder() -> Path:
    named = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    return Path(named) if named else Path.home() / ".cache" / "ms-playwright"


def _runs(path: Path) -> bool:
    command = [str(path), "--headless", *switches(), "--dump-dom", "about:blank"]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0 and b"<html" in ended.stdout


def _do_nothing() -> None:
    pass


def _install_with_apt() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Debian's Chromium for the browser tests", flush=True)
        _try(["apt-get", "update", "-qq"])
        _try(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"])


def _install_with_playwright() -> None:
    print("Downloading Playwright's Chromium for the browser tests", flush=True)
    _try([sys.executable, "-m", "playwright", "install", "chromium"])


def _try(command: Sequence[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, env=environment, timeout=600, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"  {command[0]}: {error}", file=sys.stderr)
        return
    if ended.returncode != 0:
        print(f"  {' '.join(command)}: {ended.stderr.strip()[-300:]}", file=sys.stderr)


def main() -> int:
    """Make sure that there is a Chromium; 1 and a sentence where there can be none."""
    if not wanted() or find_or_install() is not None:
        return 0
    print(NONE_CAN_BE_HAD, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
