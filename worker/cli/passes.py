"""A pass through the worker, as commands make one: polls sent, and waited for until all is published."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from bulletins.errors import ConfigError, EnvironmentFault
from worker.config import Settings
from worker.flow import notify, publish
from worker.flow.dispatch import heal
from worker.polls import PollRow
from worker.ports import Ports

_LOOK = 0.05  # seconds between two looks at what the worker has done
_HEAL_EVERY = 2.0  # seconds; there may be no beat in a pass


def known(settings: Settings, names: list[str], option: str = "--source") -> list[str]:
    """Each of these sources once. Raises ConfigError where one is not configured."""
    there = [source.id for source in settings.all_sources]
    for name in names:
        if name not in there:
            allowed = ", ".join(there) or "none is configured"
            raise ConfigError(f"no source has the id {name!r}", option, f"Known: {allowed}")
    return list(dict.fromkeys(names))


def leased(ports: Ports, named: list[str]) -> list[str]:
    """Send the polls of this pass; a source that is being polled already is polled again afterwards."""
    if not named:
        now = datetime.now(UTC)
        taken = ports.store.lease_due(now, now + ports.rules.lease, len(ports.rules.sources))
        for source, poll in taken:
            ports.queue.send("poll", source=source, poll=poll)
        return [poll for _, poll in taken]
    polls = []
    for source in named:
        while (mine := _take(ports, source)) is None:
            heal(ports)
            time.sleep(_LOOK)
        ports.queue.send("poll", source=source, poll=mine)
        polls.append(mine)
    return polls


def _take(ports: Ports, source: str) -> str | None:
    now = datetime.now(UTC)
    return ports.store.lease_named(source, now, now + ports.rules.lease)


def ended(ports: Ports, polls: list[str]) -> list[PollRow]:
    """The polls as they ended."""
    healed = time.monotonic()
    while True:
        rows = [ports.store.poll(poll) for poll in polls]
        done = [row for row in rows if row is not None and row.state == "done"]
        if len(done) == len(polls):
            return done
        if time.monotonic() - healed > _HEAL_EVERY:
            heal(ports)
            healed = time.monotonic()
        time.sleep(_LOOK)


def await_outbox(ports: Ports) -> None:
    asked = 0.0
    while publish.due(ports):
        if time.monotonic() - asked > _HEAL_EVERY:
            ports.queue.send("publish")
            asked = time.monotonic()
        time.sleep(_LOOK)


def await_receivers(ports: Ports) -> None:
    """One round of pings and webhooks; who does not answer in it is told by a later pass, or by `up`."""
    if not notify.due(ports):
        return
    ports.queue.send("notify")
    until = time.monotonic() + notify.LEASE.total_seconds()
    while notify.due(ports) or notify.at_work(ports):
        if time.monotonic() > until:
            return
        time.sleep(_LOOK)


def drained(ports: Ports, settings: Settings) -> int:
    """Publish what awaits it; how many files had other bytes before. Raises EnvironmentFault while another
    publisher has the folder."""
    written = 0
    until = time.monotonic() + settings.fetch.timeout
    while publish.due(ports):
        written += publish.publish(ports)
        if time.monotonic() > until:
            raise EnvironmentFault(
                "another publisher is at work",
                str(settings.service.data_dir),
                "Wait for it, or look at its log",
            )
        time.sleep(_LOOK)
    return written
