"""JSON Feed 1.1: Feed in, bytes out, with what the format has no member for under `_dibao`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from feeds import safe
from feeds.compose import Feed
from feeds.fragments import json_entry

_NO_ITEMS = "[]\n}\n"


def jsonfeed(feed: Feed) -> bytes:
    """The feed as JSON Feed 1.1, UTF-8; its extension as in docs/json-feed-extension.md."""
    items = [
        json_entry(item, feed.sources.get(item.source), feed.base_url, feed.others.get(item.id, ()))
        for item in feed.items
    ]
    return written(feed, items).encode()


def joined(feed: Feed, fragments: Sequence[bytes]) -> bytes:
    """JSON Feed from items that are rendered already: byte for byte `jsonfeed` of the feed with its items."""
    bare = written(feed, []).encode()
    if not fragments:
        return bare
    opening = bare.removesuffix(_NO_ITEMS.encode())
    pieces = [opening, b"[\n", *(piece for each in fragments for piece in (each, b",\n"))]
    pieces[-1] = b"\n ]\n}\n"
    return b"".join(pieces)


def written(feed: Feed, items: list[dict[str, Any]]) -> str:
    """The document with items that are JSON objects already."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.address("json"),
        "description": feed.subtitle,
        "icon": f"{feed.base_url}/assets/icon.png",
        "favicon": f"{feed.base_url}/assets/favicon.svg",
        "language": "zh-CN",
        **({"hubs": [{"type": "WebSub", "url": hub} for hub in feed.hubs]} if feed.hubs else {}),
        "_dibao": {"about": f"{feed.base_url}/", "key": feed.key.path},
        "items": items,
    }
    return json.dumps(safe.value(document), ensure_ascii=False, indent=1) + "\n"
