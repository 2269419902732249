"""The corrections of an item as its page tells them: its versions in, what each edit did out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, pairwise

from bulletins import edits
from bulletins.edits import Paragraph, RunKind
from bulletins.model import Content, Item, Revision, Source
from feeds.entries import body
from feeds.site.views import authors

_SHOWN = 20  # corrections, the newest: what an item's page costs does not grow for ever


@dataclass(frozen=True, slots=True)
class Field:
    """What stood beside the text, before and after; empty where nothing did."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph that an edit changed, or so many (`kept`) that it left alone."""

    runs: Paragraph = ()
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Edit:
    """A correction. `title` is empty where it stayed; `elsewhere` says what changed that is not shown."""

    n: int
    at: datetime
    title: Paragraph
    fields: tuple[Field, ...]
    passages: tuple[Passage, ...]
    elsewhere: str


def history(item: Item, revisions: Sequence[Revision], source: Source | None) -> tuple[Edit, ...]:
    """The newest corrections, the latest first, in no more of the text than the source lets republish."""
    shown = list(revisions[-_SHOWN:])
    versions = [replace(one, blocks=body(one, source)) for one in (*(each.item for each in shown), item)]
    whole = source is not None and source.content is Content.FULL
    made = [_edit(each, *pair, whole) for each, pair in zip(shown, pairwise(versions), strict=True)]
    return tuple(reversed(made))


def _edit(revision: Revision, before: Item, after: Item, whole: bool) -> Edit:
    diff = edits.diff(before, after)
    title = diff.title if _touched(diff.title) else ()
    fields = tuple(_fields(before, after))
    passages = tuple(_passages(diff.paragraphs)) if any(map(_touched, diff.paragraphs)) else ()
    elsewhere = ""
    if not (title or fields or passages):
        elsewhere = "图片有改动。" if whole else "正文有改动；这里不转载全文，请看原文。"
    return Edit(revision.n, revision.at, title, fields, passages, elsewhere)


def _touched(paragraph: Paragraph) -> bool:
    return any(run.kind is not RunKind.SAME for run in paragraph)


def _passages(paragraphs: Sequence[Paragraph]) -> Iterator[Passage]:
    for touched, group in groupby(paragraphs, _touched):
        if touched:
            yield from (Passage(runs) for runs in group)
        else:
            yield Passage(kept=len(list(group)))


def _fields(before: Item, after: Item) -> Iterator[Field]:
    for label, one, other in (
        ("栏目", _column(before), _column(after)),
        ("地区", _places(before), _places(after)),
        ("作者", "，".join(authors(before)), "，".join(authors(after))),
        ("事件日期", _days(before), _days(after)),
        ("附件", _files(before), _files(after)),
    ):
        if one != other:
            yield Field(label, one, other)


def _column(item: Item) -> str:
    return item.column.name if item.column else ""


def _places(item: Item) -> str:
    return "、".join("".join(region.path) for region in item.regions or filter(None, [item.region]))


def _files(item: Item) -> str:
    return "、".join(one.name for one in item.attachments)


def _days(item: Item) -> str:
    return "至".join(each.isoformat() for each in (item.event_date, item.event_end) if each)
