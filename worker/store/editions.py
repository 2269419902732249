"""Pages of editions: which days of which sources await publication."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from feeds.records import local
from worker.store.roomtables import edition_marks
from worker.store.upsert import upsert


def mark_editions(connection: Connection, printed: Iterable[tuple[str, datetime]], seq: int) -> None:
    """Mark the pages of what sources printed at these moments."""
    days = sorted({(source, local(at).date().isoformat()) for source, at in printed})
    upsert(connection, edition_marks, [{"source": source, "day": day, "seq": seq} for source, day in days])
