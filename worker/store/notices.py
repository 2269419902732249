"""Who has been told what: the pings that wait, and how far each webhook has come in the change log."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, delete, func, insert, select, update

from bulletins.model import ChangeKind, Item
from feeds.scope import FeedKey
from worker.notices import Event, Hook, HookState, Ping, Stretch
from worker.store import codec, outbox
from worker.store.engine import Database
from worker.store.tables import changes, counter, hooks, items, leases, pings, topics
from worker.store.upsert import batches, insert_missing, upsert

_SCANNED = 500  # changes looked at for one batch
_TELLING = "notify"  # the lease's name


class SqlNotices:
    """`worker.notices.Notices` on the database of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sync(
        self, hubs: Collection[str], formats: Collection[str], wanted: Sequence[Hook], now: datetime
    ) -> Sequence[str]:
        with self._database.write() as connection:
            outbox.take(connection, change=0, mark=0)  # one at a time
            connection.execute(delete(pings).where(pings.c.hub.not_in(list(hubs))))
            kept = [
                path
                for path in connection.scalars(select(topics.c.path))
                if not hubs or not _is_in(path, formats)
            ]
            for batch in batches(kept):
                connection.execute(delete(pings).where(pings.c.path.in_(batch)))
                connection.execute(delete(topics).where(topics.c.path.in_(batch)))
            connection.execute(delete(hooks).where(hooks.c.id.not_in([hook.id for hook in wanted])))
            held = {row.id: row for row in connection.execute(select(hooks))}
            return [hook.id for hook in wanted if _settle(connection, hook, held.get(hook.id), now)]

    def announce(self, versions: Mapping[str, str], hubs: Collection[str], now: datetime) -> int:
        with self._database.write() as connection:
            told: dict[str, str] = {}
            for batch in batches(versions):
                rows = connection.execute(select(topics).where(topics.c.path.in_(batch)))
                told.update((row.path, row.version) for row in rows)
            fresh = {path: version for path, version in versions.items() if told.get(path) != version}
            upsert(connection, topics, [{"path": path, "version": fresh[path]} for path in sorted(fresh)])
            waiting = [
                {"hub": hub, "path": path, "version": fresh[path], "tries": 0, "due": now}
                for hub in sorted(hubs)
                for path in sorted(fresh)
            ]
            upsert(connection, pings, waiting)
            return len(fresh)

    def due(self, now: datetime) -> bool:
        with self._database.read() as connection:
            if _leased(connection, now):
                return False
            if connection.scalar(select(pings.c.path).where(pings.c.due <= now).limit(1)) is not None:
                return True
            late = select(hooks.c.id).where(
                hooks.c.enabled,
                hooks.c.disabled_at.is_(None),
                hooks.c.due <= now,
                hooks.c.cursor < select(counter.c.change).scalar_subquery(),
            )
            return connection.scalar(late.limit(1)) is not None

    def lease(self, now: datetime, until: datetime) -> str | None:
        token = uuid4().hex
        with self._database.write() as connection:
            insert_missing(connection, leases, [{"name": _TELLING, "owner": "", "until": now}])
            taken = connection.execute(
                update(leases)
                .where(leases.c.name == _TELLING, leases.c.until <= now)
                .values(owner=token, until=until)
            )
            return token if taken.rowcount else None

    def leased(self, now: datetime) -> bool:
        with self._database.read() as connection:
            return _leased(connection, now)

    def release(self, token: str) -> None:
        with self._database.write() as connection:
            connection.execute(delete(leases).where(leases.c.owner == token))

    def pings(self, hub: str, now: datetime, limit: int) -> Sequence[Ping]:
        query = select(pings).where(pings.c.hub == hub, pings.c.due <= now)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(pings.c.tries, pings.c.path).limit(limit))
            return [Ping(row.hub, row.path, row.version, row.tries) for row in rows]

    def pinged(self, ping: Ping) -> None:
        same = (pings.c.hub == ping.hub, pings.c.path == ping.path, pings.c.version == ping.version)
        with self._database.write() as connection:
            connection.execute(delete(pings).where(*same))

    def put_off(self, hub: str, now: datetime, due: datetime, most: int) -> int:
        waiting = (pings.c.hub == hub, pings.c.due <= now)
        with self._database.write() as connection:
            gone = connection.execute(delete(pings).where(*waiting, pings.c.tries + 1 >= most))
            connection.execute(update(pings).where(*waiting).values(tries=pings.c.tries + 1, due=due))
            return gone.rowcount

    def pings_waiting(self) -> Mapping[str, int]:
        with self._database.read() as connection:
            rows = connection.execute(select(pings.c.hub, func.count()).group_by(pings.c.hub))
            return {hub: count for hub, count in rows}  # noqa: C416  (a Row is no pair to mypy)

    def newest(self) -> int:
        with self._database.read() as connection:
            return _newest(connection)

    def hooks(self) -> Sequence[HookState]:
        with self._database.read() as connection:
            return states(connection)

    def events(self, hook: HookState, keys: Collection[FeedKey], limit: int) -> Stretch:
        query = select(changes).where(changes.c.seq > hook.cursor).order_by(changes.c.seq).limit(_SCANNED)
        if hook.until is not None:
            query = query.where(changes.c.seq <= hook.until)
        paths = {key.path for key in keys}
        with self._database.read() as connection:
            newest = _newest(connection)
            chosen: list[Any] = []
            until = hook.cursor
            for row in connection.execute(query):
                if len(chosen) == limit:
                    break
                until = row.seq
                if paths <= _touched(connection, row):
                    chosen.append(row)
            live = _live(connection, {row.item for row in chosen if row.kind != ChangeKind.WITHDRAWN})
        events = tuple(
            Event(
                row.seq,
                ChangeKind(row.kind),
                row.item,
                row.at,
                live.get(row.item) if row.kind != ChangeKind.WITHDRAWN else None,
            )
            for row in chosen
        )
        return Stretch(events, hook.until or until, max(newest, until))

    def pin(self, hook: HookState, until: int) -> None:
        with self._database.write() as connection:
            connection.execute(update(hooks).where(*_as_known(hook)).values(until=until))

    def moved(self, hook: HookState, until: int) -> None:
        well = {"until": None, "failures": 0, "failing_since": None, "reason": ""}
        with self._database.write() as connection:
            connection.execute(update(hooks).where(*_as_known(hook)).values(cursor=until, **well))

    def failed(self, hook: HookState, now: datetime, due: datetime, reason: str, *, disable: bool) -> None:
        said: dict[str, object] = {
            "failures": hooks.c.failures + 1,
            "failing_since": hook.failing_since or now,
            "due": due,
            "reason": reason,
        }
        if disable:
            said["disabled_at"] = now
        with self._database.write() as connection:
            connection.execute(update(hooks).where(*_as_known(hook)).values(said))

    def enable(self, hook: str, now: datetime, since: int | None) -> HookState | None:
        with self._database.write() as connection:
            before = next((state for state in states(connection) if state.id == hook), None)
            if before is not None:
                said = _anew(now) | ({} if since is None else {"cursor": since} | _afresh())
                connection.execute(update(hooks).where(hooks.c.id == hook).values(said))
            return before


def _leased(connection: Connection, now: datetime) -> bool:
    held = select(leases.c.name).where(leases.c.name == _TELLING, leases.c.until > now)
    return connection.scalar(held) is not None


def _newest(connection: Connection) -> int:
    newest: int = connection.scalars(select(counter.c.change)).one()
    return newest


def _is_in(path: str, formats: Collection[str]) -> bool:
    return path.rpartition(".")[2] in formats


def _anew(now: datetime) -> dict[str, object]:
    return {"failures": 0, "failing_since": None, "due": now, "disabled_at": None, "reason": ""}


def _afresh() -> dict[str, object]:
    """Batches that are like none before, whatever was underway: to be told the same range of changes again is
    no repetition."""
    return {"until": None, "salt": str(uuid4())}


def _settle(connection: Connection, hook: Hook, row: Any, now: datetime) -> bool:
    """Make a webhook's row what its stanza says; whether it is disabled no longer."""
    said: dict[str, object] = {"said": hook.said, "enabled": hook.enabled}
    if row is None:
        newest = select(counter.c.change).scalar_subquery()
        fresh = {"id": hook.id, "cursor": newest}
        connection.execute(insert(hooks).values(fresh | _afresh() | _anew(now) | said))
        return False
    edited = row.said != hook.said or (hook.enabled and not row.enabled)
    if edited:
        said |= _anew(now) | _afresh()
    if edited or row.enabled != hook.enabled:
        connection.execute(update(hooks).where(hooks.c.id == hook.id).values(said))
    return edited and row.disabled_at is not None


def states(connection: Connection) -> list[HookState]:
    """Webhooks by id, and how telling them goes."""
    newest = _newest(connection)
    return [
        HookState(
            id=row.id,
            salt=row.salt,
            cursor=row.cursor,
            until=row.until,
            behind=max(newest - row.cursor, 0),
            failures=row.failures,
            failing_since=row.failing_since,
            due=row.due,
            disabled_at=row.disabled_at,
            reason=row.reason,
        )
        for row in connection.execute(select(hooks).order_by(hooks.c.id))
    ]


def _as_known(hook: HookState) -> tuple[Any, ...]:
    """The row, if it still stands where it stood: a receiver that was told twice is moved on once."""
    return hooks.c.id == hook.id, hooks.c.salt == hook.salt, hooks.c.cursor == hook.cursor


def _touched(connection: Connection, row: Any) -> set[str]:
    """The feeds that a change touched; of one older than this record, those that its item is in now."""
    return set(row.touched.split()) if row.touched is not None else outbox.members(connection, row.item)


def _live(connection: Connection, wanted: Collection[str]) -> dict[str, Item]:
    found: dict[str, Item] = {}
    query = select(items.c.id, items.c.body).where(items.c.state == codec.LIVE)
    for batch in batches(wanted):
        rows = connection.execute(query.where(items.c.id.in_(batch)))
        found.update((row.id, codec.item(row.body)) for row in rows)
    return found
