"""The feeds and columns of items: changes go in and are applied where they belong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bulletins import columns
from bulletins.model import Change, ChangeKind, Column, ColumnKind, Item, Source
from feeds.scope import keys_of
from worker.edit import Edit
from worker.ports import Rules


def place(rules: Rules, txn: Edit, source: Source, changes: Sequence[Change], items: Sequence[Item]) -> None:
    """Store what has changed, in the feeds where it belongs. `items` are all that stand in the reading: where
    a column stands says whether it is one."""
    if not changes:
        return
    settled = _settle_columns(txn, source, [*items, *(change.item for change in changes)])
    named = rules.named_columns | set(source.columns.values())
    umbrellas = {
        item.column.name for item in items if item.column and item.column.kind == ColumnKind.UMBRELLA
    }
    own = txn.promoted(umbrellas) | (umbrellas & named)
    for change in changes:
        if change.kind == ChangeKind.WITHDRAWN:
            txn.apply(change, ())
            continue
        item = replace(change.item, column=change.item.column and settled[change.item.column.name])
        txn.apply(replace(change, item=item), keys_of(item, _feed_column(item, source, own, settled)))
    for name in sorted(own):
        for item in txn.umbrella_items(name):
            txn.enlist(item, keys_of(item, item.column))


def _settle_columns(txn: Edit, source: Source, items: Sequence[Item]) -> dict[str, Column]:
    """The columns and page names that these items stand under, with slugs of their own."""
    found: dict[str, Column] = {}
    editions: dict[str, str] = {}
    for item in items:
        for column in filter(None, (item.column, _page_column(item, source))):
            found.setdefault(column.name, column)
            if item.edition:
                editions[column.name] = f"{source.id}/{item.edition.date or item.edition.number}"
    return txn.settle_columns(found.values(), editions)


def _page_column(item: Item, source: Source) -> Column | None:
    if item.page is None or not item.page.name:
        return None
    return columns.column(item.page.name, ColumnKind.PAGE, source)


def _feed_column(item: Item, source: Source, own: set[str], settled: dict[str, Column]) -> Column | None:
    """The column whose feeds an item goes to: a one-off umbrella headline leaves no dead feed, its items
    stand in the feeds of their page's name."""
    if item.column is None or item.column.kind != ColumnKind.UMBRELLA or item.column.name in own:
        return item.column
    page = _page_column(item, source)
    return settled[page.name] if page else item.column
