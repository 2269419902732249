"""/status/ and its incidents: the store, the broker and the checks asked, the control room's pages out."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from feeds.health import Health, freshness
from feeds.render import Document
from feeds.site import Shelf, control
from feeds.site.control import Brought, Held, Stale, State, Trouble
from worker import broker
from worker.archive import Archive
from worker.config import Settings
from worker.edit import Quarantined
from worker.incidents import HUB, KINDS, SOURCE, WEBHOOK, Incident
from worker.rooms import Polled
from worker.web.reading import Reading

_SECONDS = 2.0
_INCIDENTS = 30  # shown, the newest; those that last are among them or shown besides
_TITLES = 5  # of a reading that is held back
_STALE = 200  # feeds that are named for one reason
_LAGS = 500  # items that tell how long it takes
_HOUR, _WEEK = timedelta(hours=1), timedelta(days=7)
_OLDEST = 1_000  # incidents that are kept
_POLLS = 50  # of a source that an incident shows


class Controlling:
    """Calls may block. Read only: what is to be changed is changed by commands, which the pages name."""

    def __init__(self, settings: Settings, reading: Reading) -> None:
        self._settings = settings
        self._reading = reading
        self._lock = threading.Lock()
        self._made: dict[str, tuple[float, Document]] = {}
        self._names = {source.id: source.name for source in settings.all_sources}

    @property
    def _store(self) -> Archive:
        return self._reading.store

    def status(self, reasons: Sequence[str], lang: str = "zh") -> Document:
        """`reasons`: why the service is not ready, a line each. It is made once in two seconds, however many
        ask."""
        with self._lock:
            made = self._made.get(lang)
            if made is None or time.monotonic() - made[0] > _SECONDS:
                made = self._made[lang] = time.monotonic(), self._status(reasons, lang)
        return made[1]

    def _status(self, reasons: Sequence[str], lang: str) -> Document:
        now, shelf, rooms = datetime.now(UTC), self._reading.shelf(lang), self._store.rooms
        states = self._store.sources()
        backlog = rooms.backlog()
        fresh, stale = self._feeds(shelf, now)
        recent = [*self._store.open_incidents(), *self._store.incidents(_INCIDENTS)]
        shown = {one.n: one for one in recent}
        return control.status(
            shelf,
            State(
                now=now,
                sources=states,
                rhythms=dict(rooms.rhythms()),
                incidents=[self._trouble(shown[n]) for n in sorted(shown, reverse=True)],
                held=[_held(one) for one in self._store.quarantine()],
                fresh=fresh,
                stale=stale,
                queues=broker.queue_depth(self._settings),
                waiting=(
                    ("消息源", backlog.feeds),
                    ("条目页", backlog.items),
                    ("各期页", backlog.editions),
                    ("按月存档", backlog.months),
                    ("搁置", backlog.held),
                ),
                alive=sorted(rooms.heartbeats().items()),
                polls=[_brought(one) for one in rooms.polled(now - _HOUR)],
                published=[(one.at, one.documents) for one in rooms.published(now - _HOUR)],
                lags=[(seen - at).total_seconds() / 3600 for _, at, seen in rooms.lags(_LAGS)],
                reasons=reasons,
            ),
        )

    def incident(self, n: int, lang: str = "zh") -> Document | None:
        """None where no incident has this number, or no longer."""
        held = [*self._store.open_incidents(), *self._store.incidents(_OLDEST)]
        one = next((one for one in held if one.n == n), None)
        if one is None:
            return None
        now = datetime.now(UTC)
        told = self._trouble(one)
        polls = [
            _brought(poll) for poll in self._store.rooms.polled(now - _WEEK) if poll.source == told.source
        ]
        return control.incident(self._reading.shelf(lang), told, polls[::-1][:_POLLS], now)

    def _trouble(self, one: Incident) -> Trouble:
        what, name = one.subject.what, one.subject.name
        named = {SOURCE: self._names.get(name, name), WEBHOOK: f"webhook {name}", HUB: f"hub {name}"}
        who = named.get(what, "邸报")
        cause = one.cause
        return Trouble(
            n=one.n,
            who=who,
            source=name if what == SOURCE else "",
            what=KINDS.get(cause.kind, cause.kind),
            reason=cause.reason,
            action=cause.action,
            opened=one.opened,
            closed=one.closed,
        )

    def _feeds(self, shelf: Shelf, now: datetime) -> tuple[dict[Health, int], list[Stale]]:
        states = {state.source: state for state in self._store.sources()}
        rhythms = self._store.rhythms()
        judged: Counter[Health] = Counter()
        stale: dict[tuple[Health, str], list[tuple[str, str]]] = {}
        for key, feeding in self._store.feed_sources().items():
            known = [states[one] for one in sorted(feeding) if one in states]
            fresh = freshness(known, now, None, rhythms.get(key.path))
            judged[fresh.state] += 1
            if fresh.state in (Health.STALE, Health.QUARANTINED) and key in shelf.entries:
                named = stale.setdefault((fresh.state, fresh.reason), [])
                named.append((key.path, shelf.entries[key].title))
        return dict(judged), [
            Stale(health, reason, len(feeds), tuple(feeds[:_STALE]))
            for (health, reason), feeds in stale.items()
        ]


def _held(one: Quarantined) -> Held:
    titles = tuple(item.title for item in one.read[:_TITLES])
    return Held(one.id, one.source, one.reason, one.at, len(one.read), titles, len(one.ids))


def _brought(one: Polled) -> Brought:
    return Brought(one.source, one.ended, one.status, one.pages, one.new, one.corrected, one.seconds)
