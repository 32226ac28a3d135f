"""Slows down whoever tries passwords: ten wrong ones in ten minutes, then a pause."""

import hashlib

from django.core.cache import cache
from django.http import HttpRequest

MOST_TRIES = 10
PAUSE_SECONDS = 600


def too_many_tries(request: HttpRequest | None, name: str) -> bool:
    """Whether this visitor has tried too often to sign in under this name."""
    return int(cache.get(_key(request, name), 0)) >= MOST_TRIES


def count_a_try(request: HttpRequest | None, name: str) -> None:
    """Note one wrong password."""
    key = _key(request, name)
    if not cache.add(key, 1, timeout=PAUSE_SECONDS):
        cache.incr(key)


def _key(request: HttpRequest | None, name: str) -> str:
    visitor = request.META.get("REMOTE_ADDR", "") if request else ""
    return "sign-in-tries:" + hashlib.sha256(f"{visitor} {name.lower()}".encode()).hexdigest()
