"""One article that carries several regions -> one RawItem for each region heading."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape

from bulletins import bylines, columns, regions
from bulletins.model import Block, BlockKind, ColumnKind, RawItem

_TEXT = (BlockKind.HEADING, BlockKind.PARAGRAPH)
_FEWEST = 2  # headings that make a roundup; one alone is a dateline or a kicker
_LONGEST = 40  # characters of a heading with all that it is dressed in

# How a region is printed: ■ 南充市, 【南充市】, (1)▶▶▶南充市, 一、南充市, 南充市科协, 芦山县、宝兴县.
_MARKS = r"[\s■●▶►▷◆□◇○◎★☆▲△▼▽◼◾※·•*#—–_=~-]{0,12}"
_NUMBER = r"(?:[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[)）]|[.．、,，]))?"
_NAME = (
    rf"{_MARKS}{_NUMBER}{_MARKS}(?P<set>[【〔［\[「『])?\s*(?P<name>[\u3400-\u9fff、\s]{{2,20}}?)"
    rf"(?P<body>老?科协|科学技术协会)?\s*[】〕］\]」』]?"
)
_HEADING = re.compile(rf"{_NAME}\s*[：:]?{_MARKS}")
_LED = re.compile(rf"{_NAME}(?P<apart>\s*[：:]\s*|\s+|(?<=[】〕］\]」』]))(?P<rest>\S.*)", re.S)
# A paragraph's head in a style of its own: all up to where the first style ends.
_STYLED = re.compile(
    r"(?P<head>(?:[^<]|<(?!/)[^>]*>)*)(?P<ends>(?:</(?:strong|b|span|font|em|i|u)>\s*)+)(?P<rest>.*)", re.S
)
_TAG = re.compile(r"<[^>]*>")
_BEGINS = re.compile(r"\d{1,2}[月日]|近[日期]|日前|连日|[昨今]|本[报网刊]|\S{0,8}讯[\s(（]")
_SENTENCE = re.compile(r"[。！？!?]")
_APART = " \u3000\xa0：:"


@dataclass(frozen=True, slots=True)
class _Head:
    """A region's heading: its name as printed, and the text that follows in the same paragraph.

    `full` ones stand for themselves; a bare stem (芦山) needs one of them beside it. `sender` is the name of
    a body, which may also stand below a text.
    """

    name: str
    full: bool
    sender: bool = False
    rest: Block | None = None


def split(raw: RawItem, within: str | None) -> tuple[RawItem, ...]:
    """Take the column heading off, then the sections apart. No block of text is dropped: what stands before
    the first heading is an item of its own, under the umbrella headline.

    `within` is the code of the source's region, which ambiguous headings prefer and bare stems have to be in.
    """
    raw = _columned(raw)
    heads = _heads(raw.blocks, within)
    if len(heads) < _FEWEST or not any(head.full for head in heads.values()):
        return (raw,)
    starts = list(heads)
    bodies = [
        ([head.rest] if head.rest else []) + list(raw.blocks[start + 1 : end])
        for (start, head), end in zip(heads.items(), [*starts[1:], len(raw.blocks)], strict=True)
    ]
    shared, bodies[-1] = _shared_byline(bodies)
    umbrella = replace(raw, byline=shared.text if shared else raw.byline)
    if shared and shared.shared:
        umbrella = replace(umbrella, column=raw.column or raw.title, column_kind=_kind(raw))
    sections = [
        replace(
            umbrella,
            title=f"{''.join(head.name.split())}：{raw.title}",
            region=head.name,
            blocks=tuple(body),
            section=number,
        )
        for number, (head, body) in enumerate(zip(heads.values(), bodies, strict=True), start=1)
    ]
    preface = raw.blocks[: starts[0]]
    return (replace(umbrella, blocks=preface), *sections) if preface else tuple(sections)


def _columned(raw: RawItem) -> RawItem:
    """An article whose first line is a column heading with its pinyin stands in that column."""
    for number, block in enumerate(raw.blocks[:2]):
        if name := columns.heading(block.text):
            rest = raw.blocks[:number] + raw.blocks[number + 1 :]
            return replace(raw, column=name, column_kind=ColumnKind.HEADING, blocks=rest)
    return raw


def _kind(raw: RawItem) -> ColumnKind:
    return raw.column_kind if raw.column else ColumnKind.UMBRELLA


def _heads(blocks: Sequence[Block], within: str | None) -> Mapping[int, _Head]:
    """The headings that have a text, by the number of their block. One without is part of a list of names;
    where the last line of all names a body, such lines sign the texts above them."""
    found = {n: head for n, block in enumerate(blocks) if (head := _head(block, within))}
    texts = [n for n, block in enumerate(blocks) if block.kind in _TEXT]
    if texts and texts[-1] in found and found[texts[-1]].sender:
        found = {n: head for n, head in found.items() if not head.sender}
    return {n: head for n, head in found.items() if head.rest or (n + 1 < len(blocks) and n + 1 not in found)}


def _head(block: Block, within: str | None) -> _Head | None:
    if block.kind not in _TEXT:
        return None
    if len(block.text) <= _LONGEST and (whole := _HEADING.fullmatch(block.text)):
        return _named(whole, within)
    return _styled(block, within) or _led(block, within)


def _named(match: re.Match[str], within: str | None) -> _Head | None:
    name, sender = match["name"].strip(), match["body"] is not None
    parts = [part.strip() for part in name.split("、")]
    if all(regions.candidates(part, within) for part in parts):
        return _Head(name, full=True, sender=sender)
    return _Head(name, full=False, sender=sender) if regions.local_stem(name, within) else None


def _styled(block: Block, within: str | None) -> _Head | None:
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
    if not (_BEGINS.match(rest) or rest.startswith(head.name) or (apart and _SENTENCE.search(rest))):
        return None
    whole = len(_TAG.findall(match["head"])) == match["ends"].count("</")  # no style goes on into the rest
    html = match["rest"].lstrip(_APART) if whole and "<" in match["rest"] else ""
    return replace(head, rest=Block(BlockKind.PARAGRAPH, rest, html))


def _led(block: Block, within: str | None) -> _Head | None:
    """芦山县　7月29日,… or 【芦山县】…: the same without a style."""
    match = _LED.fullmatch(block.text)
    head = _named(match, within) if match else None
    if match is None or head is None or not head.full or head.sender:
        return None
    told = _BEGINS.match(match["rest"]) or (match["set"] and _SENTENCE.search(match["rest"]))
    return replace(head, rest=Block(BlockKind.PARAGRAPH, match["rest"])) if told else None


def _shared_byline(bodies: Sequence[Sequence[Block]]) -> tuple[bylines.Byline | None, list[Block]]:
    """The byline of all sections, and the last section without it: one that says so (本栏目组稿), whether it
    stands alone or ends a paragraph; or one that stands alone at the end where no other section is signed."""
    last = list(bodies[-1])
    for n in reversed(range(len(last))):
        signed = _closing(last[n])
        if signed and signed.shared:
            left = [replace(last[n], text=signed.rest, html="")] if signed.rest else []
            return signed, last[:n] + left + last[n + 1 :]
    alone = _closing(last[-1])
    if alone and not alone.rest and not any(_closing(body[-1]) for body in bodies[:-1]):
        return alone, last[:-1]
    return None, last


def _closing(block: Block) -> bylines.Byline | None:
    return bylines.closing(block.text) if block.kind in _TEXT else None
