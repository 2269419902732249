"""Subscription lists: feed keys and titles in, OPML 2.0 out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from feeds import safe
from feeds.compose import address_of, home_of, path_of
from feeds.records import local
from feeds.scope import MERGE, FeedKey, roll_up

Addresses = Callable[[FeedKey], dict[str, str]]


def opml(
    feeds: Iterable[tuple[FeedKey, str]],
    *,
    title: str,
    base_url: str,
    modified: datetime | None = None,
    suffix: str = "atom",
    merged: Iterable[tuple[str, str]] = (),
) -> bytes:
    """The list of `feeds` (key, title) as OPML 2.0, UTF-8: those that stand alone, then regions as a tree of
    folders (province, prefecture, county), then columns, then sources. `merged` are feeds made on request
    (query, title), which stand first, in their order.

    A region with feeds below it, or with feeds by column, is a folder that begins with its own feed: an
    outline that is both feed and folder confuses readers. Within a folder, feeds stand by key. `suffix` is
    the format to subscribe to, one of those published. Without `modified` the list bears no date, and its
    bytes follow from its feeds alone.
    """

    def addresses(key: FeedKey) -> dict[str, str]:
        return {"xmlUrl": address_of(key, base_url, suffix), "htmlUrl": home_of(key, base_url)}

    root = Element("opml", version="2.0")
    head = SubElement(root, "head")
    SubElement(head, "title").text = safe.text(title)
    if modified is not None:
        SubElement(head, "dateModified").text = format_datetime(local(modified))
    SubElement(head, "docs").text = "http://opml.org/spec2.opml"
    body = SubElement(root, "body")
    ordered = sorted(feeds)
    for query, name in merged:
        url = f"{address_of(MERGE, base_url, suffix)}?{query}"
        _outline(body, name, {"xmlUrl": url, "htmlUrl": home_of(MERGE, base_url)})
    _feeds(body, [pair for pair in ordered if "/" not in pair[0].path], addresses)
    _tree(body, [pair for pair in ordered if pair[0].region], addresses)
    for folder, chosen in (
        ("栏目", [pair for pair in ordered if pair[0].column and not pair[0].region]),
        ("来源", [pair for pair in ordered if pair[0].source]),
    ):
        if chosen:
            _feeds(_folder(body, folder), chosen, addresses)
    indent(root)
    written: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _tree(body: Element, pairs: list[tuple[FeedKey, str]], addresses: Addresses) -> None:
    """The feeds of regions in their folders. Codes sort so that a region comes before its parts."""
    places: dict[str, list[tuple[FeedKey, str]]] = {}
    for key, title in pairs:
        if key.region:
            places.setdefault(key.region, []).append((key, title))
    above = {code for place in places for code in roll_up(place)[:-1]}
    folders: dict[str, Element] = {}
    for code, own in places.items():
        parent = next((folders[up] for up in reversed(roll_up(code)[:-1]) if up in folders), body)
        if code in above or len(own) > 1:
            parent = folders[code] = _folder(parent, path_of(code)[-1])
        _feeds(parent, own, addresses)


def _folder(parent: Element, name: str) -> Element:
    return SubElement(parent, "outline", text=safe.text(name), title=safe.text(name))


def _feeds(parent: Element, pairs: list[tuple[FeedKey, str]], addresses: Addresses) -> None:
    for key, title in pairs:
        _outline(parent, title, addresses(key))


def _outline(parent: Element, title: str, addresses: dict[str, str]) -> None:
    name = safe.text(title)
    # type="rss" is OPML 2.0's name for feeds of every format
    SubElement(parent, "outline", {"type": "rss", "text": name, "title": name, **addresses})
