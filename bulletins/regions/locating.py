"""An item's heading, title and text -> the divisions that it is about, and the words that say so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bulletins.model import Evidence, Region
from bulletins.regions import frames
from bulletins.regions.gazetteer import Division, gazetteer
from bulletins.regions.mentions import Mention, Where, by_context, mentions
from bulletins.regions.naming import candidates, local_stem, stem_below, unique_stem
from bulletins.regions.subjects import inside, subjects, vague

# What an editor has to look at, as `how` of the evidence: a name that several divisions bear; a part that is
# not of the whole named before it; a section's heading that names no division.
DOUBTS = frozenset({"ambiguous", "contradicted", "unknown heading"})

_SEVERAL = re.compile(r"[、，,;；/／·与及\s]+")
_SENTENCE = re.compile(r"[^。！？!?]+[。！？!?]?")
_WORK = re.compile(r"《[^《》]*》")
# Lines about the article, its author or its copy, which tell nothing of where it happens.
_ASIDE = re.compile(
    r"[\s【\[(（]*(?:作者(?:简介|单位|系)|发布[于时日人]|发表时间|本文[转来]自|(?:信息|稿件|文章)?来源|责任?编辑?|责编|编辑|"
    r"审核|校对|IP\s*属地|字号|上一[篇条]|下一[篇条]|标题导航|当前位置|版权)"
)
_TITLE_STEM = re.compile(
    r"\s*(?:[【\[〔](?P<set>[\u3400-\u9fff]{2,5})[】\]〕]|(?P<name>[\u3400-\u9fff]{2,5}?)\s*[：:|｜丨])"
)
_DATELINE = re.compile(
    r"^[\s■●]*(?:本报|本刊|本网|新华社|中新社|中新网|[\u3400-\u9fff]{1,6}(?:[网报]|新闻))"
    r"([\u3400-\u9fff]{2,6}?)(?:\d{1,2}月\d{1,2}日)?[讯訊电電]"
)
_FOLLOWING = 2  # mentions in the rest of the body that make up for a lead that names no place
_SCENES = 4  # paragraphs that may pass before a report that opens with a scene says where it is
_OPENING = 2  # paragraphs in which a newspaper's own place may follow one from elsewhere


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
        return Located(None, (), (Evidence("region", "unknown heading", heading),))
    own = gazetteer().divisions.get(within or "")
    if own is None:
        return Located(None, (), ())
    return _located((own,), "source", own.name)


def _titled(title: str, paragraphs: Sequence[str], signed: Sequence[str], where: Where) -> Located | None:
    headline = _received(subjects(title, where), paragraphs, where)
    if len(headline) == 1 and headline[0].own:
        return _within(paragraphs, headline, where)
    stem = () if headline else _title_stem(title, where.within)
    if (
        headline
        and not vague(headline, where)
        and any(one.organisation and not one.doubt for one in headline)
    ):
        return _named_in(headline, "title")
    sure = [one for one in headline if not one.doubt]
    for told, how in _in_text(paragraphs, where):
        if vague(told, where):
            headline = () if how is None and all(one.venue for one in headline) else headline
            continue
        fits = not sure or (_within_all(told, sure) and not any(one.venue for one in told))
        if fits and (not stem or _within_all(told, stem) or any(one.organisation for one in told)):
            return _named_in(told, how)
    if headline or stem:
        return _named_in(headline or stem, "title")
    for body in signed:
        if (signer := subjects(body, where)) and not vague(signer, where):
            return _named_in(signer, "byline")
    return None


def _within(paragraphs: Sequence[str], headline: Sequence[Mention], where: Where) -> Located | None:
    """Where in the source's region, of which the headline speaks as 我市, the text takes place."""
    for told, how in _in_text(paragraphs, where):
        if not vague(told, where) and (_within_all(told, headline) or any(one.own for one in told)):
            return _named_in(told, how)
    return None


def _received(headline: tuple[Mention, ...], paragraphs: Sequence[str], where: Where) -> tuple[Mention, ...]:
    """A headline about people from elsewhere is none, where the text names them only as guests of the
    source's region."""
    if not headline or not paragraphs or not all(where.away(one.division) for one in headline):
        return headline
    named = {one.division for one in mentions(paragraphs[0], where)}
    lead = _lead(paragraphs[0], where)
    hosts = lead and not any(where.away(one.division) for one in lead)
    return () if hosts and all(one.division in named for one in headline) else headline


def _in_text(paragraphs: Sequence[str], where: Where) -> Iterator[tuple[tuple[Mention, ...], str | None]]:
    """What the text names, the best evidence first, and how, where the mention does not say it itself."""
    if not paragraphs:
        return
    lead = _opening(paragraphs, where)
    if lead:
        yield lead, None
    if (match := _DATELINE.match(paragraphs[0])) and (one := unique_stem(match[1], where.within)):
        yield (Mention((one,), match.start(1), match.end(1), match[0].strip()),), "dateline"
    if not lead and (often := _repeated(paragraphs[1:], where)):
        yield often, "text"
    scene = not lead and not frames.WHOLE.search(paragraphs[0])
    for text in paragraphs[1:_SCENES] if scene else ():
        later = _lead(text, where)
        if later and all(where.home(one.division) and not one.venue for one in later) and _told(later):
            yield later, "text"


def _told(found: Iterable[Mention]) -> bool:
    """Whether a place is more than passed through: named with its parents, or by a body."""
    return any(one.explicit or one.organisation for one in found)


def _opening(paragraphs: Sequence[str], where: Where) -> tuple[Mention, ...]:
    """What the lead names; a place elsewhere that it only passes through gives way to a body of the source's
    region in the paragraphs after it."""
    lead = _lead(paragraphs[0], where)
    passing = all(where.away(one.division) and not one.organisation for one in lead)
    for text in paragraphs[1:_OPENING] if lead and passing else ():
        local = _lead(text, where)
        if (
            local
            and all(where.home(one.division) for one in local)
            and any(one.organisation for one in local)
        ):
            return local
    return lead


def _lead(paragraph: str, where: Where) -> tuple[Mention, ...]:
    """The subjects of the first sentence that has any; the places in titles (《成都市…条例》) are none, and a
    sentence about a body of the source alone (市科协) waits for one that says where, unless they only looked
    at it."""
    waiting: tuple[Mention, ...] = ()
    for sentence in _SENTENCE.findall(_WORK.sub("", paragraph)):
        found = subjects(sentence, where)
        seen = waiting and all(frames.seen(sentence, one.start) for one in found)
        if found and not seen and (any(one.own for one in found) or not vague(found, where)):
            return found
        waiting = waiting or found
    return waiting


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
    """成都：… or 汶川：… at a headline's head: prefectures of the source's province, counties in `within`,
    and any with its parents (浙江安吉)."""
    match = _TITLE_STEM.match(title)
    if match is None or match.lastgroup is None:
        return ()
    word, place = match[match.lastgroup], match.span(match.lastgroup)
    found = candidates(word, within)
    one = found[0] if len(found) == 1 else local_stem(word, within) or stem_below(word)
    return (Mention((one,), *place, word),) if one else ()


def _repeated(paragraphs: Iterable[str], where: Where) -> tuple[Mention, ...]:
    """The one division that the rest of the body names again and again; a place passed through is not."""
    told = [text for text in paragraphs if frames.names_body(text)]
    seen = [mention for text in told for mention in mentions(text, where)]
    seen = [one for one in seen if one.organisation and not one.doubt and not vague((one,), where)]
    counts = Counter(mention.division for mention in seen).most_common(2)
    if not counts or counts[0][1] < _FOLLOWING or (len(counts) > 1 and counts[1][1] * 2 > counts[0][1]):
        return ()
    return tuple(mention for mention in seen if mention.division == counts[0][0])[:1]


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
    return Located(None, (), (Evidence("region", doubt, f"{words}：{told}"),))


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
