"""A selection of items asked for by an address: the parameters of its query in, what they mean out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from itertools import product
from urllib.parse import quote

from bulletins.regions import division, successor
from feeds.scope import ALL, FeedKey, roll_up

DEFAULT_LIMIT = 50
MOST = 500  # items of any feed
MOST_JOINED = 50  # feeds that one selection may join: each is a query of its own
_WORDS = 20
_LONGEST = 64  # characters of a word to look for
# China has kept +08:00 since 1991.
_PLUS_8 = timezone(timedelta(hours=8))
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)")
_COMMA = re.compile("[,，]")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

NAMES = ("region", "column", "source", "q", "not", "since", "limit", "collapse")
PLACES = ("region", "column", "source")


class BadParameter(Exception):
    """A parameter that cannot be honoured: its name, why, and what is allowed in its place."""

    def __init__(self, name: str, why: str, allowed: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name
        self.why = why
        self.allowed = allowed


@dataclass(frozen=True, slots=True)
class Known:
    """What may be selected: slugs of columns, ids of sources."""

    columns: Collection[str]
    sources: Collection[str]


@dataclass(frozen=True, slots=True)
class Selection:
    """Items of any of `regions` (with all their parts), in any of `columns`, from any of `sources`, with any
    of `words` and none of `without`; an empty tuple asks for nothing. A word in `words` may be several,
    parted by spaces, which must all occur. `since` is aware, and counts by the date of publication."""

    regions: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    since: datetime | None = None
    limit: int = DEFAULT_LIMIT
    collapse: bool = False

    def feeds(self) -> tuple[FeedKey, ...]:
        """The feeds whose union holds every item of these regions and columns, none within another of them.
        `sources` is left to whoever reads them, except where it alone is asked for."""
        regions = self._widest()
        if not regions and not self.columns:
            return tuple(FeedKey.of(source=source) for source in self.sources) or (ALL,)
        pairs = product(regions or (None,), self.columns or (None,))
        return tuple(FeedKey.of(region=region, column=column) for region, column in pairs)

    @property
    def joins(self) -> int:
        """How many feeds those are."""
        if not self.regions and not self.columns:
            return max(len(self.sources), 1)
        return max(len(self._widest()), 1) * max(len(self.columns), 1)

    def _widest(self) -> list[str]:
        chosen = set(self.regions)
        return [code for code in self.regions if chosen.isdisjoint(roll_up(code)[:-1])]

    def query(self) -> str:
        """The one spelling of this selection: names in a fixed order, values sorted, defaults left out."""
        parts: list[tuple[str, Iterable[str]]] = [
            ("region", self.regions),
            ("column", self.columns),
            ("source", self.sources),
            ("q", self.words),
            ("not", self.without),
            ("since", [self.since.astimezone(_PLUS_8).isoformat()] if self.since else ()),
            ("limit", [str(self.limit)] if self.limit != DEFAULT_LIMIT else ()),
            ("collapse", ["1"] if self.collapse else ()),
        ]
        return "&".join(
            f"{name}={','.join(quote(v, safe=':') for v in values)}" for name, values in parts if values
        )


def parse(
    pairs: Sequence[tuple[str, str]], known: Known, names: Sequence[str] = NAMES, *, joined: bool = True
) -> Selection:
    """The selection of a decoded query. Several values are given by comma or by repeating the parameter.
    `joined`: for one feed, which only so many may make up; a list names as many as are asked for.

    Raises BadParameter for the first thing that is wrong: a parameter not in `names`, a code that is no
    division, a column or source that is not known, a date that is none, a number out of bounds.
    """
    given: dict[str, list[str]] = {}
    for name, text in pairs:
        if name not in names:
            raise BadParameter(_shown(name), "there is no such parameter here", ", ".join(names))
        values = given.setdefault(name, [])
        values += [value.strip() for value in _COMMA.split(text) if value.strip()]
    selection = Selection(
        regions=_each(given, "region", _region),
        columns=_each(given, "column", lambda slug: _one_of("column", slug, known.columns)),
        sources=_each(given, "source", lambda name: _one_of("source", name, known.sources)),
        words=_words(given, "q"),
        without=_words(given, "not"),
        since=_since(given),
        limit=whole(given, "limit", DEFAULT_LIMIT, 1, MOST),
        collapse=bool(whole(given, "collapse", 0, 0, 1)),
    )
    if joined and (many := selection.joins) > MOST_JOINED:
        named = "region" if selection.regions else "column" if selection.columns else "source"
        why = f"too many to join (regions times columns, or sources: {many})"
        raise BadParameter(named, why, f"at most {MOST_JOINED}")
    return selection


def listed(key: FeedKey, selection: Selection) -> bool:
    """Whether a list of the selection's feeds has one: what was asked for itself, and nothing below it. Its
    regions, or within them its columns, or its columns; sources only where they alone are asked for, since
    elsewhere they narrow. Where nothing is asked for, every feed."""
    if not selection.regions and not selection.columns:
        return not selection.sources or key.source in selection.sources
    if key.source:
        return False
    here = key.region in selection.regions if selection.regions else key.region is None
    return here and (key.column in selection.columns if selection.columns else key.column is None)


def within(key: FeedKey, selection: Selection) -> bool:
    """Whether a feed is one of a selection's regions and their parts that is also of its columns, or of one
    of its sources."""
    if key.source:
        return key.source in selection.sources
    if selection.sources and not selection.regions and not selection.columns:
        return False
    here = not selection.regions or (
        key.region is not None and not set(roll_up(key.region)).isdisjoint(selection.regions)
    )
    return here and (not selection.columns or key.column in selection.columns)


def whole(given: Mapping[str, Sequence[str]], name: str, default: int, least: int, most: int) -> int:
    """A parameter that is one whole number. Raises BadParameter."""
    text = _single(given, name)
    if text is None:
        return default
    if not re.fullmatch("[0-9]{1,18}", text) or not least <= int(text) <= most:
        raise BadParameter(name, f"{_shown(text)} is no whole number within its bounds", f"{least} to {most}")
    return int(text)


def instant(name: str, text: str) -> datetime:
    """An RFC 3339 date-time, or a date, which begins at 00:00 in Asia/Shanghai. Raises BadParameter."""
    try:
        if _DAY.fullmatch(text):
            return datetime.combine(date.fromisoformat(text), time(), _PLUS_8)
        # In a query that a program forgot to escape, the plus of an offset arrives as a space.
        if _INSTANT.fullmatch(spelt := re.sub(r" (\d\d:\d\d)$", r"+\1", text)):
            return datetime.fromisoformat(spelt.upper()).astimezone(_PLUS_8)
    except (ValueError, OverflowError):
        pass
    raise BadParameter(
        name,
        f"{_shown(text)} is no date",
        "an RFC 3339 date (2026-03-06) or date-time with its zone (2026-03-06T08:00:00+08:00)",
    )


def _each(given: Mapping[str, Sequence[str]], name: str, check: Callable[[str], str]) -> tuple[str, ...]:
    return tuple(sorted({check(value) for value in given.get(name, ())}))


def _region(code: str) -> str:
    """A code in use; for one given up that of today, so that old addresses go on working."""
    code = successor(code) or code
    if not re.fullmatch("[0-9]{6}", code) or division(code) is None:
        raise BadParameter(
            "region", f"{_shown(code)} is no division", "six-digit codes of GB/T 2260, as 511826"
        )
    return code


def _one_of(name: str, value: str, known: Collection[str]) -> str:
    if value not in known:
        raise BadParameter(name, f"{_shown(value)} is not known", f"a {name} that /feeds.json names")
    return value


def _words(given: Mapping[str, Sequence[str]], name: str) -> tuple[str, ...]:
    words = tuple(sorted({" ".join(text.split()) for text in given.get(name, ())}))
    if len(words) > _WORDS or any(len(word) > _LONGEST for word in words):
        allowed = f"at most {_WORDS} values of at most {_LONGEST} characters each"
        raise BadParameter(name, "too many or too long words", allowed)
    return words


def _since(given: Mapping[str, Sequence[str]]) -> datetime | None:
    text = _single(given, "since")
    return None if text is None else instant("since", text)


def _single(given: Mapping[str, Sequence[str]], name: str) -> str | None:
    values = given.get(name, ())
    if len(values) > 1:
        raise BadParameter(name, "it is given more than once", "one value")
    return values[0] if values else None


def _shown(value: str) -> str:
    """A value as an error may repeat it: short, and in quotes."""
    return repr(value if len(value) <= _LONGEST else value[:_LONGEST] + "…")
