"""The ports: all that the flow asks of the world, for adapters to answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bulletins.errors import FetchError
from bulletins.model import Context, Follow, Item, PageKind, Source, Verdict
from bulletins.overrides import Override
from bulletins.state import SourceState
from feeds.render import Document
from feeds.scope import FeedKey
from worker.alarms import Alarms, Receiver, Siren
from worker.edit import Edit, History
from worker.feedstore import FeedStore
from worker.notices import Hook, Notices, Poster
from worker.past import Past, PastEditions, Rhythms, Suspects
from worker.polls import Counts, PageTask, PollPage, PollRow, Validators
from worker.rooms import Rooms


@dataclass(frozen=True, slots=True)
class Fetched:
    """A good answer. `body` is None for 304: the page is as `Validators` says."""

    url: str  # final
    status: int
    body: bytes | None
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None


class Fetcher(Protocol):
    def get(
        self,
        url: str,
        held: Validators | None = None,
        alive: Callable[[], None] = lambda: None,
        patience: float | None = None,
    ) -> Fetched:
        """GET a page politely. `alive` is called before each request and while waiting for the host's turn.

        Raises TooEarly when that turn is more than `patience` seconds away (None: it is waited for).
        Raises FetchError: refused address or scheme, robots, timeout, too large, any status but 200 and a
        304 that was asked for.
        """
        ...


class Snapshots(Protocol):
    def put(self, body: bytes) -> str:
        """Keep a body; its SHA-256 in hex. Durable when it returns."""
        ...

    def get(self, sha: str) -> bytes: ...

    def holds(self, sha: str) -> bool:
        """Whether a body is there and whole."""
        ...


class Publisher(Protocol):
    def exclusive(self) -> AbstractContextManager[bool]:
        """The only publisher for this public_dir while True; False: another is at work."""
        ...

    def read(self, path: str) -> bytes:
        """A document as it stands now; empty where there is none."""
        ...

    def write(self, documents: Iterable[Document]) -> int:
        """Put documents in place, each whole or not at all; how many had other bytes before."""
        ...

    def remove(self, paths: Iterable[str]) -> int:
        """Take documents away that are published no longer; how many were there."""
        ...

    def version(self, path: str) -> str:
        """What tells a document's public bytes from those that stood there before; "" where none are."""
        ...

    def made_with(self) -> str:
        """The fingerprint of the settings that everything here was last rendered with; "" for none."""
        ...

    def note(self, fingerprint: str) -> None:
        """Everything here is rendered with these settings now."""
        ...


class Queue(Protocol):
    def send(self, task: str, *, after: float = 0.0, **arguments: str | int | bool) -> None:
        """Send the task of that name, to be begun `after` so many seconds."""
        ...

    def depth(self) -> int:
        """How many tasks wait to be begun; 0 where the broker does not say."""
        ...


@dataclass(frozen=True, slots=True)
class Mark:
    """A feed that awaits publication; `seq` numbers its newest marking, whatever it was for."""

    key: FeedKey
    seq: int


@dataclass(frozen=True, slots=True)
class FeedInfo:
    """A line of the catalogue: a feed that exists, also when all its items have been withdrawn."""

    key: FeedKey
    items: int
    newest: datetime | None  # published, of its newest item
    updated: datetime | None  # of its last changed item


class Ingest(Edit, Past, Protocol):
    """The transaction that ends a poll."""

    def finish(
        self,
        verdict: Verdict,
        counts: Counts,
        now: datetime,
        next_check: datetime,
        keep_validators: bool,
        recheck: Sequence[timedelta],
    ) -> None:
        """End the poll: its row, the source's state, lease and next check, the validators of its pages,
        and when articles that left the lists are due again. Old polls of the source are forgotten."""
        ...

    def finish_past(self, verdict: Verdict, counts: Counts, now: datetime, keep_validators: bool) -> None:
        """End a poll of a past edition: its row, the source's lease, the validators of its pages. The
        source's state and rhythm are as they were, and no article has left the lists."""
        ...


class Store(History, FeedStore, Suspects, PastEditions, Rhythms, Protocol):
    @property
    def rooms(self) -> Rooms: ...

    # sources
    def sync_sources(self, sources: Sequence[Source], now: datetime) -> None:
        """Make the stored sources those of the configuration; what is gone is kept, disabled. One never
        polled, or whose address or rhythm changed, is due now."""
        ...

    def lease_due(self, now: datetime, until: datetime, limit: int) -> Sequence[tuple[str, str]]:
        """Take the enabled sources that are due and not leased: (source, new poll id). One winner each."""
        ...

    def lease_named(self, source: str, now: datetime, until: datetime) -> str | None:
        """Take one source, due or not: a new poll id, or None while another poll has it."""
        ...

    def sources(self) -> Sequence[SourceState]: ...

    # polls
    def open_poll(self, poll: str, source: str, now: datetime, until: datetime) -> PollRow:
        """The poll's row, made when absent; its lease and its source's are renewed.

        One whose lease ran out before its row was made, and whose source another poll may have by now, is
        answered as done, and not made."""
        ...

    def renew(self, poll: str, until: datetime) -> None: ...

    def poll(self, poll: str) -> PollRow | None: ...

    def ask(self, poll: str, follows: Sequence[Follow], *, recheck: bool = False) -> None:
        """Add pages to a poll; an address it has already is passed over. `recheck`: asked because they are
        due again, and not because they stand on a list."""
        ...

    def pages(self, poll: str) -> Sequence[PollPage]: ...

    def page(self, poll: str, n: int) -> PollPage | None: ...

    def page_task(self, poll: str, n: int) -> PageTask | None: ...

    def record(
        self,
        poll: str,
        n: int,
        state: str,
        validators: Validators | None = None,
        fault: FetchError | None = None,
        claim: tuple[datetime, datetime] | None = None,
    ) -> bool:
        """What became of a page, which shows that the poll goes on: its heals are forgotten. A page that is
        no longer pending is left as it is. With `claim` (now, until) as `claim_ingest`, in the same
        transaction; else False."""
        ...

    def next_pending(self, poll: str, lane: int, lanes: int) -> int | None:
        """The first pending page of a poll whose number leaves `lane` when it is divided by `lanes`."""
        ...

    def start_fetching(self, poll: str) -> None:
        """listing -> fetching."""
        ...

    def claim_ingest(self, poll: str, now: datetime, until: datetime) -> bool:
        """fetching -> ingesting once no page is pending, or an ingest whose lease has run out: True for the
        one caller that is to send it."""
        ...

    def due_rechecks(self, source: str, now: datetime) -> Sequence[Follow]:
        """Articles that have left the lists and are due to be read again."""
        ...

    def stuck(self, now: datetime) -> Sequence[PollRow]:
        """Polls whose lease has run out, or that are fetched whole and not being ingested."""
        ...

    def heal(self, poll: str, until: datetime) -> None:
        """Renew a stuck poll's lease, and count it."""
        ...

    def fail_pending(self, poll: str, error: str) -> None:
        """Give up the pages of a poll that are still pending."""
        ...

    # ingest
    def ingest(self, poll: str) -> AbstractContextManager[Ingest | None]:
        """The transaction that ends a poll; None when it has ended already."""
        ...

    # outbox and feeds
    def marks(self, limit: int) -> Sequence[Mark]: ...

    def clear(self, marks: Sequence[Mark]) -> None:
        """Take marks away, where no newer change has touched the feed since."""
        ...

    def set_aside(self, marks: Sequence[Mark]) -> None:
        """Keep marks, and do not offer them again before the feed changes or everything is marked."""
        ...

    def mark_all(self) -> int:
        """Mark every feed that exists, and all of its archive; how many feeds."""
        ...

    def feed_items(self, key: FeedKey, items: int, days: int, cap: int) -> Sequence[Item]:
        """A feed's window: the newest `items`, all within `days` of its newest, at least its newest whole
        edition, at most `cap`; newest edition first, then page, then position."""
        ...

    def catalogue(self) -> Sequence[FeedInfo]:
        """Every feed that exists, by key."""
        ...

    def feed_sources(self) -> dict[FeedKey, frozenset[str]]:
        """Of every feed, the sources whose items are in it, or may be."""
        ...

    def items(
        self, region: str | None, column: str | None, source: str | None, limit: int | None
    ) -> Sequence[Item]:
        """Stored items, newest edition first, then page, then position; a region with all its parts."""
        ...

    def item_feeds(self, item: str) -> Sequence[FeedKey]: ...

    def column_names(self) -> dict[str, str]:
        """By slug, the name of every column that has been seen."""
        ...

    # liveness
    def beat(self, role: str, now: datetime) -> None:
        """Note that a role was alive."""
        ...

    def heartbeats(self) -> dict[str, datetime]: ...


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware, UTC."""
        ...

    def monotonic(self) -> float: ...


class Log(Protocol):
    def info(self, event: str, **keys: object) -> None: ...

    def warning(self, event: str, **keys: object) -> None: ...

    def error(self, event: str, **keys: object) -> None: ...


@dataclass(frozen=True, slots=True)
class Rules:
    """What the flow knows of the settings."""

    sources: dict[str, Source]
    authority: str
    base_url: str
    formats: tuple[str, ...]
    window_items: int
    window_days: int
    lease: timedelta
    named_columns: frozenset[str]  # canonical names from [[columns]]: they have feeds at once
    interval: float = 0.0  # seconds between requests to a host
    unpaced: frozenset[str] = frozenset()  # sources of our own, which need no manners
    fingerprint: str = ""  # of all settings that published documents depend on
    overrides: Mapping[str, Override] = field(default_factory=dict)  # by id or link, from [[overrides]]
    hubs: tuple[str, ...] = ()  # WebSub hubs that are told of changed feeds
    hooks: tuple[Hook, ...] = ()
    receivers: tuple[Receiver, ...] = ()  # of alarms
    most_per_hour: int = 10  # messages to each of them
    gather: timedelta = timedelta(seconds=30)  # that an incident waits for others

    def pause(self, source: str) -> float:
        """Seconds between two pages of a source."""
        return 0.0 if source in self.unpaced else self.interval

    def context(self, source: Source, now: datetime, read_by: str = "") -> Context:
        return Context(source, self.authority, now, read_by=read_by)


@dataclass(frozen=True, slots=True)
class Ports:
    rules: Rules
    store: Store
    fetcher: Fetcher
    snapshots: Snapshots
    publisher: Publisher
    queue: Queue
    clock: Clock
    log: Log
    notices: Notices
    poster: Poster
    alarms: Alarms
    siren: Siren


LISTS = frozenset({PageKind.EDITION, PageKind.PAGE, PageKind.LIST})
