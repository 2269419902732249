"""An item's heading, title and text -> the divisions that it is about, and the words that say so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bulletins.model import Evidence, Region
from bulletins.regions import frames
from bulletins.regions.gazetteer import Division, gazetteer
from bulletins.regions.leads import in_text, lead
from bulletins.regions.mentions import Mention, mentions
from bulletins.regions.naming import by_context, candidates, local_stem, stem_below, unique_stem
from bulletins.regions.subjects import inside, subjects, vague
from bulletins.regions.where import Where

# What an editor has to look at, as `how` of the evidence: a name that several divisions bear; a part that is
# not of the whole named before it; a section's heading that names no division.
DOUBTS = {  # why a region is left open, in a word and in words
    "ambiguous": "may be any of these",
    "contradicted": "stands below a division that it is no part of",
    "unknown heading": "its section's heading is no region",
}

_SEVERAL = re.compile(r"[、，,;；/／·与及\s]+")
# Lines about the article, its author or its copy, which tell nothing of where it happens.
_ASIDE = re.compile(
    r"[\s【\[(（]*(?:作者(?:简介|单位|系)|发布[于时日人]|发表时间|本文[转来]自|(?:信息|稿件|文章)?来源|责任?编辑?|责编|编辑|"
    r"审核|校对|IP\s*属地|字号|上一[篇条]|下一[篇条]|标题导航|当前位置|版权)"
)
# A headline over several short reports: 市州动态三则.
_ROUNDUP = re.compile(r"[两二三四五六七八九十\d]则|简讯|快讯|集锦|动态|速览|扫描|掠影")
_TITLE_STEM = re.compile(
    r"\s*(?:[【\[〔](?P<set>[\u3400-\u9fff]{2,5})[】\]〕]|(?P<name>[\u3400-\u9fff]{2,5}?)\s*[：:|｜丨])"
)


@dataclass(frozen=True, slots=True)
class Located:
    """`region` is what the item is about, `regions` all that it covers (each gets the item). Evidence whose
    `how` is one of DOUBTS says why it is left open."""

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
    printed: date | None = None,
) -> Located:
    """The most specific division that an item is about, as names were on the day it was `printed`.

    The first of these that names one decides, and is its `how`: the section's "heading"; the "title"; the
    first sentence of the first paragraph that names a place, with its "explicit parent" (雅安市名山区), as an
    "organisation" (…科协) or as plain "text"; the "dateline"; a body that the rest of the "text" names again
    and again; a body that `signed` it, in the "byline"; `within`, the code of the "source"'s own region.

    A headline that names a region and nobody in it (…赴阿坝州调研), or no more than `within` (…四川省大赛),
    gives way to a text that says where in it. Of several divisions alike, `region` is the lowest common
    ancestor; None where they share none. Where a name that decides may mean several divisions, or stands
    below one that it is no part of, both are left open and the evidence says what it could be.
    """
    paragraphs = [text for text in paragraphs if not _ASIDE.match(text)]
    where = Where(within, printed, "\n".join((title, *paragraphs)))
    if heading and (told := _heading(heading, where)):
        return told
    told = _titled(title, paragraphs, signed, where)
    if told:
        return told
    if heading:
        return Located(None, (), (_doubt("unknown heading", heading),))
    own = gazetteer().divisions.get(within or "")
    if own is None:
        return Located(None, (), ())
    return _located((own,), "source", own.name)


def _titled(title: str, paragraphs: Sequence[str], signed: Sequence[str], where: Where) -> Located | None:
    headline = _received(subjects(title, where), paragraphs, where)
    if paragraphs and frames.ADDRESSED.match(paragraphs[0]) and vague(headline, where):
        return None  # a notice of the source's region to all its parts
    if _ROUNDUP.search(title) and vague(headline, where) and (parts := _each(paragraphs, where)):
        return _named_in(parts)
    if len(headline) == 1 and headline[0].own:
        return _within(paragraphs, headline, where)
    bodies = [one for one in headline if one.organisation and not one.doubt]
    if bodies and not vague(headline, where):
        return _named_in(headline, "title")
    stem = () if headline else _title_stem(title, where.within)
    for told, how in in_text(paragraphs, where):
        if not vague(told, where):
            if _agrees(told, headline, stem):
                return _named_in(told, how)
        elif how is None and all(one.venue for one in headline):
            headline = ()  # the lead has more than the place where it met
    if headline or stem:
        return _named_in(headline or stem, "title")
    for body in signed:
        if (signer := subjects(body, where)) and not vague(signer, where):
            return _named_in(signer, "byline")
    return None


def _each(paragraphs: Sequence[str], where: Where) -> list[Mention]:
    """What the short reports of a roundup are about, one in each paragraph; none where they are no such."""
    told = [lead(text, where) for text in paragraphs]
    several = len({found[0].division for found in told if found}) > 1
    apart = several and all(found and not vague(found, where) for found in told)
    return [one for found in told for one in found] if apart else []


def _agrees(told: Sequence[Mention], headline: Sequence[Mention], stem: Sequence[Mention]) -> bool:
    """Whether a text may say more than the headline: where in its region, not only where its people met. A
    stem at its head gives way to a body elsewhere, a doubtful name to any."""
    sure = [one for one in headline if not one.doubt]
    if sure and (not _within_all(told, sure) or any(one.venue for one in told)):
        return False
    return not stem or _within_all(told, stem) or any(one.organisation for one in told)


def _within(paragraphs: Sequence[str], headline: Sequence[Mention], where: Where) -> Located | None:
    """Where in the source's region, of which the headline speaks as 我市, the text takes place."""
    for told, how in in_text(paragraphs, where):
        if not vague(told, where) and (_within_all(told, headline) or any(one.own for one in told)):
            return _named_in(told, how)
    return None


def _received(headline: tuple[Mention, ...], paragraphs: Sequence[str], where: Where) -> tuple[Mention, ...]:
    """A headline about people from elsewhere is none, where the text names them only as guests of the
    source's region."""
    if not headline or not paragraphs or not all(where.away(one.division) for one in headline):
        return headline
    named = {one.division for one in mentions(paragraphs[0], where)}
    told = lead(paragraphs[0], where)
    hosts = told and not any(where.away(one.division) for one in told)
    return () if hosts and all(one.division in named for one in headline) else headline


def _heading(heading: str, where: Where) -> Located | None:
    """What a section's heading names, in every part; None where it names nothing."""
    whole = candidates(heading, where.within, where.printed)
    parts = [heading] if whole else [part for part in _SEVERAL.split(heading) if part]
    found: list[Division] = []
    for part in parts:
        could = candidates(part, where.within, where.printed)
        if len(could) > 1:
            could = by_context(could, where.context)
        if len(could) > 1:
            return _doubtful("ambiguous", part, could)
        if could:
            found.append(could[0])
        elif len(parts) == 1:  # a heading that says more than the name: 名山区科协
            named = subjects(heading, where)
            if any(one.doubt for one in named):
                return _named_in(named)
            stem = local_stem(heading, where.within)
            found += [one.division for one in named] or ([stem] if stem else [])
    return _located(found, "heading", heading) if found else None


def _title_stem(title: str, within: str | None) -> tuple[Mention, ...]:
    """成都：… or 汶川：… at a headline's head: prefectures of the source's province (to a
    source without a region, of any), counties in `within`, and any with its parents (浙江安吉)."""
    match = _TITLE_STEM.match(title)
    if match is None or match.lastgroup is None:
        return ()
    word, place = match[match.lastgroup], match.span(match.lastgroup)
    found = candidates(word, within)
    one = found[0] if len(found) == 1 else local_stem(word, within) or stem_below(word)
    if one is None and within is None and (city := unique_stem(word, None)) and len(city.path) == 2:
        one = city
    return (Mention((one,), *place, word),) if one else ()


def _within_all(found: Iterable[Mention], whole: Sequence[Mention]) -> bool:
    """Whether each of `found` lies in a division of `whole`."""
    return all(any(inside(one, other) for other in whole) for one in found)


def _named_in(found: Sequence[Mention], how: str | None = None) -> Located:
    for one in found:
        if one.doubt:
            return _doubtful(one.doubt, one.text, one.could)
    if how is None:
        explicit, body = (any(one.explicit for one in found), any(one.organisation for one in found))
        how = "explicit parent" if explicit else "organisation" if body else "text"
    return _located([one.division for one in found], how, "、".join(one.text for one in found))


def _doubtful(doubt: str, words: str, could: Iterable[Division]) -> Located:
    told = "、".join(f"{one.code} {''.join(one.path)}" for one in could)
    return Located(None, (), (_doubt(doubt, f"{words}：{told}"),))


def _doubt(how: str, words: str) -> Evidence:
    return Evidence("region", how, words, DOUBTS[how])


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
