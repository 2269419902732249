"""One feed brought up to date: its window and kept fragments in, the documents that may be written out."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bulletins.model import Held, Source
from feeds import compose, fragments, render
from feeds.render import Document, checks
from feeds.scope import FeedKey
from worker.feedstore import Kept, Placed, Window
from worker.ports import Ports

MOST = 500  # items of a feed, whatever its window


@dataclass(frozen=True, slots=True)
class Frame:
    """What feeds are rendered with beside what they hold: names of columns by slug, sources by id, those that
    once were included, and what a kept fragment of a source in a format must have been made from."""

    names: Mapping[str, str]
    sources: Mapping[str, Source]
    made_from: Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A document that is held back, and why."""

    path: str
    reason: str


def frame(ports: Ports) -> Frame:
    sources = compose.credited(ports.rules.sources, ports.store.sources())

    @functools.cache
    def made_from(source: str, suffix: str) -> str:
        return fragments.made_from(suffix, sources.get(source), ports.rules.base_url)

    return Frame(ports.store.column_names(), sources, made_from)


def documents(ports: Ports, key: FeedKey, frame: Frame) -> tuple[Document, ...] | HeldBack:
    """The feed in all formats, but for those that are as they were; or why one of them may not be written:
    then the last good ones stay together."""
    rules = ports.rules
    window = ports.store.window(
        key, rules.window_items, rules.window_days, MOST, rules.formats, frame.made_from
    )
    feed = head(ports, key, window, frame)
    ids = [entry.id for entry in window.entries]
    pieces = rendered(ports, window.entries, rules.formats, frame)
    del window  # from here on each format's bytes are held once, and once joined
    changed = []
    for suffix in rules.formats:
        (document,) = render.joined(feed, {suffix: pieces.pop(suffix)})
        before = ports.publisher.read(document.path)
        if before == document.body:
            continue
        left = functools.partial(ports.store.left, key)
        if fault := held(ports, document, ids, before, window=rules.window_items, left=left):
            return fault
        changed.append(document)
    return tuple(changed)


def head(ports: Ports, key: FeedKey, window: Window, frame: Frame) -> compose.Feed:
    """What a feed's documents say beside its entries."""
    entries = window.entries
    return compose.head(
        key,
        updated=max((entry.updated for entry in entries), default=compose.NEVER),
        newest=max((entry.published for entry in entries), default=None),
        authority=compose.authority_of(entries[0].id) if entries else ports.rules.authority,
        base_url=ports.rules.base_url,
        columns=frame.names,
        sources=frame.sources,
        hubs=ports.rules.hubs,
        tombstones=window.tombstones,
        archive=window.archive if "atom" in ports.rules.formats else "",
    )


def rendered(
    ports: Ports, entries: Iterable[Placed], formats: Sequence[str], frame: Frame
) -> dict[str, list[bytes]]:
    """By format, the fragments of the entries. What is not kept yet is rendered, and then kept."""
    found: dict[str, list[bytes]] = {suffix: [] for suffix in formats}
    new: list[Kept] = []
    for entry in entries:
        for suffix in formats:
            found[suffix].append(_fragment(ports, entry, suffix, frame, new))
    if new:
        ports.store.keep_fragments(new)
    return found


def _fragment(ports: Ports, entry: Placed, suffix: str, frame: Frame, new: list[Kept]) -> bytes:
    if (kept := entry.fragments.get(suffix)) is not None:
        return kept
    item = entry.item
    if item is None:
        raise ValueError(f"{entry.id} came with neither a fragment for {suffix} nor its item")
    body = fragments.render(item, frame.sources.get(item.source), suffix, ports.rules.base_url)
    new.append(Kept(item, suffix, frame.made_from(item.source, suffix), body))
    return body


def held(
    ports: Ports,
    document: Document,
    ids: Sequence[str],
    before: bytes,
    *,
    window: int | None = None,
    left: Callable[[Collection[str]], Collection[str]] = lambda _: (),
) -> HeldBack | None:
    """A document that may not replace the last good one; None where it may."""
    suffix = document.path.rpartition(".")[2]
    found = checks.faults(
        document.body,
        suffix,
        ids=ids,
        before=before,
        window=window,
        left=left,
        redated=lambda moved: [one for one in moved if _is_redated(ports.store.item(one))],
    )
    if not found:
        return None
    more = f"; and {len(found) - 3} more" if len(found) > 3 else ""
    return HeldBack(document.path, "; ".join(found[:3]) + more)


def _is_redated(held: Held | None) -> bool:
    """Whether config.toml says when an item was published."""
    return held is not None and any(
        (why.field, why.how) == ("published", "override") for why in held.item.evidence
    )
