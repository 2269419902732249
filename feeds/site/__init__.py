"""The reading room: feeds that exist and items in, pages and their assets as Documents out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files

from bulletins.model import PollStatus
from bulletins.state import SourceState
from feeds.render import Document
from feeds.scope import roll_up
from feeds.site import pages
from feeds.site.finder import spellings
from feeds.site.items import item, moved, withdrawn
from feeds.site.lists import columns, sources
from feeds.site.pages import about, column, edition, index, region, section, source
from feeds.site.rendering import LANGUAGES, render
from feeds.site.shelf import Entry, Shelf, page_of, path_of

__all__ = [
    "LANGUAGES",
    "UNDATED",
    "VERSION",
    "Entry",
    "Shelf",
    "about",
    "assets",
    "column",
    "columns",
    "edition",
    "greeting",
    "index",
    "item",
    "moved",
    "notice",
    "page_of",
    "places",
    "region",
    "section",
    "source",
    "sources",
    "troubles",
    "withdrawn",
]

VERSION = 4  # of what pages look like: a new one has all of them written again

_ASSETS = {
    "site.css": "text/css; charset=utf-8",
    "find.js": "text/javascript; charset=utf-8",
    "copy.js": "text/javascript; charset=utf-8",
    "favicon.svg": "image/svg+xml",
    "icon.png": "image/png",
}
# Assets change with the product, not with the news: they bear no date of their own.
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)
_STATES = {
    None: "等待第一次读取",
    PollStatus.OK: "已读取",
    PollStatus.NOT_MODIFIED: "已读取，没有变化",
    PollStatus.QUIET: "已读取，今天没有消息",
    PollStatus.LAYOUT_CHANGED: "版面变了，暂不发布",
    PollStatus.BLOCKED: "对方没有让我们看到版面",
    PollStatus.UNREACHABLE: "暂时连接不上",
    PollStatus.QUARANTINED: "读到的内容可疑，等人查看",
}


def greeting(shelf: Shelf, states: Sequence[SourceState] = (), *, modified: datetime = UNDATED) -> Document:
    """The home page before the first item: it greets, and says which sources are being read; `states` add how
    that goes."""
    known = {state.source: state for state in states}
    reading = []
    for one in shelf.sources.values():
        state = known.get(one.id)
        if one.enabled:
            said = (_STATES[state.state], state.reason) if state else ("", "")
            reading.append((one.name, one.url, *said))
    return pages.greeting(shelf, reading, modified=modified)


def notice(title: str, words: str, *, root: str, lang: str = "zh") -> bytes:
    """A small page that says why there is no other: `title` in its language, `words` in English. `root` leads
    from its address up to the site's root ("", "../", …); a page in English stands below `en/` there."""
    home = root if lang == "zh" else root.removeprefix("../")
    ways = {"root": home or "./", "base": root or "./"}
    return render("notice.html", lang=lang, path="", title=title, words=words, **ways)


def assets() -> tuple[Document, ...]:
    """What every page links to: style, scripts, icon. As files, so that a policy can forbid inline ones."""
    folder = files("feeds.site") / "assets"
    return tuple(
        Document(f"assets/{name}", media_type, (folder / name).read_bytes(), UNDATED)
        for name, media_type in _ASSETS.items()
    )


def places(codes: Iterable[str], modified: datetime) -> Document:
    """places.json, from which the finder finds: for each division that has a page its code, its names from
    the province down, and its spellings."""
    return Document("places.json", "application/json", _places(tuple(sorted(codes))), modified)


@lru_cache(maxsize=1)
def _places(codes: tuple[str, ...]) -> bytes:
    lines = [[code, "".join(_names(code)), spellings(path_of(code)[-1])] for code in codes]
    return json.dumps(lines, ensure_ascii=False, separators=(",", ":")).encode()


def _names(code: str) -> Sequence[str]:
    """The names of a division from the province down, a province's city of the same name passed over."""
    return [path_of(up)[-1] for up in roll_up(code)]


def troubles(states: Iterable[SourceState]) -> dict[str, str]:
    """What pages say of sources that are not published as they stand now, by their ids."""
    return {
        state.source: _STATES[state.state]
        for state in states
        if state.enabled and state.state and not state.state.healthy
    }
