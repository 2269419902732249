"""A sentence -> the divisions that it names, each with the frame that it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from bulletins.regions.gazetteer import Division, above_reads, gazetteer, unique_stem

_LONGEST = 15  # characters of the longest official name (双江拉祜族佤族布朗族傣族自治县)
_MOST = 250  # mentions in one text; all counties of a province are fewer
_BODY = (
    "科协|科学技术协会|老科协|老科学?技术?工作者协会|老协会|学会|协会|科技馆|科学技术馆|科普中心|科技局|教育局|"
    "农业农村局|卫健局|卫健委|应急管理局|气象局|林草局|妇联|团委|总工会|工商联|文联|政府|党委|人大|政协"
)
_ORGANISATION = re.compile(rf"(?:[\u3400-\u9fff]{{0,4}}?)(?:{_BODY})|[县市区州]委")
_ASSOCIATION = re.compile(r"老?科协|科学技术协会|老科学?技术?工作者协会")
_PLACE_BELOW = re.compile(r"[\u3400-\u9fff]{1,5}?(?:镇|乡|街道|村|社区|经开区|高新区)")
# A place that somebody visits or comes from, before its name.
_VISITED = re.compile(r"(?:赴|到|到了|前往|走进|抵达|深入|考察|参观|走访|学习|莅临)$")
_ORIGIN = re.compile(r"(?:来自|原籍|籍贯)$")
_VENUE = re.compile(r"(?:在|于)$")
_MEETS = re.compile(r"[^,，。；;]{0,12}?(?:召开|举行|开幕|闭幕)")
# What may stand before a name of two characters, which most often is an accident (办理|县级, 提高|县域).
_OPEN = re.compile(
    r"(?:^|[^\u3400-\u9fff]|近日|日前|昨日|今日|昨天|今天|[日午在赴到对由从于向自来为与和及是])$"
)
_AND = re.compile("[、，,和与及]")
# Names that are nouns: 中心城区、老城区, 校园东区.
_NOUNS = re.compile(r"(?:[老新]?城|新市|[郊矿东西])区|城[东西南北中]区")
# Names that end as common nouns do: 西南|山区, 创|新市区, 四川|南部县区.
_COMMON = re.compile(r".?[山城市矿郊牧林地新景社校园湖库灾老南东西北]区|[东南西北]部县|和平区|复兴区|新兴区")


@dataclass(frozen=True, slots=True)
class Mention:
    """A division named in a sentence. `start` counts the names above it in; `text` also has its frame."""

    division: Division
    start: int
    end: int
    text: str
    explicit: bool  # the names above it stand before it
    organisation: bool  # a body of that division: …科协
    visited: bool = False
    origin: bool = False
    venue: bool = False

    @property
    def framed(self) -> int:
        """Where its frame ends."""
        return self.start + len(self.text)


def mentions(text: str, within: str | None, context: str = "") -> tuple[Mention, ...]:
    """In order of place. Longest names first, none inside a longer one. A name that several divisions bear
    counts when the names before it, `within` or a name in `context` single one out."""
    full, stems = (islice(some, _MOST) for some in (_full(text, within, context), _stems(text, within)))
    found = sorted([*full, *stems], key=lambda mention: mention.start)
    return tuple(_without_body(one, text) if _shares_body(one, found) else one for one in found)


def _shares_body(one: Mention, found: Iterable[Mention]) -> bool:
    """Whether the body after a name is the next one's: 芦山县|汶川县科协."""
    return any(one.end < other.end < one.framed for other in found)


def _without_body(one: Mention, text: str) -> Mention:
    return replace(one, organisation=False, text=text[one.start : one.end])


def _full(text: str, within: str | None, context: str) -> Iterator[Mention]:
    known = gazetteer()
    position = 0
    before: Mention | None = None
    while position < len(text):
        name = _longest(text, position)
        if name is None:
            position += 1
            continue
        end = position + len(name)
        found, start = _meant(text[:position], name, within, context + text)
        over = before is not None and before.end == position and before.division
        if over and len(found) == 1 and not _fits_below(over, found[0]):
            found = ()  # 重庆市|江北区 is not Ningbo's
        listed = before is not None and _AND.fullmatch(text, before.end, position) is not None
        listed = listed or _heads_list(text, end)
        if len(found) == 1 and _bounded(text, position, end, name, explicit=start is not None, listed=listed):
            before = _mention(
                text, start if start is not None else position, end, found[0], start is not None
            )
            yield before
        # 乐山市中区 is 乐山市市中区 as people say it: the 市 serves twice.
        shared = "市中区" if name.endswith("市") and text.startswith("市中区", end - 1) else ""
        inner = [one for one in known.names[shared] if one.path[-2:-1] == (name,)] if shared else []
        if inner and before is not None:
            before = _mention(text, before.start, end + 2, inner[0], True)
            yield before
            end += 2
        position = end


def _longest(text: str, position: int) -> str | None:
    known = gazetteer().names
    for size in range(min(_LONGEST, len(text) - position), 1, -1):
        if text[position : position + size] in known:
            return text[position : position + size]
    return None


def _meant(left: str, name: str, within: str | None, context: str) -> tuple[tuple[Division, ...], int | None]:
    """The divisions that a name can mean here, and where the names above it begin."""
    known = gazetteer()
    found = known.names[name]
    read = {one: start for one in found if (start := above_reads(left, one)) is not None}
    if read:
        nearest = min(read.values())
        return tuple(one for one, start in read.items() if start == nearest), nearest
    found = known.prefer(found, within)
    if len(found) > 1:
        found = tuple(one for one in found if len(one.path) > 1 and one.path[-2] in context)
    return found, None


def _fits_below(over: Division, one: Division) -> bool:
    known = gazetteer()
    return len(over.path) >= len(one.path) or known.inside(one.code, over.code)


def _heads_list(text: str, end: int) -> bool:
    """Whether a name is followed by others of which one is no common noun: 茂县、松潘县."""
    while _AND.match(text, end) and (name := _longest(text, end + 1)):
        if not _NOUNS.fullmatch(name) and not _COMMON.fullmatch(name):
            return True
        end += 1 + len(name)
    return False


def _bounded(text: str, position: int, end: int, name: str, *, explicit: bool, listed: bool) -> bool:
    """Whether the words around a name leave it a name."""
    if text.startswith("场", end) and name.endswith("市"):
        return False  # 合作|市场
    if text.startswith("域", end) and name.endswith("区"):
        return False
    if explicit:
        return True
    left = _OPEN.search(text[:position]) is not None
    if len(name) == 2 or _NOUNS.fullmatch(name):
        framed = _ORGANISATION.match(text, end) or _PLACE_BELOW.match(text, end)
        return left and (listed or framed is not None) and not text.startswith(("级", "域"), end)
    return left or not _COMMON.fullmatch(name)


def _stems(text: str, within: str | None) -> Iterator[Mention]:
    """Stems in the one frame that holds them: at a boundary, directly before 科协."""
    for frame in _ASSOCIATION.finditer(text):
        for size in range(min(8, frame.start()), 1, -1):
            start = frame.start() - size
            one = unique_stem(text[start : frame.start()], within)
            if one and _OPEN.search(text[:start]):
                yield _mention(text, start, frame.start(), one, False)
                break


def _mention(text: str, start: int, end: int, one: Division, explicit: bool) -> Mention:
    body = _ORGANISATION.match(text, end)
    left = text[:start]
    return Mention(
        division=one,
        start=start,
        end=end,
        text=text[start : body.end() if body else end],
        explicit=explicit,
        organisation=body is not None,
        visited=_VISITED.search(left) is not None,
        origin=_ORIGIN.search(left) is not None,
        venue=_VENUE.search(left) is not None and _MEETS.match(text, end) is not None,
    )
