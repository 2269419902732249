"""A feed as bytes: Feed in, the Documents of its formats out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from feeds.compose import Feed
from feeds.render import jsonfeed, syndication

_FORMATS: dict[str, tuple[str, Callable[[Feed], bytes], Callable[[Feed, Sequence[bytes]], bytes]]] = {
    "rss": ("application/rss+xml", syndication.rss, syndication.rss_joined),
    "atom": ("application/atom+xml", syndication.atom, syndication.atom_joined),
    "json": ("application/feed+json", jsonfeed.jsonfeed, jsonfeed.joined),
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
    """The feed in each of `formats` (rss, atom, json), rendered whole. The same feed gives the same bytes.

    Raises KeyError for another format; configuration admits none.
    """
    made = []
    for suffix in formats:
        media_type, whole, _ = _FORMATS[suffix]
        made.append(Document(f"feeds/{feed.key.path}.{suffix}", media_type, whole(feed), feed.updated))
    return tuple(made)


def joined(feed: Feed, fragments: Mapping[str, Sequence[bytes]]) -> tuple[Document, ...]:
    """The feed (as `compose.head` makes it) in each format of `fragments`, from its entries' fragments in
    their order (feeds.fragments.render): the bytes of `documents`, at the cost of joining them."""
    made = []
    for suffix, pieces in fragments.items():
        media_type, _, join = _FORMATS[suffix]
        made.append(Document(f"feeds/{feed.key.path}.{suffix}", media_type, join(feed, pieces), feed.updated))
    return tuple(made)
