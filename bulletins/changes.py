"""What is held and what was read -> what is new and what was corrected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bulletins.model import Change, ChangeKind, Item


def compare(held: Iterable[Item], read: Iterable[Item]) -> tuple[Change, ...]:
    """The changes that a reading brings, in the order read; an item that means what it meant is none.

    What was set once stays: `id`, `first_seen`, `published` and its precision. A correction moves `updated`.
    An item that is not in the reading is left as it is: a page that lacks it proves nothing.
    """
    known = {item.id: item for item in held}
    changes = []
    for item in read:
        before = known.get(item.id)
        if before is None:
            changes.append(Change(item, ChangeKind.NEW))
        elif before.digest != item.digest:
            kept = replace(
                item,
                first_seen=before.first_seen,
                published=before.published,
                precision=before.precision,
            )
            changes.append(Change(kept, ChangeKind.CORRECTED))
    return tuple(changes)
