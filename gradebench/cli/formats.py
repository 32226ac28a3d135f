"""How results can be written."""

from enum import StrEnum


class Format(StrEnum):
    """The form of an export."""

    JSON = "json"
