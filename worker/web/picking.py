"""/subscribe/: what somebody ticked in, the combination's addresses and what it would hold out."""

from __future__ import annotations

from bulletins.model import Item
from bulletins.regions import division, successor
from feeds.render import Document
from feeds.selection import MOST_JOINED, BadParameter, Known, parse
from feeds.site import asked
from worker.web import queries
from worker.web.reading import Reading

_SHOWN = 8  # items of the preview
_NAMES = ("region", "column", "source")


def page(reading: Reading, query: bytes, lang: str = "zh") -> Document:
    """The page for picking; may block. What cannot be honoured is named on it."""
    shelf = reading.shelf(lang)
    problem: tuple[str, str] | None = None
    within = ""
    known = Known(shelf.columns.keys(), shelf.sources.keys())
    kept = []
    try:
        pairs = queries.pairs(query, queries.LONGEST_LIST)
    except BadParameter as bad:
        pairs, problem = [], ("“{word}”不能用，已忽略。", bad.name)
    for name, text in pairs:
        if name == "within":
            within = text
        elif name in _NAMES:
            try:
                parse([(name, text)], known, _NAMES, joined=False)
            except BadParameter:
                problem = "“{word}”不能用，已忽略。", text[:40]
            else:
                kept.append((name, text))
    selection = parse(kept, known, _NAMES, joined=False)
    joined = selection.joins <= MOST_JOINED
    within = successor(within) or within
    items: tuple[Item, ...] = ()
    if joined and (selection.regions or selection.columns or selection.sources):
        walked = reading.store.walk(
            selection.feeds(), sources=selection.sources, since=None, after=None, count=_SHOWN * 10
        )
        items = walked.items[:_SHOWN]
    return asked.subscribe(
        shelf,
        selection,
        items,
        within=within if division(within) else "",
        joined=joined,
        problem=problem,
    )
