"""The tables of what happened before: past editions that were asked for, bodies that killed their reader."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table

from worker.store.fields import Instant, Plain
from worker.store.tables import metadata

past_editions = Table(  # that were asked for by address, and what came of it
    "past_editions",
    metadata,
    Column("source", Plain, ForeignKey("sources.id"), primary_key=True),
    Column("address", Plain, primary_key=True),
    Column("day", Plain),  # that it shows, as ISO; None where it shows none
    Column("outcome", Plain, nullable=False),
    Column("reason", Plain, nullable=False),
    Column("at", Instant, nullable=False),  # also the `first_seen` of the items that it brought
    Index("ix_past_editions_at", "source", "at"),
)

suspects = Table(  # bodies that were being read when the worker died, by the parser that read them
    "suspects",
    metadata,
    Column("sha", Plain, primary_key=True),
    Column("parser", Integer, primary_key=True, autoincrement=False),
    Column("deaths", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)
