"""The tables of what sources are expected to be like, as the newest migration leaves them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, Table

from worker.store.fields import Plain
from worker.store.tables import metadata

expectations = Table(  # what good readings of a source were like, and how its pages differ from that now
    "expectations",
    metadata,
    Column("source", Plain, ForeignKey("sources.id"), primary_key=True),
    Column("learned", Plain, nullable=False),
    Column("difference", Plain, nullable=False),
)

lessons = Table(  # what a quarantined reading would teach if it were accepted
    "lessons",
    metadata,
    Column("entry", Integer, ForeignKey("quarantine.id"), primary_key=True, autoincrement=False),
    Column("learned", Plain, nullable=False),
    Column("difference", Plain, nullable=False),
)
