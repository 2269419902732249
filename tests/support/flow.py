"""The whole flow in one process for tests: real store, site and files, tasks run as they are sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bulletins.model import Item, Source
from bulletins.state import SourceState
from feeds.scope import FeedKey
from tests.support.fetching import fetcher, poster
from tests.support.site import Site
from worker.alarms import Receiver
from worker.coding import SUFFIXES
from worker.flow import alarms as alarming
from worker.flow import dispatch, notify, poll, publish, settle, silence
from worker.notices import Hook
from worker.ports import Ports, Rules
from worker.publish import DiskPublisher
from worker.siren import AppriseSiren
from worker.snapshots import DiskSnapshots
from worker.store import SqlStore

START = datetime(2026, 10, 14, 1, 0, tzinfo=UTC)
EVERY = timedelta(minutes=30)


class Crash(BaseException):
    """The process died here."""


@dataclass
class HandClock:
    """A clock that stands until it is moved."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


@dataclass
class Lines:
    """A log that remembers."""

    events: list[dict[str, Any]] = field(default_factory=list)

    def info(self, event: str, **keys: object) -> None:
        self.events.append({"level": "info", "event": event, **keys})

    def warning(self, event: str, **keys: object) -> None:
        self.events.append({"level": "warning", "event": event, **keys})

    def error(self, event: str, **keys: object) -> None:
        self.events.append({"level": "error", "event": event, **keys})

    def of(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.events if line["event"] == event]


@dataclass
class Messages:
    """A queue; `twice` delivers every message two times, as a broker may."""

    waiting: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    twice: bool = False

    def send(self, task: str, *, after: float = 0.0, **arguments: str | int | bool) -> None:
        self.waiting += [(task, arguments)] * (2 if self.twice else 1)

    def depth(self) -> int:
        return len(self.waiting)


# Calls that only look: to die at one of them leaves what the step before it left.
_LOOKS = {
    "read",
    "window",
    "left",
    "feed_items",
    "archive_month",
    "archive_months",
    "column_names",
    "catalogue",
}
_LOOKS |= {"news_days", "rhythms", "unlearned", "editions", "open_incidents", "heartbeats", "feed_sources"}
_LOOKS |= {"depth", "learned"}


@dataclass
class Watched:
    """A port whose every call that acts is counted; the one that `dies_at` names does not come back, having
    been done or not."""

    inner: Any
    steps: Steps

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)
        if not callable(found) or name in _LOOKS:
            return found

        def call(*args: Any, **kwargs: Any) -> Any:
            self.steps.take(name, before=True)
            result = found(*args, **kwargs)
            self.steps.take(name, before=False)
            return result

        return call


@dataclass
class Steps:
    """Counts steps; dies at one of them. Before a call is a step, and between it and its return."""

    dies_at: int | None = None
    taken: int = 0

    def take(self, call: str, *, before: bool) -> None:
        self.taken += 1
        if self.taken == self.dies_at:
            raise Crash(f"at step {self.taken}, {'before' if before else 'after'} {call}")


def after_each(steps: int) -> range:
    """Of so many steps those after a call: dying before the next one leaves the same behind."""
    return range(2, steps + 1, 2)


@dataclass
class House:
    """Everything of one deployment."""

    ports: Ports
    store: SqlStore
    clock: HandClock
    lines: Lines
    messages: Messages
    public: Path
    steps: Steps

    def tick(self, after: timedelta = EVERY * 2) -> None:
        """Some time passes; beat ticks, and everything that this sets off is done."""
        self.clock.at += after
        dispatch.dispatch(self.ports)
        self.work()

    def work(self) -> None:
        while self.messages.waiting:
            self.work_one()

    def work_one(self) -> None:
        task, arguments = self.messages.waiting.pop(0)
        TASKS[task](self.ports, **arguments)

    def state(self, source: str | None = None) -> SourceState:
        """Of a source; of the newspaper unless named."""
        source = source or next(iter(self.ports.rules.sources))
        return next(state for state in self.store.sources() if state.source == source)

    def items(self) -> Sequence[Item]:
        return self.store.items(None, None, None, None)

    def files(self) -> dict[str, bytes]:
        """Every published document, by path, without its coded forms."""
        return {
            str(path.relative_to(self.public)): path.read_bytes()
            for path in sorted(self.public.rglob("*"))
            if path.is_file() and path.suffix not in SUFFIXES.values()
        }

    def stamps(self) -> dict[str, tuple[int, int]]:
        """What tells that a file was written: its inode and time."""
        return {
            str(path): (path.stat().st_ino, path.stat().st_mtime_ns)
            for path in self.public.rglob("*")
            if path.is_file()
        }

    def feed(self, key: str) -> Sequence[Item]:
        return self.store.feed_items(FeedKey(key), 50, 30, 500)


TASKS: dict[str, Callable[..., Any]] = {
    "poll": poll.poll,
    "fetch": poll.fetch,
    "ingest": settle.ingest,
    "publish": publish.publish_and_tell,
    "notify": notify.notify,
    "judge": silence.judge,
    "alarm": alarming.sound,
}


@contextmanager
def house(
    store: SqlStore,
    site: Site,
    folder: Path,
    *,
    receivers: Sequence[Site] = (),
    hubs: Sequence[str] = (),
    hooks: Sequence[Hook] = (),
    alarms: Sequence[Receiver] = (),
    window: tuple[int, int] = (50, 30),
    formats: tuple[str, ...] = ("rss", "atom", "json"),
    neighbour: Site | None = None,
    timeout: float = 5.0,
    max_bytes: int = 8_000_000,
    start: datetime = START,
    **of_source: Any,
) -> Iterator[House]:
    """A deployment that polls one newspaper, `paper`, every 30 minutes, and may tell `receivers`. `window`:
    how many items, and of how many days, its feeds hold. With a `neighbour` it polls that one too, as the
    source of this name. Its clock begins at `start`."""
    source = Source("paper", "岷江科普报", f"{site.url}/", region="510000", every=EVERY)
    source = replace(source, **of_source)
    sources = [source]
    if neighbour:
        sources.append(Source("neighbour", "隔壁报", f"{neighbour.url}/", region="510000", every=EVERY))
    clock, lines, messages, steps = HandClock(start), Lines(), Messages(), Steps()
    public = folder / "public"
    public.mkdir(parents=True)
    (folder / "data").mkdir()
    rules = Rules(
        sources={each.id: each for each in sources},
        authority="dibao.test,2026",
        base_url="http://feeds.test",
        formats=formats,
        window_items=window[0],
        window_days=window[1],
        lease=timedelta(seconds=30),
        named_columns=frozenset(),
        hubs=tuple(hubs),
        hooks=tuple(hooks),
        receivers=tuple(alarms),
        most_per_hour=6,
    )
    reached = [site, neighbour] if neighbour else [site]
    with fetcher(*reached, timeout=timeout, max_bytes=max_bytes) as fetching, poster(*receivers) as posting:
        ports = Ports(
            rules,
            Watched(store, steps),
            Watched(fetching, steps),
            Watched(DiskSnapshots(folder / "data" / "snapshots"), steps),
            Watched(DiskPublisher(public, folder / "data" / "lock"), steps),
            Watched(messages, steps),
            clock,
            lines,
            Watched(store.notices, steps),
            Watched(posting, steps),
            Watched(store.alarms, steps),
            AppriseSiren(),
        )
        store.sync_sources(sources, start)
        store.alarms.sync([one.id for one in alarms], start)
        store.notices.sync(hubs, rules.formats, hooks, start)
        yield House(ports, store, clock, lines, messages, public, steps)
