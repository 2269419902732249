"""What is remembered of an item -> steps, each with its time and its reason, in words for an operator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bulletins.doubts import doubts
from bulletins.model import ColumnKind, Evidence, Item
from feeds.scope import UNCLASSIFIED, FeedKey, roll_up
from worker.traces import Asked, ItemTrace, Trace

_STATES = {
    "published": "published",
    "waiting": "waits to be published (`dibao publish`, or a worker that runs)",
    "held": "set aside: its document failed a check; see `dibao status`",
    "buried": "withdrawn from it: its tombstone is there",
}


@dataclass(frozen=True, slots=True)
class Step:
    """`at` is None where the store does not know when."""

    at: datetime | None
    step: str
    text: str


def of_address(trace: Trace) -> list[Step]:
    """What became of the pages, in the order of time."""
    steps = [Step(one.at, "asked", _asked(one)) for one in trace.asked]
    for kept in trace.kept:
        steps.append(
            Step(kept.page.seen, "kept", f"{kept.source} keeps {kept.page.follow.url} as it was then")
        )
        if kept.left:
            again = (
                f"; it is read again on {kept.again.isoformat()}" if kept.again else "; it is not read again"
            )
            steps.append(Step(kept.left, "left", f"no list leads to it any more{again}"))
    for entry in trace.quarantined:
        said = f"reading {entry.id} of {entry.source}, {entry.state}: {entry.reason}"
        steps.append(Step(entry.at, "quarantine", f"{said} (dibao quarantine show {entry.id})"))
    return _in_order(steps)


def _asked(one: Asked) -> str:
    came = one.found if not one.error else f"{one.found}: {one.error}"
    if one.http_status:
        came += f" (HTTP {one.http_status})"
    ended = f"the poll ended as {one.status}" if one.status else "the poll is under way"
    return f"{one.source}: {came}; {ended}{f': {one.reason}' if one.reason else ''}"


def of_item(one: ItemTrace) -> list[Step]:
    """What became of an item, in the order of time, then why it is what it is."""
    item, withdrawal = one.held.item, one.held.withdrawal
    steps = [
        Step(item.first_seen, "first seen", f"published {item.published.isoformat()} ({item.precision})")
    ]
    steps += [Step(line.at, line.kind, f"change {line.seq}, by {line.by}") for line in one.log]
    steps += [Step(at, "revised", f"revision {n}") for n, at in enumerate(one.revised, 1)]
    if item.provenance:
        came = item.provenance
        steps.append(Step(came.fetched, "read", f"{came.parser} of {came.url}, body {came.sha256[:12]}"))
    if one.held.restless:
        steps.append(Step(one.held.restless, "restless", "it changes too often: edits are not announced"))
    if withdrawal:
        steps.append(Step(withdrawal.at, "withdrawn", f"by {withdrawal.by}: {withdrawal.reason}"))
    if one.absent:
        steps.append(
            Step(None, "absent", f"lacking in {one.absent} readings in a row; the third withdraws it")
        )
    return [*_in_order(steps), *_because(item)]


def _because(item: Item) -> Iterator[Step]:
    region = f"{item.region.code} {''.join(item.region.path)} by {item.region.how}" if item.region else "none"
    yield Step(None, "region", region + _words(item, "region"))
    column = f"{item.column.name} ({item.column.slug}), a {item.column.kind}" if item.column else "none"
    yield Step(None, "column", column + _words(item, "column"))
    for why in item.evidence:
        if why.how == "override":
            yield Step(None, "override", f"config.toml says its {why.field}: {why.text}")
    for doubt in doubts(item):
        yield Step(None, "doubt", f"{doubt.field}: {doubt.reason}{f' ({doubt.text})' if doubt.text else ''}")


def _words(item: Item, field: str) -> str:
    found: list[Evidence] = [why for why in item.evidence if why.field == field and why.text]
    return "".join(f"; {why.how}: {why.text}" for why in found)


def in_feed(one: ItemTrace, key: FeedKey) -> str:
    """Why an item is, or is not, in a feed."""
    item, withdrawal = one.held.item, one.held.withdrawal
    placed = next((place for place in one.placed if place.key == key), None)
    if withdrawal:
        return f"not in {key.path}: withdrawn by {withdrawal.by}: {withdrawal.reason}"
    if placed is None:
        return f"not in {key.path}: {_not_of(item, key)}"
    if not placed.window:
        return f"in {key.path}, older than what its documents show: in its archive; {_STATES[placed.state]}"
    return f"in {key.path}: {_STATES[placed.state]}"


def _not_of(item: Item, key: FeedKey) -> str:
    if key == UNCLASSIFIED:
        return "its region and its column are recognised"
    if key.source and key.source != item.source:
        return f"it is from {item.source}"
    about = [one for one in (item.region, *item.regions) if one]
    if key.region and key.region not in {code for one in about for code in roll_up(one.code)}:
        codes = ", ".join(sorted({one.code for one in about}))
        return f"it is about {codes}" if about else "no region was recognised in it"
    if key.column and item.column is None:
        return "no column was recognised"
    if key.column and item.column and key.column != item.column.slug:
        return f"its column is {item.column.name} ({item.column.slug})"
    if item.column and item.column.kind is ColumnKind.UMBRELLA:
        return f"{item.column.name} is a headline that has no feeds before its second edition"
    return "there is no such feed"


def unknown(trace: Trace) -> str:
    """Why there is no item, as far as polls and quarantine tell."""
    waiting = [entry for entry in trace.quarantined if entry.state in ("held", "rejected")]
    if waiting:
        return f"its reading is in quarantine, {waiting[0].state}: {waiting[0].reason}"
    if not trace.asked and not trace.kept:
        return "no poll that is remembered asked for this address: no list that was read leads there"
    if trace.asked and trace.asked[0].found == "failed":
        return f"its page could not be had: {trace.asked[0].error}"
    if trace.asked and trace.asked[0].status is None:
        return "the poll that asks for its page is under way"
    return "its page was had, and no item came of it"


def _in_order(steps: list[Step]) -> list[Step]:
    return sorted(steps, key=lambda one: (one.at is None, one.at.timestamp() if one.at else 0.0))
