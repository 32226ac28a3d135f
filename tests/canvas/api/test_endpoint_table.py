"""docs/canvas/client.md names every endpoint, and every endpoint names Canvas's own page."""

import inspect
import re
from pathlib import Path

import pytest

from gradebench.canvas.api import endpoints
from gradebench.canvas.api.calls import Call, Listing

DOCUMENT = Path(__file__).parents[3] / "docs" / "canvas" / "client.md"
NUMBERS = {"int": 1, "str": "x", "bool": True}


def described(function):
    """The value that an endpoint returns for made-up arguments."""
    required = {
        name: made_up(str(parameter.annotation))
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is inspect.Parameter.empty
    }
    return function(**required)


def made_up(annotation):
    if "Sequence[str]" in annotation:
        return ["x"]
    if "Sequence" in annotation:
        return [1]
    if "Mapping" in annotation:
        return {1: "2"}
    if "bytes" in annotation:
        return b""
    return next(value for name, value in NUMBERS.items() if name in annotation)


def table():
    rows = re.findall(r"^\| `(\w+)` \| `(\w+) ([^`]+)` \| (\w+) \|", DOCUMENT.read_text(), re.M)
    return {name: (method, path, pages) for name, method, path, pages in rows}


def test_the_table_has_every_endpoint_and_no_other():
    assert sorted(table()) == sorted(endpoints.__all__)


@pytest.mark.parametrize("name", endpoints.__all__)
def test_an_endpoint_asks_for_what_the_table_says(name):
    method, path, pages = table()[name]
    value = described(getattr(endpoints, name))
    pattern = re.sub(r":\w+", r"(\\d+|self)", path.partition("?")[0])
    assert isinstance(value, Call if pages == "one" else Listing)
    assert re.fullmatch(pattern, value.path)
    assert method == (value.method if isinstance(value, Call) else "GET")


@pytest.mark.parametrize("name", endpoints.__all__)
def test_an_endpoint_names_canvass_own_page(name):
    documentation = getattr(endpoints, name).__doc__
    assert documentation.startswith("https://canvas.instructure.com/doc/api/")
