"""What must hold of a document before it replaces the last good one: both in, what is wrong with it out."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from xml.parsers import expat
from xml.sax.saxutils import unescape

from feeds import safe


@dataclass(frozen=True, slots=True)
class _Grammar:
    """Where an entry's parts stand in a format's bytes, as feeds.fragments renders them: each as the words
    before it and behind it. No text can hold these words, since text is escaped."""

    begin: bytes
    end: bytes
    id: tuple[bytes, bytes]
    published: tuple[bytes, bytes]
    title: tuple[bytes, bytes]
    content: tuple[bytes, bytes]


_JSON_LINE = b",\n"
_GRAMMARS = {
    "rss": _Grammar(
        b"    <item>\n",
        b"    </item>\n",
        (b'\n      <guid isPermaLink="false">', b"<"),
        (b"\n      <pubDate>", b"<"),
        (b"\n      <title>", b"<"),
        (b"\n      <content:encoded>", b"<"),
    ),
    "atom": _Grammar(
        b"  <entry>\n",
        b"  </entry>\n",
        (b"\n    <id>", b"<"),
        (b"\n    <published>", b"<"),
        (b"\n    <title", b"<"),
        (b"\n    <content", b"</content>"),
    ),
    "json": _Grammar(
        b'\n  {\n   "id": ',
        b"\n  }",
        (b'\n   "id": ', _JSON_LINE),
        (b'\n   "date_published": ', _JSON_LINE),
        (b'\n   "title": ', _JSON_LINE),
        (b'\n   "content_html": ', _JSON_LINE),
    ),
}


@dataclass(frozen=True, slots=True)
class _Entries:
    """A document's entries: where each begins and ends, by id; `count` is more where one stands twice."""

    body: bytes
    suffix: str
    spans: dict[str, tuple[int, int]]
    count: int

    def piece(self, one: str) -> bytes:
        begin, end = self.spans[one]
        return self.body[begin:end]

    def published(self, one: str) -> str:
        return _text(self.body, *self.spans[one], _GRAMMARS[self.suffix].published, self.suffix)

    def said(self, one: str) -> tuple[bytes, bytes]:
        """An entry's title and content, as written."""
        grammar, span = _GRAMMARS[self.suffix], self.spans[one]
        return _between(self.body, *span, grammar.title), _between(self.body, *span, grammar.content)


def faults(
    body: bytes,
    suffix: str,
    *,
    ids: Sequence[str],
    before: bytes = b"",
    window: int | None = None,
    left: Callable[[Collection[str]], Collection[str]] = lambda _: (),
    redated: Callable[[Collection[str]], Collection[str]] = lambda _: (),
) -> list[str]:
    """What is wrong with a document (rss, atom, json), in words; nothing when it may be published.

    It is well-formed, and has exactly the entries `ids` in their order, each id once. Against `before`, the
    last good document: no date of publication has moved but those that `redated` answers an operator has
    set; no entry has another id that says what it said, and none is missing but those that a window of
    `window` entries has moved past, or of which `left` answers that they have left the feed. Where `window`
    is None entries may come and go.
    """
    new, old = _entries(body, suffix), _entries(before, suffix)
    changed = {one for one in new.spans if one not in old.spans or new.piece(one) != old.piece(one)}
    if fault := _ill_formed(new, changed):
        return [fault]
    found = []
    if new.count > len(new.spans):
        found.append("an id stands twice")
    elif list(new.spans) != [safe.text(one) for one in ids]:
        found.append("its entries are not those that it was to have")
    moved = [one for one in sorted(changed & old.spans.keys()) if new.published(one) != old.published(one)]
    meant = set(redated(moved)) if moved else set()
    found += [
        f"{one} was published {old.published(one)}, now {new.published(one)}"
        for one in moved
        if one not in meant
    ]
    if window is not None:
        found += _lost(new, old, window, left)
    return found


def _lost(
    new: _Entries, old: _Entries, window: int, left: Callable[[Collection[str]], Collection[str]]
) -> Iterator[str]:
    missing = [one for one in old.spans if one not in new.spans]
    if not missing:
        return
    said = {new.said(one): one for one in new.spans if one not in old.spans}
    oldest = _moment(new.published(list(new.spans)[-1])) if len(new.spans) >= window else None
    unexplained = [
        one
        for one in missing
        if oldest is None or _moment(old.published(one)) > oldest or old.said(one) in said
    ]
    gone = set(left(unexplained)) if unexplained else set()
    for one in unexplained:
        if one in gone:
            continue
        if other := said.get(old.said(one)):
            yield f"{one} has become {other}"
        else:
            yield f"{one} is missing, and nothing says why"


def _moment(published: str) -> datetime:
    return datetime.fromisoformat(published) if published[4:5] == "-" else parsedate_to_datetime(published)


def _ill_formed(entries: _Entries, changed: Collection[str]) -> str | None:
    """Why a document is not well-formed. Entries that stood in the last good one, byte for byte, are passed
    over: each is a whole of its own, so the rest is well-formed exactly where all of it is."""
    spans = entries.spans
    if entries.count > len(spans):
        changed, rest = spans.keys(), [entries.body]  # an id that stands twice hides an entry: all of it
    else:
        last = list(spans.values())[-1:] or [(0, 0)]
        first = next(iter(spans.values()), (len(entries.body), 0))
        rest = [entries.body[: first[0]], *(entries.piece(one) for one in spans if one in changed)]
        rest.append(entries.body[last[0][1] :] if spans else b"")
    try:
        if entries.suffix == "json":
            _parse_json(entries, rest)
        else:
            parser = expat.ParserCreate()
            for piece in rest:
                parser.Parse(piece)
            parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        return f"it is not well-formed: {error}"
    return None


def _parse_json(entries: _Entries, pieces: Sequence[bytes]) -> None:
    """A JSON Feed without some of its items: each other one is an object, and a comma is between any two."""
    if len(pieces) == 1:
        json.loads(pieces[0])
        return
    opening, *items, closing = pieces
    json.loads(opening + closing)
    for item in items:
        json.loads(item.removesuffix(b","))
    ends = [end for _, end in entries.spans.values()]
    if any(entries.body[end - 1 : end] != b"," for end in ends[:-1]):
        raise ValueError("a comma is missing between two items")


def _entries(body: bytes, suffix: str) -> _Entries:
    grammar = _GRAMMARS[suffix]
    found = [(_text(body, *span, grammar.id, suffix), span) for span in _spans(body, grammar)]
    return _Entries(body, suffix, dict(found), len(found))


def _spans(body: bytes, grammar: _Grammar) -> Iterator[tuple[int, int]]:
    """Where entries begin and end. What stands between two of them belongs to the first, so that no byte
    goes unread; JSON's comma too, but for the last entry's, which has none."""
    begin = body.find(grammar.begin)
    while begin >= 0:
        following = body.find(grammar.begin, begin + len(grammar.begin) - 1)
        if following >= 0:
            yield begin, following
        else:
            last = body.rfind(grammar.end, begin)
            yield begin, last + len(grammar.end) if last >= 0 else len(body)
        begin = following


def _between(body: bytes, begin: int, end: int, marks: tuple[bytes, bytes]) -> bytes:
    start = body.find(marks[0], begin, end)
    if start < 0:
        return b""
    start += len(marks[0])
    return body[start : body.find(marks[1], start, end)]


def _text(body: bytes, begin: int, end: int, marks: tuple[bytes, bytes], suffix: str) -> str:
    written = _between(body, begin, end, marks).decode("utf-8", "replace")
    if suffix != "json":
        return unescape(written)
    try:
        return str(json.loads(written))
    except ValueError:
        return written  # what is wrong with it, the document's own reading says
