"""An article's address -> the key, link and entry id that it keeps; never from title, date or text."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote, unquote, unquote_to_bytes, urlsplit, urlunsplit

from bulletins.model import Item

# Parameters that say who is looking or from where, not what at.
_NOISE = re.compile(r"utm_\w+|spm|from|isappinstalled|div|phpsessid|jsessionid|session_?id|timestamp|_", re.I)
# What scripts add so that no cache answers: a clock or a random number, under names that they use for it.
_NO_CACHE = re.compile(
    r"(?:_?t|ts|time|v|ver|r|rnd|rand|random|nocache)=(?:0?\.\d{6,}|1[4-9]\d{8}(?:\d{3})?)", re.I
)
_SESSION_PATH = re.compile(r";jsessionid=[^/?#]*", re.I)
_PLAIN = "!$'()*+,;:@"  # of RFC 3986's pchar, beside the unreserved, what need not be escaped in a path
_AS_WRITTEN = _PLAIN + "/?=&%"


def link(url: str) -> str:
    """The address of the article itself: without session ids, visitors' parameters, numbers against caches
    and fragment, in ASCII (RFC 3986; of an internationalised host only the path and query)."""
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


def bare(url: str) -> str:
    """An article's address without any parameters: where it stood before its site added some."""
    return urlunsplit((*urlsplit(link(url))[:3], "", ""))


def before_parameters(item: Item) -> str:
    """The entry id that an item would have at its bare address; its own where it has no parameters."""
    return item.id.replace(f"/{key(item.link)}", f"/{key(bare(item.link))}", 1)


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
        *(link(one.url) for one in item.attachments),
    )
    return hashlib.sha256("\x1f".join(meaning).encode("utf-8", "surrogatepass")).hexdigest()


def _is_noise(piece: str) -> bool:
    name = unquote(piece.partition("=")[0])
    return (_NOISE.fullmatch(name) or _NO_CACHE.fullmatch(piece)) is not None


def _normal(text: str, separators: str) -> str:
    """Percent escapes as RFC 3986, 6.2.2 has them: none where none is needed, of bytes and not of characters,
    for a GBK site escapes GBK; an escaped separator is none."""
    safe = "".join(one for one in _PLAIN if one not in separators)
    parts = filter(None, re.split(f"([{re.escape(separators)}])", text))
    return "".join(part if part in separators else quote(unquote_to_bytes(part), safe=safe) for part in parts)
