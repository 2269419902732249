"""One transaction that changes items, or ends a poll: items, changes, feeds, marks and health, or nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bulletins.model import Absence, Change, ChangeKind, Column, Held, Item, Verdict, WithdrawnBy
from feeds.scope import FeedKey
from worker.edit import Quarantined
from worker.incidents import Cause, Subject, Turn
from worker.lessons import Lesson
from worker.past import PastEdition
from worker.polls import Counts, PollRow
from worker.store import (
    archived,
    codec,
    ending,
    expectations,
    fragments,
    history,
    identities,
    incidents,
    itempages,
    outbox,
    pasts,
    quarantine,
    search,
)
from worker.store import columns as column_rows
from worker.store import items as item_rows
from worker.store import pages as page_rows
from worker.store import sources as source_rows
from worker.store.tables import items
from worker.store.upsert import upsert


class SqlEdit:
    """`worker.ports.Edit` over one open transaction; `cause` is the poll, or the command, that made it.

    Whatever writes takes its turn at the counter first, so that two of them lock nothing crosswise.
    """

    def __init__(self, connection: Connection, cause: str) -> None:
        self._connection = connection
        self._cause = cause

    def held(self, source: str, links: Collection[str], ids: Collection[str]) -> Sequence[Held]:
        return item_rows.held(self._connection, source, links, ids)

    def get(self, name: str) -> Held | None:
        return next(iter(item_rows.held_by(self._connection, items.c.id, [name])), None)

    def aliases(self, ids: Collection[str]) -> dict[str, str]:
        return identities.aliases_of(self._connection, ids)

    def similar(self, item: Item) -> Sequence[Held]:
        return identities.similar(self._connection, item)

    def known(self, name: str) -> bool:
        return identities.resolve(self._connection, name) is not None

    def corrections(self, item: str, since: datetime) -> int:
        return history.corrections(self._connection, item, since)

    def rested(self, now: datetime, since: datetime, most: int) -> Sequence[Item]:
        outbox.take(self._connection, change=0, mark=0)
        return history.rested(self._connection, now, since, most)

    def alias(self, further: Mapping[str, str]) -> None:
        numbers = outbox.take(self._connection, change=0, mark=1)
        itempages.mark(self._connection, identities.alias(self._connection, further), numbers.mark)

    def join_cluster(self, item: str, kin: str) -> None:
        numbers = outbox.take(self._connection, change=0, mark=1)
        identities.join_cluster(self._connection, item, kin)
        itempages.mark(self._connection, [item], numbers.mark)

    def settle_columns(
        self,
        columns: Iterable[Column],
        editions: dict[str, str],
        owner: str = "",
        shared: Collection[str] = (),
    ) -> dict[str, Column]:
        outbox.take(self._connection, change=0, mark=0)
        return column_rows.settle(self._connection, columns, editions, owner, shared)

    def promoted(self, names: Collection[str], owner: str = "") -> set[str]:
        return column_rows.promoted(self._connection, names, owner)

    def umbrella_items(self, name: str, owner: str = "") -> Sequence[Item]:
        return column_rows.umbrella_items(self._connection, name, owner)

    def feeds_there(self, keys: Collection[FeedKey]) -> set[FeedKey]:
        return item_rows.feeds_there(self._connection, keys)

    def apply(self, change: Change, feeds: Collection[FeedKey]) -> int:
        item, withdrawn = change.item, change.kind == ChangeKind.WITHDRAWN
        at = change.at or item.updated
        numbers = outbox.take(self._connection, change=int(change.announced), mark=1)
        new = not history.stored(self._connection, item.id)  # then there is nothing of it to take away
        if change.announced and not withdrawn and not new:
            history.revise(self._connection, item, at)
        state = codec.WITHDRAWN if withdrawn else codec.LIVE
        reason = change.withdrawal.reason if change.withdrawal else ""
        entry = archived.Entry(item, change.kind, at, numbers.mark, reason)
        if not new:
            archived.keep_version(self._connection, entry)
            fragments.drop(self._connection, item.id)
        upsert(self._connection, items, [codec.item_row(item, state)])
        before = set() if new else outbox.members(self._connection, item.id)
        after = set() if withdrawn else {key.path for key in feeds}
        outbox.enter(self._connection, item, before, after)
        outbox.mark(self._connection, before | after, numbers.mark)
        archived.enter(self._connection, entry, before, after, new=new)
        itempages.mark(self._connection, [item.id], numbers.mark)
        if change.withdrawal and change.withdrawal.by == WithdrawnBy.OPERATOR:
            archived.take_down(self._connection, entry)
            history.forget(self._connection, item.id)
        if withdrawn:
            search.leave(self._connection, item.id)
            history.bury(self._connection, item, before, change.withdrawal)
        else:
            history.raise_up(self._connection, item.id)
            if not new and (change.announced or change.at):
                history.set_restless(self._connection, item.id, None if change.announced else change.at)
            identities.draw(self._connection, item, new=new)
            search.enter(self._connection, item, after)
        if not change.announced:
            return 0
        outbox.log(self._connection, numbers.change, change.kind, item, self._cause, at, before | after)
        return numbers.change

    def enlist(self, item: Item, feeds: Collection[FeedKey]) -> None:
        before = outbox.members(self._connection, item.id)
        further = {key.path for key in feeds} - before
        if further:
            numbers = outbox.take(self._connection, change=0, mark=1)
            outbox.enter(self._connection, item, before, before | further)
            outbox.mark(self._connection, further, numbers.mark)
            entry = archived.Entry(item, ChangeKind.NEW, item.updated, numbers.mark)
            archived.keep_version(self._connection, entry)
            archived.enter(self._connection, entry, set(), further)
            search.enter(self._connection, item, before | further)
            itempages.mark(self._connection, [item.id], numbers.mark)

    def due(self, source: str, now: datetime) -> None:
        source_rows.set_due(self._connection, source, now)

    def decide(self, number: int, *, accept: bool) -> bool:
        outbox.take(self._connection, change=0, mark=0)
        state = codec.ACCEPTED if accept else codec.REJECTED
        return quarantine.decide(self._connection, number, state)

    def of_editions(self, editions: Iterable[Item]) -> Sequence[tuple[str, str]]:
        keys = {key for item in editions if (key := codec.edition_key(item))}
        return history.of_editions(self._connection, keys)

    def absences(self, source: str) -> Sequence[Absence]:
        return history.absences_of(self._connection, source)

    def keep_absences(self, source: str, kept: Sequence[Absence]) -> None:
        outbox.take(self._connection, change=0, mark=0)
        history.keep_absences(self._connection, source, kept)

    def doubt(self, source: str, urls: Collection[str], again: Collection[str], now: datetime) -> None:
        page_rows.doubt(self._connection, source, urls)
        page_rows.ask_again(self._connection, source, again, now)

    def of_reading(self, source: str, fingerprint: str) -> Quarantined | None:
        return quarantine.of_reading(self._connection, source, fingerprint)

    def outdo(self, source: str) -> None:
        if quarantine.unsure(self._connection, source):
            outbox.take(self._connection, change=0, mark=0)
            quarantine.outdo(self._connection, source)

    def hold(
        self,
        source: str,
        fingerprint: str,
        reason: str,
        read: Sequence[Item],
        ids: Mapping[str, str],
        now: datetime,
    ) -> Quarantined:
        outbox.take(self._connection, change=0, mark=0)
        return quarantine.hold(self._connection, source, fingerprint, reason, tuple(read), dict(ids), now)

    def learned(self, source: str) -> str:
        return expectations.learned(self._connection, source)

    def difference(self, source: str) -> tuple[str, ...]:
        return expectations.difference(self._connection, source)

    def learn(self, source: str, lesson: Lesson) -> None:
        outbox.take(self._connection, change=0, mark=0)
        expectations.keep(self._connection, source, lesson)

    def note_lesson(self, entry: int, lesson: Lesson) -> None:
        outbox.take(self._connection, change=0, mark=0)
        expectations.note(self._connection, entry, lesson)

    def lesson_of(self, entry: int) -> Lesson | None:
        return expectations.lesson_of(self._connection, entry)

    def blame(self, subject: Subject, cause: Cause | None, now: datetime) -> Turn:
        outbox.take(self._connection, change=0, mark=0)
        return incidents.blame(self._connection, subject, cause, now)


class SqlIngest(SqlEdit):
    """`worker.ports.Ingest`: the edit that ends a poll, whose row it holds."""

    def __init__(self, connection: Connection, poll: PollRow) -> None:
        super().__init__(connection, poll.id)
        self._poll = poll

    def failing(self, source: str) -> int:
        return source_rows.failing(self._connection, source)

    def arrivals(self, source: str) -> Sequence[datetime]:
        return source_rows.arrivals(self._connection, source)

    def finish(
        self,
        verdict: Verdict,
        counts: Counts,
        now: datetime,
        next_check: datetime,
        keep_validators: bool,
        recheck: Sequence[timedelta],
    ) -> None:
        outbox.take(self._connection, change=0, mark=0)
        ending.end_poll(self._connection, self._poll, verdict, counts, now)
        ending.judge_source(self._connection, self._poll, verdict, counts, now, next_check)
        if keep_validators:
            page_rows.keep(self._connection, self._poll.id, self._poll.source, now, recheck)
        ending.forget_old(self._connection, self._poll.source)

    def keep_past(self, edition: PastEdition) -> None:
        outbox.take(self._connection, change=0, mark=0)
        pasts.keep(self._connection, self._poll.source, edition)

    def finish_past(self, verdict: Verdict, counts: Counts, now: datetime, keep_validators: bool) -> None:
        outbox.take(self._connection, change=0, mark=0)
        ending.end_poll(self._connection, self._poll, verdict, counts, now)
        pasts.release(self._connection, self._poll)
        ending.count_newest(self._connection, self._poll.source)
        if keep_validators:
            page_rows.keep_past(self._connection, self._poll.id, self._poll.source, now)
        ending.forget_old(self._connection, self._poll.source)
