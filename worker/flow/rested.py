"""Items that changed too often and have come to rest -> their last text, announced to those who follow."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from bulletins.changes import MOST_CORRECTIONS, RESTLESS_WINDOW, apart
from bulletins.model import Change, ChangeKind
from worker.flow.placing import place, source_of
from worker.ports import Ports


def announce(ports: Ports) -> int:
    """Announce each restless item whose next edit would be a correction again; how many. Feeds show the text
    already, but who follows the changes, or is told of them, holds the last one that was announced. Polls
    would not tell: pages that stay as they are are not read. Safe to repeat."""
    now = ports.clock.now()
    with ports.store.edit("rest") as txn:
        items = txn.rested(now, now - RESTLESS_WINDOW, MOST_CORRECTIONS)
        changes = apart(Change(replace(item, updated=now), ChangeKind.CORRECTED) for item in items)
        for source, of_source in groupby(changes, key=lambda change: change.item.source):
            found = list(of_source)
            read = [change.item for change in found]
            place(ports.rules, txn, source_of(ports.rules, source), found, read)
    if items:
        ports.queue.send("publish")
    return len(items)
