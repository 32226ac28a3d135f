"""How much a browser that has never been here loads for a page: all of it, compressed as it is served."""

import gzip
import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

if TYPE_CHECKING:  # can be imported once Django is set up
    from django.test import Client

# What a page loads at once, and what its stylesheets and modules load in their turn.
TAGS = re.compile(r"""<(?:link|script|img)\b[^>]*?\s(?:href|src)=["']([^"'#]+)""")
FACTS = re.compile(r"""data-facts=["']([^"']+)""")
STYLES = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^"')]+))\s*\)""")
MODULES = re.compile(r"""\b(?:from|import)\s*["'](\.{1,2}/[^"']+)["']""")


def weigh(browser: "Client", path: str) -> float:
    """The kilobytes of a page with its styles, scripts, pictures, fonts and first data."""
    sizes: dict[str, int] = {}
    waiting = [path]
    while waiting:
        address = waiting.pop()
        if address not in sizes:
            sizes[address], text = _load(browser, address)
            waiting += [urljoin(address, one) for one in _needs(address, text)]
    return sum(sizes.values()) / 1000


def _load(browser: "Client", address: str) -> tuple[int, str]:
    """Its size on the way, and its text where it has one."""
    answer = browser.get(address, headers={"accept-encoding": "gzip"})
    parts = answer.streaming_content if answer.streaming else [answer.content]
    body = b"".join(parts)
    if answer.status_code != 200:
        raise ValueError(f"{address} answers {answer.status_code}")
    whole = gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body
    return len(body), whole.decode(errors="replace")


def _needs(address: str, text: str) -> list[str]:
    if address.endswith(".css"):
        addresses = ("".join(one) for one in STYLES.findall(text))
        return [one for one in addresses if not one.startswith(("data:", "#"))]
    if address.endswith(".js"):
        return MODULES.findall(text)
    if text.lstrip().lower().startswith("<!doctype html"):
        return TAGS.findall(text) + FACTS.findall(text)
    return []
