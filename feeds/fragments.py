"""One item -> its RSS, Atom and JSON fragments, rendered once with feedgen, to be kept and joined into feeds.

feedgen 1.0.0 (each point measured, and held by a test): Atom links of entries lose their `rel` and `type`, so
an enclosure would read as a second alternate; dates default to now; entries go in front; what XML forbids
raises ValueError; RSS has no content:encoded without a description.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

from bulletins.model import Item, Source
from feeds import permalinks, safe
from feeds.enclosures import enclosures
from feeds.entries import Also, alternate, body, byline, content, credit, headline, summary
from feeds.records import exact, local, record, stamp
from feeds.scope import roll_up

if TYPE_CHECKING:
    from feedgen.entry import FeedEntry

# What rendered bytes follow from, beside the item and its source: raise it with every change of theirs, so
# that kept fragments are rendered anew. Feeds carry it as their generator's version.
RENDERER = "6"
# Members of an item's record that the extension of JSON Feed repeats under the same names.
EXTENSION = (
    "region",
    "regions",
    "column",
    "column_slug",
    "edition",
    "page",
    "event_date",
    "event_end",
    "provenance",
)


def made_from(suffix: str, source: Source | None, base_url: str) -> str:
    """A digest of what a fragment follows from beside its item: one kept under another is out of date."""
    said = (source.id, source.name, source.url, str(source.content)) if source else ()
    parts = (RENDERER, suffix, base_url, *said)
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def render(item: Item, source: Source | None, suffix: str, base_url: str) -> bytes:
    """The item in a format (rss, atom, json), byte for byte as it stands in a whole feed, its indentation
    and last line break included; of JSON without the comma. `base_url` has no slash at its end."""
    if suffix == "json":
        text = json.dumps(safe.value(json_entry(item, source, base_url)), ensure_ascii=False, indent=1)
        return ("  " + text.replace("\n", "\n  ")).encode()
    from feedgen.feed import FeedGenerator  # with lxml 5 MB, for those alone who write XML

    # The least that feedgen takes for a feed, and the namespaces of ours: the entry is cut out of it.
    generator = FeedGenerator()
    generator.id("-")
    generator.title("-")
    generator.description("-")
    generator.updated(local(item.updated))
    generator.link(href="-")
    if suffix == "rss":
        generator.load_extension("dc", atom=False)
        rss_entry(generator, item, source)
        return _cut(generator.rss_str(pretty=True), b"    <item>\n", b"    </item>\n")
    atom_entry(generator, item, source, base_url)
    return _cut(generator.atom_str(pretty=True), b"  <entry>\n", b"  </entry>\n")


def _cut(document: bytes, begin: bytes, end: bytes) -> bytes:
    """The one entry of a document: no text of it can hold these lines, since text holds no `<`."""
    return document[document.index(begin) : document.rindex(end) + len(end)]


def rss_entry(generator: Any, item: Item, source: Source | None, others: Sequence[Also] = ()) -> None:
    """Add an item to a generator of RSS, whose extension `dc` is loaded. `others`: where a feed that shows
    each notice once names the rest."""
    entry = _entry(generator, item)
    entry.link(href=alternate(item), rel="alternate")
    entry.description(escape(summary(item, source), quote=False))  # HTML by custom
    entry.content(content(item, source, others))
    entry.dc.dc_creator(list(byline(item, source)))
    if source:
        entry.source(url=safe.address(source.url), title=safe.text(source.name))
    for file in enclosures(item)[:1]:  # more than one break readers, and the RSS Profile's rule
        entry.enclosure(url=file.url, length=0, type=file.media_type)  # 0: not known (RSS Profile)


def atom_entry(
    generator: Any, item: Item, source: Source | None, base_url: str, others: Sequence[Also] = ()
) -> None:
    """Add an item to a generator of Atom."""
    entry = _entry(generator, item)
    entry.author([{"name": name} for name in byline(item, source)])
    entry.content(content(item, source, others), type="html")
    entry.rights(credit(item, source))
    entry.register_extension("wire", _Wire, rss=False)
    entry.wire.say(item, source, base_url, others)


def json_entry(
    item: Item, source: Source | None, base_url: str, others: Sequence[Also] = ()
) -> dict[str, Any]:
    """An item as JSON Feed 1.1 has it, with the extension of docs/json-feed-extension.md."""
    full = record(item)
    tags = [*(item.region.path if item.region else ()), *([item.column.name] if item.column else ())]
    entry = {
        "id": item.id,
        "url": alternate(item),
        "title": headline(item),
        "summary": summary(item, source),
        "content_html": content(item, source, others),
        "content_text": "\n\n".join([*(b.text for b in body(item, source) if b.text), credit(item, source)]),
        "date_published": stamp(item.published),
        "date_modified": stamp(item.updated),
        "authors": [{"name": name} for name in byline(item, source)],
        "tags": tags,
        "_dibao": {name: full[name] for name in EXTENSION}
        | {
            "source": {
                "id": item.source,
                "name": source.name if source else item.source,
                "url": source.url if source else None,
            },
            "permalink": permalinks.address(item.id, base_url),
            **(
                {"also_in": [{"id": one.id, "name": one.name, "url": one.address} for one in others]}
                if others
                else {}
            ),
        },
    }
    if files := enclosures(item):
        entry["attachments"] = [
            {"url": file.url, "mime_type": file.media_type} | ({"title": file.name} if file.name else {})
            for file in files
        ]
    return entry


def _entry(generator: Any, item: Item) -> Any:
    """The item's entry with what both formats share; its categories are its region's path and its column."""
    entry: FeedEntry = generator.add_entry(order="append")
    entry.id(safe.text(item.id))
    entry.title(safe.unmarked(headline(item)))  # many a reader takes it for HTML, whatever the format says
    entry.published(local(item.published))
    entry.updated(exact(item.updated))
    authority = item.id.split(":", 2)[1]
    if item.region:  # aligned at the end: the region's own name is always with its own code
        levels = zip(reversed(roll_up(item.region.code)), reversed(item.region.path), strict=False)
        for code, name in reversed(list(levels)):
            _category(entry, code, f"tag:{authority}:region", name)
    if item.column:
        _category(entry, item.column.slug, f"tag:{authority}:column", item.column.name)
    return entry


def _category(entry: Any, term: str, scheme: str, name: str) -> None:
    """A category under its name; one whose name is nothing goes by its code, for none may be blank."""
    entry.category(term=term, scheme=scheme, label=safe.text(name).strip() or term)


class _Wire:
    """An entry extension for what feedgen gets wrong or leaves out: links with their attributes, and a source
    with its id, date and links (RFC 4287, 4.2.11)."""

    def __init__(self) -> None:
        self._links: list[dict[str, str]] = []
        self._source: tuple[Source, str, datetime] | None = None

    def say(self, item: Item, source: Source | None, base_url: str, others: Sequence[Also]) -> None:
        self._links += [
            {"rel": "alternate", "type": "text/html", "href": alternate(item)},
            {"rel": "related", "type": "text/html", "href": permalinks.address(item.id, base_url)},
            *(
                {"rel": "related", "type": "text/html", "href": one.address, "title": one.name}
                for one in others
            ),
        ]
        self._links += [
            {"rel": "enclosure", "type": file.media_type, "href": file.url}
            | ({"title": file.name} if file.name else {})
            for file in enclosures(item)
        ]
        if source:
            self._source = (source, f"{base_url}/feeds/source/{source.id}.atom", local(item.updated))

    def extend_atom(self, entry: Any) -> Any:
        from feedgen.util import xml_elem  # as above

        for link in self._links:
            xml_elem("link", entry, **link)
        if self._source:
            origin, feed, updated = self._source
            url = safe.address(origin.url)
            source = xml_elem("source", entry)
            for name, words in (
                ("id", url),
                ("title", safe.text(origin.name)),
                ("updated", updated.isoformat()),
            ):
                xml_elem(name, source).text = words
            xml_elem("link", source, rel="self", type="application/atom+xml", href=feed)
            xml_elem("link", source, rel="alternate", type="text/html", href=url)
        return entry
