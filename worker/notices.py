"""What others are told of a change: receivers and deliveries, as flow and store speak of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bulletins.model import ChangeKind, Item
from feeds.scope import FeedKey


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook as config.toml states it. It is told the changes of what stands in all of the feeds `keys`;
    of everything where there are none. `said` is what, when edited, gives a disabled one another chance."""

    id: str
    url: str
    secret: bytes = field(repr=False)
    keys: frozenset[FeedKey] = frozenset()
    enabled: bool = True
    said: str = ""


@dataclass(frozen=True, slots=True)
class HookState:
    """How far a webhook has come: `cursor` is the last change that it has, `until` the last one of the batch
    that is being delivered, None between two. `salt` is a UUID of its own. `behind` counts the changes
    after the cursor, told or passed over."""

    id: str
    salt: str
    cursor: int
    until: int | None
    behind: int
    failures: int  # in a row
    failing_since: datetime | None
    due: datetime
    disabled_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Ping:
    """A hub that is to learn of a document's new bytes. `version` tells those bytes from any before."""

    hub: str
    path: str
    version: str
    tries: int


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the change log. `item` is as it is now, None for a withdrawn one."""

    seq: int
    kind: ChangeKind
    id: str
    at: datetime
    item: Item | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the change log: the events that were asked for, and the last number looked at."""

    events: tuple[Event, ...]
    until: int
    newest: int


class Poster(Protocol):
    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """POST to somebody else's server, once; answered with 2xx.

        Raises FetchError: refused address, no answer, any other status, redirects included.
        """
        ...


class Notices(Protocol):
    """The part of the store that remembers who has been told what; each method is one transaction."""

    def sync(
        self, hubs: Collection[str], formats: Collection[str], hooks: Sequence[Hook], now: datetime
    ) -> Sequence[str]:
        """Forget receivers and formats that the configuration has no longer. A new webhook is told what
        changes from now on; one that was edited, or enabled again, is no longer disabled. Returns the
        disabled ones that thereby are not any longer."""
        ...

    def announce(self, versions: Mapping[str, str], hubs: Collection[str], now: datetime) -> int:
        """Documents by path, with the versions of their public bytes: those that differ from the version
        announced last get a ping for each hub, in place of one that still waits. How many documents did."""
        ...

    def due(self, now: datetime) -> bool:
        """Whether there is something to tell, and nobody who is telling it."""
        ...

    def lease(self, now: datetime, until: datetime) -> str | None:
        """Become the only one who tells; a token for `release`, None while another is."""
        ...

    def leased(self, now: datetime) -> bool:
        """Whether somebody is telling."""
        ...

    def release(self, token: str) -> None: ...

    def pings(self, hub: str, now: datetime, limit: int) -> Sequence[Ping]:
        """Those that are due; how often a document was tried decides their order, then its path."""
        ...

    def pinged(self, ping: Ping) -> None:
        """Done, or given up; one for newer bytes stays."""
        ...

    def put_off(self, hub: str, now: datetime, due: datetime, most: int) -> int:
        """Count a failure of the hub on all its pings that are due, and try them again at `due`; those that
        have failed `most` times are given up. How many were."""
        ...

    def pings_waiting(self) -> Mapping[str, int]:
        """By hub."""
        ...

    def newest(self) -> int:
        """The number of the newest change."""
        ...

    def hooks(self) -> Sequence[HookState]: ...

    def events(self, hook: HookState, keys: Collection[FeedKey], limit: int) -> Stretch:
        """The next events of a webhook, oldest first: at most `limit`, and not beyond its `until`."""
        ...

    def pin(self, hook: HookState, until: int) -> None:
        """A batch up to `until` is on its way: further tries are of the same one."""
        ...

    def moved(self, hook: HookState, until: int) -> None:
        """Everything up to `until` has arrived or was not for it. Nothing, where another has moved it."""
        ...

    def failed(
        self, hook: HookState, now: datetime, due: datetime, reason: str, *, disable: bool
    ) -> None: ...

    def enable(self, hook: str, now: datetime, since: int | None) -> HookState | None:
        """Try a webhook again, from the change after `since` where that is given. Its state before; None
        where there is none of that id."""
        ...
