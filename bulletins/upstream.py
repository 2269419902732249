"""A feed that somebody publishes (RSS, Atom, JSON Feed) -> its entries: whole ones, and those to be followed.

An entry's own id names it, whatever its address does. One that is a summary leads to its page; what that says
takes the summary's place.
"""

from __future__ import annotations

import json
import re
from calendar import timegm
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax import SAXException

import feedparser

from bulletins import dates
from bulletins.markup import parse, web_address
from bulletins.model import Block, BlockKind

_FEED = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<\?[\w-]+[^>]*\?>\s*|<!DOCTYPE[^>]*>\s*)*<(?:\w+:)?(?:rss|feed|RDF)\b",
    re.S,
)
_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org\\?/version')
_HEAD = 4_096  # bytes in which a feed says that it is one
_BOM = b"\xef\xbb\xbf"
_MOST = 1_000  # entries
_WHOLE = 300  # characters of a description that is no summary
_CUT = re.compile(
    r"(?:…|\.\.\.|。。。|\[…\]|\[\.\.\.\]|阅读全文|查看全文|继续阅读|read more|continue reading)\W*$", re.I
)
_COLUMN = 12  # characters of a category that may be a column


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed says of an article; `id` is its own, `href` absolute where it has one. `whole`: the text is
    all of it. `date` has its zone, or is as written. `files` are its enclosures, by address (absolute) and
    name."""

    id: str
    title: str
    href: str | None
    date: str
    author: str
    column: str
    blocks: tuple[Block, ...]
    whole: bool
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's entries in its order; `fault` says why there are none where there should be."""

    title: str
    entries: tuple[Entry, ...]
    encoding: str = ""
    fault: str = ""


def is_feed(body: bytes) -> bool:
    head = body.removeprefix(_BOM)[:_HEAD]
    return _FEED.match(head) is not None or (
        head.lstrip()[:1] == b"{" and _JSON_FEED.search(head) is not None
    )


def read(body: bytes, url: str, content_type: str | None = None) -> Feed:
    """What a feed says. Nothing is fetched: the parser is given bytes."""
    if body.removeprefix(_BOM).lstrip()[:1] == b"{":
        return _json_feed(body, url)
    headers = {"content-location": url} | ({"content-type": content_type} if content_type else {})
    found = feedparser.parse(body, response_headers=headers)
    entries = tuple(_entry(one, url) for one in found.entries[:_MOST])
    wrong = found.get("bozo_exception")  # also set where only a header contradicts the bytes
    broken = not entries and isinstance(wrong, SAXException)
    fault = f"the feed is not well-formed: {wrong.getMessage()}" if broken else ""
    return Feed(str(found.feed.get("title", "")), entries, str(found.get("encoding", "")), fault)


def _entry(one: Mapping[str, object], url: str) -> Entry:
    href = web_address(_text(one, "link"), url)
    contents = one.get("content")
    full = [each for each in contents if isinstance(each, dict)] if isinstance(contents, list) else []
    html = max((str(each.get("value") or "") for each in full), key=len, default="")
    summary = _text(one, "summary")
    blocks = _blocks(html or summary, href or url)
    stamp = one.get("published_parsed") or one.get("updated_parsed")
    tags = one.get("tags")
    terms = (
        [str(tag.get("term") or "") for tag in tags if isinstance(tag, dict)]
        if isinstance(tags, list)
        else []
    )
    return Entry(
        id=_text(one, "id") or href or "",
        title=parse(_text(one, "title")).text,
        href=href,
        date=_moment(stamp) or _text(one, "published") or _text(one, "updated"),
        author=_text(one, "author"),
        column=_column(terms),
        blocks=blocks,
        whole=bool(html) or href is None or _is_whole(blocks),
        files=_files(one.get("enclosures"), "href", url),
    )


def _files(enclosed: object, key: str, url: str) -> tuple[tuple[str, str], ...]:
    listed = [each for each in enclosed if isinstance(each, dict)] if isinstance(enclosed, list) else []
    found = [(web_address(_text(each, key), url), _text(each, "title")) for each in listed]
    return tuple((address, name) for address, name in found if address)


def _json_feed(body: bytes, url: str) -> Feed:
    """JSON Feed 1.0 and 1.1 (jsonfeed.org), which feedparser does not read."""
    try:
        found = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return Feed("", (), "utf-8", f"the feed is not well-formed: {error}")
    items = found.get("items") if isinstance(found, dict) else None
    listed = [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []
    title = str(found.get("title") or "") if isinstance(found, dict) else ""
    return Feed(title, tuple(_json_entry(one, url) for one in listed[:_MOST]), "utf-8")


def _json_entry(one: Mapping[str, object], url: str) -> Entry:
    href = web_address(_text(one, "url") or _text(one, "external_url"), url)
    html, plain = _text(one, "content_html"), _text(one, "content_text")
    summary = _text(one, "summary")
    blocks = _blocks(html, href or url) or _plain(plain) or _plain(summary)
    authors = one.get("authors") or [one.get("author")]
    names = (
        [_text(each, "name") for each in authors if isinstance(each, dict)]
        if isinstance(authors, list)
        else []
    )
    tags = one.get("tags")
    return Entry(
        id=str(one.get("id") or href or ""),
        title=_text(one, "title"),
        href=href,
        date=_text(one, "date_published") or _text(one, "date_modified"),
        author="、".join(filter(None, names)),
        column=_column([str(tag) for tag in tags] if isinstance(tags, list) else []),
        blocks=blocks,
        whole=bool(html or plain) or href is None,
        files=_files(one.get("attachments"), "url", url),
    )


def _text(where: Mapping[str, object], key: str) -> str:
    value = where.get(key)
    return value.strip() if isinstance(value, str) else ""


def _moment(stamp: object) -> str:
    """feedparser's nine numbers, which are UTC, as the moment in Asia/Shanghai."""
    if not isinstance(stamp, tuple):
        return ""
    there = datetime.fromtimestamp(timegm(stamp), UTC).astimezone(dates.SHANGHAI)
    return there.strftime("%Y-%m-%d %H:%M")


def _blocks(html: str, base: str) -> tuple[Block, ...]:
    if not html:
        return ()
    if "<" not in html:
        return _plain(html)
    body = parse(html).first("body")
    return body.blocks(base) if body else ()


def _plain(text: str) -> tuple[Block, ...]:
    lines: Iterator[str] = (line.strip() for line in text.splitlines())
    return tuple(Block(BlockKind.PARAGRAPH, line) for line in lines if line)


def _is_whole(blocks: tuple[Block, ...]) -> bool:
    text = "".join(block.text for block in blocks)
    return len(text) >= _WHOLE and not _CUT.search(text)


def _column(terms: list[str]) -> str:
    return next((term.strip() for term in terms if 1 < len(term.strip()) <= _COLUMN), "")
