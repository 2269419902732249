"""Suspects: bodies that were being read when a worker died, and how often."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select

from worker.store.tables import suspects
from worker.store.upsert import Values, upsert

_KEPT = timedelta(days=90)  # a body that comes back later is tried again


def suspect(connection: Connection, sha: str, parser: int, now: datetime) -> None:
    connection.execute(delete(suspects).where(suspects.c.at < now - _KEPT))
    row = {"sha": sha, "parser": parser, "deaths": 1, "at": now}
    upsert(connection, suspects, [row], _once_more)


def _once_more(new: Any) -> Values:
    return {"deaths": suspects.c.deaths + 1, "at": new["at"]}


def acquit(connection: Connection, sha: str, parser: int) -> None:
    connection.execute(delete(suspects).where(suspects.c.sha == sha, suspects.c.parser == parser))


def deadly(connection: Connection, shas: Collection[str], parser: int, deaths: int) -> dict[str, datetime]:
    guilty = select(suspects).where(suspects.c.parser == parser, suspects.c.deaths >= deaths)
    return {row.sha: row.at for row in connection.execute(guilty) if row.sha in shas}
