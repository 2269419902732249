"""An item's heading, title and text -> the divisions that it is about, and the words that say so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bulletins.model import Evidence, Region
from bulletins.regions.gazetteer import Division, candidates, gazetteer, local_stem, unique_stem
from bulletins.regions.mentions import Mention, mentions

_SEVERAL = re.compile(r"[、，,;；/／·与及\s]+")
_ALIKE = re.compile(r"(?:[、，,\s]|和|与|及|以及|同|暨|联合|携手|会同)*")
_WHOLE = re.compile(r"全[省国]|(?:^|[^\u3400-\u9fff]|[日国])省科协")  # who meets there is not of that place
_SENTENCE = re.compile(r"[^。！？!?]+[。！？!?]?")
_WORK = re.compile(r"《[^《》]*》")
_TITLE_STEM = re.compile(
    r"\s*(?:[【\[〔](?P<set>[\u3400-\u9fff]{2,5})[】\]〕]|(?P<name>[\u3400-\u9fff]{2,5}?)\s*[：:|｜丨])"
)
# Who stands behind what a sentence is about: 由省科协、阿坝州人民政府主办的活动.
_SPONSORED = re.compile(r"由[^。；;]{1,60}?(?:主办|承办|协办|举办|指导|发起|组织)(?:[、，,]|的)")
_DATELINE = re.compile(
    r"^[\s■●]*(?:本报|本刊|本网|新华社|中新社|中新网|[\u3400-\u9fff]{1,6}[网报])"
    r"([\u3400-\u9fff]{2,6}?)(?:\d{1,2}月\d{1,2}日)?[讯訊电電]"
)
_FOLLOWING = 2  # mentions in the rest of the body that make up for a lead that names no place


@dataclass(frozen=True, slots=True)
class Located:
    """`region` is what the item is about, `regions` all that it covers (each gets the item)."""

    region: Region | None
    regions: tuple[Region, ...]
    evidence: tuple[Evidence, ...]


def locate(
    *,
    title: str,
    paragraphs: Sequence[str],
    heading: str | None,
    within: str | None,
    signed: Sequence[str] = (),
) -> Located:
    """The most specific division that an item is about.

    The first of these that names one decides, and is its `how`: the section's "heading"; the "title"; the
    first sentence of the first paragraph that names a place, with its "explicit parent" (雅安市名山区), as an
    "organisation" (…科协) or as plain "text"; the "dateline"; a body that the rest of the "text" names again
    and again; a body that `signed` it, in the "byline"; `within`, the code of the "source"'s own region.

    A headline that names a region and nobody in it (…赴阿坝州调研), or no more than `within` (…四川省大赛),
    gives way to a text that says where in it. Of several divisions alike, `region` is the lowest common
    ancestor; None where they share none.
    """
    context = "\n".join((title, *paragraphs))
    if heading and (found := _heading(heading, context, within)):
        return _located(found, "heading", heading)
    headline = _subjects(title, within, context) or _title_stem(title, within)
    if headline and not _vague(headline, within) and any(one.organisation for one in headline):
        return _named_in(headline, "title")
    for told, how in _in_text(paragraphs, within, context):
        if not _vague(told, within) and (not headline or _within_all(told, headline)):
            return _named_in(told, how)
    if headline:
        return _named_in(headline, "title")
    for body in signed:
        if (signer := _subjects(body, within, context)) and not _vague(signer, within):
            return _named_in(signer, "byline")
    own = gazetteer().divisions.get(within or "")
    if own is None:
        return Located(None, (), ())
    return _located((own,), "source", own.name)


def _in_text(
    paragraphs: Sequence[str], within: str | None, context: str
) -> Iterator[tuple[tuple[Mention, ...], str | None]]:
    """What the text names, the best evidence first, and how, where the mention does not say it itself."""
    if not paragraphs:
        return
    lead = _lead(paragraphs[0], within, context)
    if lead:
        yield lead, None
    if (match := _DATELINE.match(paragraphs[0])) and (one := unique_stem(match[1], within)):
        yield (Mention(one, match.start(1), match.end(1), match[0].strip(), False, False),), "dateline"
    if not lead and (often := _repeated(paragraphs[1:], within, context)):
        yield often, "text"


def _heading(heading: str, context: str, within: str | None) -> tuple[Division, ...]:
    """What a section's heading names; for a name that several bear, the one whose parent the text names."""
    parts = [heading] if candidates(heading, within) else [part for part in _SEVERAL.split(heading) if part]
    found = []
    for part in parts:
        could = candidates(part, within)
        if len(could) > 1:
            told = [one for one in could if "".join(one.path[-2:]) in context]
            could = tuple(told or [one for one in could if one.path[-2] in context])
        if len(could) == 1:
            found.append(could[0])
        elif len(parts) == 1:  # a heading that says more than the name: 名山区科协
            named = [mention.division for mention in _subjects(heading, within, context)]
            stem = local_stem(heading, within)
            found += named or ([stem] if stem else [])
    return tuple(dict.fromkeys(found))


def _title_stem(title: str, within: str | None) -> tuple[Mention, ...]:
    """成都：… or 汶川：… at a headline's head: prefectures of the source's province, counties in `within`."""
    match = _TITLE_STEM.match(title)
    if match is None or match.lastgroup is None:
        return ()
    word, place = match[match.lastgroup], match.span(match.lastgroup)
    found = candidates(word, within)
    one = found[0] if len(found) == 1 else local_stem(word, within)
    return (Mention(one, *place, word, False, False),) if one else ()


def _lead(paragraph: str, within: str | None, context: str) -> tuple[Mention, ...]:
    """The subjects of the first sentence that has any; the places in titles (《成都市…条例》) are none."""
    for sentence in _SENTENCE.findall(_WORK.sub("", paragraph)):
        if found := _subjects(sentence, within, context):
            return found
    return ()


def _repeated(paragraphs: Iterable[str], within: str | None, context: str) -> tuple[Mention, ...]:
    """The one division that the rest of the body names again and again; a place passed through is not."""
    seen = [mention for text in paragraphs for mention in mentions(text, within, context)]
    seen = [mention for mention in seen if mention.organisation and not _vague((mention,), within)]
    counts = Counter(mention.division for mention in seen).most_common(2)
    if not counts or counts[0][1] < _FOLLOWING or (len(counts) > 1 and counts[1][1] * 2 > counts[0][1]):
        return ()
    return tuple(mention for mention in seen if mention.division == counts[0][0])[:1]


def _subjects(text: str, within: str | None, context: str) -> tuple[Mention, ...]:
    """What a sentence or headline is about: the first mention with the names above it or a body of its own,
    else the first, and those that stand alike beside it. Not the places that its subject visits, comes from
    or meets at, nor what a more specific mention lies in."""
    kept: list[Mention] = []
    found = mentions(text, within, context)
    for mention in [one for one in found if not one.origin] or found:
        host = _host(text, kept, mention)
        foreign = kept and not any(_inside(mention, one) for one in kept)
        if (mention.venue and host) or (foreign and (mention.visited or mention.venue)):
            continue
        kept.append(mention)
    kept = [one for one in kept if not any(_inside(other, one) for other in kept)]
    best = next((n for n, one in enumerate(kept) if one.explicit or one.organisation), 0)
    first = last = best
    while first > 0 and _ALIKE.fullmatch(text[kept[first - 1].framed : kept[first].start]):
        first -= 1
    while last + 1 < len(kept) and _ALIKE.fullmatch(text[kept[last].framed : kept[last + 1].start]):
        last += 1
    return tuple(kept[first : last + 1])


def _host(text: str, kept: Iterable[Mention], guest: Mention) -> bool:
    """Whether a body named before a place only meets there; one that sponsors what is held there does not."""
    sponsored = next(_SPONSORED.finditer(text, 0, guest.start), None)
    behind = range(*sponsored.span()) if sponsored else ()
    hosts = any(one.organisation and one.start not in behind for one in kept)
    return hosts or any(whole.start() not in behind for whole in _WHOLE.finditer(text, 0, guest.start))


def _inside(one: Mention, other: Mention) -> bool:
    return one.division != other.division and gazetteer().inside(one.division.code, other.division.code)


def _within_all(found: Iterable[Mention], whole: Sequence[Mention]) -> bool:
    """Whether each of `found` lies in a division of `whole`, and is more than where its people met."""
    return all(any(_inside(one, other) for other in whole) and not one.venue for one in found)


def _vague(found: Iterable[Mention], within: str | None) -> bool:
    """Whether no more is named than the source's own region, or what lies around it."""
    return bool(within) and all(gazetteer().inside(within or "", one.division.code) for one in found)


def _named_in(found: Sequence[Mention], how: str | None = None) -> Located:
    if how is None:
        explicit, body = (any(one.explicit for one in found), any(one.organisation for one in found))
        how = "explicit parent" if explicit else "organisation" if body else "text"
    return _located([one.division for one in found], how, "、".join(one.text for one in found))


def _located(found: Sequence[Division], how: str, words: str) -> Located:
    found = tuple(dict.fromkeys(found))
    regions = tuple(Region(one.code, one.path, how) for one in found)
    common = _common(found)
    region = Region(common.code, common.path, how) if common else None
    return Located(region, regions, (Evidence("region", how, words),))


def _common(found: Sequence[Division]) -> Division | None:
    """The lowest common ancestor; of one, itself."""
    known = gazetteer()
    lines = [[*reversed([one, *known.ancestors(one.code)])] for one in found]
    shared = [level[0] for level in zip(*lines, strict=False) if len(set(level)) == 1]
    return shared[-1] if shared else None
