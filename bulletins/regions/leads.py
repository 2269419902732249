"""An article's paragraphs -> the divisions that they name, the best evidence first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bulletins.regions import frames
from bulletins.regions.mentions import Mention, mentions
from bulletins.regions.naming import unique_stem
from bulletins.regions.subjects import subjects, vague
from bulletins.regions.where import Where

_SENTENCE = re.compile(r"[^。！？!?]+[。！？!?]?")
_WORK = re.compile(r"《[^《》]*》")
_DATELINE = re.compile(
    r"^[\s■●]*(?:本报|本刊|本网|新华社|中新社|中新网|[\u3400-\u9fff]{1,6}(?:[网报]|新闻))"
    r"([\u3400-\u9fff]{2,6}?)(?:\d{1,2}月\d{1,2}日)?[讯訊电電]"
)
_FOLLOWING = 2  # mentions in the rest of the body that make up for a lead that names no place
_SCENES = 4  # paragraphs that may pass before a report that opens with a scene says where it is


def in_text(paragraphs: Sequence[str], where: Where) -> Iterator[tuple[tuple[Mention, ...], str | None]]:
    """What the text names, the best evidence first, and how, where the mention does not say it itself."""
    if not paragraphs:
        return
    first = _opening(paragraphs, where)
    if first:
        yield first, None
    if (match := _DATELINE.match(paragraphs[0])) and (one := unique_stem(match[1], where.within)):
        yield (Mention((one,), match.start(1), match.end(1), match[0].strip()),), "dateline"
    if first:
        return
    if often := _repeated(paragraphs[1:], where):
        yield often, "text"
    for text in paragraphs[1:_SCENES] if not frames.WHOLE.search(paragraphs[0]) else ():
        later = lead(text, where)
        if later and all(where.home(one.division) and not one.venue for one in later) and _told(later, text):
            yield later, "text"


def _told(found: Iterable[Mention], text: str) -> bool:
    """Whether a place is more than passed through: named with its parents or a part, or by a body."""
    return any(
        one.explicit or one.organisation or frames.PLACE_BELOW.match(text, one.end) is not None
        for one in found
    )


def _opening(paragraphs: Sequence[str], where: Where) -> tuple[Mention, ...]:
    """What the lead names; a place elsewhere that it only passes through, and what it remembers of years ago,
    give way to a body of the source's region in the next paragraph."""
    first = lead(paragraphs[0], where)
    passing = all(where.away(one.division) and not one.organisation for one in first)
    if first and (passing or frames.BACKGROUND.match(paragraphs[0])):
        local = lead(paragraphs[1], where) if len(paragraphs) > 1 else ()
        bodies = any(one.organisation for one in local)
        if bodies and all(where.home(one.division) for one in local):
            return local
    return first


def lead(paragraph: str, where: Where) -> tuple[Mention, ...]:
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


def _repeated(paragraphs: Iterable[str], where: Where) -> tuple[Mention, ...]:
    """The one division that the rest of the body names again and again; a place passed through is not."""
    told = [text for text in paragraphs if frames.names_body(text)]
    seen = [mention for text in told for mention in mentions(text, where)]
    seen = [one for one in seen if one.organisation and not one.doubt and not vague((one,), where)]
    counts = Counter(mention.division for mention in seen).most_common(2)
    if not counts or counts[0][1] < _FOLLOWING or (len(counts) > 1 and counts[1][1] * 2 > counts[0][1]):
        return ()
    return tuple(mention for mention in seen if mention.division == counts[0][0])[:1]
