"""How fresh a feed is, for the headers of its replies: a look at the store once a second in, headers out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bulletins.state import Rhythm, SourceState
from feeds.health import Freshness, freshness
from feeds.records import stamp
from feeds.selection import Selection
from worker.archive import Archive
from worker.web.blocking import Shared
from worker.web.resources import ASK_FIRST, HEALTH_HEADERS, RawHeaders

_LOOK_SECONDS = 1.0
_FORGET_SECONDS = 10.0  # after so long without a look nothing is said, rather than something old
_PATIENCE_SECONDS = 0.5  # of a request that has nothing to go by
# A cache may keep a feed until its source is looked at again, yet no longer than this: an operator can
# withdraw an item at any time.
_LONGEST_AGE = 300


@dataclass(frozen=True, slots=True)
class _Look:
    change: int
    feeding: Mapping[str, frozenset[str]]  # by feed path
    changed: Mapping[str, datetime | None]  # by feed path, when an item of it last was
    states: Mapping[str, SourceState]
    learned: int
    rhythms: Mapping[str, Rhythm]  # by feed path


class Vitals:
    """Belongs to one event loop. What is known answers at once; a look at the store runs beside the requests,
    and only while there are any. Whoever comes after a pause waits for it, for a moment."""

    def __init__(
        self,
        store: Archive,
        monotonic: Callable[[], float] = time.monotonic,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._monotonic = monotonic
        self._clock = clock
        self._look = Shared(self._see, _FORGET_SECONDS)
        self._task: asyncio.Task[None] | None = None
        self._tried = float("-inf")
        self._known: _Look | None = None
        self._known_at = float("-inf")
        self._made: dict[str, RawHeaders] = {}
        self._patient = True

    def known(self, path: str) -> RawHeaders | None:
        """The headers of `headers` where they are known already; else None."""
        look = self._young()
        if look is None:
            return None
        made = self._made.get(path)
        if made is None:
            made = self._made[path] = self._make(path, look)
        return made

    async def headers(self, path: str) -> RawHeaders:
        """The headers that go with a reply at a feed's path (/feeds/….atom): its health, and how long it may
        be kept. Where nothing is known there is no health, and nothing is to be kept unasked."""
        look = await self._soon()
        return ASK_FIRST if look is None else self._make(path, look)

    async def of_selection(self, selection: Selection) -> RawHeaders:
        """The headers of a feed made on request: those of the feeds that it joins, as far as its sources are
        the selection's."""
        look = await self._soon()
        if look is None:
            return ASK_FIRST
        keys = [key.path for key in selection.feeds() if key.path in look.feeding]
        feeding = frozenset(source for key in keys for source in look.feeding[key])
        feeding = feeding & set(selection.sources) if selection.sources else feeding
        return _headers(look, keys, feeding, self._clock())

    def _young(self) -> _Look | None:
        """What is known, where that is not too old; a further look is set about where it is due."""
        now = self._monotonic()
        if now - self._tried > _LOOK_SECONDS and (self._task is None or self._task.done()):
            self._tried = now
            self._task = asyncio.get_running_loop().create_task(self._refresh())
        return None if now - self._known_at > _FORGET_SECONDS else self._known

    async def _soon(self) -> _Look | None:
        """What is known, or soon will be. The feeds do not depend on the store: one that is slow or away
        keeps one request waiting, not all."""
        look = self._young()
        if look is None and self._patient and self._task is not None:
            await asyncio.wait({self._task}, timeout=_PATIENCE_SECONDS)
            self._patient = self._patient and self._task.done()
            look = self._young()
        return look

    async def _refresh(self) -> None:
        try:
            self._known = await self._look()
        except Exception:  # whatever it is, /readyz names it; the feeds are served all the same
            self._patient = False
            return
        self._known_at = self._monotonic()
        self._patient = True
        self._made = {}

    def _see(self) -> _Look:
        """In a thread. What feeds a feed, and its rhythm, are asked again only when they have changed."""
        change, learned, known = self._store.newest().change, self._store.newest_rhythm(), self._known
        states = {state.source: state for state in self._store.sources()}
        if known is not None and known.change == change:
            feeding, changed = known.feeding, known.changed
        else:
            feeding = {key.path: sources for key, sources in self._store.feed_sources().items()}
            changed = {info.key.path: info.updated for info in self._store.catalogue()}
        same = known is not None and known.learned == learned
        rhythms = known.rhythms if known is not None and same else self._store.rhythms()
        return _Look(change, feeding, changed, states, learned, rhythms)

    def _make(self, path: str, look: _Look) -> RawHeaders:
        key = path.removeprefix("/feeds/").rpartition(".")[0]
        if key not in look.feeding:
            return ASK_FIRST
        return _headers(look, [key], look.feeding[key], self._clock())


def _headers(look: _Look, keys: Sequence[str], feeding: Collection[str], now: datetime) -> RawHeaders:
    states = [look.states[each] for each in sorted(feeding) if each in look.states]
    changed = [moment for key in keys if (moment := look.changed.get(key))]
    own = look.rhythms.get(keys[0]) if len(keys) == 1 else None  # a combination has no rhythm of its own
    fresh = freshness(states, now, max(changed, default=None), own)
    return (*_told(fresh), _kept(fresh, now))


def _told(fresh: Freshness) -> list[tuple[bytes, bytes]]:
    """As in feeds.json: the state, and moments in RFC 3339; unknown ones are left out."""
    moments = (fresh.last_checked, fresh.last_changed, fresh.next_check)
    values = (str(fresh.state), *map(stamp, moments))
    return [
        (name.lower().encode(), value.encode())
        for name, value in zip(HEALTH_HEADERS, values, strict=True)
        if value is not None
    ]


def _kept(fresh: Freshness, now: datetime) -> tuple[bytes, bytes]:
    seconds = int((fresh.next_check - now).total_seconds()) if fresh.next_check else 0
    if seconds < 1:  # it is being looked at just now
        return ASK_FIRST[0]
    return (b"cache-control", b"public, max-age=%d" % min(seconds, _LONGEST_AGE))
