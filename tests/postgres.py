"""A PostgreSQL cluster of the test run's own. `python -m tests.postgres` makes sure there can be one.

The server's programs are the system's, else Debian's package when root; where none can be had this
fails with a sentence, unless GRADEBENCH_NO_POSTGRES=1 leaves the PostgreSQL tests out.
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LEFT_OUT = os.environ.get("GRADEBENCH_NO_POSTGRES") == "1"
NONE_TO_BE_HAD = (
    "The tests need PostgreSQL's server programs (initdb, pg_ctl), and none are installed. Install "
    "your system's postgresql package, or set GRADEBENCH_NO_POSTGRES=1 to leave these tests out."
)


def programs() -> Path | None:
    """The folder of initdb and pg_ctl: the newest version's."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parent.name)
    )
    found = shutil.which("initdb")
    candidates = [*reversed(folders), *([Path(found).resolve().parent] if found else [])]
    return next((one for one in candidates if (one / "initdb").exists()), None)


def make_sure() -> Path:
    """Find the programs, installing Debian's package when root."""
    found = programs()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        install = ["apt-get", "install", "-y", "--no-install-recommends", "postgresql"]
        subprocess.run(["apt-get", "update"], check=False, stdout=subprocess.DEVNULL)
        subprocess.run(install, check=False, stdout=subprocess.DEVNULL)
        found = programs()
    if found is None:
        sys.exit(NONE_TO_BE_HAD)
    return found


@contextmanager
def cluster() -> Iterator[str]:
    """Run a cluster on a free port; gives the address of an empty database."""
    bin_folder = make_sure()
    folder = Path(tempfile.mkdtemp(prefix="gradebench-pg-", dir="/tmp"))
    as_user: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        as_user = ["runuser", "-u", "postgres", "--"]
    port = _free_port()
    data = str(folder / "data")
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off"
    start = ["-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start"]
    _run([*as_user, str(bin_folder / "initdb"), "-D", data, "-A", "trust", "-U", "gradebench"])
    _run([*as_user, str(bin_folder / "pg_ctl"), *start])
    try:
        yield f"postgres://gradebench@127.0.0.1:{port}/postgres"
    finally:
        _run([*as_user, str(bin_folder / "pg_ctl"), "-D", data, "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/tmp")
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {done.stderr or done.stdout}")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


if __name__ == "__main__" and not LEFT_OUT:
    make_sure()
