"""The seam between async code, which waits for Canvas, and Django's blocking ORM."""

import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from types import FunctionType
from typing import Any, ParamSpec, Self, TypeVar

from asgiref.sync import async_to_sync, sync_to_async
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db import connections, models
from django.db.models import ForeignKey

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


async def in_database(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run blocking code that uses the ORM, from async code: the one way across."""
    return await sync_to_async(function)(*args, **kwargs)


class AsyncModelMixin(models.Model):
    """Gives a model the async verbs that Django leaves out.

    Django already has `asave`, `adelete`, `arefresh_from_db` and the managers' `aget`,
    `aupdate_or_create`; here are updates of single fields and reads of relations.
    """

    class Meta:
        abstract = True

    async def aupdate(self, **values: object) -> Self:
        """Set the given fields and save only those."""
        for name, value in values.items():
            setattr(self, name, value)
        await self.asave(update_fields=list(values))
        return self

    async def arelated(self, name: str) -> Any:
        """Read a relation (`course`, `team__team_set`) without breaking Django's async rule."""
        return await SafeAsyncAccessor(self).get(name)

    @classmethod
    async def aget_or_none(cls, **lookup: object) -> Self | None:
        """Find one row, or None."""
        return await cls._default_manager.filter(**lookup).afirst()


class SafeAsyncAccessor:
    """Reads attributes and relations of a model from async code.

    `await SafeAsyncAccessor(submission).get("assignment__course__name", default="")` follows each
    step in a thread where queries are allowed; what is already loaded costs no thread. A relation to
    many gives a list. A relation that is null, or a one-to-one without a row, gives the default;
    a name that the model does not have raises AttributeError, for that is a mistake in the code.
    """

    def __init__(self, instance: models.Model) -> None:
        self._instance = instance

    async def get(self, path: str, default: Any = None) -> Any:
        """Follow `path` (steps joined by `__` or `.`) and return what is there."""
        value: Any = self._instance
        for step in path.replace(".", "__").split("__"):
            if value is None:
                return default
            value = await self._step(value, step)
        return default if value is None else value

    async def get_many(self, *paths: str) -> dict[str, Any]:
        """Read several paths; the answer maps each path to its value."""
        return {path: await self.get(path) for path in paths}

    async def call(self, method: str, *args: object, **kwargs: object) -> Any:
        """Call a method that may query, in a thread where that is allowed."""
        return await in_database(getattr(self._instance, method), *args, **kwargs)

    @staticmethod
    async def _step(value: Any, step: str) -> Any:
        if isinstance(value, models.Model) and _may_query(value, step):
            return await in_database(_read, value, step)
        return _read(value, step)


def _may_query(instance: models.Model, name: str) -> bool:
    """Tell whether reading the attribute could ask the database: relations not loaded yet,
    deferred columns, properties."""
    try:
        field = instance._meta.get_field(name)
    except FieldDoesNotExist:
        return not isinstance(getattr(type(instance), name, None), type(None) | FunctionType)
    if isinstance(field, ForeignKey):
        return not field.is_cached(instance)
    if field.is_relation:
        return True
    return name in instance.get_deferred_fields()


def _read(value: Any, step: str) -> Any:
    try:
        read = getattr(value, step)
    except ObjectDoesNotExist:  # a one-to-one relation whose other side has no row
        return None
    return list(read.all()) if isinstance(read, models.Manager) else read


class BackgroundTask(Future[T]):
    """What `run_async_in_thread` returns: a future that also names its thread."""

    thread: threading.Thread


def run_async_in_thread(
    function: Callable[P, Coroutine[Any, Any, T]], *args: P.args, **kwargs: P.kwargs
) -> BackgroundTask[T]:
    """Start an async function in a thread with its own event loop, and return its future at once.

    A crash is logged and kept in the future; the thread's database connections are closed. The
    thread is a daemon: a server that stops does not wait for it, and a run it leaves behind is
    given up on by its heartbeat and taken up again.
    """
    task: BackgroundTask[T] = BackgroundTask()

    def work() -> None:
        task.set_running_or_notify_cancel()
        try:
            task.set_result(async_to_sync(function)(*args, **kwargs))
        except Exception as error:  # whatever it was, it must not vanish with the thread
            log.exception("Background work %s crashed", getattr(function, "__name__", function))
            task.set_exception(error)
        finally:
            connections.close_all()

    task.thread = threading.Thread(target=work, daemon=True, name=f"gradebench-{function.__name__}")
    task.thread.start()
    return task
