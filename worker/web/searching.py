"""/search/: what somebody typed in, the items that have it and the feed that goes on having it out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from urllib.parse import parse_qsl, urlencode

from bulletins.dates import SHANGHAI
from bulletins.model import Item
from bulletins.regions import candidates, division, successor
from feeds import safe, terms
from feeds.render import Document
from feeds.selection import Selection
from feeds.site import Shelf, asked
from feeds.site.asked import Asked, Found
from worker.web.reading import Reading
from worker.web.wanted import wanted as indexed

_SHOWN = 20
_STRIDE = 60  # items looked at in one query: the index knows pairs of characters, not words
_ROUNDS = 10
_LONGEST = 64  # characters of a word, as merged feeds have it
_WORDS = 20
_TOLD = 3  # of the words that a remark is about
_NAMED = 8  # places of the name that was typed
_FIELDS = ("q", "region", "column", "source", "since", "until", "after")


class Searching:
    """Calls may block, and take a core for seconds: the caller sees to it that few are under way. Whatever is
    typed is answered; what cannot be honoured is named on the page."""

    def __init__(self, reading: Reading, places: Callable[[], bytes | None]) -> None:
        """`places` gives places.json as it is published."""
        self._reading = reading
        self._read = places
        self._places: tuple[bytes, list[tuple[str, str, list[str]]]] = (b"", [])

    def page(self, query: bytes, lang: str = "zh") -> Document:
        shelf = self._reading.shelf(lang)
        given = fields(query)
        wanted, selection = honoured(given, shelf)
        after = (
            int(given["after"])
            if given["after"].lstrip("-").isdecimal() and len(given["after"]) < 20
            else None
        )
        if wanted.q and not selection.words:
            return asked.search(shelf, wanted, selection, Found(earlier=after is not None))
        items, last, remark = self._find(wanted, selection, after)
        if remark:
            wanted = _remarked(wanted, remark, "")
        kept = {name: getattr(wanted, name) for name in _FIELDS[:-1] if getattr(wanted, name)}
        further = urlencode([*kept.items(), ("after", last)]) if last is not None else ""
        found = Found(tuple(items), further, after is not None)
        if wanted.q and after is None and not wanted.narrowed:
            found = Found(found.items, further, found.earlier, *self._named(wanted.q, shelf))
        return asked.search(shelf, wanted, selection, found)

    def _find(
        self, wanted: Asked, selection: Selection, after: int | None
    ) -> tuple[list[Item], int | None, str]:
        """The items, the number after which there may be more, and a remark."""
        index = indexed(selection, _end(wanted.until))
        words = [terms.plain(word) for word in selection.words]
        found: list[Item] = []
        for _ in range(_ROUNDS):
            stretch = self._reading.store.rooms.find(index, after, _STRIDE)
            for n, item in stretch:
                text = terms.plain("\n".join((item.title, *item.paragraphs))) if words else ""
                if not words or any(terms.has(text, word) for word in words):
                    if len(found) == _SHOWN:
                        return found, after, ""
                    found.append(item)
                after = n
            if len(stretch) < _STRIDE:
                return found, None, ""
        return found, after, "只找了最近的一部分消息。"

    def _named(
        self, typed: str, shelf: Shelf
    ) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str, str], ...]]:
        """Divisions of the name that was typed: those that have pages, and those that have no news yet."""
        words = typed.casefold().split()
        places = self._known()
        spelt = {code: spellings for code, _, spellings in places}
        found = [
            (code, name) for code, name, _ in places if _fits(code, words, spelt) and shelf.region_page(code)
        ]
        found.sort(key=lambda pair: (len(pair[1]), pair[0]))
        pages = tuple((name, shelf.region_page(code)) for code, name in found[:_NAMED])
        others = () if pages or len(typed) > _LONGEST else candidates(typed)[:_NAMED]
        without = tuple(
            ("".join(one.path), *asked.nearest(shelf, one.code))
            for one in others
            if not shelf.region_page(one.code)
        )
        return pages, without

    def _known(self) -> list[tuple[str, str, list[str]]]:
        body = self._read() or b""
        if body != self._places[0]:
            lines = json.loads(body) if body else []
            self._places = body, [(code, name, spelt.split()) for code, name, spelt in lines]
        return self._places[1]


def _fits(code: str, words: Sequence[str], spelt: Mapping[str, Sequence[str]]) -> bool:
    """Whether each word begins a spelling of a place or of one above it, the last one the place's own."""
    own = spelt[code]
    if not words or not any(each.startswith(words[-1]) for each in own):
        return False
    above = [each for up in (code[:2] + "0000", code[:4] + "00") if up != code for each in spelt.get(up, ())]
    return all(any(each.startswith(word) for each in (*own, *above)) for word in words)


def fields(query: bytes) -> dict[str, str]:
    """The fields of the form, each its first value; what is not UTF-8 shows as such."""
    found = dict.fromkeys(_FIELDS, "")
    try:
        pairs = parse_qsl(
            query.decode("ascii", "replace"), encoding="utf-8", errors="replace", max_num_fields=200
        )
    except ValueError:  # too many of them
        return found
    for name, value in reversed(pairs):
        if name in found:
            found[name] = " ".join(safe.text(value).split())
    return found


def honoured(given: Mapping[str, str], shelf: Shelf) -> tuple[Asked, Selection]:
    """What of the fields is looked for, with a remark for what is not; and what a feed of it asks for."""
    remarks: list[tuple[str, str]] = []

    def known(name: str, ok: bool, remark: str) -> str:
        if given[name] and not ok:
            remarks.append((remark, given[name][:_LONGEST]))
        return given[name] if ok else ""

    code = successor(given["region"]) or given["region"]
    region = code if known("region", division(code) is not None, "没有代码是“{word}”的地区，已忽略。") else ""
    column = known("column", given["column"] in shelf.columns, "没有叫“{word}”的栏目，已忽略。")
    source = known("source", given["source"] in shelf.sources, "没有叫“{word}”的来源，已忽略。")
    since = known("since", _day(given["since"]) is not None, "“{word}”不是日期，已忽略。")
    until = known("until", _day(given["until"]) is not None, "“{word}”不是日期，已忽略。")
    words = _words(given["q"], remarks)
    q = given["q"] if len(given["q"]) <= _LONGEST * 2 else "，".join(words)
    begin = _day(since)
    selection = Selection(
        regions=(region,) if region else (),
        columns=(column,) if column else (),
        sources=(source,) if source else (),
        words=words,
        since=_begin(begin) if begin else None,
    )
    return Asked(q, region, column, source, since, until, tuple(remarks)), selection


def _words(q: str, remarks: list[tuple[str, str]]) -> tuple[str, ...]:
    """The alternatives, which commas part, that the index can be asked for. What is said of them is said once
    for all that it is said of."""
    given = dict.fromkeys(" ".join(text.split()) for text in q.replace("，", ",").split(","))
    given.pop("", None)
    kept: dict[str, None] = {}
    said: dict[str, list[str]] = {}
    for word in list(given)[:_WORDS]:
        if len(word) > _LONGEST:
            said.setdefault("“{word}”太长，只用了前面一部分。", []).append(word[:12] + "…")
            word = word[:_LONGEST].strip()
        if not terms.codes(word):
            said.setdefault("“{word}”里没有可以查找的字。", []).append(word[:12])
            continue
        if terms.single(word):
            said.setdefault("单个字只在标题里找：“{word}”。", []).append(word[:12])
        kept[word] = None
    if len(given) > _WORDS:
        remarks.append(("词太多，只用了前{word}个。", str(_WORDS)))
    for remark, words in said.items():
        remarks.append((remark, "”、“".join([*words[:_TOLD], *(["…"] if len(words) > _TOLD else [])])))
    return tuple(sorted(kept))


def _remarked(one: Asked, remark: str, word: str) -> Asked:
    return Asked(
        one.q, one.region, one.column, one.source, one.since, one.until, (*one.remarks, (remark, word))
    )


def _end(until: str) -> datetime | None:
    """The moment after the last day."""
    last = _day(until)
    return _begin(last + timedelta(days=1)) if last and last < date.max else None


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year > 1 else None  # an earlier one has no moment in UTC


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
