"""What a reading lacks, and what earlier ones lacked -> which items are gone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from bulletins import identity
from bulletins.model import Absence, WithdrawnBy

TIMES = 3  # readings in a row that lack an item before it is withdrawn
_FEW = 8  # items that may be lacking at once, whatever their share
_SHARE = 0.5  # beyond which it is a site's fault, and no editor's decision

Lack = tuple[WithdrawnBy, str]  # who says that an item is not there, and the words for it


def plausible(lacking: int, of: int) -> bool:
    """Whether so many of so many can have been taken away on purpose."""
    return lacking <= _FEW or lacking <= of * _SHARE


def unlisted(stored: Iterable[tuple[str, str]], listed: Collection[str]) -> list[str]:
    """Of an edition's stored items, as (id, link), those whose articles its lists lack, where that is
    plausible; `listed` are the keys of the articles on them."""
    whole = list(stored)
    lacking = [name for name, link in whole if identity.key(link) not in listed]
    return lacking if plausible(len(lacking), len(whole)) else []


def count(
    before: Sequence[Absence], lacking: Mapping[str, Lack], present: Collection[str]
) -> tuple[tuple[Absence, ...], tuple[Absence, ...]]:
    """The absences to remember, and those that make an item gone.

    What was read is not absent. What nobody looked for this time is forgotten, unless it is an address: that
    one is asked again at the next poll.
    """
    counts = {one.item: one.count for one in before}
    now = [
        Absence(item, by, reason, counts.get(item, 0) + 1)
        for item, (by, reason) in lacking.items()
        if item not in present
    ]
    now += [
        one
        for one in before
        if one.by == WithdrawnBy.ADDRESS and one.item not in lacking and one.item not in present
    ]
    kept = tuple(one for one in now if one.count < TIMES)
    return kept, tuple(one for one in now if one.count >= TIMES)
