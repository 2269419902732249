"""JSON Feed 1.1: Feed in, bytes out, with what the format has no member for under `_dibao`."""

from __future__ import annotations

import json
from typing import Any

from bulletins.model import Item, Source
from feeds import safe
from feeds.compose import Feed, alternate, body, byline, content, credit, headline, summary
from feeds.records import record, stamp

# Members of an item's record that the extension repeats under the same names.
_EXTENSION = (
    "region",
    "regions",
    "column",
    "column_slug",
    "edition",
    "page",
    "event_date",
    "event_end",
)


def jsonfeed(feed: Feed) -> bytes:
    """The feed as JSON Feed 1.1, UTF-8; its extension as in docs/schemas/jsonfeed.json."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.address("json"),
        "description": feed.subtitle,
        "language": "zh-CN",
        **({"hubs": [{"type": "WebSub", "url": hub} for hub in feed.hubs]} if feed.hubs else {}),
        "_dibao": {"about": f"{feed.base_url}/", "key": feed.key.path},
        "items": [_item(item, feed.sources.get(item.source)) for item in feed.items],
    }
    return (json.dumps(safe.value(document), ensure_ascii=False, indent=1) + "\n").encode()


def _item(item: Item, source: Source | None) -> dict[str, Any]:
    full = record(item)
    tags = [*(item.region.path if item.region else ()), *([item.column.name] if item.column else ())]
    entry = {
        "id": item.id,
        "url": alternate(item),
        "title": headline(item),
        "summary": summary(item, source),
        "content_html": content(item, source),
        "content_text": "\n\n".join([*(b.text for b in body(item, source) if b.text), credit(item, source)]),
        "date_published": stamp(item.published),
        "date_modified": stamp(item.updated),
        "authors": [{"name": name} for name in byline(item, source)],
        "tags": tags,
        "_dibao": {name: full[name] for name in _EXTENSION}
        | {
            "source": {
                "id": item.source,
                "name": source.name if source else item.source,
                "url": source.url if source else None,
            }
        },
    }
    if item.pdf and safe.is_web(item.pdf):
        entry["attachments"] = [{"url": item.pdf, "mime_type": "application/pdf"}]
    return entry
