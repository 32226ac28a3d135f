"""Reads tokens and passwords from where no other process can see them."""

import getpass
import sys
from pathlib import Path

from gradebench.cli.border import Stop


def read_secret(source: Path, *, what: str) -> str:
    """The one line in the file `source`, or from standard input where it is `-`; never echoed.

    Raises Stop when there is not exactly one word, OSError when the file cannot be read.
    """
    try:
        text = _from_standard_input(what) if str(source) == "-" else source.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise Stop(f"{source} is not a text file.", f"Put the {what} alone into it.") from error
    words = text.split()
    if not words:
        raise Stop(f"There is no {what} in {_named(source)}.", f"Put the {what} alone into it.")
    if len(words) > 1:
        raise Stop(
            f"{_named(source).capitalize()} holds more than one word.",
            f"Put the {what} alone into it.",
        )
    return words[0]


def _from_standard_input(what: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(f"The {what} (it is not shown): ")
    return sys.stdin.read()


def _named(source: Path) -> str:
    return "the standard input" if str(source) == "-" else f"the file {source}"
