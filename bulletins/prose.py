"""The blocks of a body as a newspaper column set them -> paragraphs as their author wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape

from bulletins.markup import UNSEEN
from bulletins.model import Block, BlockKind

_BLANKS = re.compile(r"[\s\u3000\xa0\u2800\u3164]+")

# A blank that a typesetter left inside Chinese text: before a full-width stop, and inside a bracket. Between
# two characters it may part names or verses, and stays.
_STRAY = re.compile(
    r"(?<=[\u3400-\u9fff”’》）】]) (?=[，。；：！？、》）】])|(?<=[《（【]) (?=[\u3400-\u9fff“‘])"
)

_SHORTEST = 12  # characters of a line that can be the beginning of a broken paragraph
_HEADING = 30  # characters of the longest heading set as a paragraph
_ENDED = re.compile(r"(?:[。！？!?…;；:：]|\.(?<!\d\.))[”’\"'」』)）》〉】]*$")
_TELLS = 20  # characters under a picture that are a report, and more than its name
_CLAUSES = re.compile(r"[,，、;；:：。！？!?]")
_GOES_ON = re.compile(r"[,，、]$")
_LISTED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.．]|[(（](?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）]|\d{1,2}(?:[、)）]|[.．](?!\d))"
    r"|第[一二三四五六七八九十]{1,3}[章节条]|[①-⑳●■▶◆□◇○◎★☆▲△•·※◁▷►—*-])"
)
_SIGNED = re.compile(
    r"(?:[■□◆◇●]?\s*\S{0,8}(?:记者|通讯员|实习生)[\s:：]|责任编辑|责编|编辑[:：]|审核[:：]|校对[:：]|来源[:：]|作者[:：]|"
    r"[(（][^()（）]{1,60}[)）]$|本报[^,，。]{0,8}讯)"
)
_SIGNED_OFF = re.compile(r"(?:^|[。！？!?”’」』\s])[(（][^()（）]{2,60}[)）]$")
# How a paragraph of news begins; what stands before it, short of a comma, is a heading or lacks its stop.
_BEGINS = re.compile(
    r"(?:会议|会上)(?:强调|指出|要求|认为)[,，]|(?:会上|近日|日前|同时|此外|下一步|当天|期间|据悉|据了解)[,，]|"
    r"\d{1,2}月\d{1,2}日[,，]|[他她](?:们)?(?:说|表示|介绍)[,，:：]|据(?:介绍|统计)[,，]"
)
# No line ends so unless a column's width cut it: before a number's measure word, after a word that binds on.
_CUT = re.compile(
    r"(?:\d\n[个名人次项年月日天场余多万亿元%％位支户篇册件届期]|[的和与及或把被]\n[\u3400-\u9fff“《])"
)

_PAIRS = ("《》", "“”", "‘’", "()", "（）", "【】")
_BOLD = re.compile(r"\s*<(strong|b|h\d)\b[^>]*>(?:(?!</\1>).)*</\1>\s*", re.S)
_LATIN_END = re.compile(r"[A-Za-z0-9]$")
_LATIN = re.compile(r"[A-Za-z]")


def clean(text: str) -> str:
    """Text fit for XML: without control characters, bidirectional overrides and invisible marks, runs of
    blanks (U+3000 and no-break ones too) folded to one space, none at the ends nor beside full-width
    punctuation; everything else as printed."""
    return _STRAY.sub("", _BLANKS.sub(" ", UNSEEN.sub("", text)).strip())


def join(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Join the paragraphs that a newspaper column broke in mid-sentence (in the reference edition 12 of 58
    blocks were continuations), without a blank between Chinese characters. Texts are taken as cleaned.

    What ends a sentence, is short of one (a heading, a list's item, a salutation) or is a byline stands
    alone; so does what comes before a list or after a colon.
    """
    joined: list[Block] = []
    for block in blocks:
        if joined and (
            _is_cut(joined[-1], block) or (_breaks_off(joined[-1]) and _continues(joined[-1].text, block))
        ):
            joined[-1] = _joined(joined[-1], block)
        else:
            joined.append(block)
    return tuple(joined)


def worded(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks of an article; of one that is nothing but pictures, the words under them are the text, as
    where a newspaper prints a photograph with its report."""
    if any(block.kind != BlockKind.IMAGE for block in blocks):
        return tuple(blocks)
    found: list[Block] = []
    for block in blocks:
        tells = len(block.text) >= _TELLS
        found.append(replace(block, text="") if tells else block)
        if tells:
            found.append(Block(BlockKind.PARAGRAPH, block.text))
    return tuple(found)


def _is_cut(left: Block, right: Block) -> bool:
    """Whether two paragraphs can be nothing but one."""
    if any(block.kind != BlockKind.PARAGRAPH or _BOLD.fullmatch(block.html) for block in (left, right)):
        return False
    if len(left.text) < _SHORTEST or _SIGNED.match(left.text) or _SIGNED.match(right.text):
        return False
    return _CUT.search(f"{left.text[-1:]}\n{right.text[:1]}") is not None


def _breaks_off(block: Block) -> bool:
    """Whether a block is a paragraph that stops before its sentence does."""
    text = block.text
    if block.kind != BlockKind.PARAGRAPH or len(text) < _SHORTEST or _ENDED.search(text):
        return False
    if _SIGNED.match(text) or _SIGNED_OFF.search(text) or _BOLD.fullmatch(block.html):
        return False
    return not _is_heading(text)


def _is_heading(text: str) -> bool:
    """A short line without a stop: of one clause, numbered, or of clauses alike in length (抓学习,强党性).
    One that leaves a bracket or a quotation open goes on."""
    if len(text) > _HEADING or _GOES_ON.search(text):
        return False
    if any(text.count(pair[0]) > text.count(pair[1]) for pair in _PAIRS):
        return False
    clauses = [part for part in _CLAUSES.split(text) if part]
    return len(clauses) < 2 or bool(_LISTED.match(text)) or len({len(part) for part in clauses}) == 1


def _continues(before: str, block: Block) -> bool:
    """Whether a block can be the rest of the sentence that `before` leaves open."""
    text = block.text
    if block.kind != BlockKind.PARAGRAPH or not text or _SIGNED.match(text) or _BOLD.fullmatch(block.html):
        return False
    if not _GOES_ON.search(before) and (_LISTED.match(text) or _BEGINS.match(text)):
        return False
    if len(text) <= _SHORTEST and text.endswith((":", "：")):  # a salutation
        return False
    return _ENDED.search(text) is not None or not _is_heading(text)


def _joined(left: Block, right: Block) -> Block:
    between = " " if _LATIN_END.search(left.text) and _LATIN.match(right.text) else ""
    html = ""
    if left.html or right.html:
        html = between.join(block.html or escape(block.text, quote=False) for block in (left, right))
    return replace(left, text=left.text + between + right.text, html=html)
