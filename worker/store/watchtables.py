"""The tables of what is watched: rhythms, and who has been told of which incident."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table

from worker.store.fields import Instant, Plain
from worker.store.tables import metadata

rhythms = Table(  # of the feeds of sources, regions and columns: bulletins.rhythm, as moments
    "rhythms",
    metadata,
    Column("feed", Plain, ForeignKey("feeds.key"), primary_key=True),
    Column("n", BigInteger, nullable=False),  # counts on with every learning
    Column("made_of", Instant, nullable=False),  # the feed's `updated` then, and how many items it had
    Column("made_of_items", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("last", Plain, nullable=False),
    Column("expected", Plain),
    Column("quiet_from", Instant),
    Column("stale_from", Instant),
    Column("ended_from", Instant),
    Column("words", Plain, nullable=False),
    Index("ix_rhythms_n", "n"),
)

alarms = Table(  # whom incidents are told to; an id says nothing of the address, which is secret
    "alarms",
    metadata,
    Column("receiver", Plain, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("due", Instant, nullable=False),
    Column("reason", Plain, nullable=False),
    Column("sent", Plain, nullable=False),  # when the messages of the last hour were, as JSON
)

alarms_told = Table(
    "alarms_told",
    metadata,
    Column("receiver", Plain, ForeignKey("alarms.receiver", ondelete="CASCADE"), primary_key=True),
    Column(
        "incident",
        Integer,
        ForeignKey("incidents.n", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("closed", Boolean, nullable=False),  # of its end too
    Index("ix_alarms_told_open", "receiver", "closed"),
)
