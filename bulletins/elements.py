"""Characters and elements of HTML -> what they are to a reader; addresses made whole."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

# What XML 1.0 does not allow (C0 but for tab and line ends), lone surrogates, and marks that are invisible or
# turn the line about. They go before blanks are folded: \s counts some of C0, which would part a word.
UNSEEN = re.compile(
    "[^\\t\\n\\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    "|[\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
BLANKS = re.compile(r"[ \t\r\n\u00a0\u3000]+")
# Forms are not among them: whole pages of ASP.NET sites stand in one.
SKIPPED = {
    *("script", "style", "noscript", "template", "iframe", "svg"),
    *("button", "input", "select", "textarea"),
}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
BLOCKS = HEADINGS | {
    *("div", "section", "article", "main", "center", "body", "header", "footer", "aside", "nav", "form"),
    *("p", "pre", "blockquote", "address", "figure", "figcaption", "img", "hr", "fieldset"),
    *("ul", "ol", "li", "dl", "dd", "dt", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"),
}


def web_address(href: str, base: str) -> str | None:
    """An http or https address made absolute, or None."""
    if not href or href.startswith("#"):
        return None
    try:
        given = urlsplit(href.strip())
        address = urlsplit(urljoin(base, href.strip()))
    except ValueError:
        return None
    if given.scheme and not given.hostname:  # a template's "http://", which urljoin takes for the page itself
        return None
    return address.geturl() if address.scheme in ("http", "https") and address.hostname else None


def fold(text: str) -> str:
    return BLANKS.sub(" ", UNSEEN.sub("", text)).strip()
