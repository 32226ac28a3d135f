"""Where errors end: one clear sentence on stderr (what happened, what to do) and an exit code."""

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import NoReturn

from gradebench.cli import screen, sentences

FAILED = 2
INTERRUPTED = 130


class Stop(Exception):
    """The command cannot go on: `what` happened, and `todo` is what the person can do."""

    def __init__(self, what: str, todo: str = "", *, code: int = FAILED) -> None:
        super().__init__(what)
        self.what = what
        self.todo = todo
        self.code = code

    def __str__(self) -> str:
        return f"{self.what} {self.todo}".strip()


@contextmanager
def border() -> Iterator[None]:
    """End what is expected to go wrong as a sentence and an exit code."""
    try:
        yield
    except SystemExit:
        raise  # before Django is imported to see what it was: --help ends like this
    except Stop as stop:
        _end(str(stop), code=stop.code)
    except sentences.expected() as error:
        _end(sentences.about(error), code=FAILED)


def last_word(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Python's `sys.excepthook`: what nobody foresaw is told as a sentence too, with exit code 2."""
    if debugging():
        traceback.print_exception(kind, error, trace)
    screen.say(
        f"GradeBench met an error that it does not know: {kind.__name__}: {error} "
        "Nothing that was saved before is lost. Set GRADEBENCH_DEBUG=1 and run the command again "
        "to see where it happened."
    )
    sys.exit(FAILED)


def debugging() -> bool:
    """Whether the person asked for tracebacks."""
    return os.environ.get("GRADEBENCH_DEBUG", "").strip().lower() in {"1", "true", "yes", "on"}


def _end(sentence: str, *, code: int) -> NoReturn:
    if debugging():
        traceback.print_exc()
    screen.say(sentence)
    sys.exit(code)
