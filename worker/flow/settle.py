"""How a poll ends: what it says is judged, compared with what is held, and committed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bulletins import columns, contract, reading, schedule
from bulletins.changes import compare
from bulletins.model import (
    ChangeKind,
    Column,
    ColumnKind,
    Context,
    Item,
    PollStatus,
    Reading,
    Source,
    Verdict,
)
from feeds.scope import keys_of
from worker.flow.poll import kept
from worker.ports import Counts, Ingest, PageState, PollPage, PollRow, Ports


def ingest(ports: Ports, poll: str) -> None:
    """Read all pages of a poll as one Reading, judge it, and commit once. Safe to repeat: the second time
    finds the poll done."""
    row = ports.store.poll(poll)
    if row is None or row.state == "done":
        return
    if row.source not in ports.rules.sources:
        give_up(ports, row, Verdict(PollStatus.UNREACHABLE, "no longer in the configuration", publish=False))
        return
    pages = ports.store.pages(poll)
    now = ports.clock.now()
    if pages and all(page.state == PageState.UNCHANGED for page in pages):
        _finish(ports, row, pages, Reading(), Verdict(PollStatus.NOT_MODIFIED))
        return
    said = _read(ports, row.source, pages, now)
    verdict = contract.judge(said, _failures(pages), now)
    _finish(ports, row, pages, said, verdict)


def give_up(ports: Ports, row: PollRow, verdict: Verdict) -> None:
    """End a poll that cannot be finished, with a verdict of its own."""
    _finish(ports, row, ports.store.pages(row.id), Reading(), verdict)


def _read(ports: Ports, source: str, pages: Sequence[PollPage], now: datetime) -> Reading:
    context = ports.rules.context(ports.rules.sources[source], now)
    bodies = [(page, body) for page in pages if (body := kept(ports, page))]
    return reading.read(
        (body, Context(context.source, context.authority, now, page.follow.lead), page.follow.kind)
        for page, body in bodies
    )


def _failures(pages: Sequence[PollPage]) -> list[contract.Failure]:
    return [
        contract.Failure(page.follow.url, page.follow.kind, page.error, page.http_status, entry=page.n == 0)
        for page in pages
        if page.state == PageState.FAILED
    ]


def _finish(ports: Ports, row: PollRow, pages: Sequence[PollPage], said: Reading, verdict: Verdict) -> None:
    now = ports.clock.now()
    source = ports.rules.sources.get(row.source) or Source(row.source, row.source, "")
    waits = [page.retry_after for page in pages if page.retry_after is not None]
    with ports.store.ingest(row.id) as txn:
        if txn is None:
            return
        kinds = _commit(ports, txn, source, said.items) if verdict.publish else Counter()
        counts = Counts(
            new=kinds[ChangeKind.NEW],
            corrected=kinds[ChangeKind.CORRECTED],
            rejected=len(said.rejections) + sum(page.state == PageState.FAILED for page in pages),
        )
        due = schedule.next_check(source, now, max(waits, default=None))
        before = txn.finish(
            verdict, counts, now, due, keep_validators=verdict.publish, recheck=source.recheck
        )
    _tell(ports, row, pages, said, verdict, counts)
    _tell_incidents(ports, row.source, before, verdict)
    if kinds:
        ports.queue.send("publish")


def _commit(ports: Ports, txn: Ingest, source: Source, items: Sequence[Item]) -> Counter[ChangeKind]:
    """Store what is new or corrected, in the feeds where it belongs; how many of each."""
    held = txn.held(source.id, {item.link for item in items}, {item.id for item in items})
    changes = compare(held, items)
    if not changes:
        return Counter()
    settled = _settle_columns(txn, source, items)
    named = ports.rules.named_columns | set(source.columns.values())
    umbrellas = {
        item.column.name for item in items if item.column and item.column.kind == ColumnKind.UMBRELLA
    }
    own = txn.promoted(umbrellas) | (umbrellas & named)
    for change in changes:
        item = replace(change.item, column=change.item.column and settled[change.item.column.name])
        txn.apply(replace(change, item=item), keys_of(item, _feed_column(item, source, own, settled)))
    for name in sorted(own):
        for item in txn.umbrella_items(name):
            txn.enlist(item, keys_of(item, item.column))
    return Counter(change.kind for change in changes)


def _settle_columns(txn: Ingest, source: Source, items: Sequence[Item]) -> dict[str, Column]:
    """The columns and page names that these items stand under, with slugs of their own."""
    found: dict[str, Column] = {}
    editions: dict[str, str] = {}
    for item in items:
        for column in filter(None, (item.column, _page_column(item, source))):
            found.setdefault(column.name, column)
            if item.edition:
                editions[column.name] = f"{source.id}/{item.edition.date or item.edition.number}"
    return txn.settle_columns(found.values(), editions)


def _page_column(item: Item, source: Source) -> Column | None:
    if item.page is None or not item.page.name:
        return None
    name = columns.canonical(item.page.name, source.columns)
    return Column(name, columns.slug(name), ColumnKind.PAGE)


def _feed_column(item: Item, source: Source, own: set[str], settled: dict[str, Column]) -> Column | None:
    """The column whose feeds an item goes to: a one-off umbrella headline leaves no dead feed, its items
    stand in the feeds of their page's name."""
    if item.column is None or item.column.kind != ColumnKind.UMBRELLA or item.column.name in own:
        return item.column
    page = _page_column(item, source)
    return settled[page.name] if page else item.column


def _tell(
    ports: Ports,
    row: PollRow,
    pages: Sequence[PollPage],
    said: Reading,
    verdict: Verdict,
    counts: Counts,
) -> None:
    for rejection in said.rejections:
        ports.log.warning(
            "item.rejected",
            source=row.source,
            title=rejection.title,
            url=rejection.url,
            reason=rejection.reason,
        )
    event: dict[str, object] = {
        "source": row.source,
        "status": str(verdict.status),
        "pages": len(pages),
        "new": counts.new,
        "corrected": counts.corrected,
        "withdrawn": counts.withdrawn,
        "rejected": counts.rejected,
        "seconds": round((ports.clock.now() - row.started).total_seconds(), 3),
    }
    if verdict.status.healthy:
        ports.log.info("source.polled", **event)
    else:
        ports.log.error("source.polled", **event, reason=verdict.reason, action=verdict.action)


def _tell_incidents(ports: Ports, source: str, before: PollStatus | None, verdict: Verdict) -> None:
    """An incident lasts from the first poll that ends ill in one way to the first that ends in another."""
    was = before if before and not before.healthy else None
    now = None if verdict.status.healthy else verdict.status
    if was and was != now:
        ports.log.info("incident.closed", source=source, status=str(was))
    if now and was != now:
        ports.log.error(
            "incident.opened", source=source, status=str(now), reason=verdict.reason, action=verdict.action
        )
