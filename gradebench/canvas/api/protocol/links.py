"""The Link header of a page, read with suspicion."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_LINK = re.compile(r"<([^>]*)>([^<]*)")
_REL = re.compile(r"""\brel\s*=\s*"?([^";,]+)"?""", re.IGNORECASE)
_PAGE = re.compile(r"(?<=[?&])page=([^&#]*)")
_SIZE = re.compile(r"(?<=[?&])per_page=([0-9]{1,9})(?![^&#])")
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Links:
    """Where a page says the others are. `next` is followed as it is and never taken apart,
    except to count: `page=3` on a numeric list can be asked for without having seen page 2.
    """

    by_rel: Mapping[str, str]

    @property
    def next(self) -> str | None:
        """The page after this one; None at the end."""
        return self.by_rel.get("next")

    @property
    def current(self) -> str | None:
        """This page itself."""
        return self.by_rel.get("current")

    @property
    def current_number(self) -> int | None:
        """This page's number; None on bookmark lists."""
        return _number(self.current)

    @property
    def next_number(self) -> int | None:
        """The next page's number; None at the end and on bookmark lists."""
        return _number(self.next)

    @property
    def last_number(self) -> int | None:
        """The last page's number where Canvas knows it."""
        return _number(self.by_rel.get("last"))

    @property
    def names_the_end(self) -> bool:
        """True on a page that says itself that it is the last one."""
        last = self.by_rel.get("last")
        return last is not None and _page(last) == _page(self.current or last)

    @property
    def per_page(self) -> int | None:
        """The page size that Canvas settled on, which may be less than was asked for."""
        for url in self.by_rel.values():
            if size := _SIZE.search(url):
                return int(size.group(1))
        return None

    def __bool__(self) -> bool:
        return bool(self.by_rel)


def read_links(header: str) -> Links:
    """`<url>; rel="next",<url>; rel="last"` → the URLs by rel; unreadable entries are left out."""
    found = {}
    for url, parameters in _LINK.findall(header):
        rel = _REL.search(parameters)
        if rel:
            found[rel.group(1).strip().lower()] = url
    return Links(found)


def numbered(url: str, number: int) -> str:
    """The same link for another page number."""
    return _PAGE.sub(f"page={number}", url, count=1)


def _page(url: str | None) -> str:
    page = _PAGE.search(url or "")
    return page.group(1) if page else ""


def _number(url: str | None) -> int | None:
    page = _page(url)
    return int(page) if _NUMBER.fullmatch(page) else None
