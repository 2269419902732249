"""Who is told of incidents: receivers, how telling them went, and the ports for both."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from worker.incidents import Incident


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whom to tell, by an address of apprise, which holds secrets; the `id` is the service's name and a
    digest of the address."""

    id: str
    url: str = field(repr=False)

    @classmethod
    def at(cls, url: str) -> Receiver:
        digest = hashlib.sha256(url.encode()).hexdigest()[:6]
        return cls(f"{url.partition('://')[0].lower()}-{digest}", url)


@dataclass(frozen=True, slots=True)
class ReceiverState:
    """How telling a receiver goes. `sent`: when its messages of the last hour were."""

    id: str
    failures: int  # in a row
    due: datetime
    reason: str
    sent: tuple[datetime, ...]


class Siren(Protocol):
    def sound(self, receiver: Receiver, title: str, text: str, *, over: bool) -> str:
        """Send a message, once, within seconds; `over`: of incidents that are. Why it was not taken; empty:
        it was."""
        ...


class Alarms(Protocol):
    """The part of the store that remembers who has been told of which incident; each method is one
    transaction."""

    def sync(self, receivers: Collection[str], now: datetime) -> None:
        """Forget receivers that the configuration has no longer. A new one is told of what lasts."""
        ...

    def receivers(self) -> Sequence[ReceiverState]: ...

    def due(self, now: datetime, opened_by: datetime) -> bool:
        """Whether a receiver that is due is to be told something, and nobody is at it."""
        ...

    def untold(self, receiver: str, opened_by: datetime) -> Sequence[Incident]:
        """What a receiver is to be told, the oldest first: incidents that were opened until then and last,
        and the ends of those that it was told of. What was over before it was told is nothing to tell."""
        ...

    def told(self, receiver: str, incidents: Sequence[Incident], now: datetime) -> None:
        """It has been told of these as they are, with one message."""
        ...

    def put_off(self, receiver: str, due: datetime, reason: str = "") -> None:
        """Tell it nothing before then; with a reason that is a failure."""
        ...

    def lease(self, now: datetime, until: datetime) -> str | None:
        """Become the only one who tells; a token for `release`, None while another is."""
        ...

    def release(self, token: str) -> None: ...
