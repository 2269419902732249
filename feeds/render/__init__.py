"""A feed as bytes: Feed in, the Documents of its formats out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from feeds.compose import Feed
from feeds.render import jsonfeed, syndication

_FORMATS: dict[str, tuple[str, Callable[[Feed], bytes]]] = {
    "rss": ("application/rss+xml", syndication.rss),
    "atom": ("application/atom+xml", syndication.atom),
    "json": ("application/feed+json", jsonfeed.jsonfeed),
}


@dataclass(frozen=True, slots=True)
class Document:
    """A file to publish. `path` counts from public_dir (feeds/region/511826.atom); `modified` is the moment
    that its content bears, aware."""

    path: str
    media_type: str
    body: bytes
    modified: datetime


def documents(feed: Feed, formats: Sequence[str]) -> tuple[Document, ...]:
    """The feed in each of `formats` (rss, atom, json). The same feed gives the same bytes.

    Raises KeyError for another format; configuration admits none.
    """
    made = []
    for suffix in formats:
        media_type, render = _FORMATS[suffix]
        made.append(Document(f"feeds/{feed.key.path}.{suffix}", media_type, render(feed), feed.updated))
    return tuple(made)
