"""Characters and elements of HTML -> what they are to a reader; addresses made whole."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

# What XML 1.0 does not allow (C0 but for tab and line ends), lone surrogates, and marks that are invisible or
# turn the line about. They go before blanks are folded: \s counts some of C0, which would part a word.
# One class, of what may stay: four times as quick to search by as two alternatives.
UNSEEN = re.compile(
    "[^\\t\\n\\r\x20-\x7e\x85\xa0-\xac\xae-\u200a\u200c\u200d\u2010-\u2029\u202f-\u205f\u206a-\ud7ff\ue000-\ufefe"
    "\uff00-\ufffd\U00010000-\U0010ffff]"
)
# What `spaced` would change, but for two blanks in a row: most texts have none of it.
_ODD = re.compile(
    "[^\x20-\x7e\x85\xa1-\xac\xae-\u200a\u200c\u200d\u2010-\u2029\u202f-\u205f\u206a-\u2fff\u3001-\ud7ff\ue000-\ufefe"
    "\uff00-\ufffd\U00010000-\U0010ffff]"
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
    *(
        "details",
        "summary",
        "p",
        "pre",
        "blockquote",
        "address",
        "figure",
        "figcaption",
        "img",
        "hr",
        "fieldset",
    ),
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


def spaced(text: str) -> str:
    """A text without unseen marks, runs of blanks as one."""
    if "  " in text or _ODD.search(text):
        return BLANKS.sub(" ", UNSEEN.sub("", text))
    return text


def fold(text: str) -> str:
    return spaced(text).strip()
