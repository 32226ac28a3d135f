"""The data folder: where SQLite, the key file, the cache and the secret key live."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def home_folder() -> Path:
    """Find or make `GRADEBENCH_HOME` (default: the user's own data folder), readable by its owner only.

    Raises ImproperlyConfigured with what to do when the folder cannot be made or written.
    """
    named = os.environ.get("GRADEBENCH_HOME")
    share = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    folder = Path(named) if named else Path(share) / "gradebench"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The data folder {folder} cannot be made ({error.strerror}). "
            "Set GRADEBENCH_HOME to a folder that you may write to."
        ) from error
    return folder.resolve()


def kept_secret(path: Path) -> str:
    """Read the secret kept at `path`, making it on first use with mode 0600.

    Two processes that start together agree on one: the file is created exclusively.
    """
    if not path.exists():
        write_secret_once(path, secrets.token_urlsafe(50))
    return path.read_text(encoding="utf-8").strip()


def write_secret_once(path: Path, value: str) -> None:
    """Create `path` with `value` and mode 0600, or leave the file that another process made first."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(value + "\n")
        # A hard link appears whole or not at all, and fails if another process was first.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
