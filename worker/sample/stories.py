"""The pool of made-up stories -> the stories of one day's issue, with that day's dates in them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from worker.sample.state import Issue

PAGES = {1: "要闻", 2: "综合新闻", 3: "科协之窗", 4: "科普"}  # 版次 and 版名
_FOUNDED = date(2016, 1, 1)
_LATE = {"page": 3, "column": "地方科协 | DI FANG KE XIE", "opening": "本报讯"}
_BREAK = "¦"  # where a column of the printed page ends in mid-sentence
_DAY = re.compile(r"\{day-(\d)\}")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a story; `heading` is a region's name, or empty where the story is of one piece.

    A paragraph is a tuple of the pieces into which the columns of the printed page cut it.
    """

    heading: str
    paragraphs: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Story:
    key: str  # within its issue; its address is made from it
    page: int
    headline: str
    sections: tuple[Section, ...]
    byline: str
    column: str
    opening: str
    correctable: bool


def number(day: date) -> int:
    """期号: the newspaper appears daily."""
    return (day - _FOUNDED).days


def stories(issue: Issue) -> tuple[Story, ...]:
    """An issue's stories, by page and in the order in which they stand there; late ones come last."""
    rotation = _pool()["rotation"]
    printed = [_story(raw, issue) for raw in rotation[number(issue.day) % len(rotation)]]
    printed += [_late(issue, n) for n in range(issue.published)]
    return tuple(sorted(printed, key=lambda story: story.page))


def _late(issue: Issue, n: int) -> Story:
    """The nth story, from 0, added after the issue came out. Once all are told, they go on in parts."""
    pool = _pool()["late"]
    raw = {"key": f"late-{n + 1}", **_LATE, **pool[n % len(pool)]}
    if part := n // len(pool):
        raw["headline"] += f"(系列报道之{part + 1})"
    return _story(raw, issue)


def _story(raw: dict[str, Any], issue: Issue) -> Story:
    """A correction puts the count right by one, wherever it stands in the story."""
    count = raw.get("count", 0) + issue.corrections

    def filled(text: str) -> str:
        dated = _DAY.sub(lambda match: _day(issue.day - timedelta(days=int(match[1]))), text)
        return dated.replace("{count}", str(count))

    return Story(
        key=raw["key"],
        page=raw["page"],
        headline=filled(raw["headline"]),
        sections=tuple(
            Section(part.get("region", ""), tuple(tuple(filled(p).split(_BREAK)) for p in part["paragraphs"]))
            for part in raw.get("sections", [raw])
        ),
        byline=raw["byline"],
        column=raw.get("column", ""),
        opening=raw.get("opening", ""),
        correctable="count" in raw,
    )


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


@cache
def _pool() -> dict[str, Any]:
    """`rotation`: the stories of one day, of the next, and so on; `late`: those to be added by and by."""
    pool: dict[str, Any] = json.loads(files("worker.sample").joinpath("stories.json").read_bytes())
    return pool
