"""Where an item has its page: its entry id in, the page's key, path and address out."""

from __future__ import annotations

import hashlib

_DIGITS = 20  # hexadecimal: 80 bits, of which no two items share all


def key(entry_id: str) -> str:
    """The `<key>` of /items/<key>/: hexadecimal digits that follow from the id alone, so that a program that
    has the one knows the other. Article keys themselves hold what neither a path nor a file name may.

    >>> key("tag:dibao.example,2026:sckjb/b74012a0")
    '136b4f234d3f1fc881bb'
    """
    return hashlib.sha256(entry_id.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def path(entry_id: str) -> str:
    """The page below the root of the site: items/<key>/."""
    return f"items/{key(entry_id)}/"


def address(entry_id: str, base_url: str) -> str:
    """The page's absolute address. `base_url` has no slash at its end."""
    return f"{base_url}/{path(entry_id)}"
