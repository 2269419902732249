"""Documents against their goldens: each of those was read by a person before it was committed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletins.model import Block, BlockKind
from feeds.compose import compose
from feeds.render import documents
from feeds.scope import FeedKey
from tests.feeds.conftest import BASE, COLUMNS, SOURCES, item, paragraph

GOLDENS = Path(__file__).parents[1] / "goldens"
FEED = compose(
    FeedKey.of(region="511826", column="di-fang-ke-xie"),
    (
        item(
            2,
            title="芦山县：全市科协系统办起田间课",
            section=2,
            heading="芦山县：",
            blocks=(
                Block(BlockKind.HEADING, "一、剪枝"),
                paragraph("水（H2O）要浇透。", "水（H<sub>2</sub>O）要浇透。"),
                Block(BlockKind.LIST, "清沟\n松土"),
                Block(BlockKind.IMAGE, "学员在地头", url="http://paper.example/2.jpg"),
                Block(BlockKind.TABLE, "场次 人数", "<table><tr><td>场次</td><td>人数</td></tr></table>"),
            ),
            pdf="http://paper.example/3.pdf",
        ),
        item(1, title="“<减肥>”]]> & &amp;lt; 😀", authors=(), blocks=()),
    ),
    base_url=BASE,
    columns=COLUMNS,
    sources=SOURCES,
)


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [("rss", "application/rss+xml"), ("atom", "application/atom+xml"), ("json", "application/feed+json")],
)
def test_a_document_is_byte_for_byte_its_golden(suffix: str, media_type: str) -> None:
    (made,) = documents(FEED, [suffix])
    assert made.path == f"feeds/region/511826/column/di-fang-ke-xie.{suffix}"
    assert made.media_type == media_type
    assert made.modified == FEED.updated
    assert made.body == (GOLDENS / f"region.{suffix}").read_bytes()


def test_documents_come_in_the_formats_asked_for() -> None:
    assert [made.path for made in documents(FEED, ["json", "rss"])] == [
        "feeds/region/511826/column/di-fang-ke-xie.json",
        "feeds/region/511826/column/di-fang-ke-xie.rss",
    ]
    assert documents(FEED, []) == ()


def test_an_empty_feed_is_a_document_too() -> None:
    empty = compose(FeedKey("unclassified"), [], base_url=BASE, columns={}, sources={})
    assert len(documents(empty, ["rss", "atom", "json"])) == 3


def test_no_golden_holds_a_replacement_character() -> None:
    for golden in GOLDENS.iterdir():
        assert "\ufffd" not in golden.read_text("utf-8"), golden.name
