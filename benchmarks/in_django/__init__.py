"""What is measured inside Django: each module is a process of its own, JSON in and JSON out."""

import sys
from typing import TypeVar

import django
import msgspec

T = TypeVar("T")


def asked(shape: type[T]) -> T:
    """Set Django up, and read from stdin what is asked for."""
    django.setup()
    return msgspec.json.decode(sys.stdin.buffer.read(), type=shape)


def answer(value: object) -> None:
    """Write the result to stdout."""
    sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")
