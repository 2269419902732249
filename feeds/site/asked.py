"""Pages made on request: what a search found, what a combination of feeds would hold, one Document out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bulletins.model import Item
from feeds import compose, merge, terms
from feeds.render import Document
from feeds.scope import MERGE, FeedKey
from feeds.selection import Selection
from feeds.site import views
from feeds.site.rendering import HTML, render
from feeds.site.shelf import Place, Shelf, path_of

_EXCERPT = 120  # characters of a hit's text
_WHOLE_TREE = 400  # regions that the page for picking shows all at once
_COLUMNS = 200  # that can be picked from


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed, as far as it is honoured: the words, the first and last day as ISO dates or empty,
    and remarks on what was left out."""

    q: str = ""
    region: str = ""
    column: str = ""
    source: str = ""
    since: str = ""
    until: str = ""
    remarks: tuple[tuple[str, str], ...] = ()  # a message and what goes where it says {word}

    @property
    def narrowed(self) -> bool:
        return bool(self.region or self.column or self.source or self.since or self.until)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found. `further` is the query of the next page, empty after the last; `earlier`: this is not
    the first page. `places` are divisions of that name: their names from the province down, their pages."""

    items: tuple[Item, ...] = ()
    further: str = ""
    earlier: bool = False
    places: tuple[tuple[str, str], ...] = ()
    without: tuple[tuple[str, str, str], ...] = ()  # divisions without news, and the nearest that has a page


@dataclass(frozen=True, slots=True)
class Hit:
    """A story with its words marked: (text, whether it is a word)."""

    story: views.Story
    title: list[tuple[str, bool]] = field(default_factory=list)
    excerpt: list[tuple[str, bool]] = field(default_factory=list)


def search(shelf: Shelf, asked: Asked, selection: Selection, found: Found) -> Document:
    """The page of a search. `selection` is what a feed of it would ask for."""
    words = selection.words
    hits = [_hit(shelf, item, words) for item in found.items]
    body = render(
        "search.html",
        lang=shelf.lang,
        path="search/",
        shelf=shelf,
        asked=asked,
        hits=hits,
        found=found,
        any=bool(asked.q or asked.narrowed),
        ways=shelf.ways(MERGE, selection.query()),
        feeds_title=merge.title(merge.names(selection, shelf.columns, shelf.sources)),
        places=_choices(shelf, asked.region),
        slugs=_slugs(shelf, [asked.column]),
        papers=_papers(shelf, [asked.source]),
    )
    return Document("search/index.html", HTML, body, compose.NEVER)


def subscribe(
    shelf: Shelf,
    selection: Selection,
    items: Sequence[Item],
    *,
    within: str,
    joined: bool = True,
    problem: tuple[str, str] | None = None,
) -> Document:
    """The page for picking regions, columns and sources; with any picked, their feed's addresses and what it
    would hold. `within`: the province whose counties are shown, where there are too many for all; `joined`:
    one feed can hold them all; `problem`: a message and what goes where it says {word}."""
    chosen = bool(selection.regions or selection.columns or selection.sources)
    many = shelf.regions > _WHOLE_TREE
    query = selection.query()
    inner = shelf.places(within=within) if many and within else ()
    # What stands in a list of its own is not there a second time: a tick could not be taken away.
    places = [
        replace(one, parts=()) if inner and one.code == within else one
        for one in shelf.places(depth=2 if many else 3)
    ]
    shown = {one.code for one in _all((*places, *inner)) if one.page}
    body = render(
        "subscribe.html",
        lang=shelf.lang,
        path="subscribe/",
        shelf=shelf,
        chosen=chosen,
        joined=joined,
        names=merge.names(selection, shelf.columns, shelf.sources),
        items=[views.story(shelf, item) for item in items],
        ways=shelf.ways(MERGE, query if joined else ""),
        query=query,
        places=places,
        inner=inner,
        within=path_of(within)[-1] if many and within else "",
        many=many,
        ticked=set(selection.regions) | set(selection.columns) | set(selection.sources),
        kept=[(code, path_of(code)[-1]) for code in selection.regions if code not in shown],
        slugs=_slugs(shelf, selection.columns),
        papers=_papers(shelf, selection.sources),
        problem=problem,
    )
    return Document("subscribe/index.html", HTML, body, compose.NEVER)


def absent(shelf: Shelf, code: str, root: str) -> bytes:
    """What stands where a division has no page: that it has no news yet, and who above it has."""
    path = path_of(code)
    above = _nearest(shelf, code)
    return render(
        "absent.html",
        lang=shelf.lang,
        path="",
        root=root,
        base=root if shelf.lang == "zh" else f"../{root}",
        name="".join(path),
        wider=path_of(above)[-1] if above else "",
        page=shelf.region_page(above) if above else "",
        ways=shelf.ways(FeedKey.of(region=above)) if above else None,
    )


def nearest(shelf: Shelf, code: str) -> tuple[str, str]:
    """The name and the page of the nearest division above that has one; empty where none has."""
    above = _nearest(shelf, code)
    return (path_of(above)[-1], shelf.region_page(above)) if above else ("", "")


def _nearest(shelf: Shelf, code: str) -> str | None:
    return next((up for up in (code[:4] + "00", code[:2] + "0000") if shelf.region_page(up)), None)


def _hit(shelf: Shelf, item: Item, words: Sequence[str]) -> Hit:
    told = views.story(shelf, item)
    texts = [block.text for block in compose.body(item, shelf.sources.get(item.source)) if block.text]
    whole = " ".join(texts) or told.excerpt
    excerpt = terms.around(whole, words, _EXCERPT)
    return Hit(told, terms.marked(told.title, words), terms.marked(excerpt, words))


def _slugs(shelf: Shelf, chosen: Sequence[str]) -> list[tuple[str, str]]:
    """The columns to choose from, the heaviest first, and whatever is chosen."""
    slugs = dict.fromkeys((*shelf.slugs()[:_COLUMNS], *filter(None, chosen)))
    return [(slug, shelf.column_name(slug)) for slug in slugs]


def _papers(shelf: Shelf, chosen: Sequence[str]) -> list[tuple[str, str]]:
    """The sources to choose from: those that have a page, and whatever is chosen."""
    return [
        (one.id, one.name) for one in shelf.sources.values() if shelf.source_page(one.id) or one.id in chosen
    ]


def _choices(shelf: Shelf, chosen: str) -> list[tuple[str, str]]:
    """The regions to choose from: provinces and what is right below them, below the prefecture that is
    chosen, or that the chosen county is of, its counties, and what is chosen."""
    found: list[tuple[str, str]] = []
    prefecture = f"{chosen[:4]}00"

    def add(places: Sequence[Place], depth: int) -> None:
        for place in places:
            found.append((place.code, "　" * depth + place.name))
            parts = shelf.places(within=place.code, depth=1) if place.code == prefecture else ()
            add(place.parts or parts, depth + 1)

    add(shelf.places(depth=2), 0)
    if chosen and chosen not in {code for code, _ in found}:
        found.insert(0, (chosen, "".join(path_of(chosen))))
    return found


def _all(places: Sequence[Place]) -> Iterator[Place]:
    for place in places:
        yield place
        yield from _all(place.parts)
