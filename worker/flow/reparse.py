"""The kept pages of a source -> what today's parser makes of them: items added, changed, lost."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bulletins import contract, identity, opening, reading
from bulletins.changes import Comparison
from bulletins.model import (
    Change,
    ChangeKind,
    Context,
    Item,
    Lead,
    Page,
    PageKind,
    Provenance,
    Rejection,
    Source,
)
from bulletins.overrides import overridden
from bulletins.twins import Text, reprint
from worker.edit import Edit, KeptPage
from worker.flow.commit import addresses, carry_out, compared, override, said_of, tell_columns
from worker.ports import LISTS, Ports

_BATCH = 200  # articles that are compared, and written, in one transaction
_ORDER = (PageKind.EDITION, PageKind.PAGE, PageKind.LIST)


@dataclass(slots=True)
class Reparsed:
    """What a source's pages say now. `lost` are items that stand on these pages no more, for this parser:
    they are kept. `fresh` counts those of which only markup and evidence are other than stored. `reason`:
    why nothing may be written."""

    pages: int = 0
    added: list[Item] = field(default_factory=list)
    changed: list[Item] = field(default_factory=list)
    lost: list[Item] = field(default_factory=list)
    fresh: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    missing: int = 0  # pages whose bytes are gone
    reason: str = ""


def reparse(ports: Ports, source: str, *, write: bool, newest: int | None = None) -> Reparsed:
    """Read the kept pages of a source again, or its `newest` articles, those seen last first. Everything is
    compared before anything is written; a reading that would bring most of its items anew under other ids is
    not."""
    configured = ports.rules.sources[source]
    now = ports.clock.now()
    pages = ports.store.kept_pages(source)
    leads = _leads(ports, configured, pages, now)
    articles = [page for page in pages if page.follow.kind == PageKind.ARTICLE][:newest]
    done = Reparsed(pages=len(articles))
    batches = [
        _read(ports, configured, articles[n : n + _BATCH], leads, now, done)
        for n in range(0, len(articles), _BATCH)
    ]
    with ports.store.edit("reparse") as txn:
        batches = [(batch, _standing(txn, source, items)) for batch, items in batches]
    twins = 0
    for batch, items in batches:
        with ports.store.edit("reparse") as txn:
            twins += _look(ports, txn, configured, batch, items, now, done)
    done.reason = contract.storm(len(done.added), twins) or ""
    if write and not done.reason:
        for batch, items in batches:
            with ports.store.edit("reparse") as txn:
                found = _compared(ports, txn, configured, items, now)
                fresh = _fresh(ports, txn, configured, batch, items, found)
                found = replace(found, changes=[*found.changes, *fresh])
                begun = carry_out(ports.rules, txn, configured, found, items)
            tell_columns(ports.log, source, begun)
    return done


def _leads(ports: Ports, source: Source, pages: Sequence[KeptPage], now: datetime) -> dict[str, Lead]:
    """What the kept lists say now of the pages that they lead to, from the entry down."""
    leads: dict[str, Lead] = {}
    lists = [page for page in pages if page.follow.kind in LISTS]
    for page in sorted(lists, key=lambda page: _ORDER.index(page.follow.kind)):
        if (kept := _page(ports, page)) is not None:
            context = _context(ports, source, page, leads, now)
            for follow in opening.open_page(kept, context, page.follow.kind).follow:
                leads.setdefault(follow.url, follow.lead)
    return leads


def _context(ports: Ports, source: Source, page: KeptPage, leads: dict[str, Lead], now: datetime) -> Context:
    lead = leads.get(page.follow.url, page.follow.lead)
    return Context(source, ports.rules.authority, now, lead)


def _page(ports: Ports, page: KeptPage) -> Page | None:
    if not ports.snapshots.holds(page.sha):
        return None
    return Page(page.url, ports.snapshots.get(page.sha), page.content_type, page.follow.url)


def _read(
    ports: Ports,
    source: Source,
    batch: Sequence[KeptPage],
    leads: dict[str, Lead],
    now: datetime,
    done: Reparsed,
) -> tuple[Sequence[KeptPage], Sequence[Item]]:
    """The pages of a batch whose bytes are there, and what they say."""
    kept = [(page, body) for page in batch if (body := _page(ports, page))]
    done.missing += len(batch) - len(kept)
    said = reading.read(
        (body, _context(ports, source, page, leads, now), PageKind.ARTICLE) for page, body in kept
    )
    done.rejections += said.rejections
    seen = {identity.link(page.follow.url): page for page, _ in kept}
    parser = f"{said.layout}/{reading.VERSION}"
    return [page for page, _ in kept], [_sourced(item, seen.get(item.link), parser) for item in said.items]


def _standing(txn: Edit, source: str, items: Sequence[Item]) -> Sequence[Item]:
    """The items without those read at an address that theirs had before: what is kept of it is what stood
    there then, and would be taken for another article, or for a correction."""
    ids = {item.id for item in items}
    aliases = txn.aliases(ids)
    held = {one.item.id: one.item for one in txn.held(source, (), ids | set(aliases.values()))}
    now = ((item, held.get(aliases.get(item.id, item.id))) for item in items)
    return [
        item
        for item, known in now
        if known is None or item.link == known.link or item.link not in known.former
    ]


def _sourced(item: Item, page: KeptPage | None, parser: str) -> Item:
    if page is None:
        return item
    return replace(item, provenance=Provenance(page.url, page.seen, page.sha, parser))


def _compared(ports: Ports, txn: Edit, source: Source, items: Sequence[Item], now: datetime) -> Comparison:
    found = compared(txn, source, items, now, frozenset())
    again = {change.item.id for change in found.changes if _repeats(txn, change, found.present)}
    found = replace(
        found,
        changes=[change for change in found.changes if change.item.id not in again],
        kin={name: one for name, one in found.kin.items() if name not in again},
    )
    return replace(found, changes=override(ports.rules, txn, found.changes, now))


def _repeats(txn: Edit, change: Change, present: Collection[str]) -> bool:
    """Whether a new item says word for word what one that is read beside it does: it was left out when its
    page was fetched, as of a reading that an operator rejected, and its page is kept all the same."""
    text = Text(change.item)
    return change.kind == ChangeKind.NEW and any(
        one.item.id in present and reprint(Text(one.item), text) for one in txn.similar(change.item)
    )


def _look(
    ports: Ports,
    txn: Edit,
    source: Source,
    batch: Sequence[KeptPage],
    items: Sequence[Item],
    now: datetime,
    done: Reparsed,
) -> int:
    """Note what a batch would bring; how many of its new items are held under other ids."""
    found = _compared(ports, txn, source, items, now)
    done.added += [change.item for change in found.changes if change.kind == ChangeKind.NEW]
    done.changed += [change.item for change in found.changes if change.kind == ChangeKind.CORRECTED]
    gone = {change.item.id for change in found.changes if change.kind == ChangeKind.WITHDRAWN}
    links = addresses(identity.link(page.follow.url) for page in batch)
    done.lost += [
        one.item
        for one in txn.held(source.id, links, ())
        if one.withdrawal is None and one.item.id not in found.present | gone
    ]
    done.fresh += sum(1 for _ in _fresh(ports, txn, source, batch, items, found))
    return len(found.twins)


def _fresh(
    ports: Ports,
    txn: Edit,
    source: Source,
    batch: Sequence[KeptPage],
    items: Sequence[Item],
    found: Comparison,
) -> Iterator[Change]:
    """Items that mean what they meant, with the markup and the evidence that are read now; nobody is told."""
    links = addresses(identity.link(page.follow.url) for page in batch)
    held = {one.item.id: one.item for one in txn.held(source.id, links, ()) if one.withdrawal is None}
    says = said_of(ports.rules, txn)
    told = {change.item.id for change in found.changes}
    for item in items:
        before = held.get(item.id)
        if before is None or before.id in told or before.link != item.link:
            continue
        now = replace(
            item,
            first_seen=before.first_seen,
            published=before.published,
            precision=before.precision,
            updated=before.updated,
            former=before.former,
        )
        if said := says.get(now.id) or says.get(now.link):
            now = overridden(now, said, source)
        now = replace(now, column=before.column if _alike(before, now) else now.column)
        if now.digest == before.digest and replace(now, provenance=before.provenance) != before:
            yield Change(now, ChangeKind.CORRECTED, announced=False)


def _alike(before: Item, after: Item) -> bool:
    """Whether both stand in the same column, whose slug and kind are as they were settled."""
    return (before.column and before.column.name) == (after.column and after.column.name)
