"""The tables of what is published: kept fragments, archives by month, pages of items."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, LargeBinary, Table

from worker.store.fields import Instant, Plain
from worker.store.tables import metadata

fragments = Table(  # items as they stand in feeds, rendered; always of the item as it is now
    "fragments",
    metadata,
    Column("item", Plain, ForeignKey("items.id"), primary_key=True),
    Column("format", Plain, primary_key=True),
    Column("made_from", Plain, nullable=False),  # feeds.fragments.made_from
    Column("body", LargeBinary, nullable=False),
)

archives = Table(  # the months in which a feed changed
    "archives",
    metadata,
    Column("feed", Plain, ForeignKey("feeds.key"), primary_key=True),
    Column("month", Plain, primary_key=True),  # 2026-03
    Column("due", Instant),  # not to be written again before: it is large
)

archive_items = Table(  # what changed in each of them, the last change of each item
    "archive_items",
    metadata,
    Column("feed", Plain, ForeignKey("feeds.key"), primary_key=True),
    Column("month", Plain, primary_key=True),
    Column("item", Plain, ForeignKey("items.id"), primary_key=True),
    Column("seq", BigInteger, nullable=False),  # its number as a marking
    Column("kind", Plain, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Plain, nullable=False),  # of a withdrawal
    Index("ix_archive_items_item", "item", "month"),
    Index("ix_archive_items_kind", "feed", "kind", "at"),
)

archive_versions = Table(  # items as a month left them, which have changed in a later one
    "archive_versions",
    metadata,
    Column("item", Plain, ForeignKey("items.id"), primary_key=True),
    Column("month", Plain, primary_key=True),
    Column("body", Plain, nullable=False),  # the whole Item as JSON
)

archive_marks = Table(  # months that await publication
    "archive_marks",
    metadata,
    Column("feed", Plain, ForeignKey("feeds.key"), primary_key=True),
    Column("month", Plain, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("held", Boolean, nullable=False),
)

item_marks = Table(  # pages of items that await publication, of further ids too
    "item_marks",
    metadata,
    Column("item", Plain, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Index("ix_item_marks_seq", "seq", "item"),
)
