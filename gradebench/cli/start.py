"""Makes Django and the database ready for a command."""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler

import django

from gradebench.cli import border

LOG_FILE = "gradebench.log"

# Any number that no other program on the same PostgreSQL server is likely to lock.
_ADVISORY_LOCK = 0x67726164


def ready(*, log_on_screen: bool = False) -> None:
    """Set Django up and bring the database to this version, making it on first use.

    The log goes to a file in the data folder, so that a person sees sentences and no tracebacks;
    `log_on_screen` is for servers, whose log is what their operator watches. Raises what
    `sentences.expected()` lists: settings that make no sense, a database that does not answer, a
    data folder that cannot be written.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gradebench.settings")
    django.setup()
    if not (log_on_screen or border.debugging()):
        _log_to_file()
    if _out_of_date():
        with _one_process_at_a_time():
            _migrate()


def _log_to_file() -> None:
    from django.conf import settings

    file = settings.GRADEBENCH_HOME / LOG_FILE
    handler = RotatingFileHandler(file, maxBytes=1_000_000, backupCount=1, delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    for other in root.handlers[:]:
        root.removeHandler(other)
    root.addHandler(handler)


def _out_of_date() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _migrate() -> None:
    """Django looks again at what is missing, so whoever waited for the lock finds nothing to do."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def _one_process_at_a_time() -> Iterator[None]:
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_ADVISORY_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY_LOCK])
        return
    with _locked_file():
        yield


@contextmanager
def _locked_file() -> Iterator[None]:
    from django.conf import settings

    with (settings.GRADEBENCH_HOME / "migrating.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
