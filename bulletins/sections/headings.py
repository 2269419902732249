"""An article's blocks -> the headings of regions among them that begin sections."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape

from bulletins import regions
from bulletins.model import Block, BlockKind
from bulletins.sections.lines import BEGINS, MARK, TEXT, is_bold, stops

_FEWEST = 2  # headings that make a roundup; one alone is a dateline or a kicker
_LONGEST = 40  # characters of a heading with all that it is dressed in

# How a region is printed: ■ 南充市, 【南充市】, (1)▶▶▶南充市, 一、南充市, 南充市科协, 芦山县、宝兴县.
_MARKS = rf"{MARK}{{0,12}}"
_NUMBER = r"(?:[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[)）]|[.．、,，]))?"
_NAME = (
    rf"{_MARKS}(?P<number>{_NUMBER}){_MARKS}(?P<set>[【〔［\[「『])?\s*(?P<name>[\u3400-\u9fff、\s]{{2,20}}?)"
    rf"(?P<body>老?科协|科学技术协会)?\s*[】〕］\]」』]?"
)
_HEADING = re.compile(rf"{_NAME}\s*[：:]?{_MARKS}")
_LED = re.compile(rf"{_NAME}(?P<apart>\s*[：:]\s*|\s+|(?<=[】〕］\]」』]))(?P<rest>\S.*)", re.S)
# A paragraph's head in a style of its own: all up to where the first style ends.
_STYLED = re.compile(
    r"(?P<head>(?:[^<]|<(?!/)[^>]*>)*)(?P<ends>(?:</(?:strong|b|span|font|em|i|u)>\s*)+)(?P<rest>.*)", re.S
)
_TAG = re.compile(r"<[^>]*>")
# What is no division and yet has sections of a roundup: bodies, and places of no list.
_BODY = re.compile(
    r"(?:[省市县区州旗盟]|大学|学院|学校|中学|小学|科协|科学技术协会|学会|协会|研究会|联合会|集团|公司|医院|研究[院所]|中心|"
    r"基地|园区|科技馆|[厅局委])$"
)
_SENTENCE = re.compile(r"[。！？!?]")
_APART = " \u3000\xa0：:"


@dataclass(frozen=True, slots=True)
class Head:
    """A region's heading: its name as printed, the section's own headline where it says one (■ 芦山县：蜂农
    进课堂), and the text that follows in the same paragraph.

    `full` ones stand for themselves; a bare stem (芦山) needs one of them beside it. `sender` is the name of
    a body, which may also stand below a text.
    """

    name: str
    full: bool
    sender: bool = False
    headline: str = ""
    rest: Block | None = None


def find(blocks: Sequence[Block], within: str | None) -> dict[int, Head]:
    """The headings that have a text, by the number of their block; none where they make no roundup.

    One without a text is part of a list of names; where the last line of all names a body, such lines sign
    the texts above them. What is no division but is dressed as the others are (西南石油大学) heads a section
    too: its text is not theirs.
    """
    found = {n: head for n, block in enumerate(blocks) if (head := _head(block, within))}
    texts = [n for n, block in enumerate(blocks) if block.kind in TEXT]
    if texts and texts[-1] in found and found[texts[-1]].sender:
        found = {n: head for n, head in found.items() if not head.sender}
    found = {
        n: head for n, head in found.items() if head.rest or (n + 1 < len(blocks) and n + 1 not in found)
    }
    if len(found) < _FEWEST or not any(head.full for head in found.values()):
        return {}
    return dict(sorted({**_others(blocks, found), **found}.items()))


def _others(blocks: Sequence[Block], found: Mapping[int, Head]) -> dict[int, Head]:
    """The bodies and unknown places that head sections among those of divisions."""
    dresses = {_dress(blocks[n]) for n, head in found.items() if not head.rest}
    others = {}
    for n, block in enumerate(blocks[:-1]):
        if n in found or n + 1 in found or block.kind not in TEXT or len(block.text) > _LONGEST:
            continue
        match = _HEADING.fullmatch(block.text)
        name = match["name"].strip() + (match["body"] or "") if match else ""
        if _BODY.search(name) and _dress(block) in dresses and not (n and _breaks_off(blocks[n - 1])):
            others[n] = Head(name, full=False)
    return others


def _breaks_off(block: Block) -> bool:
    """Whether a text stops before its sentence does, so that a short line below it may be the rest."""
    return block.kind == BlockKind.PARAGRAPH and not stops(block)


def _dress(block: Block) -> tuple[object, ...]:
    """How a heading is set: as which block, in bold, behind which mark, numbered, in which brackets."""
    match = _HEADING.match(block.text)
    return (
        block.kind,
        is_bold(block),
        block.text[:1] if re.match(MARK, block.text) else "",
        bool(match and match["number"]),
        (match and match["set"]) or "",
    )


def _head(block: Block, within: str | None) -> Head | None:
    if block.kind not in TEXT:
        return None
    whole = _HEADING.fullmatch(block.text) if len(block.text) <= _LONGEST else None
    if whole and (head := _named(whole, within)):
        return head
    return _styled(block, within) or _led(block, within) or _headlined(block, within)


def _named(match: re.Match[str], within: str | None) -> Head | None:
    name, sender = match["name"].strip(), match["body"] is not None
    parts = [part.strip() for part in name.split("、")]
    if all(regions.candidates(part, within) for part in parts):
        return Head(name, full=True, sender=sender)
    return Head(name, full=False, sender=sender) if regions.local_stem(name, within) else None


def _styled(block: Block, within: str | None) -> Head | None:
    """<strong>芦山县</strong>　7月29日,…: a name in a style of its own before a text that does without it."""
    match = _STYLED.fullmatch(block.html)
    if match is None:
        return None
    printed = " ".join(unescape(_TAG.sub("", match["head"])).split())
    named = _HEADING.fullmatch(printed)
    head = _named(named, within) if named else None
    if head is None or not head.full or not block.text.startswith(printed):
        return None
    after = block.text[len(printed) :]
    rest = after.lstrip(_APART)
    apart = rest != after or printed.endswith(("：", ":"))
    if not (BEGINS.match(rest) or rest.startswith(head.name) or (apart and _SENTENCE.search(rest))):
        return None
    whole = len(_TAG.findall(match["head"])) == match["ends"].count("</")  # no style goes on into the rest
    html = match["rest"].lstrip(_APART) if whole and "<" in match["rest"] else ""
    return replace(head, rest=Block(BlockKind.PARAGRAPH, rest, html))


def _led(block: Block, within: str | None) -> Head | None:
    """芦山县　7月29日,…, 【芦山县】… or 1．芦山县：…: the same without a style."""
    match = _LED.fullmatch(block.text)
    head = _named(match, within) if match else None
    numbered = match and match["number"] and match["apart"].strip()
    if match is None or head is None or not head.full or (head.sender and not numbered):
        return None
    set_apart = match["set"] or numbered
    told = BEGINS.match(match["rest"]) or (set_apart and _SENTENCE.search(match["rest"]))
    rest = Block(BlockKind.PARAGRAPH, match["rest"])
    return replace(head, sender=False, rest=rest) if told else None


def _headlined(block: Block, within: str | None) -> Head | None:
    """■ 芦山县：蜂农进课堂 on a line of its own, set as a heading is."""
    match = _LED.fullmatch(block.text) if len(block.text) <= _LONGEST else None
    if match is None or stops(block) or not any(_dress(block)[1:]):
        return None
    head = _named(match, within)
    return replace(head, headline=match["rest"].strip()) if head and head.full else None
