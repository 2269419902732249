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
from feeds.records import exact, local, stamp
from feeds.render import Document, jsonfeed, syndication
from feeds.scope import FeedKey

KEY = FeedKey("health")
_TITLE, _SUBTITLE = "故障与恢复 · 邸报", "各来源的故障与恢复，每次一条"


@dataclass(frozen=True, slots=True)
class Notice:
    """That an incident was opened, or closed. `paragraphs` are plain text; `at` is aware."""

    id: str  # a tag URI
    title: str
    paragraphs: tuple[str, ...]
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
        entry = _entry(generator, notice)
        entry.link(href=feed.home, rel="alternate")
        entry.guid(notice.id, permalink=False)
        entry.description(_html(notice) or escape(notice.title, quote=False))
    written: bytes = generator.rss_str(pretty=True)
    return written


def _atom(feed: Feed, notices: Sequence[Notice]) -> bytes:
    generator = syndication.document(feed)
    for notice in notices:
        entry = _entry(generator, notice)
        entry.link(href=feed.home, rel="alternate")
        entry.content(_html(notice) or escape(notice.title, quote=False), type="html")
    written: bytes = generator.atom_str(pretty=True)
    return written


def _entry(generator: Any, notice: Notice) -> Any:
    entry = generator.add_entry(order="append")
    entry.id(notice.id)
    entry.title(safe.unmarked(safe.text(notice.title)))
    entry.published(local(notice.at))
    entry.updated(exact(notice.at))
    return entry


def _html(notice: Notice) -> str:
    return "".join(f"<p>{escape(safe.text(one), quote=False)}</p>" for one in notice.paragraphs if one)


def _json(feed: Feed, notices: Sequence[Notice]) -> bytes:
    items: list[dict[str, Any]] = [
        {
            "id": notice.id,
            "url": feed.home,
            "title": notice.title,
            "content_html": _html(notice),
            "date_published": stamp(notice.at),
        }
        for notice in notices
    ]
    return jsonfeed.written(feed, items).encode()


_WRITE: dict[str, tuple[str, Callable[[Feed, Sequence[Notice]], bytes]]] = {
    "rss": ("application/rss+xml", _rss),
    "atom": ("application/atom+xml", _atom),
    "json": ("application/feed+json", _json),
}
