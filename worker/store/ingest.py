"""One transaction that ends a poll: items, changes, feeds, marks and the source's health, or nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bulletins.model import Change, ChangeKind, Column, Item, PollStatus, Verdict
from feeds.scope import FeedKey
from worker.ports import Counts, PollRow
from worker.store import codec, ending, outbox
from worker.store import columns as column_rows
from worker.store import items as item_rows
from worker.store import pages as page_rows
from worker.store.tables import items
from worker.store.upsert import upsert


class SqlIngest:
    """`worker.ports.Ingest` over one open transaction that holds the poll's row.

    Whatever writes takes its turn at the counter first, so that two ingests lock nothing crosswise.
    """

    def __init__(self, connection: Connection, poll: PollRow) -> None:
        self._connection = connection
        self._poll = poll

    def held(self, source: str, links: Collection[str], ids: Collection[str]) -> Sequence[Item]:
        return item_rows.held(self._connection, source, links, ids)

    def settle_columns(self, columns: Iterable[Column], editions: dict[str, str]) -> dict[str, Column]:
        outbox.take(self._connection, change=0, mark=0)
        return column_rows.settle(self._connection, columns, editions)

    def promoted(self, names: Collection[str]) -> set[str]:
        return column_rows.promoted(self._connection, names)

    def umbrella_items(self, name: str) -> Sequence[Item]:
        return column_rows.umbrella_items(self._connection, name)

    def apply(self, change: Change, feeds: Collection[FeedKey]) -> int:
        item, withdrawn = change.item, change.kind == ChangeKind.WITHDRAWN
        numbers = outbox.take(self._connection, change=1, mark=1)
        state = codec.WITHDRAWN if withdrawn else codec.LIVE
        upsert(self._connection, items, [codec.item_row(item, state)])
        before = outbox.members(self._connection, item.id)
        after = set() if withdrawn else {key.path for key in feeds}
        outbox.enter(self._connection, item, before, after)
        outbox.mark(self._connection, before | after, numbers.mark)
        outbox.log(self._connection, numbers.change, change.kind, item, self._poll.id)
        return numbers.change

    def enlist(self, item: Item, feeds: Collection[FeedKey]) -> None:
        before = outbox.members(self._connection, item.id)
        further = {key.path for key in feeds} - before
        if further:
            numbers = outbox.take(self._connection, change=0, mark=1)
            outbox.enter(self._connection, item, before, before | further)
            outbox.mark(self._connection, further, numbers.mark)

    def finish(
        self,
        verdict: Verdict,
        counts: Counts,
        now: datetime,
        next_check: datetime,
        keep_validators: bool,
        recheck: Sequence[timedelta],
    ) -> PollStatus | None:
        outbox.take(self._connection, change=0, mark=0)
        ending.end_poll(self._connection, self._poll, verdict, counts, now)
        before = ending.judge_source(self._connection, self._poll, verdict, counts, now, next_check)
        if keep_validators:
            page_rows.keep(self._connection, self._poll.id, self._poll.source, now, recheck)
        ending.forget_old(self._connection, self._poll.source)
        return before
