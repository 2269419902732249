"""The feeds and columns of items: changes go in and are applied where they belong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bulletins import columns
from bulletins.model import Change, ChangeKind, Column, ColumnKind, Item, Source
from feeds.scope import FeedKey, keys_of
from worker.edit import Edit
from worker.ports import Rules


def place(
    rules: Rules, txn: Edit, source: Source, changes: Sequence[Change], items: Sequence[Item]
) -> tuple[Column, ...]:
    """Store what has changed, in the feeds where it belongs; the columns whose feeds begin with it. `items`
    are all that stand in the reading: where a column stands says whether it is one."""
    if not changes:
        return ()
    settled = _settle_columns(rules, txn, source, [*items, *(change.item for change in changes)])
    named = rules.named_columns | set(source.columns.values())
    umbrellas = {
        item.column.name for item in items if item.column and item.column.kind == ColumnKind.UMBRELLA
    }
    own = txn.promoted(umbrellas, source.id) | (umbrellas & named)
    there = txn.feeds_there([_feed(column) for column in settled.values()])
    begun: dict[str, Column] = {}
    for change in changes:
        if change.kind == ChangeKind.WITHDRAWN:
            txn.apply(change, ())
            continue
        item = replace(change.item, column=change.item.column and settled[change.item.column.name])
        stands = _feed_column(item, source, own, settled)
        txn.apply(replace(change, item=item), keys_of(item, stands))
        if stands and _feed(stands) not in there:
            begun[stands.slug] = stands
    for name in sorted(own):
        for item in txn.umbrella_items(name, source.id):
            txn.enlist(item, keys_of(item, item.column))
            if item.column and _feed(item.column) not in there:
                begun[item.column.slug] = item.column
    return tuple(begun[slug] for slug in sorted(begun))


def source_of(rules: Rules, name: str) -> Source:
    """The source of that id; one that is no longer configured by its id alone."""
    return rules.sources.get(name) or Source(name, name, "")


def _feed(column: Column) -> FeedKey:
    return FeedKey.of(column=column.slug)


def _settle_columns(rules: Rules, txn: Edit, source: Source, items: Sequence[Item]) -> dict[str, Column]:
    """The columns and page names that these items stand under, with slugs of their own. A name that
    [[columns]] has is one column in all sources, any other is this source's."""
    found: dict[str, Column] = {}
    editions: dict[str, str] = {}
    for item in items:
        for column in filter(None, (item.column, _page_column(item, source))):
            found.setdefault(column.name, column)
            if item.edition:
                editions[column.name] = f"{source.id}/{item.edition.date or item.edition.number}"
    return txn.settle_columns(found.values(), editions, source.id, rules.named_columns)


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
