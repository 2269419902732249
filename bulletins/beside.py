"""A page of an edition that shows what stands elsewhere -> where: in frames, in scripts of its folder, or in
the data that its scripts load."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import PurePosixPath
from urllib.parse import urljoin, urlsplit

from bulletins import issues, refusals, scripts
from bulletins.markup import Node
from bulletins.model import Follow, Lead, PageKind

_SENTENCE = "。"
_JSON = re.compile(r"\.json(?:$|\?)", re.I)


def parts(tree: Node, base: str, lead: Lead, today: date, *, programs: bool) -> Iterator[Follow]:
    """What to read as parts of this page, with what is known of it; `programs` of its folder among them."""
    at = replace(lead, past=(base,))
    for part in tree.all("frame, iframe, script[src]" if programs else "frame, iframe"):
        address = issues.elsewhere(part.attribute("src"), base)
        own = part.tag != "script" or (address and urljoin(address, ".") == urljoin(base, "."))
        if address and own and issues.same_site(address, base):
            yield Follow(address, PageKind.PAGE, at)
    if address := loaded(tree, base, today):
        yield Follow(address, PageKind.PAGE, at)


def loaded(tree: Node, base: str, today: date | None = None) -> str | None:
    """The data that the scripts of a page load which says little itself: of several the file whose address
    has most in common with the page's, for others tell the weather. Without `today`, what has it is none."""
    if not refusals.says_little(tree) or not tree.has("body *:not(script)"):  # data load nothing
        return None
    code = "\n".join([tree.scripts, *_noted(tree)])
    found = scripts.addresses(code, datetime.combine(today, time(9), UTC) if today else None)
    hrefs = (issues.elsewhere(one.written, base) for one in found if one.whole and one.how == scripts.LOADED)
    near = {href: _nearness(href, base) for href in hrefs if href and issues.same_site(href, base)}
    best = max(near, key=lambda href: near[href], default=None)
    return best if best and any(near[best]) else None


def words(tree: Node, url: str) -> str | None:
    """The data file of an article's own page that has no sentence: what its address and the file's name is
    the article's id."""
    there = None if _SENTENCE in tree.text else loaded(tree, tree.base(url))
    name = PurePosixPath(urlsplit(url).path).stem
    return there if there and name and name in _words(there) and _JSON.search(there) else None


def _noted(tree: Node) -> Iterator[str]:
    """Data files that an element names: <div id=app data-src=/20261127/A1.json>."""
    for node in tree.marked:
        for value in node.attributes.values():
            if _JSON.search(value) and '"' not in value:
                yield f';load("{value.strip()}");'


def _nearness(href: str, base: str) -> tuple[int, bool]:
    return len(_words(href) & _words(base)), _JSON.search(href) is not None


def _words(address: str) -> set[str]:
    return set(re.split(r"\W+", urlsplit(address).path)) - {""}
