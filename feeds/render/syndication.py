"""RSS 2.0 and Atom 1.0: Feed in, bytes out, written by feedgen with its measured bugs worked around.

Of a feed, feedgen 1.0.0 (each point measured, and held by a test) takes the last link added for the RSS
channel's, writes one atom:link of RSS, dates it now, and has `description` and `subtitle` as one field. What
it does to entries stands in feeds/fragments.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from feeds import safe
from feeds.compose import Feed, authority_of
from feeds.fragments import RENDERER, atom_entry, rss_entry
from feeds.records import exact, local

_ATOM = "application/atom+xml"
_RSS = "application/rss+xml"
_ATOM_END = b"</feed>\n"
_RSS_END = b"  </channel>\n</rss>\n"
_LINK = "{http://www.w3.org/2005/Atom}link"
_HISTORY = "http://purl.org/syndication/history/1.0"  # RFC 5005
_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"  # RFC 6721


@dataclass(frozen=True, slots=True)
class Archived:
    """What makes an Atom document one of a feed's archive (RFC 5005, 4): its own address, and those of the
    documents of the months before and after it that there are."""

    address: str
    previous: str | None
    following: str | None


def rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0, UTF-8."""
    generator = channel(feed)
    for item in feed.items:
        rss_entry(generator, item, feed.sources.get(item.source), feed.others.get(item.id, ()))
    return _str(generator.rss_str(pretty=True))


def atom(feed: Feed, archived: Archived | None = None) -> bytes:
    """The feed as Atom 1.0 (RFC 4287), UTF-8, or as a document of its archive."""
    generator = document(feed, archived)
    for item in feed.items:
        source, others = feed.sources.get(item.source), feed.others.get(item.id, ())
        atom_entry(generator, item, source, feed.base_url, others)
    return _str(generator.atom_str(pretty=True))


def rss_joined(feed: Feed, fragments: Sequence[bytes]) -> bytes:
    """RSS from entries that are rendered already: byte for byte `rss` of the feed with its items."""
    opening = _str(channel(feed).rss_str(pretty=True)).removesuffix(_RSS_END)
    return b"".join([opening, *fragments, _RSS_END])


def atom_joined(feed: Feed, fragments: Sequence[bytes], archived: Archived | None = None) -> bytes:
    """Atom from entries that are rendered already: byte for byte `atom` of the feed with its items."""
    opening = _str(document(feed, archived).atom_str(pretty=True)).removesuffix(_ATOM_END)
    return b"".join([opening, *fragments, _ATOM_END])


def feed_id(feed: Feed) -> str:
    """The feed's atom:id: a tag URI (RFC 4151) of its entries' tagging authority, which no move changes; an
    empty feed that knows no authority goes by its address. The documents of its archive have the same."""
    authority = feed.authority or (authority_of(feed.items[0].id) if feed.items else "")
    if not authority:
        return feed.address("atom")
    query = f"?{feed.query}" if feed.query else ""
    return f"tag:{authority}:feeds/{feed.key.path}{query}"


def archive_address(feed: Feed, month: str) -> str:
    """Where the document of a month (2026-03) of the feed's archive is published."""
    return f"{feed.base_url}/feeds/{feed.key.path}/archive/{month}.atom"


def _str(written: bytes) -> bytes:
    return written  # feedgen says nothing of its types


def channel(feed: Feed) -> Any:
    """A generator of RSS that has all but the entries, and the extension `dc`."""
    generator = _generator(feed, feed.address("rss"), _RSS)
    generator.load_extension("dc", atom=False)
    generator.description(feed.subtitle)
    generator.language("zh-cn")
    newest = feed.newest or max((item.published for item in feed.items), default=feed.updated)
    generator.pubDate(local(newest))
    generator.image(url=f"{feed.base_url}/assets/icon.png", title=safe.unmarked(feed.title), link=feed.home)
    generator.register_extension("wire", _Wire, None, atom=False)
    generator.wire.say(feed)
    return generator


def document(feed: Feed, archived: Archived | None = None) -> Any:
    """A generator of Atom that has all but the entries."""
    generator = _generator(feed, archived.address if archived else feed.address("atom"), _ATOM)
    generator.id(feed_id(feed))
    generator.updated(exact(feed.updated))
    generator.subtitle(feed.subtitle)
    generator.language("zh-CN")
    generator.author(name="邸报", uri=f"{feed.base_url}/")
    generator.icon(f"{feed.base_url}/assets/icon.png")
    for hub in () if archived else feed.hubs:
        generator.link(href=hub, rel="hub")
    for rel, href in _history(feed, archived):
        generator.link(href=href, rel=rel, type=_ATOM)
    generator.register_extension("wire", _Wire, None, rss=False)
    generator.wire.say(feed, archived)
    return generator


def _history(feed: Feed, archived: Archived | None) -> list[tuple[str, str]]:
    """The links of RFC 5005 that a document has."""
    if archived is None:
        return [("prev-archive", archive_address(feed, feed.archive))] if feed.archive else []
    links = (
        ("current", feed.address("atom")),
        ("prev-archive", archived.previous),
        ("next-archive", archived.following),
    )
    return [(rel, href) for rel, href in links if href]


def _generator(feed: Feed, address: str, media_type: str) -> Any:
    """A FeedGenerator of one format: it has one self link, and its channel link is the last link added."""
    from feedgen.feed import FeedGenerator  # here as in feeds/fragments.py: for those alone who write XML

    generator = FeedGenerator()
    generator.title(safe.unmarked(feed.title))
    generator.generator("Dibao", version=RENDERER)
    generator.updated(local(feed.updated))
    generator.link(href=address, rel="self", type=media_type)
    generator.link(href=feed.home, rel="alternate", type="text/html")
    return generator


class _Wire:
    """A feed extension for what feedgen has no word for: the archive's mark and tombstones in Atom, the
    links to hubs and to the archive in RSS."""

    def __init__(self) -> None:
        self._feed: Feed | None = None
        self._archived: Archived | None = None

    def say(self, feed: Feed, archived: Archived | None = None) -> None:
        self._feed, self._archived = feed, archived

    def extend_ns(self) -> dict[str, str]:
        """Namespaces are declared where they are used, so that other feeds keep their bytes."""
        names = {"fh": _HISTORY} if self._archived else {}
        return names | ({"at": _TOMBSTONES} if self._feed and self._feed.tombstones else {})

    def extend_rss(self, rss: Any) -> Any:
        if self._feed is None:
            return rss
        from feedgen.util import xml_elem  # as above

        channel = rss.find("channel")
        for hub in self._feed.hubs:
            xml_elem(_LINK, channel, rel="hub", href=hub)
        if self._feed.archive:
            href = archive_address(self._feed, self._feed.archive)
            xml_elem(_LINK, channel, rel="prev-archive", type=_ATOM, href=href)
        return rss

    def extend_atom(self, feed: Any) -> Any:
        from feedgen.util import xml_elem  # as above

        if self._archived:
            xml_elem(f"{{{_HISTORY}}}archive", feed)
        for stone in self._feed.tombstones if self._feed else ():
            when = exact(stone.at).isoformat()
            entry = xml_elem(f"{{{_TOMBSTONES}}}deleted-entry", feed, ref=safe.text(stone.id), when=when)
            if reason := safe.text(stone.reason).strip():
                xml_elem(f"{{{_TOMBSTONES}}}comment", entry).text = reason
        return feed
