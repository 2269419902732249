"""A path that names the code that a region once had -> where its feeds, pages and lists are today."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletins.regions import successor

_REGION = re.compile(r"/(?:feeds/|opml/|en/)?region/(?P<code>[0-9]{6})(?P<rest>[./].*)?")


@lru_cache(maxsize=1024)  # the feeds that are asked for again and again
def moved(path: str) -> str | None:
    """The way there, relative to the path, which is right behind any prefix that a proxy takes off.

    >>> moved("/feeds/region/511821/column/ke-pu.atom")
    '../../511803/column/ke-pu.atom'
    >>> moved("/feeds/region/511803.atom") is None
    True
    """
    match = _REGION.fullmatch(path) if "/region/" in path else None
    code = successor(match["code"]) if match else None
    if match is None or code is None:
        return None
    rest = match["rest"] or ""
    return f"{'../' * rest.count('/') or './'}{code}{rest}"
