"""What happened before: what good readings taught, past editions asked for, bodies that killed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from bulletins.model import Follow
from worker.past import PastEdition
from worker.store import expectations, pasts
from worker.store import suspects as suspect_rows
from worker.store.engine import Database


class SqlPast:
    """`worker.past.Suspects` and `PastEditions`, and `worker.lessons.Learned`, on one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def learned(self, source: str) -> str:
        with self._database.read() as connection:
            return expectations.learned(connection, source)

    def past_editions(self, source: str) -> Sequence[PastEdition]:
        with self._database.read() as connection:
            return pasts.of(connection, source)

    def open_past(self, poll: str, source: str, entry: Follow, now: datetime, until: datetime) -> None:
        with self._database.progress() as connection:
            pasts.begin(connection, poll, source, entry, now, until)

    def suspect(self, sha: str, parser: int, now: datetime) -> None:
        with self._database.write() as connection:
            suspect_rows.suspect(connection, sha, parser, now)

    def acquit(self, sha: str, parser: int) -> None:
        with self._database.write() as connection:
            suspect_rows.acquit(connection, sha, parser)

    def deadly(self, shas: Collection[str], parser: int, deaths: int) -> dict[str, datetime]:
        with self._database.read() as connection:
            return suspect_rows.deadly(connection, shas, parser, deaths)
