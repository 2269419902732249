"""A feed made on request: a Selection and the items of its feeds in, one Feed of what it asks for out."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bulletins.model import Item, Source
from feeds import compose, safe
from feeds.compose import Feed
from feeds.scope import MERGE, FeedKey
from feeds.selection import Selection


def chosen(items: Iterable[Item], selection: Selection) -> list[Item]:
    """The first `limit` of `items`, in their order, that the selection's words let through; with `collapse`,
    those that say the same as one before them are passed over. Reads no further than it needs."""
    taken: list[Item] = []
    seen: set[str] = set()
    for item in _worded(items, selection):
        if selection.collapse:
            saying = likeness(item)
            if saying in seen:
                continue
            seen.add(saying)
        taken.append(item)
        if len(taken) == selection.limit:
            break
    return taken


def likeness(item: Item) -> str:
    """A digest that items share which say the same: title and paragraphs without regard to white space,
    punctuation, letter case and width, as a notice of the province and its copies in the counties differ."""
    plain = "\n".join(_bare(text) for text in (item.title, *item.paragraphs))
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def merged(
    selection: Selection,
    items: Sequence[Item],
    *,
    base_url: str,
    columns: Mapping[str, str],
    sources: Mapping[str, Source],
) -> Feed:
    """The selection as a Feed, whose address carries the selection's canonical query."""
    query = selection.query()
    named = names(selection, columns, sources)
    home = FeedKey.of(region=selection.regions[0]) if len(selection.regions) == 1 else MERGE
    return Feed(
        key=MERGE,
        title=title(named),
        subtitle=safe.text(f"按条件汇集的消息：{'，'.join(named)}"),
        home=compose.home_of(home, base_url),
        base_url=base_url.rstrip("/"),
        updated=max((item.updated for item in items), default=compose.NEVER),
        items=tuple(items),
        sources=sources,
        query=query,
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


def _worded(items: Iterable[Item], selection: Selection) -> Iterator[Item]:
    """The items with all words of any of `words`, and no word of `without`, in title or text."""
    wanted = [_plain(words).split() for words in selection.words]
    unwanted = [word for words in selection.without for word in _plain(words).split()]
    for item in items:
        text = _plain("\n".join((item.title, *item.paragraphs))) if wanted or unwanted else ""
        if wanted and not any(all(word in text for word in words) for words in wanted):
            continue
        if not any(word in text for word in unwanted):
            yield item


def _plain(text: str) -> str:
    """Text as it is compared: full-width forms and letter case do not matter (NFKC, case folding)."""
    return unicodedata.normalize("NFKC", text).casefold()


def _bare(text: str) -> str:
    return "".join(each for each in _plain(text) if each.isalnum())
