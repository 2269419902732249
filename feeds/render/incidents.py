"""What is wrong with the service, as a feed of its own: notices in, RSS, Atom or JSON Feed out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape
from typing import Any

from feeds import compose, safe
from feeds.compose import Feed
from feeds.fragments import EXTENSION
from feeds.records import exact, local, stamp
from feeds.render import Document, jsonfeed, syndication
from feeds.scope import FeedKey

KEY = FeedKey("health")
_TITLE, _SUBTITLE = "故障与恢复 · 邸报", "各来源的故障与恢复，每次一条"
_HOUSE = "邸报"


@dataclass(frozen=True, slots=True)
class Notice:
    """That an incident was opened, or closed. `paragraphs` are plain text; `page` is the path of the
    incident's own page, without its leading slash; `at` is aware."""

    id: str  # a tag URI
    title: str
    paragraphs: tuple[str, ...]
    page: str
    at: datetime


def incidents(notices: Sequence[Notice], suffix: str, *, base_url: str, authority: str) -> Document | None:
    """The feed in a format, the newest notice first as given; None for a format that there is not."""
    if suffix not in _WRITE:
        return None
    feed = Feed(
        key=KEY,
        title=_TITLE,
        subtitle=_SUBTITLE,
        home=compose.home_of(KEY, base_url),
        base_url=base_url,
        updated=notices[0].at if notices else compose.NEVER,
        items=(),
        sources={},
        newest=notices[0].at if notices else None,
        authority=authority,
    )
    media_type, write = _WRITE[suffix]
    return Document(f"feeds/{KEY.path}.{suffix}", media_type, write(feed, _apart(notices)), feed.updated)


def _apart(notices: Sequence[Notice]) -> list[Notice]:
    """The notices, those of one moment a microsecond apart: validators doubt entries that bear the same."""
    later: Counter[datetime] = Counter()
    found = []
    for notice in reversed(notices):
        found.append(replace(notice, at=notice.at + timedelta(microseconds=later[notice.at])))
        later[notice.at] += 1
    return found[::-1]


def _rss(feed: Feed, notices: Sequence[Notice]) -> bytes:
    generator = syndication.channel(feed)
    for notice in notices:
        entry = _entry(generator, feed, notice)
        entry.guid(notice.id, permalink=False)
        entry.description(_html(notice))
    written: bytes = generator.rss_str(pretty=True)
    return written


def _atom(feed: Feed, notices: Sequence[Notice]) -> bytes:
    generator = syndication.document(feed)
    for notice in notices:
        entry = _entry(generator, feed, notice)
        entry.content(_html(notice), type="html")
    written: bytes = generator.atom_str(pretty=True)
    return written


def _entry(generator: Any, feed: Feed, notice: Notice) -> Any:
    entry = generator.add_entry(order="append")
    entry.id(notice.id)
    entry.title(safe.unmarked(safe.text(notice.title)))
    entry.published(local(notice.at))
    entry.updated(exact(notice.at))
    entry.link(href=_page(feed, notice), rel="alternate")
    return entry


def _page(feed: Feed, notice: Notice) -> str:
    return f"{feed.base_url}/{notice.page}"


def _words(notice: Notice) -> list[str]:
    """What a notice says, a paragraph each; never nothing."""
    return [safe.text(one) for one in notice.paragraphs if one] or [safe.text(notice.title)]


def _html(notice: Notice) -> str:
    return "".join(f"<p>{escape(one, quote=False)}</p>" for one in _words(notice))


def _json(feed: Feed, notices: Sequence[Notice]) -> bytes:
    return jsonfeed.written(feed, [_json_entry(feed, notice) for notice in notices]).encode()


def _json_entry(feed: Feed, notice: Notice) -> dict[str, Any]:
    """A notice as the items of all other feeds are, so that a program reads it by the same schema: Dibao is
    its source, and what an incident has not is null."""
    page, words = _page(feed, notice), _words(notice)
    said: dict[str, Any] = {**dict.fromkeys(EXTENSION), "regions": []}
    house = {"id": "dibao", "name": _HOUSE, "url": f"{feed.base_url}/"}
    return {
        "id": notice.id,
        "url": page,
        "title": notice.title,
        "summary": words[0],
        "content_html": _html(notice),
        "content_text": "\n\n".join(words),
        "date_published": stamp(notice.at),
        "date_modified": stamp(notice.at),
        "authors": [{"name": _HOUSE}],
        "tags": [],
        "_dibao": {**said, "source": house, "permalink": page},
    }


_WRITE: dict[str, tuple[str, Callable[[Feed, Sequence[Notice]], bytes]]] = {
    "rss": ("application/rss+xml", _rss),
    "atom": ("application/atom+xml", _atom),
    "json": ("application/feed+json", _json),
}
