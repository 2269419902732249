"""An article's address -> the key, link and entry id that it keeps; never from title, date or text."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote, unquote, unquote_to_bytes, urlsplit, urlunsplit

from bulletins.model import Item

# Parameters that say who is looking or from where, not what at.
_NOISE = re.compile(r"utm_\w+|spm|from|isappinstalled|div|phpsessid|jsessionid|session_?id|timestamp|_", re.I)
_SESSION_PATH = re.compile(r";jsessionid=[^/?#]*", re.I)
_PLAIN = "!$'()*+,;:@"  # of RFC 3986's pchar, beside the unreserved, what need not be escaped in a path
_AS_WRITTEN = _PLAIN + "/?=&%"


def link(url: str) -> str:
    """The address of the article itself: without session ids, visitors' parameters and fragment, in ASCII
    (RFC 3986; of an internationalised host only the path and query)."""
    parts = urlsplit(url)
    path = _SESSION_PATH.sub("", parts.path) or "/"
    query = "&".join(piece for piece in parts.query.split("&") if piece and not _is_noise(piece))
    return urlunsplit(
        (parts.scheme, parts.netloc, quote(path, safe=_AS_WRITTEN), quote(query, safe=_AS_WRITTEN), "")
    )


def key(url: str) -> str:
    """What names an article within its source: its path and query, whatever the scheme or host, the order of
    the parameters and how characters are escaped. Different paths have different keys, a slash at the end
    aside.

    >>> key("http://kjb.example/b74012a0?utm_source=x#top")
    'b74012a0'
    """
    parts = urlsplit(link(url))
    path = _normal(parts.path.strip("/"), "/")
    query = "&".join(sorted(_normal(piece, "=/?+") for piece in parts.query.split("&") if piece))
    if query:
        return f"{path}?{query}"
    return {"": "-", "-": "%2D"}.get(path, path)  # the front page, and the page that has its name


def mint(authority: str, source: str, url: str, section: str = "") -> str:
    """An entry id: a tag URI (RFC 4151), independent of where the feeds are served."""
    return f"tag:{authority}:{source}/{key(url)}" + (f"/{section}" if section else "")


def of_feed(own: str) -> str:
    """An entry's id in somebody else's feed, as an address that `mint` makes one of: its fragment counts."""
    return own.strip().replace("#", "%23")


def digest(item: Item) -> str:
    """A hash of what an item means: it moves when a reader would want to know, and not for white space,
    markup, evidence or the order on the page; nor with `published`, which is set once."""
    meaning = (
        item.title,
        item.column.name if item.column else "",
        *(region.code for region in item.regions),
        item.region.code if item.region else "",
        *(f"{author.role}:{author.name}" for author in item.authors),
        str(item.event_date),
        str(item.event_end),
        *("".join(block.text.split()) + (block.url or "") for block in item.blocks),
    )
    return hashlib.sha256("\x1f".join(meaning).encode("utf-8", "surrogatepass")).hexdigest()


def _is_noise(piece: str) -> bool:
    return _NOISE.fullmatch(unquote(piece.partition("=")[0])) is not None


def _normal(text: str, separators: str) -> str:
    """Percent escapes as RFC 3986, 6.2.2 has them: none where none is needed, of bytes and not of characters,
    for a GBK site escapes GBK; an escaped separator is none."""
    safe = "".join(one for one in _PLAIN if one not in separators)
    parts = filter(None, re.split(f"([{re.escape(separators)}])", text))
    return "".join(part if part in separators else quote(unquote_to_bytes(part), safe=safe) for part in parts)
