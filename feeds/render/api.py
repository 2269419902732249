"""What the JSON API says of items: Item in, its record within what the operator may republish out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bulletins.model import Content, Item, Source
from feeds.compose import body
from feeds.records import record, stamp


def item(item: Item, source: Source | None) -> dict[str, Any]:
    """The record of an item (docs/schemas/item.json) with the blocks that its feeds carry. Where the text may
    not be republished whole, the words that evidence quotes from it are left out too."""
    kept = replace(item, blocks=body(item, source))
    if source is None or source.content is not Content.FULL:
        kept = replace(kept, evidence=tuple(replace(why, text="") for why in item.evidence))
    return record(kept)


def event(
    seq: int, kind: str, name: str, at: datetime, held: Item | None, sources: Mapping[str, Source]
) -> dict[str, Any]:
    """An event of the change log (docs/schemas/changes.json); `name` is the item's id.

    `item` is the record as it is now: a program that applies events in order, and removes what comes with
    null, ends in the state of the service.
    """
    return {
        "seq": seq,
        "kind": kind,
        "id": name,
        "at": stamp(at),
        "item": None if held is None else item(held, sources.get(held.source)),
    }


def items(
    held: Iterable[Item], sources: Mapping[str, Source], *, further: str | None, seq: int
) -> dict[str, Any]:
    """A page of items (docs/schemas/items.json). `further` is the next page's address, None after the last;
    `seq` is where to follow the changes from."""
    return {
        "items": [item(each, sources.get(each.source)) for each in held],
        "next": further,
        "seq": seq,
    }
