"""A reading that may be published -> what it changes, committed; or a storm, held back."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bulletins import absences, contract, identity
from bulletins.absences import Lack
from bulletins.changes import Comparison, apart, compare
from bulletins.edits import substantive
from bulletins.model import (
    Absence,
    Change,
    ChangeKind,
    Column,
    Held,
    Item,
    PageKind,
    PollStatus,
    Reading,
    Source,
    Verdict,
    Withdrawal,
    WithdrawnBy,
)
from bulletins.overrides import Override, overridden
from worker.edit import Edit
from worker.flow.placing import place, source_of
from worker.polls import PageState, PollPage
from worker.ports import LISTS, Ingest, Log, Rules

GONE = (404, 410)  # HTTP statuses by which an address says that its article is no more


@dataclass(slots=True)
class Committed:
    """What became of a reading. `gone`: addresses that said so, of which those of `again` are to say it once
    more; `touched`: something awaits publication, also where nothing is announced; `columns`: those whose
    feeds begin."""

    verdict: Verdict
    kinds: Counter[ChangeKind] = field(default_factory=Counter)
    restless: Sequence[Item] = ()
    gone: Sequence[str] = ()
    again: Sequence[str] = ()
    touched: bool = False
    columns: Sequence[Column] = ()


def commit(
    rules: Rules,
    txn: Ingest,
    source: Source,
    said: Reading,
    pages: Sequence[PollPage],
    verdict: Verdict,
    now: datetime,
    *,
    past: bool = False,
) -> Committed:
    """Compare a reading with what is held and commit what it brings. A reading whose new items are mostly
    held under other ids is put into quarantine instead, with the ids that it should have; once an operator
    has rejected it, those items are left out. One of a `past` edition says nothing of what is gone."""
    listed = frozenset(identity.key(one.url) for one in said.follow if one.kind == PageKind.ARTICLE)
    items: Sequence[Item] = said.items
    found = compared(txn, source, items, now, listed)
    new = sum(1 for change in found.changes if change.kind == ChangeKind.NEW)
    if reason := contract.storm(new, len(found.twins)):
        fingerprint = _fingerprint(items, found.twins)
        known = txn.of_reading(source.id, fingerprint)
        if known is None or known.state != "rejected":
            ids = {name: one.item.id for name, one in found.twins.items()}
            entry = txn.hold(source.id, fingerprint, reason, items, ids, now)
            action = f"The feeds stay as they were; run dibao quarantine show {entry.id}"
            return Committed(Verdict(PollStatus.QUARANTINED, reason, action, publish=False))
        items = [item for item in items if item.id not in found.twins]
        found = compared(txn, source, items, now, listed)
        left = f"{len(known.ids)} items are left out: quarantined reading {known.id} was rejected"
        verdict = replace(verdict, reason=verdict.reason or left)
    if past:
        changes = override(rules, txn, found.changes, now)
        begun = carry_out(rules, txn, source, replace(found, changes=changes), items)
        kinds = Counter(change.kind for change in changes if change.announced)
        return Committed(
            verdict, kinds, found.restless, touched=bool(changes or found.aliases), columns=begun
        )
    txn.outdo(source.id)
    kept, gone = _absences(txn, source, said, pages, found, listed)
    changes = [*found.changes, *_withdrawals(txn, gone, now)]
    changes = override(rules, txn, changes, now)
    begun = carry_out(rules, txn, source, replace(found, changes=changes), items)
    if kept or gone or txn.absences(source.id):
        txn.keep_absences(source.id, kept)
    addresses = [
        page.follow.url for page in pages if page.follow.kind == PageKind.ARTICLE and page.http_status in GONE
    ]
    counting = any(one.by == WithdrawnBy.ADDRESS for one in kept)
    return Committed(
        verdict,
        Counter(change.kind for change in changes if change.announced),
        found.restless,
        addresses,
        addresses if counting else (),
        bool(changes or found.aliases),
        begun,
    )


def tell_columns(log: Log, source: str, begun: Sequence[Column]) -> None:
    """A new column appears by itself, and is announced once: when its feeds begin."""
    for column in begun:
        log.info("column.new", source=source, column=column.name, slug=column.slug, kind=str(column.kind))


def compared(
    txn: Edit,
    source: Source,
    items: Sequence[Item],
    now: datetime,
    listed: frozenset[str],
    accepted: Mapping[str, str] | None = None,
) -> Comparison:
    """A reading beside what is held of its addresses and ids, and of the addresses where these stood last:
    under new parameters, the id of one section may be all that tells which article it is."""
    names = {name for item in items for name in (item.id, identity.before_parameters(item))}
    aliases = txn.aliases(names)
    names |= set(aliases.values()) | set((accepted or {}).values())
    links = {link for item in items for link in (item.link, identity.bare(item.link))}
    there = addresses(links)
    held = txn.held(source.id, there, names)
    if others := {one.item.link for one in held} - there:
        held = txn.held(source.id, there | addresses(others), names)
    return compare(held, items, txn, now, aliases=aliases, listed=listed, accepted=accepted)


def carry_out(
    rules: Rules, txn: Edit, source: Source, found: Comparison, items: Sequence[Item]
) -> tuple[Column, ...]:
    """Store the changes, the further ids and the clusters of a comparison; the columns that begin with it."""
    begun = place(rules, txn, source, apart(found.changes), items)
    if found.aliases:
        txn.alias(found.aliases)
    for name, kin in found.kin.items():
        txn.join_cluster(name, kin.item.id)
    return begun


def addresses(links: Iterable[str]) -> set[str]:
    """Links, under http and under https: a site that changes over keeps its articles."""
    return {f"{scheme}://{link.partition('://')[2]}" for link in links for scheme in ("http", "https")}


def _fingerprint(items: Sequence[Item], twins: Mapping[str, Held]) -> str:
    """What makes it the same storm when it is read again: which new items are held, and their meaning."""
    meant = sorted(f"{item.id} {item.digest}" for item in items if item.id in twins)
    return hashlib.sha256("\n".join(meant).encode()).hexdigest()


def _absences(
    txn: Ingest,
    source: Source,
    said: Reading,
    pages: Sequence[PollPage],
    found: Comparison,
    listed: frozenset[str],
) -> tuple[Sequence[Absence], Sequence[Absence]]:
    """Whom this reading lacks: at their own addresses, on their editions' lists, in their articles."""
    present = found.present
    lacking: dict[str, Lack] = {}
    lists = [page for page in pages if page.follow.kind in LISTS]
    whole = all(page.state != PageState.FAILED for page in lists) and said.lists >= len(lists)
    if whole:
        standing = [item for item in said.items if identity.key(item.link) in listed]
        for name in absences.unlisted(txn.of_editions(standing), listed):
            lacking[name] = (WithdrawnBy.LIST, "its edition no longer lists it")
    unread = {identity.key(one.url) for one in said.rejections}
    missing = [one for one in found.missing if identity.key(one.item.link) not in unread]
    if absences.plausible(len(missing), len(missing) + len(present)):
        for one in missing:
            lacking[one.item.id] = (WithdrawnBy.LIST, "its article no longer holds it")
    lacking |= _gone(txn, source, pages)
    return absences.count(txn.absences(source.id), lacking, present)


def _gone(txn: Ingest, source: Source, pages: Sequence[PollPage]) -> dict[str, Lack]:
    """The live items whose own addresses answer that they are no more."""
    articles = [page for page in pages if page.follow.kind == PageKind.ARTICLE]
    gone = {
        identity.key(page.follow.url): page
        for page in articles
        if page.state == PageState.FAILED and page.http_status in GONE
    }
    if not gone or not absences.plausible(len(gone), len(articles)):
        return {}
    links = addresses(identity.link(page.follow.url) for page in gone.values())
    return {
        one.item.id: (
            WithdrawnBy.ADDRESS,
            f"its address answers HTTP {gone[identity.key(one.item.link)].http_status}",
        )
        for one in txn.held(source.id, links, ())
        if one.withdrawal is None
    }


def _withdrawals(txn: Ingest, gone: Sequence[Absence], now: datetime) -> list[Change]:
    found = [(one, txn.get(one.item)) for one in gone]
    return [
        Change(replace(held.item, updated=now), ChangeKind.WITHDRAWN, Withdrawal(one.by, one.reason, now))
        for one, held in found
        if held is not None and held.withdrawal is None
    ]


def override(rules: Rules, txn: Edit, changes: Sequence[Change], now: datetime) -> list[Change]:
    """The changes as config.toml has them: what it says of an item stands, whatever is read; an item that
    means what it meant then is none."""
    said = said_of(rules, txn)
    found = (
        _overridden(rules, txn, change, said.get(change.item.id) or said.get(change.item.link), now)
        for change in changes
    )
    return [change for change in found if change]


def said_of(rules: Rules, txn: Edit) -> Mapping[str, Override]:
    """What config.toml says, by id and link; where it names an item by an id of before, by today's too."""
    now = {to: rules.overrides[name] for name, to in txn.aliases(rules.overrides).items()}
    return {**rules.overrides, **now}


def _overridden(
    rules: Rules, txn: Edit, change: Change, said: Override | None, now: datetime
) -> Change | None:
    item = change.item
    if said is None or change.kind == ChangeKind.WITHDRAWN:
        return change
    if said.withdrawn is not None:
        why = Withdrawal(WithdrawnBy.OPERATOR, said.withdrawn, now)
        return Change(replace(item, updated=now), ChangeKind.WITHDRAWN, why)
    fixed = overridden(item, said, source_of(rules, item.source))
    held = txn.get(item.id)
    if held and held.withdrawal is None and held.item.link == fixed.link and same(held.item, fixed):
        return None
    return replace(change, item=fixed)


def same(before: Item, after: Item) -> bool:
    """Whether an edit leaves what a reader would want to know, and when it was published."""
    dated = (before.published, before.precision) == (after.published, after.precision)
    return dated and not substantive(before, after)
