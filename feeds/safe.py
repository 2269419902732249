"""What may leave the house: markup and text of a page in, markup and text that cannot harm a reader out."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

_FLOW = {"p", "ul", "ol", "li", "blockquote", "pre", "figure", "figcaption", "h2", "h3", "h4", "h5", "h6"}
_TABLE = {"table", "caption", "thead", "tbody", "tr", "th", "td"}
_INLINE = {"a", "img", "br", "strong", "em", "b", "i", "u", "s", "sub", "sup", "code"}
_CELL = {"colspan", "rowspan"}  # a table read without them is another table
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "td": _CELL, "th": _CELL}
_SCHEMES = {"http", "https"}
_WEB = re.compile(r"https?://[^/\s]", re.IGNORECASE)

# What a reader that takes a plain text for HTML would take for the beginning of a tag, or for an entity.
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=#?\w+;)")

# XML 1.0, production 2 (Char): surrogates and U+FFFE/FFFF are outside it.
_XML = "\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff"
# The embeddings, overrides and isolates of UAX 9: one left open turns round whatever a reader shows after it.
_BIDI = "\u202a-\u202e\u2066-\u2069"
_RESERVED = "/?:@!$&'()*+,;=~"  # RFC 3986, 2.2, without brackets and #, which have no place behind a host
# Controls that XML allows, and that come from nothing but a wrong charset; the W3C's validator warns of them.
_C1 = "\u0080-\u009f"
_FORBIDDEN = re.compile(f"[^{_XML}]|[{_BIDI}{_C1}]")


def text(value: str) -> str:
    """`value` without the characters that XML 1.0 forbids, lone surrogates, C1 controls, and bidirectional
    overrides."""
    return _FORBIDDEN.sub("", value)


def unmarked(value: str) -> str:
    """A plain text that reads the same for whoever takes it for HTML: what would be a tag or an entity there
    is written in full-width forms."""
    return _ENTITY.sub("＆", _TAG.sub("＜", value))


def value(json: Any) -> Any:
    """A JSON value with `text` applied to each of its strings; a lone surrogate has no UTF-8."""
    match json:
        case str():
            return text(json)
        case list():
            return [value(each) for each in json]
        case dict():
            return {name: value(each) for name, each in json.items()}
    return json


def html(fragment: str, base: str) -> str:
    """A balanced HTML fragment of the tags allowed here, links and images absolute against `base`.

    Only http and https addresses are kept; scripts, styles, classes and ids are not. `base` is an absolute
    URL: nh3 raises ValueError for any other.
    """
    import nh3  # 2 MB that a server of files that are made already has no use for

    clean = nh3.clean(
        text(fragment),
        tags=_FLOW | _TABLE | _INLINE,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        url_relative=("rewrite_with_base", base),
        link_rel="noopener noreferrer",
    )
    return text(clean)  # again: character references such as &#x202e; are characters only now


def is_web(url: str) -> bool:
    """Whether an address may stand in a feed: absolute, http or https."""
    return _WEB.match(url) is not None


def address(url: str) -> str:
    """An absolute address in ASCII (RFC 3986), as validators want it: blanks, Chinese and what else has no
    place in one are percent-encoded, escapes that are there stay; the host is in its IDNA form where it has
    one, else as it is."""
    plain = text(url).strip()
    try:
        parts = urlsplit(plain)
    except ValueError:
        return quote(plain, safe=_RESERVED + "%")
    rest = (quote(part, safe=_RESERVED + "%") for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, _authority(parts.netloc), *rest))


def _authority(netloc: str) -> str:
    """User, host and port, in ASCII; IDNA is of the host alone."""
    user, at, server = netloc.rpartition("@")
    if not server.isascii():
        host, colon, port = server.partition(":")
        try:
            server = host.encode("idna").decode() + colon + quote(port)
        except UnicodeError:
            server = quote(server, safe=_RESERVED + "%")
    return quote(user, safe=_RESERVED + "%") + at + server
