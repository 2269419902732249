"""What the index is asked for: a selection in, the codes that its items have out."""

from __future__ import annotations

from datetime import datetime

from feeds import terms
from feeds.scope import FeedKey
from feeds.selection import Selection
from worker.rooms import Wanted


def wanted(selection: Selection, until: datetime | None = None) -> Wanted:
    """Items of any of its regions, in any of its columns, of any of its sources, that may have any of its
    words; `until` is aware, and not included. Each word has a code (`feeds.terms.codes`)."""
    keys = (
        [FeedKey.of(region=code) for code in selection.regions],
        [FeedKey.of(column=slug) for slug in selection.columns],
        [FeedKey.of(source=name) for name in selection.sources],
    )
    groups = [
        tuple(terms.codes(word) for word in selection.words),
        *(tuple((terms.code_of(key),) for key in group) for group in keys),
    ]
    return Wanted(tuple(group for group in groups if group), selection.since, until)
