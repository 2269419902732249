"""The rules of the W3C's feed validator, as its source states them: a document in, an error out.

One of its warnings is not ours to heed: it does not know the namespace of RFC 6721, which an Atom document
declares while it has tombstones.
"""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from lxml import etree, html

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MIME = re.compile(r"[^\s()<>,;:\\\"/[\]?=]+/[^\s()<>,;:\\\"/[\]?=]+")
ABSOLUTE = re.compile(r"(?:https?://[A-Za-z0-9]|tag:)[!-~]*")  # RFC 3986 in ASCII: no blank, no Chinese
RFC822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
TAG_URI = re.compile(r"tag:[A-Za-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:[!-~]+")  # RFC 4151
MARKUP = re.compile(r"</\w+>|&#?\w+;")  # in a plain title: an end tag, an entity
RELATIONS = {"alternate", "self", "related", "enclosure", "current", "prev-archive", "next-archive"}


def _alike(tree: Any) -> None:
    """What holds of every document: nothing empty, every address absolute, no doubtful character."""
    for element in tree.iter():
        assert element.text is None or element.text.strip() or len(element), element.tag
        assert element.text or len(element) or element.attrib or element.tag.endswith("}archive"), element.tag
        for name in ("href", "url", "scheme", "domain"):
            if name in element.attrib:
                assert ABSOLUTE.fullmatch(element.get(name)), element.get(name)
        if "type" in element.attrib and "href" in element.attrib:
            assert MIME.fullmatch(element.get("type"))
        assert not re.search("[\x80-\x9f\ufffd]", element.text or "")


def _html(text: str) -> None:
    """Content is HTML of known elements, with absolute addresses and nothing that runs."""
    tree = html.fragment_fromstring(text, create_parent="body")
    for element in tree.iter():
        assert not set(element.attrib) & {"style", "srcset"}, element.attrib
        assert not [name for name in element.attrib if name.startswith("on")]
        assert element.tag not in {
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "form",
            "base",
            "svg",
            "math",
        }
        for name in ("href", "src"):
            if name in element.attrib:
                assert urlsplit(element.get(name)).scheme in ("http", "https"), element.get(name)


def parsed(body: bytes) -> Any:
    return etree.fromstring(body, etree.XMLParser(huge_tree=True))


def entries_of(tree: Any) -> list[Any]:
    return [*tree.iterfind(f"{ATOM}entry"), *tree.iterfind("channel/item")]


def check_rss(body: bytes, address: str) -> None:
    """Hold an RSS 2.0 document, published at `address`, to the rules."""
    tree = parsed(body)
    _alike(tree)
    channel = tree.find("channel")
    own = [link for link in channel.iterfind(f"{ATOM}link") if link.get("rel") == "self"]
    assert [link.get("href") for link in own] == [address]
    image = channel.find("image")
    assert (image.findtext("title"), image.findtext("link")) == tuple(
        map(channel.findtext, ("title", "link"))
    )
    for title in tree.iter("title"):
        assert not MARKUP.search(title.text), title.text
    ids = [entry.findtext("guid") for entry in entries_of(tree)]
    assert len(set(ids)) == len(ids)
    for date in tree.iter("pubDate", "lastBuildDate"):
        assert RFC822.fullmatch(date.text)
        assert parsedate_to_datetime(date.text).year >= 1990
    for entry in entries_of(tree):
        names = [child.tag for child in entry]
        assert names.index("description") < names.index(CONTENT)
        assert "author" not in names
        for name in ("title", "link", "description", "guid", "pubDate", CONTENT):
            assert names.count(name) == 1, name
        assert names.count("enclosure") <= 1
        for enclosure in entry.iterfind("enclosure"):
            assert int(enclosure.get("length")) >= 0
            assert MIME.fullmatch(enclosure.get("type"))
        assert TAG_URI.fullmatch(entry.findtext("guid"))
        assert ABSOLUTE.fullmatch(entry.findtext("link"))
        _html(entry.findtext(CONTENT))


def check_atom(body: bytes, address: str) -> None:
    """Hold an Atom document, published at `address`, to the rules."""
    tree = parsed(body)
    _alike(tree)
    assert tree.get(LANG) == "zh-CN"
    links = [(link.get("rel"), link.get("href")) for link in tree.iterfind(f"{ATOM}link")]
    assert [href for rel, href in links if rel == "self"] == [address]
    ids = [entry.findtext(f"{ATOM}id") for entry in entries_of(tree)]
    assert len(set(ids)) == len(ids)
    moments = [entry.findtext(f"{ATOM}updated") for entry in entries_of(tree)]
    assert len(set(moments)) == len(moments)
    names = [child.tag for child in tree]
    if f"{ATOM}entry" in names:  # metadata behind entries is misplaced
        assert set(names[names.index(f"{ATOM}entry") :]) == {f"{ATOM}entry"}
    for date in tree.iter(f"{ATOM}updated", f"{ATOM}published"):
        assert RFC3339.fullmatch(date.text)
        assert date.text > "1990"
    for holder in (tree, *entries_of(tree)):
        alternates = [
            (link.get("type"), link.get("hreflang"))
            for link in holder.iterfind(f"{ATOM}link")
            if link.get("rel") == "alternate"
        ]
        assert len(set(alternates)) == len(alternates) == 1
        assert {link.get("rel") for link in holder.iterfind(f"{ATOM}link")} <= RELATIONS
    for entry in entries_of(tree):
        assert TAG_URI.fullmatch(entry.findtext(f"{ATOM}id"))
        assert entry.find(f"{ATOM}title").get("type") is None
        assert not MARKUP.search(entry.findtext(f"{ATOM}title"))
        for source in entry.iterfind(f"{ATOM}source"):
            for name in ("id", "title", "updated"):
                assert source.findtext(f"{ATOM}{name}"), name
            assert {link.get("rel") for link in source.iterfind(f"{ATOM}link")} == {"self", "alternate"}
        _html(entry.findtext(f"{ATOM}content"))
