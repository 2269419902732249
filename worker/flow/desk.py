"""What an operator decides: items taken down, quarantined readings accepted or rejected."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime

from bulletins.errors import DibaoError
from bulletins.model import Change, ChangeKind, Held, Item, Withdrawal, WithdrawnBy
from bulletins.overrides import Override, overridden
from worker.edit import Edit, Quarantined
from worker.flow.commit import carry_out, compared, override, same, tell_columns
from worker.flow.expected import taught
from worker.flow.placing import place, source_of
from worker.ports import Ports, Rules, Store


class NotFound(DibaoError):
    """Nothing has the name that was given, or it is no longer as it would have to be."""


def withdraw(ports: Ports, name: str, reason: str) -> Held:
    """Take an item down, by any of its ids: its feeds lose it and keep its tombstone, and no poll brings it
    back. One that is gone already gets this reason. Raises NotFound."""
    known = ports.store.resolve(name)
    with ports.store.edit("withdraw") as txn:
        held = txn.get(known) if known else None
        if held is None:
            raise NotFound(f"no item has the id {name!r}", "", "`dibao items --json` shows the ids")
        done = _take_down(txn, held, reason, ports.clock.now())
    ports.log.info("item.withdrawn", source=done.item.source, id=done.item.id, reason=reason)
    return done


@dataclass(slots=True)
class Enforced:
    """The items that config.toml corrects or takes down, and what of its names no item has."""

    items: list[Item] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def enforce(store: Store, rules: Rules, now: datetime, *, write: bool = True) -> Enforced:
    """Make the stored items what config.toml says of them, by id or by link: taken down, or with its values
    in place of what was read; or tell only which that would be."""
    done = Enforced()
    for name, said in rules.overrides.items():
        known = store.resolve(name)
        with store.edit("config.toml") as txn:
            links = [one for source in rules.sources for one in txn.held(source, [name], [])]
            named = [one for one in [txn.get(known) if known else None, *links] if one]
            done.unknown += [] if named else [name]
            for held in named:
                if change := _said(rules, held, said, now):
                    done.items.append(change.item)
                    if write:
                        place(rules, txn, source_of(rules, held.item.source), [change], [change.item])
    return done


def _said(rules: Rules, held: Held, said: Override, now: datetime) -> Change | None:
    """What has to change for an item to be as config.toml says; None where it is."""
    if said.withdrawn is not None:
        return _taken_down(held, said.withdrawn, now)
    if held.withdrawal is not None:
        return None
    fixed = overridden(held.item, said, source_of(rules, held.item.source))
    changed = None if same(held.item, fixed) else replace(fixed, updated=now)
    return Change(changed, ChangeKind.CORRECTED) if changed else None


def _take_down(txn: Edit, held: Held, reason: str, now: datetime) -> Held:
    change = _taken_down(held, reason, now)
    if change is None:
        return held
    txn.apply(change, ())
    return Held(change.item, change.withdrawal)


def _taken_down(held: Held, reason: str, now: datetime) -> Change | None:
    if held.withdrawal and held.withdrawal.by == WithdrawnBy.OPERATOR:
        return None
    why = Withdrawal(WithdrawnBy.OPERATOR, reason, now)
    return Change(replace(held.item, updated=now), ChangeKind.WITHDRAWN, why)


def accept(ports: Ports, number: int) -> Counter[ChangeKind]:
    """Commit a quarantined reading, its items under the ids proposed for them; how many changes of each kind.
    Raises NotFound."""
    entry = _waiting(ports, number)
    source = source_of(ports.rules, entry.source)
    now = ports.clock.now()
    with ports.store.edit(f"quarantine {number}") as txn:
        if not txn.decide(number, accept=True):
            raise _no_entry(number)
        found = compared(txn, source, entry.read, now, frozenset(), entry.ids)
        found = replace(found, changes=override(ports.rules, txn, found.changes, now))
        begun = carry_out(ports.rules, txn, source, found, entry.read)
        taught(txn, source.id, number)
        txn.due(source.id, now)
    tell_columns(ports.log, source.id, begun)
    ports.log.info("quarantine.accepted", source=source.id, id=number, ids=len(entry.ids))
    return Counter(change.kind for change in found.changes if change.announced)


def reject(ports: Ports, number: int) -> Quarantined:
    """Drop a quarantined reading: those of its items that are held already stay out, also when they are read
    again. Raises NotFound."""
    entry = _waiting(ports, number)
    with ports.store.edit(f"quarantine {number}") as txn:
        if not txn.decide(number, accept=False):
            raise _no_entry(number)
        txn.due(entry.source, ports.clock.now())
    ports.log.info("quarantine.rejected", source=entry.source, id=number)
    return entry


def _waiting(ports: Ports, number: int) -> Quarantined:
    entry = ports.store.quarantined(number)
    if entry is None or entry.state != "held":
        raise _no_entry(number)
    return entry


def _no_entry(number: int) -> NotFound:
    return NotFound(f"no reading waits under the number {number}", "", "`dibao quarantine list` shows them")
