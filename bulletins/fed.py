"""An upstream feed -> the items that its entries are, and the pages of those that it only sums up."""

from __future__ import annotations

from bulletins import headlines, layouts
from bulletins.model import Context, Follow, Lead, Page, PageKind, RawItem
from bulletins.upstream import Entry, Feed


def follow(feed: Feed, page: Page, context: Context) -> tuple[Follow, ...]:
    """The pages of the entries that are not whole."""
    return tuple(
        Follow(
            entry.href or page.url,
            PageKind.ARTICLE,
            Lead(None, None, _column(entry, context), entry.title or None, n, dated=entry.date, id=entry.id),
        )
        for n, entry in enumerate(feed.entries)
        if not entry.whole
    )


def raws(feed: Feed, page: Page, context: Context) -> tuple[RawItem, ...]:
    """The entries, as far as they have a text; of those without one their pages say all that there is."""
    return tuple(
        RawItem(
            title=entry.title,
            href=entry.href or page.url,
            blocks=headlines.below(entry.title, entry.blocks),
            column=_column(entry, context),
            date=entry.date or None,
            byline=entry.author or None,
            position=n,
            id=entry.id,
            attachments=tuple(filter(None, (layouts.attachment(*file) for file in entry.files))),
        )
        for n, entry in enumerate(feed.entries)
        if entry.blocks or entry.whole
    )


def _column(entry: Entry, context: Context) -> str | None:
    return context.lead.column or entry.column or None
