"""Incidents opened and closed, and the lines of the log that tell of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from worker.flow.feeds import HeldBack
from worker.incidents import Cause, Subject, Turn
from worker.ports import Log, Ports, Store

_FEEDS = Subject("publisher", "feeds")  # one incident for all that are held: they share a cause, mostly
_LOOK = (
    "The last good one stays. If it is the new one that is right, delete that file and run "
    "`dibao publish --all`"
)


def tell(log: Log, *turns: Turn) -> None:
    for turn in turns:
        if ended := turn.closed:
            log.info("incident.closed", **_named(ended.subject), status=ended.cause.kind)
        if begun := turn.opened:
            cause = begun.cause
            said = {"status": cause.kind, "reason": cause.reason, "action": cause.action}
            log.error("incident.opened", **_named(begun.subject), **said)


def _named(subject: Subject) -> dict[str, str]:
    return {subject.what: subject.name}


def blame(ports: Ports, subject: Subject, cause: Cause | None) -> None:
    """Exactly this is wrong with a subject, outside any other transaction."""
    with ports.store.edit("incident") as txn:
        turn = txn.blame(subject, cause, ports.clock.now())
    tell(ports.log, turn)


def forget(store: Store, log: Log, what: str, kept: Collection[str], now: datetime) -> None:
    """Close the incidents of what the configuration has no more, or anew: nobody waits for it to recover."""
    gone = [one.subject for one in store.open_incidents(what) if one.subject.name not in kept]
    if gone:
        with store.edit("config.toml") as txn:
            turns = [txn.blame(subject, None, now) for subject in gone]
        tell(log, *turns)


def hold(ports: Ports, held: Sequence[HeldBack]) -> None:
    """Tell of documents that are held back, each with a line, all of them with one incident."""
    for one in held:
        ports.log.error("document.held", path=one.path, reason=one.reason, action=_LOOK)
    if held:
        more = f"; and {len(held) - 1} more documents" if len(held) > 1 else ""
        blame(ports, _FEEDS, Cause("held", f"{held[0].path}: {held[0].reason}{more}", _LOOK))


def release(ports: Ports) -> None:
    """Close that incident once no document is held back any more."""
    if ports.store.open_incidents(_FEEDS.what) and not ports.store.holds_back():
        blame(ports, _FEEDS, None)
