"""Made-up items: what a test says of an item in, an Item out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bulletins.model import (
    Author,
    Block,
    BlockKind,
    Column,
    ColumnKind,
    Edition,
    Item,
    PageNo,
    PollStatus,
    Precision,
    Region,
    Role,
    Source,
)
from bulletins.state import SourceState
from feeds.records import local

LUSHAN = Region("511826", ("四川省", "雅安市", "芦山县"), "heading")
YAAN = Region("511800", ("四川省", "雅安市"), "heading")
MINGSHAN = Region("511803", ("四川省", "雅安市", "名山区"), "title")
LOCAL = Column("地方科协", "di-fang-ke-xie", ColumnKind.HEADING)
WINDOW = Column("科协之窗", "ke-xie-zhi-chuang", ColumnKind.PAGE)
SOURCE = Source("shan-hu-bao", "山湖科技报", "http://paper.example/", region="510000")
BASE = "https://dibao.example"
COLUMNS: Mapping[str, str] = {LOCAL.slug: LOCAL.name, WINDOW.slug: WINDOW.name}
SOURCES: Mapping[str, Source] = {SOURCE.id: SOURCE}
MORNING = datetime(2026, 3, 6, 0, 30, tzinfo=UTC)
NOW = datetime(2026, 3, 7, 4, 0, tzinfo=UTC)


def paragraph(text: str, html: str = "") -> Block:
    return Block(BlockKind.PARAGRAPH, text, html)


def item(number: int = 1, **said: Any) -> Item:
    """An item of a made-up newspaper; `said` replaces any of its fields."""
    fields: dict[str, Any] = {
        "id": f"tag:dibao.example,2026:{SOURCE.id}/a{number:04d}",
        "source": SOURCE.id,
        "title": f"芦山县科协办起第{number}堂田间课",
        "link": f"http://paper.example/a{number:04d}",
        "published": local(datetime(2026, 3, 5, 16, 0, tzinfo=UTC)),
        "precision": Precision.DAY,
        "first_seen": MORNING,
        "updated": MORNING + timedelta(minutes=number),
        "blocks": (paragraph("3月4日，技术员在地头讲剪枝。"), paragraph("听课的有三十多人。")),
        "authors": (Author("周小满", Role.REPORTER), Author("吴禾", Role.CORRESPONDENT)),
        "region": LUSHAN,
        "regions": (LUSHAN,),
        "column": LOCAL,
        "edition": Edition(812, datetime(2026, 3, 6, tzinfo=UTC).date()),
        "page": PageNo("3", "科协之窗"),
        "position": number,
    }
    return Item(**(fields | said))


def state(source: str = SOURCE.id, **said: Any) -> SourceState:
    """A source that was read an hour ago and is read every two hours; `said` replaces any of its fields."""
    fields: dict[str, Any] = {
        "source": source,
        "name": SOURCE.name,
        "url": SOURCE.url,
        "enabled": True,
        "state": PollStatus.OK,
        "last_poll": NOW - timedelta(hours=1),
        "last_success": NOW - timedelta(hours=1),
        "last_changed": NOW - timedelta(hours=9),
        "next_check": NOW + timedelta(hours=1),
    }
    return SourceState(**(fields | said))
