"""Says in plain words what went wrong between GradeBench and its machine."""

import errno
import sqlite3
from collections.abc import Callable

WhatToSay = Callable[[BaseException], str]


def expected() -> tuple[type[BaseException], ...]:
    """The errors that a person can do something about."""
    # Imported when an error is looked at: --help must not wait for Django.
    import dj_database_url
    from django.core.exceptions import ImproperlyConfigured
    from django.db import Error

    from gradebench.canvas.api.errors import CanvasError

    return (
        CanvasError,
        Error,
        sqlite3.Error,
        ImproperlyConfigured,
        dj_database_url.ParseError,
        dj_database_url.UnknownSchemeError,
        OSError,
    )


def about(error: BaseException) -> str:
    """One or two sentences: what happened, and what to do."""
    import dj_database_url
    from django.db import Error

    if isinstance(error, dj_database_url.ParseError | dj_database_url.UnknownSchemeError):
        return (
            "DATABASE_URL cannot be understood. Write it as postgres://user:password@host:5432/name "
            "or sqlite:////path/to/file.sqlite3, with special characters in the password as %xx."
        )
    if isinstance(error, Error | sqlite3.Error):
        return _about_database(error)
    if isinstance(error, OSError):
        return _about_files(error)
    return str(error)


_DATABASE: dict[str, str] = {
    "database is locked": "Another process is writing to the database and did not finish in time. "
    "Nothing was lost. Wait a moment and try again; `gradebench runs` shows what is being done.",
    "disk is full": "The disk is full, so the database could not be written. What was saved before "
    "is intact. Free some space, then try again.",
    "unable to open database file": "The database file cannot be opened. Check that its folder "
    "exists and that you may write to it, or set GRADEBENCH_HOME to another folder.",
    "readonly database": "The database file may not be written by you. Change its owner or its "
    "permissions, or set GRADEBENCH_HOME to a folder of your own.",
    "disk i/o error": "The disk did not do what the database asked. Check that it is healthy and "
    "not full; what was saved before is usually intact.",
    "file is not a database": "The database file is not an SQLite database, or it is damaged. "
    "Restore it from your backup, or move it away to start anew.",
    "malformed": "The database file is damaged. Restore it from your backup, or move it away and "
    "connect and sync again: everything that Canvas has can be read anew.",
}


def _about_database(error: BaseException) -> str:
    text = str(error)
    for sign, sentence in _DATABASE.items():
        if sign in text.lower():
            return sentence
    first_line = text.strip().splitlines()[0] if text.strip() else type(error).__name__
    return (
        f"The database answered: {first_line}. Check that it is running, and that DATABASE_URL "
        "names the right server, user, password and database."
    )


def _about_files(error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "The disk is full. What was saved before is intact. Free some space and try again."
    where = f"{error.filename}: " if error.filename else ""
    reason = error.strerror or str(error)
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return (
            f"{where}{reason}. Choose a place where you may read and write "
            "(GRADEBENCH_HOME names the data folder)."
        )
    return f"{where}{reason}."
