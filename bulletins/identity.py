"""An article's address -> the key, link and entry id that it keeps; never from title, date or text."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from bulletins.model import Item

# Parameters that say who is looking or from where, not what at.
_NOISE = re.compile(
    r"utm_\w+|spm|from|isappinstalled|div|phpsessid|jsessionid|sid|session_?id|timestamp|_", re.I
)
_SESSION_PATH = re.compile(r";jsessionid=[^/?#]*", re.I)


def link(url: str) -> str:
    """The address of the article itself: without session ids, visitors' parameters and fragment."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in _query(parts.query) if not _NOISE.fullmatch(name)]
    return urlunsplit(
        (parts.scheme, parts.netloc, _SESSION_PATH.sub("", parts.path) or "/", urlencode(query), "")
    )


def key(url: str) -> str:
    """What names an article within its source: its path and query, whatever the scheme or host.

    >>> key("http://kjb.example/b74012a0?utm_source=x#top")
    'b74012a0'
    """
    parts = urlsplit(link(url))
    path = quote(unquote(parts.path.strip("/")), safe="/-._~!$&'()*+,;=:@")
    query = urlencode(sorted(_query(parts.query)))
    return f"{path}?{query}" if query else path or "-"


def mint(authority: str, source: str, url: str, section: str = "") -> str:
    """An entry id: a tag URI (RFC 4151), independent of where the feeds are served."""
    return f"tag:{authority}:{source}/{key(url)}" + (f"/{section}" if section else "")


def digest(item: Item) -> str:
    """A hash of what an item means: it moves when a reader would want to know, and not for white space,
    markup, evidence or the order on the page."""
    meaning = (
        item.title,
        item.column.name if item.column else "",
        *(region.code for region in item.regions),
        item.region.code if item.region else "",
        *(f"{author.role}:{author.name}" for author in item.authors),
        item.published.isoformat(),
        str(item.event_date),
        str(item.event_end),
        *("".join(block.text.split()) + (block.url or "") for block in item.blocks),
    )
    return hashlib.sha256("\x1f".join(meaning).encode("utf-8", "surrogatepass")).hexdigest()


def _query(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)
