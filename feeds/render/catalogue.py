"""The catalogue of feeds: what is known of each feed in, the JSON of /feeds.json out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bulletins.state import Rhythm, SourceState
from feeds import safe
from feeds.compose import address_of, home_of
from feeds.health import freshness
from feeds.records import stamp
from feeds.scope import FeedKey


@dataclass(frozen=True, slots=True)
class Entry:
    """A feed that exists. `newest` is when its newest item was published, `updated` when an item of it last
    changed; `sources` are those that feed it."""

    key: FeedKey
    title: str
    items: int
    newest: datetime | None
    updated: datetime | None
    sources: tuple[SourceState, ...]
    rhythm: Rhythm | None = None  # its own, where it has one


def catalogue(
    entries: Iterable[Entry], *, base_url: str, formats: Sequence[str], now: datetime
) -> dict[str, Any]:
    """The JSON of /feeds.json (docs/schemas/feeds.json), feeds by key.

    `formats` are those published (rss, atom, json); freshness is judged at `now`, aware.
    """
    made: dict[str, Any] = {
        "base_url": base_url.rstrip("/"),
        "feeds": [
            _feed(entry, base_url, formats, now) for entry in sorted(entries, key=lambda entry: entry.key)
        ],
    }
    clean: dict[str, Any] = safe.value(made)
    return clean


def _feed(entry: Entry, base_url: str, formats: Sequence[str], now: datetime) -> dict[str, Any]:
    fresh = freshness(entry.sources, now, entry.updated, entry.rhythm)
    return {
        "key": entry.key.path,
        "title": entry.title,
        "home": home_of(entry.key, base_url),
        "urls": {suffix: address_of(entry.key, base_url, suffix) for suffix in formats},
        "region": entry.key.region,
        "column": entry.key.column,
        "source": entry.key.source,
        "items": entry.items,
        "newest": stamp(entry.newest),
        "updated": stamp(entry.updated),
        "state": str(fresh.state),
        "reason": fresh.reason,
        "last_checked": stamp(fresh.last_checked),
        "last_changed": stamp(fresh.last_changed),
        "next_check": stamp(fresh.next_check),
        "expected": entry.rhythm.expected.isoformat() if entry.rhythm and entry.rhythm.expected else None,
    }
