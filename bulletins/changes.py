"""What is held and what was read -> what is new, corrected or withdrawn, and under which id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from bulletins import identity, moves, twins
from bulletins.edits import substantive
from bulletins.matching import Matches, match
from bulletins.model import Change, ChangeKind, Held, Item, Withdrawal, WithdrawnBy
from bulletins.twins import Text

MOST_CORRECTIONS = 5  # of one item within RESTLESS_WINDOW; from then on its edits are not announced
RESTLESS_WINDOW = timedelta(days=7)


class Memory(Protocol):
    """What else is known of stored items, looked up where it is needed."""

    def similar(self, item: Item) -> Sequence[Held]:
        """Stored items, of any source, whose text may be alike; the likeliest first, and few."""
        ...

    def known(self, name: str) -> bool:
        """Whether an id is, or was, an item's or an alias."""
        ...

    def corrections(self, item: str, since: datetime) -> int:
        """How many announced corrections an item has had since then."""
        ...


@dataclass(slots=True)
class Comparison:
    """What a reading brings."""

    changes: list[Change] = field(default_factory=list)  # in the order read, then what was joined
    aliases: dict[str, str] = field(default_factory=dict)  # further ids -> the item that they are
    present: set[str] = field(default_factory=set)  # ids of held items that were read
    missing: tuple[Held, ...] = ()  # live items that their article, read again, lacks
    twins: dict[str, Held] = field(default_factory=dict)  # new ids as minted -> what is held and alike
    kin: dict[str, Held] = field(default_factory=dict)  # new ids -> the same notice in another source
    restless: list[Item] = field(default_factory=list)  # whose edits are no longer announced from now on


def compare(
    held: Sequence[Held],
    read: Sequence[Item],
    memory: Memory,
    now: datetime,
    *,
    aliases: Mapping[str, str] | None = None,
    listed: frozenset[str] = frozenset(),
    accepted: Mapping[str, str] | None = None,
) -> Comparison:
    """The changes that a reading brings; an item that means what it meant is none.

    `held` are the items of these articles' addresses and ids, withdrawn ones too; `aliases` lead from ids as
    minted to held ones; `listed` are the keys of the articles that stand on the lists; `accepted` is an id
    map that an operator has approved.

    What was set once stays: `id`, `first_seen`, `published` and its precision. `updated` moves with what a
    reader would want to know, and with a return; `link` follows the article as `moves` has it, and with it
    the edition and page on whose lists it now stands.
    """
    said = Comparison()
    accepted = accepted or {}
    aliases = aliases or {}
    matches = match(read, held, aliases, memory.similar, accepted)
    used = {one.item.id for one in matches.matched.values()}
    reserved = used | {one.item.id for one in held} | set(aliases)
    minted = {item.id for item in read}
    ids: dict[int, str] = {}
    for n, item in enumerate(read):
        if n in matches.doubles:
            continue
        if (known := matches.matched.get(n)) is None:
            ids[n] = _free(item.id, reserved, minted, memory)
            reserved.add(ids[n])
            found = [one for one in matches.found.get(n, ()) if one.item.id not in used]
            _new(said, replace(item, id=ids[n], first_seen=now, updated=now), item, found)
            continue
        ids[n] = known.item.id
        said.present.add(known.item.id)
        if item.id != known.item.id and _leads(item, known, accepted):
            said.aliases[item.id] = known.item.id
        if change := _change(said, known, item, memory, listed, now):
            said.changes.append(change)
    _fold(said, matches, read, ids, now)
    live = used | set(ids.values())
    said.aliases = {
        name: to for name, to in said.aliases.items() if name not in live and aliases.get(name) != to
    }
    said.missing = matches.missing
    return said


def _leads(item: Item, known: Held, accepted: Mapping[str, str]) -> bool:
    """Whether the id as minted now is to lead to the kept one: it names another address of the item. Of
    sections that changed places in one article it would lead to whichever stood there last."""
    moved = identity.key(item.link) != identity.key(known.item.link)
    return moved or item.id in accepted


def _free(own: str, reserved: set[str], minted: set[str], memory: Memory) -> str:
    """The id as minted, or where another text has it, the first further one that nothing ever had."""
    if own not in reserved:
        return own
    n = 2
    while (name := f"{own}~{n}") in reserved | minted or memory.known(name):
        n += 1
    return name


def _new(said: Comparison, item: Item, read: Item, found: Sequence[Held]) -> None:
    said.changes.append(Change(item, ChangeKind.NEW))
    text = Text(read)
    others = [(one, Text(one.item)) for one in found]
    for one, other in others:
        if one.item.source == item.source and twins.twins(other, text):
            said.twins.setdefault(read.id, one)
        elif twins.kin(other, text):
            said.kin.setdefault(item.id, one)


def _change(
    said: Comparison, known: Held, item: Item, memory: Memory, listed: frozenset[str], now: datetime
) -> Change | None:
    before = known.item
    here = moves.settled(before, item) if known.withdrawal is None else moves.followed(before, item)
    kept = replace(
        here,
        id=before.id,
        first_seen=before.first_seen,
        published=before.published,
        precision=before.precision,
        updated=now,
    )
    if known.withdrawal is not None:
        return Change(kept, ChangeKind.CORRECTED) if _returns(known.withdrawal, item, listed) else None
    if before.digest == here.digest or not substantive(before, moves.at(here, before.link)):
        return _moved(before, kept, now) if before.link != here.link else None
    if memory.corrections(before.id, now - RESTLESS_WINDOW) < MOST_CORRECTIONS:
        return Change(kept, ChangeKind.CORRECTED)
    if known.restless is None:
        said.restless.append(kept)
    return Change(replace(kept, updated=before.updated), ChangeKind.CORRECTED, at=now, announced=False)


def _moved(before: Item, kept: Item, now: datetime) -> Change:
    """Another address for what says the same. It takes along what lies on the host that it went to."""
    moved = replace(
        before,
        link=kept.link,
        former=kept.former,
        edition=kept.edition,
        page=kept.page,
        position=kept.position,
    )
    if not moves.same_host(before.link, kept.link):
        moved = replace(kept, updated=before.updated)
    return Change(moved, ChangeKind.CORRECTED, at=now)


def _returns(withdrawal: Withdrawal, item: Item, listed: frozenset[str]) -> bool:
    if withdrawal.by == WithdrawnBy.LIST:
        return identity.key(item.link) in listed
    return withdrawal.by != WithdrawnBy.OPERATOR


def _fold(
    said: Comparison, matches: Matches, read: Sequence[Item], ids: Mapping[int, str], now: datetime
) -> None:
    """Second addresses become aliases of what stands for them; so do items that were joined into others."""
    for n, other in matches.doubles.items():
        said.aliases[read[n].id] = ids[other]
    for one, n in matches.joined:
        said.aliases[one.item.id] = ids[n]
        item = replace(one.item, updated=now)
        why = Withdrawal(WithdrawnBy.JOINED, f"now part of “{read[n].title}”", now)
        said.changes.append(Change(item, ChangeKind.WITHDRAWN, why))


def apart(changes: Iterable[Change]) -> list[Change]:
    """The changes of one reading, those with the same `updated` a microsecond apart in their order: no two
    entries of a feed bear the same moment, of which validators warn."""
    moments: Counter[datetime] = Counter()
    found = []
    for change in changes:
        moment = change.item.updated
        later = moment + timedelta(microseconds=moments[moment])
        moments[moment] += 1
        found.append(replace(change, item=replace(change.item, updated=later)))
    return found
