"""What is wrong with the service, as a feed of its own: notices in, RSS, Atom or JSON Feed out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from feedgen.feed import FeedGenerator

from feeds import compose, safe
from feeds.records import local, stamp
from feeds.render import Document
from feeds.scope import FeedKey

KEY = FeedKey("health")
_TITLE, _SUBTITLE = "故障与恢复 · 邸报", "各来源的故障与恢复，每次一条"
_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}


@dataclass(frozen=True, slots=True)
class Notice:
    """That an incident was opened, or closed. `paragraphs` are plain text; `at` is aware."""

    id: str  # a tag URI
    title: str
    paragraphs: tuple[str, ...]
    at: datetime


def incidents(notices: Sequence[Notice], suffix: str, *, base_url: str, authority: str) -> Document | None:
    """The feed in a format, the newest notice first as given; None for a format that there is not."""
    if suffix not in _TYPES:
        return None
    updated = notices[0].at if notices else compose.NEVER
    written = (
        _json(notices, base_url)
        if suffix == "json"
        else _xml(notices, suffix, updated, base_url=base_url, authority=authority)
    )
    return Document(f"feeds/{KEY.path}.{suffix}", _TYPES[suffix], written, updated)


def _xml(
    notices: Sequence[Notice], suffix: str, updated: datetime, *, base_url: str, authority: str
) -> bytes:
    """feedgen's measured bugs as feeds/render/syndication.py has them: the last link is the channel's, dates
    default to now, entries go in front."""
    generator: Any = FeedGenerator()
    generator.id(f"tag:{authority}:feeds/{KEY.path}")
    generator.title(_TITLE)
    generator.description(_SUBTITLE) if suffix == "rss" else generator.subtitle(_SUBTITLE)
    generator.language("zh-cn" if suffix == "rss" else "zh-CN")
    generator.generator("Dibao")
    generator.author(name="邸报", uri=f"{base_url}/")
    generator.updated(local(updated))
    generator.lastBuildDate(local(updated))
    generator.link(href=compose.address_of(KEY, base_url, suffix), rel="self", type=_TYPES[suffix])
    generator.link(href=f"{base_url}/", rel="alternate", type="text/html")
    for notice in notices:
        entry = generator.add_entry(order="append")
        entry.id(notice.id)
        if suffix == "rss":
            entry.guid(notice.id, permalink=False)
        entry.title(safe.text(notice.title))
        entry.link(href=f"{base_url}/", rel="alternate")
        entry.published(local(notice.at))
        entry.updated(local(notice.at))
        text = _html(notice)
        entry.description(text) if suffix == "rss" else entry.content(text, type="html")
    written: bytes = generator.rss_str(pretty=True) if suffix == "rss" else generator.atom_str(pretty=True)
    return written


def _html(notice: Notice) -> str:
    return "".join(f"<p>{escape(safe.text(one), quote=False)}</p>" for one in notice.paragraphs if one)


def _json(notices: Sequence[Notice], base_url: str) -> bytes:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _TITLE,
        "home_page_url": f"{base_url}/",
        "feed_url": compose.address_of(KEY, base_url, "json"),
        "description": _SUBTITLE,
        "language": "zh-CN",
        "items": [
            {
                "id": notice.id,
                "url": f"{base_url}/",
                "title": safe.text(notice.title),
                "content_html": _html(notice),
                "date_published": stamp(notice.at),
            }
            for notice in notices
        ],
    }
    return (json.dumps(safe.value(document), ensure_ascii=False, indent=1) + "\n").encode()
