"""RSS 2.0 and Atom 1.0: Feed in, bytes out, written by feedgen with its measured bugs worked around.

feedgen 1.0.0 (each point measured, and held by a test): Atom links of entries lose their `rel` and `type`, so
an enclosure would read as a second alternate; the RSS channel's link is the last one added; dates default to
now; entries go in front; `description` and `subtitle` are one field; what XML forbids raises ValueError; RSS
has no content:encoded without a description; and no atom:link beside its self link.
"""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from feedgen.util import xml_elem

from bulletins.model import Item, Source
from feeds import safe
from feeds.compose import Feed, alternate, byline, content, headline, summary
from feeds.records import local
from feeds.scope import roll_up

_ATOM = "application/atom+xml"
_RSS = "application/rss+xml"


def rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0, UTF-8."""
    generator = _generator(feed, "rss", _RSS)
    generator.load_extension("dc", atom=False)
    generator.register_extension("hubs", _Hubs, None, atom=False)
    generator.hubs.say(feed)
    generator.description(feed.subtitle)
    generator.language("zh-cn")
    generator.pubDate(local(max((item.published for item in feed.items), default=feed.updated)))
    for item in feed.items:
        entry = _entry(generator, item)
        source = feed.sources.get(item.source)
        entry.link(href=alternate(item), rel="alternate")
        entry.description(escape(summary(item, source), quote=False))  # HTML by custom
        entry.content(content(item, source))
        entry.dc.dc_creator(list(byline(item, source)))
        if source:
            entry.source(url=source.url, title=safe.text(source.name))
        if pdf := _pdf(item):
            entry.enclosure(url=pdf, length=0, type="application/pdf")  # 0: not known (RSS Profile)
    body: bytes = generator.rss_str(pretty=True)
    return body


def atom(feed: Feed) -> bytes:
    """The feed as Atom 1.0 (RFC 4287), UTF-8."""
    generator = _generator(feed, "atom", _ATOM)
    generator.id(feed_id(feed))
    generator.subtitle(feed.subtitle)
    generator.language("zh-CN")
    generator.author(name="邸报", uri=f"{feed.base_url}/")
    for hub in feed.hubs:
        generator.link(href=hub, rel="hub")
    for item in feed.items:
        entry = _entry(generator, item)
        source = feed.sources.get(item.source)
        entry.author([{"name": name} for name in byline(item, source)])
        entry.content(content(item, source), type="html")
        entry.register_extension("wire", _Wire, rss=False)
        entry.wire.say(item, source)
    body: bytes = generator.atom_str(pretty=True)
    return body


def feed_id(feed: Feed) -> str:
    """The feed's atom:id: a tag URI (RFC 4151) of its entries' tagging authority, which no move changes; an
    empty feed knows no authority and goes by its address."""
    if not feed.items:
        return feed.address("atom")
    query = f"?{feed.query}" if feed.query else ""
    return f"tag:{_authority(feed.items[0])}:feeds/{feed.key.path}{query}"


def _authority(item: Item) -> str:
    return item.id.split(":", 2)[1]


def _generator(feed: Feed, suffix: str, media_type: str) -> Any:
    """A FeedGenerator of one format: it has one self link, and its channel link is the last link added."""
    generator = FeedGenerator()
    generator.title(feed.title)
    generator.generator("Dibao")
    generator.updated(local(feed.updated))
    generator.link(href=feed.address(suffix), rel="self", type=media_type)
    generator.link(href=feed.home, rel="alternate", type="text/html")
    return generator


def _entry(generator: Any, item: Item) -> Any:
    """The item's entry with what both formats share; its categories are its region's path and its column."""
    entry: FeedEntry = generator.add_entry(order="append")
    entry.id(safe.text(item.id))
    entry.title(headline(item))
    entry.published(local(item.published))
    entry.updated(local(item.updated))
    authority = _authority(item)
    if item.region:  # aligned at the end: the region's own name is always with its own code
        levels = zip(reversed(roll_up(item.region.code)), reversed(item.region.path), strict=False)
        for code, name in reversed(list(levels)):
            entry.category(term=code, scheme=f"tag:{authority}:region", label=safe.text(name))
    if item.column:
        scheme = f"tag:{authority}:column"
        entry.category(term=item.column.slug, scheme=scheme, label=safe.text(item.column.name))
    return entry


def _pdf(item: Item) -> str | None:
    return safe.text(item.pdf) if item.pdf and safe.is_web(item.pdf) else None


class _Hubs:
    """A feed extension: the hubs of RSS, of which feedgen writes no atom:link but one that is rel="self"."""

    def __init__(self) -> None:
        self._hubs: tuple[str, ...] = ()

    def say(self, feed: Feed) -> None:
        self._hubs = feed.hubs

    def extend_ns(self) -> dict[str, str]:
        return {}

    def extend_rss(self, rss: Any) -> Any:
        for hub in self._hubs:
            xml_elem("{http://www.w3.org/2005/Atom}link", rss.find("channel"), rel="hub", href=hub)
        return rss


class _Wire:
    """An entry extension: links with the attributes that feedgen loses, and a source with the id and date
    that it leaves out (RFC 4287, 4.2.11)."""

    def __init__(self) -> None:
        self._links: list[dict[str, str]] = []
        self._source: tuple[str, str, datetime] | None = None

    def say(self, item: Item, source: Source | None) -> None:
        self._links.append({"rel": "alternate", "type": "text/html", "href": alternate(item)})
        if pdf := _pdf(item):
            self._links.append({"rel": "enclosure", "type": "application/pdf", "href": pdf})
        if source:
            self._source = (source.url, safe.text(source.name), local(item.updated))

    def extend_atom(self, entry: Any) -> Any:
        for link in self._links:
            xml_elem("link", entry, **link)
        if self._source:
            url, name, updated = self._source
            source = xml_elem("source", entry)
            for element, words in (("id", url), ("title", name), ("updated", updated.isoformat())):
                xml_elem(element, source).text = words
            xml_elem("link", source, rel="alternate", type="text/html", href=url)
        return entry
