"""A reading's figures beside those of its source's good readings -> what is other than before, in words.

How far a figure may differ depends on how much was seen: the texts of three articles say little of the next
forty, while what a template prints on three of them it prints on all.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from bulletins.expectations import Learned
from bulletins.measures import Figures

_FEW = 1.5  # articles that are gravely other than before; fewer are not held back for that
_YOUNG = 3  # editions, before which little is known
_ENOUGH = 60  # articles, from which on a sample of them is taken for all
# How far an edition that is read again may be from itself, in factors of sizes and distances of shares.
_MUCH_FACTOR, _MUCH = 1.6, 0.34
_SLIGHT_FACTOR, _SLIGHT = 1.03, 0.05


@dataclass(frozen=True, slots=True)
class _Rule:
    """How a figure may differ. `bad`: -1 where less is worse, 1 where more is, 0 both. `mild` and `grave`
    are distances from what was seen (of shares), or factors (of counts and lengths); `few`: articles below
    which it says nothing grave. `scatter`: how much it differs between articles of one and the same healthy
    source: of lengths the deviation of their logarithms; of shares 1 where it is for each article to say, 0
    where its template does."""

    words: str
    bad: int
    mild: float
    grave: float | None = None
    few: int = 2
    scatter: float = 0.0


_SHARES = {
    "dated": _Rule("articles with a date of their own", -1, 0.1, 0.3),
    "timed": _Rule("articles with a time of day", -1, 0.2, 0.6, scatter=1),
    "placed": _Rule("articles with a region", -1, 0.3, None, scatter=1),
    "headed": _Rule("articles with a column", -1, 0.1, 0.5, scatter=1),
    "paged": _Rule("articles with a page", -1, 0.1, 0.4),
    "numbered": _Rule("articles of a numbered edition", -1, 0.1, 0.5),
    "signed": _Rule("articles that are signed", -1, 0.35, None, scatter=1),
    "agreeing": _Rule("articles that bear the title by which the list led to them", -1, 0.08, 0.3),
    "native": _Rule("Chinese characters in titles", -1, 0.12, 0.4),
    "native_bodies": _Rule("Chinese characters in texts", -1, 0.1, 0.3),
    "native_columns": _Rule("Chinese characters in columns", -1, 0.2, 0.6),
    "ended": _Rule("texts that end with the end of a sentence", -1, 0.2, 0.5, 4, scatter=1),
    "rejected": _Rule("articles that could not be read", 1, 0.05, 0.3),
    "unread": _Rule("sentences on articles' pages that are left out", 1, 0.08, 0.3),
    "unlisted": _Rule("further links like those of the list, for each followed", 1, 0.25, None),
    "foreign": _Rule("articles at hosts that are not known", 1, 0.01, 0.3),
    "twice": _Rule("articles with a title of another", 1, 0.1, 0.34, 3),
    "copied": _Rule("articles with the text of another", 1, 0.1, 0.34, 3),
    "repeated": _Rule("articles with a line that others have too", 1, 0.2, None),
    "borrowed": _Rule("articles with what stands in another", 1, 0.1, 0.34, 3),
    "marginal": _Rule("articles with what stands beside texts within them", 1, 0.05, 0.3),
    "stamped": _Rule("titles with one and the same mark", 1, 0.2, 0.85, 3),
    "added": _Rule("titles with one and the same addition to what their list says", 1, 0.2, 0.6, 3),
    "double": _Rule("articles that several pages list", 1, 0.2, 0.6, 3),
    "formula": _Rule("texts that begin or end with the same words", 1, 0.4, None, 3),
    "elsewhere": _Rule("articles that say that they go on elsewhere", 1, 0.2, 0.6, 3),
    "cut": _Rule("titles that are cut short", 1, 0.1, 0.3),
    "within": _Rule("articles that say the same twice", 1, 0.15, 0.34, 3),
    "junk": _Rule("articles with unfilled or broken markup or characters", 1, 0.05, 0.2),
    "spam": _Rule("articles with what hijackers write", 1, 0.01, 0.15),
    "baited": _Rule("entries of lists with what hijackers write", 1, 0.001, 0.05),
}
_SIZES = {
    "echoed": _Rule("the share of their titles that texts repeat", -1, 1.5, 2.8, 3, scatter=0.4),
    "spread": _Rule("articles on a page", 0, 1.7),
    "pages": _Rule("pages", -1, 2.0),
    "title": _Rule("characters of a title", 0, 1.5, 2.5, 4, scatter=0.3),
    "body": _Rule("characters of a text", 0, 2.0, 30.0, 4, scatter=0.8),
    "run": _Rule("characters of a paragraph", 1, 1.8, 3.5, 4, scatter=0.8),
    "column": _Rule("characters of a column", 1, 1.5, 2.2, 4, scatter=0.3),
}
_DAY = _Rule("days before the newest that were known", -1, 5.0, 30.0)


class Weighed(NamedTuple):
    """What of a reading is gravely other than it was, what mildly, what is only of another size: in words."""

    grave: list[str]
    mild: list[str]
    sizes: list[str]


class _Past(NamedTuple):
    """A figure of earlier editions: its least and most, in how many it is known, and their articles."""

    low: float
    high: float
    known: int
    articles: float


def weigh(learned: Learned, figures: Figures, own: str) -> Weighed:
    """A reading's figures beside those of all editions but its `own`; of that one where there is no other."""
    told = Weighed([], [], [])
    count = int(figures.get("items", 0))
    longer = _longer(learned, figures, own)
    for name, value in figures.items():
        rule, past = _rule(name), _past(learned, name, own, value)
        if past is None or not rule.words:
            continue
        gap = _gap(name, rule, value, past)
        if name == "run":
            gap /= longer  # the paragraphs of longer texts are longer
        slack = 0.6 / max(1, count) if name in _SHARES and rule.bad < 0 else 0.0
        said = f"{rule.words}: {value:g}, before {_between(past)}"
        asked = count / (1 - value) if name == "rejected" and value < 1 else count
        several = name not in _SHARES or gap * asked >= _FEW  # one article is an editor's slip, or his joke
        if rule.grave is not None and count >= rule.few and gap >= rule.grave and several:
            told.grave.append(said)
        elif gap > rule.mild + slack:
            (told.mild if name in _SHARES or name == "echoed" else told.sizes).append(said)
    return told


def unlike(before: Figures, now: Figures, *, slightly: bool) -> dict[str, str]:
    """What differs in an edition that is read again, by name, in words: by much, or `slightly` too."""
    factor, distance = (_SLIGHT_FACTOR, _SLIGHT) if slightly else (_MUCH_FACTOR, _MUCH)
    told = {}
    for name in before.keys() & now.keys() & (_SHARES.keys() | _SIZES.keys()):
        rule, past, value = _rule(name), before[name], now[name]
        if name in _SIZES:
            low, high = sorted((max(past, 0.01), max(value, 0.01)))
            other = high / low >= factor and (name != "echoed" or value < past)
        else:
            other = (value - past) * rule.bad >= distance
        if other:
            told[name] = f"{rule.words}: {value:g}, before {past:g}"
    return dict(sorted(told.items()))


def _rule(name: str) -> _Rule:
    return _SHARES.get(name) or _SIZES.get(name) or (_DAY if name == "day" else _Rule("", 0, 0.0))


def _past(learned: Learned, name: str, own: str, value: float) -> _Past | None:
    others = learned.figures(name, own)
    past = others or learned.figures(name)
    if not past:  # of a first reading only what needs no comparison
        return _Past(0.0, 0.0, 0, 0.0) if name in ("junk", "spam", "baited") else None
    low, high = min(past), max(past)
    if name == "day":  # an edition that is known grows old and is well; no new one is older than those
        low = high = value if own in learned.editions else high
    return _Past(low, high, len(past), sum(learned.figures("items", own if others else "")))


def _longer(learned: Learned, figures: Figures, own: str) -> float:
    """The factor by which texts are longer than any were before; 1 where they are not."""
    past = _past(learned, "body", own, 0.0)
    return max(1.0, figures.get("body", 0.0) / max(1.0, past.high)) if past else 1.0


def _gap(name: str, rule: _Rule, value: float, past: _Past) -> float:
    """How far a figure is from what was seen, and from what may well be seen after so few articles: a
    distance of shares and days, else a factor."""
    if name in _SIZES:
        wide = max(_few(past, rule), 1.5 if past.known < _YOUNG else 1.0)
        low, high, value = max(past.low, 0.01) / wide, max(past.high, 0.01) * wide, max(value, 0.01)
        less, more = low / value, value / high
        return less if rule.bad < 0 else more if rule.bad > 0 else max(less, more)
    if rule.bad > 0 or name == "day":
        return value - past.high if rule.bad > 0 else past.low - value
    return past.low - value - max(_rare(past, rule), 0.1 if past.known < _YOUNG else 0.0)


def _few(past: _Past, rule: _Rule) -> float:
    """The factor by which a median may differ from that of so few articles: two standard errors."""
    return math.exp(2 * rule.scatter * _shortfall(past, lambda n: 1 / math.sqrt(n)))


def _rare(past: _Past, rule: _Rule) -> float:
    """The share of articles that may lack what all of so few had: two times what Laplace expects."""
    return rule.scatter * _shortfall(past, lambda n: 2 / (n + 2))


def _shortfall(past: _Past, doubt: Callable[[float], float]) -> float:
    return max(0.0, doubt(max(1.0, past.articles)) - doubt(_ENOUGH))


def _between(past: _Past) -> str:
    return f"{past.low:g}" if past.low == past.high else f"{past.low:g} to {past.high:g}"
