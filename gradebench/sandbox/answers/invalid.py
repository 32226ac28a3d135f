"""Canvas's bodies for values that a model refuses."""

from __future__ import annotations

from typing import NoReturn

from gradebench.sandbox.wire.exchange import refuse


def invalid(attribute: str, message: str) -> NoReturn:
    """400 in the object form that group endpoints use."""
    error = {"attribute": attribute, "message": message, "type": message}
    refuse(400, {"errors": {attribute: [error]}})


def refuse_sis(verb: str = "set") -> NoReturn:
    """401 for SIS parameters without the permission."""
    refuse(401, {"message": f"You must have manage_sis permission to {verb} sis attributes"})


def refuse_protected() -> NoReturn:
    """401 for a set that belongs to Canvas or to the students."""
    refuse(401, {"status": "unauthorized"})
