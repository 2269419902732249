"""A sentence -> the divisions that it names, each with the frame that it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from bulletins.regions import frames
from bulletins.regions.gazetteer import Division, gazetteer
from bulletins.regions.naming import below_parents, by_context, unique_stem
from bulletins.regions.where import Where

_MOST = 250  # mentions in one text; all counties of a province are fewer
_LISTED = 10  # nouns that a list may begin with
_ABOVE = 45  # characters of the longest names above one
_AND = re.compile("[、，,和与及]")


@dataclass(frozen=True, slots=True)
class Mention:
    """A division named in a sentence. `start` counts the names above it in; `text` also has its frame.

    `could` has more than one where the name is "ambiguous" or "contradicted" by the name before it, as
    `doubt` says."""

    could: tuple[Division, ...]
    start: int
    end: int
    text: str
    explicit: bool = False  # the names above it stand before it
    organisation: bool = False  # a body of that division: …科协
    visited: bool = False
    origin: bool = False
    venue: bool = False
    guest: bool = False  # a delegation of it
    own: bool = False  # 我市, 全县
    institution: bool = False  # a hospital, school or company that has its name
    doubt: str = ""

    @property
    def division(self) -> Division:
        return self.could[0]

    @property
    def framed(self) -> int:
        """Where its frame ends."""
        return self.start + len(self.text)


def mentions(text: str, where: Where) -> tuple[Mention, ...]:
    """In order of place. Longest names first, none inside a longer one. A name that several divisions bear
    is that one's which the names before it, the source's region, a neighbour or the context single out."""
    ways = (_full(text, where), _stems(text, where), _own(text, where))
    found = sorted(chain(*(islice(way, _MOST) for way in ways)), key=lambda mention: mention.start)
    found = [one for one in found if not _is_parent(one, found)]
    found = [_without_body(one, text) if _shares_body(one, found) else one for one in found]
    return tuple(_alike(text, [_told_apart(one, found) for one in found]))


def _is_parent(one: Mention, found: Iterable[Mention]) -> bool:
    """Whether a name only stands above the next one's, as it did once: 资阳市|简阳市."""
    return any(other.start <= one.start and one.end < other.end for other in found)


def _shares_body(one: Mention, found: Iterable[Mention]) -> bool:
    """Whether the body after a name is the next one's: 芦山县|汶川县科协."""
    return any(one.end < other.end < one.framed for other in found)


def _without_body(one: Mention, text: str) -> Mention:
    return replace(one, organisation=False, text=text[one.start : one.end])


def _told_apart(one: Mention, found: Iterable[Mention]) -> Mention:
    """A homonym beside a sure neighbour is the one of the neighbour's prefecture: 东兴区、市中区."""
    if one.doubt != "ambiguous":
        return one
    beside = {other.division.path[:-1] for other in found if not other.doubt}
    near = tuple(each for each in one.could if each.path[:-1] in beside)
    return replace(one, could=near, doubt="") if len(near) == 1 else one


def _alike(text: str, found: Sequence[Mention]) -> Iterator[Mention]:
    """What comes from a place, or is visited, in a list of places: 来自芦山县、天全县."""
    before: Mention | None = None
    for one in found:
        if before and _AND.fullmatch(text, before.framed, one.start):
            one = replace(one, origin=one.origin or before.origin, visited=one.visited or before.visited)
        yield one
        before = one


def _full(text: str, where: Where) -> Iterator[Mention]:
    known = gazetteer()
    reached = 0
    before: Mention | None = None
    for position in [n for n in range(len(text) - 1) if text[n : n + 2] in known.sizes]:
        name = known.longest(text, position) if position >= reached else None
        if name is None:
            continue
        reached = position + len(name)
        if one := _named(text, position, name, before, where):
            yield one
            reached = one.end
            before = None if one.doubt == "contradicted" else one


def _named(text: str, position: int, name: str, before: Mention | None, where: Where) -> Mention | None:
    """What a name at this place mentions after the mention before it; None where it is no name here."""
    end = position + len(name)
    found, above = _meant(text, position, name, where)
    over = before if before is not None and before.end == position else None
    if over and above is None and not _fits_after(over.division, found):
        if not frames.contradicts(text, end, name):
            return None
        one = _mention(text, over.start, end, (*over.could, *found), explicit=True)
        return replace(one, doubt="contradicted")
    listed = before is not None and _AND.fullmatch(text, before.end, position) is not None
    listed = listed or _heads_list(text, end)
    home = where.within is not None and len(found) == 1 and where.home(found[0])
    explicit = above is not None
    if not frames.bounded(text, position, name, explicit=explicit, listed=listed, home=home):
        return None
    start = position if above is None else above
    if inner := _serves_twice(text, name, end):
        return _mention(text, start, end + 2, (inner,), explicit=True)
    return _mention(text, start, end, found, explicit=explicit)


def _serves_twice(text: str, name: str, end: int) -> Division | None:
    """乐山市中区 is 乐山市市中区 as people say it: the 市 serves twice."""
    if not (name.endswith("市") and text.startswith("市中区", end - 1)):
        return None
    return next((one for one in gazetteer().names["市中区"] if one.path[-2:-1] == (name,)), None)


def _meant(text: str, position: int, name: str, where: Where) -> tuple[tuple[Division, ...], int | None]:
    """The divisions that a name can mean here, and where the names above it begin."""
    left = text[max(0, position - _ABOVE) : position]
    if read := below_parents(left, name, where.printed):
        nearest = min(read.values())
        found = tuple(one for one, start in read.items() if start == nearest)
        return found, position - len(left) + nearest
    known = gazetteer()
    found = known.prefer(known.bearers(name, where.printed), where.within)
    return (by_context(found, where.context + text) if len(found) > 1 else found), None


def _fits_after(over: Division, found: Sequence[Division]) -> bool:
    """Whether a name can stand directly after that of `over`: as a part of it, or as none of lower rank."""
    known = gazetteer()
    beside = all(len(over.path) >= len(one.path) for one in found)
    return beside or any(known.inside(one.code, over.code) for one in found)


def _heads_list(text: str, end: int) -> bool:
    """Whether a name is followed by others of which one is no common noun (茂县、松潘县), or by such whose
    bodies are meant (东区、西区科协)."""
    for _ in range(_LISTED):
        name = gazetteer().longest(text, end + 1) if _AND.match(text, end) else None
        if name is None or not frames.noun(name):
            return name is not None
        end += 1 + len(name)
        if frames.ASSOCIATION.match(text, end):
            return True
    return False


def _stems(text: str, where: Where) -> Iterator[Mention]:
    """Stems in the two frames that hold them: at a boundary before 科协, and in 内江、自贡、泸州三市."""
    for listed in frames.LISTED.finditer(text) if "、" in text else ():
        for word in re.finditer("[^、]+", listed[1]):
            if one := unique_stem(word[0], where.within):
                at = listed.start(1)
                yield _mention(text, at + word.start(), at + word.end(), (one,))
    for frame in frames.ASSOCIATION.finditer(text):
        for size in range(min(8, frame.start()), 1, -1):
            start = frame.start() - size
            one = unique_stem(text[start : frame.start()], where.within)
            if one and frames.opens(text, start) and not frames.OWN.match(text, start):  # 全州科协
                yield _mention(text, start, frame.start(), (one,))
                break


def _own(text: str, where: Where) -> Iterator[Mention]:
    """我市 and 市科协 in a source of a city: the source's own region, where the word is of its level."""
    own = gazetteer().divisions.get(where.within or "")
    for match in frames.OWN.finditer(text) if own else ():
        level = match["scope"] or match["body"]
        if own and own.name.endswith(level) and (match["scope"] or frames.opens(text, match.start())):
            one = _mention(
                text, match.start(), match.start("body") + 1 if match["body"] else match.end(), (own,)
            )
            yield replace(one, own=match["scope"] is not None)


def _mention(
    text: str, start: int, end: int, could: tuple[Division, ...], *, explicit: bool = False
) -> Mention:
    body = frames.ORGANISATION.match(text, end)
    framed = body.end() if body else end
    return Mention(
        could=could,
        start=start,
        end=end,
        text=text[start:framed],
        explicit=explicit,
        organisation=body is not None,
        visited=frames.visited(text, start),
        origin=frames.origin(text, start, end),
        venue=frames.venue(text, start, end),
        guest=frames.guest(text, framed),
        institution=body is None and frames.institution(text, end),
        doubt="ambiguous" if len(could) > 1 else "",
    )
