"""A reading without enough evidence -> held back with its preview, or as an operator has decided."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bulletins.model import Item, PollStatus, Reading, Source, Verdict
from worker.ports import Ingest


def held_back(txn: Ingest, source: Source, said: Reading, verdict: Verdict, now: datetime) -> Verdict:
    """The verdict on a reading that is in doubt, its items put into quarantine. One that an operator has seen
    is as he decided: accepted, it is published again like any other; rejected, it is not held once more."""
    name = fingerprint(said.items)
    known = txn.of_reading(source.id, name)
    if known and known.state == "accepted":
        return Verdict(PollStatus.OK, f"accepted as quarantined reading {known.id}: {verdict.reason}")
    if known and known.state == "rejected":
        return replace(verdict, reason=f"rejected as quarantined reading {known.id}: {verdict.reason}")
    entry = txn.hold(source.id, name, verdict.reason, said.items, {}, now)
    look = f"The feeds stay as they were; run dibao quarantine show {entry.id} to see what would be published"
    return replace(verdict, action=f"{look}; [sources.selectors] in config.toml can say what stands where")


def fingerprint(items: Sequence[Item]) -> str:
    """What makes it the same reading when it is read again: its items and their meaning."""
    return hashlib.sha256(
        "\n".join(sorted(f"{item.id} {item.digest}" for item in items)).encode()
    ).hexdigest()
