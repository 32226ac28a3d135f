"""Parameters as Canvas reads them: query, form, multipart and JSON, with nested bracket names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import HTTP
from urllib.parse import parse_qsl

import msgspec

Value = str | int | float | bool | None | list["Value"] | dict[str, "Value"]

TRUE = frozenset({"true", "t", "yes", "y", "on", "1"})
FALSE = frozenset({"false", "f", "no", "n", "off", "0"})
_LEADING_NUMBER = re.compile(r"\s*([+-]?\d+)")


def ruby_integer(value: Value) -> int:
    """What Ruby's to_i makes of it: the leading digits, or 0 ("1~234" is 1, "sis_user_id:x" is 0)."""
    if isinstance(value, bool) or value is None or isinstance(value, (list, dict)):
        return 0
    if isinstance(value, (int, float)):
        return int(value)
    found = _LEADING_NUMBER.match(value)
    return int(found.group(1)) if found else 0


def read_flag(value: Value) -> bool | None:
    """Canvas's booleans; None for anything else."""
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    return True if word in TRUE else False if word in FALSE else None


class Params:
    """One level of parameters, with the readings that Canvas's controllers use."""

    def __init__(self, values: dict[str, Value]) -> None:
        self.values = values

    def has(self, name: str) -> bool:
        return name in self.values

    def raw(self, name: str) -> Value:
        return self.values.get(name)

    def text(self, name: str) -> str | None:
        """The parameter as text; None when absent, null or not a scalar."""
        value = self.values.get(name)
        if value is None or isinstance(value, (list, dict)):
            return None
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value)

    def integer(self, name: str) -> int | None:
        """The parameter as a whole number; None when absent or blank."""
        text = self.text(name)
        return ruby_integer(text) if text else None

    def flag(self, name: str, *, default: bool = False) -> bool:
        found = read_flag(self.values.get(name))
        return default if found is None else found

    def elements(self, name: str) -> list[Value]:
        """An array parameter; a scalar counts as an array of one."""
        value = self.values.get(name)
        if isinstance(value, list):
            return value
        return [] if value is None or isinstance(value, dict) else [value]

    def texts(self, name: str) -> list[str]:
        return [str(item) for item in self.elements(name) if isinstance(item, (str, int, float))]

    def integers(self, name: str) -> list[int]:
        """An array or a comma-separated text of ids, cast as Ruby casts."""
        parts: list[Value] = []
        for item in self.elements(name):
            parts.extend(item.split(",") if isinstance(item, str) else [item])
        return [ruby_integer(item) for item in parts if item not in {"", None}]

    def inside(self, name: str) -> Params:
        """The nested parameters under `name`; empty when there are none."""
        value = self.values.get(name)
        return Params(value if isinstance(value, dict) else {})

    def items(self) -> Iterable[tuple[str, Params]]:
        """The nested parameters with their names, e.g. of grade_data[3][posted_grade]."""
        return [(name, self.inside(name)) for name in self.values]


@dataclass(frozen=True)
class Upload:
    """A file of a multipart form."""

    filename: str
    content: bytes


def nest(pairs: Iterable[tuple[str, Value]]) -> dict[str, Value]:
    """Bracketed names to nested values, as Rack does: a[]=1&b[c]=2 to {"a": [1], "b": {"c": 2}}."""
    tree: dict[str, Value] = {}
    for name, value in pairs:
        _store(tree, _split_name(name), value)
    return tree


def _split_name(name: str) -> list[str]:
    head, bracket, rest = name.partition("[")
    return [head, *re.findall(r"([^\[\]]*)\]", rest)] if bracket else [head]


def _store(tree: dict[str, Value], path: list[str], value: Value) -> None:
    key, rest = path[0], path[1:]
    if not rest:
        tree[key] = value
    elif rest[0] == "":
        _append(tree, key, rest[1:], value)
    else:
        child = tree.get(key)
        if not isinstance(child, dict):
            child = tree[key] = {}
        _store(child, rest, value)


def _append(tree: dict[str, Value], key: str, rest: list[str], value: Value) -> None:
    array = tree.get(key)
    if not isinstance(array, list):
        array = tree[key] = []
    if not rest:
        array.append(value)
        return
    last = array[-1] if array else None
    if not isinstance(last, dict) or rest[0] in last:
        last = {}
        array.append(last)
    _store(last, rest, value)


class BadBody(Exception):
    """The body is not what its Content-Type says."""


def read_body(content_type: str, body: bytes) -> tuple[dict[str, Value], dict[str, Upload]]:
    """Parameters and files of a request body; raises BadBody. Other types (CSV) have neither."""
    kind = content_type.partition(";")[0].strip().lower()
    if not body:
        return {}, {}
    if kind == "application/json":
        return _read_json(body), {}
    if kind == "application/x-www-form-urlencoded":
        return nest(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)), {}
    if kind == "multipart/form-data":
        return _read_multipart(content_type, body)
    return {}, {}


def _read_json(body: bytes) -> dict[str, Value]:
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadBody from error
    return value if isinstance(value, dict) else {"_json": value}


def _read_multipart(content_type: str, body: bytes) -> tuple[dict[str, Value], dict[str, Upload]]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1")
    message = message_from_bytes(head + body, policy=HTTP)
    pairs: list[tuple[str, Value]] = []
    files: dict[str, Upload] = {}
    for part in message.iter_parts():
        name = str(part.get_param("name", "", header="content-disposition"))
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        filename = part.get_filename()
        if filename is None:
            pairs.append((name, content.decode("utf-8", "replace")))
        else:
            files[name] = Upload(filename, content)
    return nest(pairs), files
