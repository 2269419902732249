"""A feed made on request: a Selection and the items of its feeds in, one Feed of what it asks for out."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bulletins.model import Item, Source
from feeds import compose, safe
from feeds.compose import Feed, Tombstone
from feeds.scope import MERGE, FeedKey
from feeds.selection import Selection


@dataclass(frozen=True, slots=True)
class Kin:
    """The same notice in another source. `inside`: it stands in one of the selection's feeds."""

    item: Item
    inside: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item of the selection's feeds, and its kin where notices are collapsed."""

    item: Item
    kin: tuple[Kin, ...] = ()


def chosen(candidates: Iterable[Candidate], selection: Selection) -> list[Candidate]:
    """The first `limit` in their order that the selection's words let through. Of a notice's kin that the
    selection has, the one that was seen first stands for all: it stays the entry when others follow. Reads
    no further than it needs."""
    taken: list[Candidate] = []
    for one in candidates:
        if not _worded(one.item, selection) or any(_earlier(kin, one.item, selection) for kin in one.kin):
            continue
        taken.append(one)
        if len(taken) == selection.limit:
            break
    return taken


def _earlier(kin: Kin, item: Item, selection: Selection) -> bool:
    """Whether kin stands for an item: the selection has it, and it was seen before."""
    other = kin.item
    return (
        kin.inside
        and (other.first_seen, other.id) < (item.first_seen, item.id)
        and (not selection.sources or other.source in selection.sources)
        and (selection.since is None or other.published >= selection.since)
        and _worded(other, selection)
    )


def buried(withdrawn: Iterable[tuple[Item, Tombstone]], selection: Selection) -> tuple[Tombstone, ...]:
    """Of withdrawn items with their tombstones those that the selection would have, each once; its Atom says
    that they are gone (RFC 6721)."""
    stones = {
        item.id: stone
        for item, stone in withdrawn
        if (not selection.sources or item.source in selection.sources)
        and (selection.since is None or item.published >= selection.since)
        and _worded(item, selection)
    }
    return tuple(sorted(stones.values(), key=lambda stone: (stone.at, stone.id), reverse=True))


def merged(
    selection: Selection,
    candidates: Sequence[Candidate],
    stones: Sequence[Tombstone] = (),
    *,
    base_url: str,
    authority: str,
    columns: Mapping[str, str],
    sources: Mapping[str, Source],
) -> Feed:
    """The selection as a Feed, whose address carries the selection's canonical query. `authority` is the
    tagging authority of its id where it has no entry."""
    query = selection.query()
    named = names(selection, columns, sources)
    base_url = base_url.rstrip("/")
    home = FeedKey.of(region=selection.regions[0]) if len(selection.regions) == 1 else MERGE
    return Feed(
        key=MERGE,
        title=title(named),
        subtitle=safe.text(f"按条件汇集的消息：{'，'.join(named)}"),
        home=compose.home_of(home, base_url),
        base_url=base_url,
        updated=max(
            [compose.NEVER, *(one.item.updated for one in candidates), *(stone.at for stone in stones)]
        ),
        items=tuple(one.item for one in candidates),
        sources=sources,
        query=query,
        authority=authority if not candidates else "",
        tombstones=tuple(stones),
        others={
            one.item.id: tuple(
                compose.also(kin.item, sources.get(kin.item.source), base_url) for kin in one.kin
            )
            for one in candidates
            if one.kin
        },
    )


def title(named: Iterable[str]) -> str:
    return safe.text(" · ".join([*named, "邸报"]))


def names(selection: Selection, columns: Mapping[str, str], sources: Mapping[str, Source]) -> list[str]:
    """What a selection asks for, in words: papers, places, columns, words; 全部 where it asks for nothing."""
    places = [compose.path_of(code)[-1] for code in selection.regions]
    titles = [columns.get(slug, slug) for slug in selection.columns]
    papers = [sources[name].name if name in sources else name for name in selection.sources]
    words = [f"“{word}”" for word in selection.words]
    without = [f"不含“{word}”" for word in selection.without]
    parts = ["、".join(names) for names in (papers, places, titles, words, without) if names]
    return parts or ["全部"]


def _worded(item: Item, selection: Selection) -> bool:
    """Whether all words of any of `words`, and no word of `without`, are in title or text."""
    if not selection.words and not selection.without:
        return True
    text = _plain("\n".join((item.title, *item.paragraphs)))
    wanted = [_plain(words).split() for words in selection.words]
    if wanted and not any(all(word in text for word in words) for words in wanted):
        return False
    return not any(word in text for words in selection.without for word in _plain(words).split())


def _plain(text: str) -> str:
    """Text as it is compared: full-width forms and letter case do not matter (NFKC, case folding)."""
    return unicodedata.normalize("NFKC", text).casefold()
