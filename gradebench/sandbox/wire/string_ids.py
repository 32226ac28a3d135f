"""Ids as text, for clients that ask with `Accept: application/json+canvas-string-ids`."""

from __future__ import annotations

import msgspec

STRING_IDS = "application/json+canvas-string-ids"


def with_string_ids(body: bytes) -> bytes:
    """The JSON body with every id, *_id and *_ids value as a string, at any depth."""
    return msgspec.json.encode(_convert(msgspec.json.decode(body)))


def _convert(value: object) -> object:
    if isinstance(value, list):
        return [_convert(item) for item in value]
    if isinstance(value, dict):
        return {key: _convert_field(key, item) for key, item in value.items()}
    return value


def _convert_field(key: str, value: object) -> object:
    if key == "id" or key.endswith("_id"):
        return _text(value) if not isinstance(value, (list, dict)) else _convert(value)
    if key.endswith("_ids") and isinstance(value, list):
        return [_text(item) for item in value]
    return _convert(value)


def _text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
