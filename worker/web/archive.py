"""The store as the web asks it: a protocol that the store answers, from threads of the server."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from bulletins.model import Item, SourceState
from feeds.scope import FeedKey
from worker.ports import ChangesPage, Cursor, FeedInfo, Walk


class Archive(Protocol):
    """The part of `worker.ports.Store` that answers requests; every call may block."""

    def newest_change(self) -> int: ...

    def changes(self, since: int, limit: int) -> ChangesPage: ...

    def walk(
        self,
        keys: Sequence[FeedKey],
        *,
        sources: Collection[str],
        since: datetime | None,
        after: Cursor | None,
        count: int,
    ) -> Walk: ...

    def item(self, item: str) -> tuple[Item, bool] | None: ...

    def sources(self) -> Sequence[SourceState]: ...

    def feed_sources(self) -> dict[FeedKey, frozenset[str]]: ...

    def catalogue(self) -> Sequence[FeedInfo]: ...

    def column_names(self) -> dict[str, str]: ...
