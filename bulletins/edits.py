"""Two versions of an item -> whether the edit means something, and what of it a reader is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from bulletins import identity
from bulletins.likeness import likeness, shingles
from bulletins.model import Item

_BLANKS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_NUMBER = r"[\d,.]+[万亿]?\+?"
# Of a text without blanks. Labelled numbers only: 点击率达35% is news, 点击：35 is not.
_COUNTER = re.compile(
    rf"[\[(（【]?(?:本文|已|总)?(?:阅读|浏览|点击|访问|点赞|转发|评论|分享|观看|播放|在看|下载)"
    rf"(?:次数|人数|总数|数|量)?(?:[:：]{_NUMBER}|(?<=[数量]){_NUMBER})(?:人次|次|人)?[\])）】]?"
)
_STAMP = r"\d[\d年月日时分秒号/.:：-]*(?:星期[一二三四五六日天])?[\d时分秒:：]*"
_CLOCK = re.compile(
    rf"(?:现在|当前|系统|北京|打印|访问|查询|刷新|更新)(?:时间|日期)(?:[:：]|是|为)?{_STAMP}"
    rf"|现在是(?:北京时间)?[:：]?{_STAMP}|今天是[:：]?{_STAMP}"
)
_LONGEST = 4_000  # characters of a paragraph that is compared letter by letter
_KINSHIP = 0.2  # likeness from which one paragraph is another version of the other
_CRUMB = 2  # characters in common between two changes that only scatter them


def substantive(before: Item, after: Item) -> bool:
    """Whether a reader would want to know: not for blanks, markup, hit counters or clocks, nor for a session
    or another scheme in a file's address."""
    return _meaning(before) != _meaning(after)


def _meaning(item: Item) -> tuple[object, ...]:
    texts = [_steady(block.text) for block in item.blocks]
    return (
        _steady(item.title),
        item.column.name if item.column else None,
        item.region.code if item.region else None,
        tuple(region.code for region in item.regions),
        item.authors,
        item.event_date,
        item.event_end,
        [text for text in texts if text],
        [_file(block.url) for block in item.blocks if block.url],
        [_file(one.url) for one in item.attachments],
    )


def _file(url: str) -> str:
    """A file's address without its scheme: //cdn.example/… has the one under which its page was asked for."""
    return identity.link(url).partition(":")[2]


def _steady(text: str) -> str:
    return _CLOCK.sub("", _COUNTER.sub("", _BLANKS.sub("", text)))


class RunKind(StrEnum):
    SAME = "same"
    INSERTED = "inserted"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a paragraph that stayed, came or went."""

    kind: RunKind
    text: str


Paragraph = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Diff:
    """What an edit did to a title and to each paragraph of a body, in reading order.

    The runs that are not deleted make the text after, those that are not inserted the text before.
    """

    title: Paragraph
    paragraphs: tuple[Paragraph, ...]


def diff(before: Item, after: Item) -> Diff:
    """The edit between two versions, paragraph by paragraph; unchanged ones are one run."""
    return Diff(
        tuple(_runs(before.title, after.title)),
        tuple(tuple(runs) for runs in _paragraphs(before.paragraphs, after.paragraphs)),
    )


def _paragraphs(before: Sequence[str], after: Sequence[str]) -> Iterator[Sequence[Run]]:
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            yield from ([Run(RunKind.SAME, text)] for text in before[a:b])
        else:
            yield from _replaced(before[a:b], after[c:d])


def _replaced(before: Sequence[str], after: Sequence[str]) -> Iterator[Sequence[Run]]:
    """Each new paragraph beside the first old one that it is a version of; the others came or went whole."""
    waiting = list(before)
    for text in after:
        words = shingles(text)
        known = next((n for n, old in enumerate(waiting) if likeness(shingles(old), words) >= _KINSHIP), None)
        if known is None:
            yield [Run(RunKind.INSERTED, text)]
            continue
        yield from ([Run(RunKind.DELETED, old)] for old in waiting[:known])
        yield _runs(waiting[known], text)
        del waiting[: known + 1]
    yield from ([Run(RunKind.DELETED, old)] for old in waiting)


def _runs(before: str, after: str) -> list[Run]:
    if before == after:
        return [Run(RunKind.SAME, before)] if before else []
    if max(len(before), len(after)) > _LONGEST:
        return _merged([Run(RunKind.DELETED, before), Run(RunKind.INSERTED, after)])
    runs: list[Run] = []
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for n, (what, a, b, c, d) in enumerate(opcodes):
        inside = 0 < n < len(opcodes) - 1
        if what == "equal" and not (inside and b - a < _CRUMB):
            runs.append(Run(RunKind.SAME, before[a:b]))
        else:
            runs += [Run(RunKind.DELETED, before[a:b]), Run(RunKind.INSERTED, after[c:d])]
    return _merged(runs)


def _merged(runs: Sequence[Run]) -> list[Run]:
    """What went before what came, between two pieces that stayed; no empty run."""
    merged: list[Run] = []
    gone = come = ""
    for run in [*runs, Run(RunKind.SAME, "")]:
        if run.kind == RunKind.DELETED:
            gone += run.text
        elif run.kind == RunKind.INSERTED:
            come += run.text
        else:
            merged += [Run(RunKind.DELETED, gone), Run(RunKind.INSERTED, come), run]
            gone = come = ""
    return [run for run in merged if run.text]
