"""A sentence or headline -> the divisions that it is about: not its guests, sponsors, venues and origins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bulletins.regions import frames
from bulletins.regions.gazetteer import gazetteer
from bulletins.regions.mentions import Mention, mentions
from bulletins.regions.where import Where

_ALIKE = re.compile(r"(?:[、，,\s]|和|与|及|以及|同|暨|(?P<led>联合|携手|会同))*")


def subjects(text: str, where: Where) -> tuple[Mention, ...]:
    """The first mention with the names above it or a body of its own, else the first, and those that stand
    alike beside it. What a more specific mention lies in is not one."""
    found = [
        one
        for one in mentions(text, where)
        if not one.origin and not (one.institution and where.away(one.division))
    ]
    if not found:
        return ()
    found = _without_sponsors(text, found)
    kept: list[Mention] = []
    met = False  # whether people from all over met somewhere: what they then visit is not what it is about
    for one in found:
        comes = one.visited and kept and not met
        if comes and (_are_guests(kept, one, where, text) or frames.SERVES.match(text, one.framed)):
            kept = [one]
            continue
        foreign = kept and not any(inside(one, other) for other in kept)
        elsewhere = one.venue and (
            where.away(one.division) or frames.announced(text, one.start) or _hosted(text, kept, one)
        )
        passing = one.visited and (met or (foreign and not kept[-1].visited))
        met = met or elsewhere
        if elsewhere or passing or _calls(one, kept, where):
            continue
        acting = any(_acts_in(text, body, one) for body in kept)
        kept.append(replace(one, venue=False) if acting else one)
    kept = [one for one in kept if one.doubt or not any(inside(other, one) for other in kept)]
    best = next((n for n, one in enumerate(kept) if one.explicit or one.organisation), 0)
    first = last = best
    while first > 0 and _alike(text, kept[first - 1], kept[first]):
        first -= 1
    while last + 1 < len(kept) and _alike(text, kept[last], kept[last + 1]):
        last += 1
    return tuple(kept[first : last + 1])


def _alike(text: str, one: Mention, other: Mention) -> bool:
    """Whether two stand side by side; a body leads (联合) but bodies, not what else has a place's name."""
    between = _ALIKE.fullmatch(text, one.framed, other.start)
    return between is not None and (between["led"] is None or one.organisation == other.organisation)


def inside(one: Mention, other: Mention) -> bool:
    return one.division != other.division and gazetteer().inside(one.division.code, other.division.code)


def vague(found: Iterable[Mention], where: Where) -> bool:
    """Whether no more is named than the source's own region, or what lies around it."""
    return all(where.around(one.division) for one in found)


def _are_guests(kept: Sequence[Mention], host: Mention, where: Where, text: str) -> bool:
    """Whether those named so far only come to see the place visited: they are from elsewhere and the place is
    the source's, or a delegation that comes (来) rather than goes (赴)."""
    if where.within and where.home(host.division) and all(where.away(one.division) for one in kept):
        return True
    deeper = all(len(one.division.path) < len(host.division.path) for one in kept)
    if deeper and where.home(host.division) and not any(one.organisation for one in kept):
        return True  # people of a city's hospital, school or company who work in a county
    comes = where.within is None or frames.coming(text, host.start)
    return comes and all(one.guest for one in kept)


def _calls(one: Mention, kept: Sequence[Mention], where: Where) -> bool:
    """Whether a delegation is one that the source's region, or a body named before it, receives."""
    return one.guest and not one.visited and (bool(kept) or where.away(one.division))


def _without_sponsors(text: str, found: Sequence[Mention]) -> list[Mention]:
    """Who gives goes, and bodies that stand behind an event, where they are a province's or it is held in
    their area; not where nobody else is named."""
    given = _in_spans(found, frames.GIVEN.finditer(text))
    behind = _in_spans(found, frames.SPONSORED.finditer(text))
    events = [one for one in found if one not in behind and one not in given]
    idle = [one for one in behind if len(one.division.path) == 1 or any(inside(each, one) for each in events)]
    return [one for one in found if one not in idle and one not in given] if events else list(found)


def _in_spans(found: Iterable[Mention], spans: Iterable[re.Match[str]]) -> list[Mention]:
    ranges = [range(*match.span()) for match in spans]
    return [one for one in found if any(one.start in span for span in ranges)]


def _acts_in(text: str, body: Mention, place: Mention) -> bool:
    """Whether a body does something in a part of its area: 绵阳市科协在北川县举办…; not where it confers."""
    there = body.organisation and inside(place, body) and text[body.framed : place.start] == "在"
    return there and not frames.CONFERS.match(text, place.end)


def _hosted(text: str, kept: Iterable[Mention], guest: Mention) -> bool:
    """Whether what is named before a place only meets there: a body, or a meeting of more than the place; one
    that sponsors what is held there does not."""
    sponsored = next(frames.SPONSORED.finditer(text, 0, guest.start), None)
    behind = range(*sponsored.span()) if sponsored else range(0)
    hosts = [one for one in kept if one.start not in behind and not _acts_in(text, one, guest)]
    hosts = [one for one in hosts if not frames.TOURS.search(text, one.end, guest.start)]
    if any(one.organisation or frames.MEETING.fullmatch(text, one.end, guest.start) for one in hosts):
        return True
    return any(whole.start() not in behind for whole in frames.WHOLE.finditer(text, 0, guest.start))
