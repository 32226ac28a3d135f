"""Makes Django and the database ready for a command."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

import django

# Any number that no other program on the same PostgreSQL server is likely to lock.
_ADVISORY_LOCK = 0x67726164


def ready() -> None:
    """Set Django up and bring the database to this version, making it on first use.

    Raises what `sentences.expected()` lists: settings that make no sense, a database that does not
    answer, a data folder that cannot be written.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gradebench.settings")
    django.setup()
    if _out_of_date():
        with _one_process_at_a_time():
            _migrate()


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
