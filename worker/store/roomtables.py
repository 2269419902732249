"""The tables of the rooms: pages of editions that await publication, what is searched, what was published."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table

from worker.store.fields import Instant, Plain
from worker.store.tables import metadata

edition_marks = Table(  # days of sources whose page awaits publication
    "edition_marks",
    metadata,
    Column("source", Plain, primary_key=True),
    Column("day", Plain, primary_key=True),  # 2026-03-06
    Column("seq", BigInteger, nullable=False),
)

# The number of an item in the index of words. It follows from the moment of publication, so that the index is
# read newest first, and is never given out again: what SQLite's index had under it cannot be taken back.
search_docs = Table(
    "search_docs",
    metadata,
    Column("n", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("item", Plain, unique=True),  # None: it has another number now, or is withdrawn
    Column("key", Plain),  # of its page, items/<key>/
    Index("ix_search_docs_key", "key"),
)

publications = Table(  # of the last day: when something was published, and how much
    "publications",
    metadata,
    Column("at", Instant, primary_key=True, autoincrement=False),
    Column("feeds", Integer, nullable=False),
    Column("documents", Integer, nullable=False),
)
