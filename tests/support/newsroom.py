"""A made-up newspaper's news over several counties: a base URL in, every published page of it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from bulletins import regions
from bulletins.dates import SHANGHAI
from bulletins.model import (
    Author,
    Block,
    BlockKind,
    Column,
    ColumnKind,
    Edition,
    Item,
    PageNo,
    Precision,
    Region,
    Role,
    Source,
)
from feeds import compose, site
from feeds.records import local
from feeds.render import Document, documents
from feeds.scope import FeedKey, keys_of
from feeds.site import Entry, Shelf

FORMATS = ("rss", "atom", "json")
SOURCE = Source("min-jiang", "岷江科普报", "http://paper.example/", region="510000")
LOCAL = Column("地方科协", "di-fang-ke-xie", ColumnKind.HEADING)
HARVEST = Column("田间课堂", "tian-jian-ke-tang", ColumnKind.HEADING)
COLUMNS = {LOCAL.slug: LOCAL.name, HARVEST.slug: HARVEST.name}
MODIFIED = datetime(2026, 3, 6, 0, 45, tzinfo=UTC)

_STORIES: tuple[tuple[str, Column, str, tuple[str, ...]], ...] = (
    (
        "511826",
        LOCAL,
        "芦山县把科普课开进茶园",
        (
            "3月4日，芦山县科协请来两位茶叶技术员，在龙门镇的茶园里上了一堂不用黑板的课。课从修剪讲起，一直讲到怎样"
            "辨认茶小绿叶蝉留下的痕迹，六十多位茶农围着一垄茶树听了一个上午。",
            "“以前看见叶子卷边，就以为是旱的。”家住古城村的茶农说，这回才知道是虫。技术员当场教大家挂黄板、"
            "放天敌，把每亩用药的次数减下来。",
            "县科协介绍，这样的课今年要开二十四堂，跟着农时走：春天讲修剪和病虫，夏天讲排水，秋天讲施肥。"
            "没有到场的农户，可以在村里的广播里听到重播。",
        ),
    ),
    (
        "511803",
        HARVEST,
        "名山区：一张土样换来一张施肥单",
        ("名山区的农技站把土壤化验的结果印成了巴掌大的卡片。",),
    ),
    (
        "511802",
        LOCAL,
        "雨城区少年科学院迎来第一批“小研究员”",
        (
            "雨城区少年科学院日前开院，第一批四十名“小研究员”来自城乡十二所学校。他们要用一个学期的时间，"
            "完成一个自己选的题目：有人想弄清青衣江的水位一天怎样变，有人想给学校的银杏建一份档案。",
            "区科协为每个小组请了一位导师，导师不讲答案，只问问题。",
        ),
    ),
    (
        "513221",
        HARVEST,
        "汶川县：樱桃树下的“门诊”",
        ("每逢赶场日，技术员就在樱桃树下坐诊，带病叶来的先看。",),
    ),
    ("512021", LOCAL, "安岳县柠檬专家大院开门", ("专家大院的门，每周三上午都开着。",)),
    ("510113", LOCAL, "青白江区流动科技馆进社区", ("流动科技馆的大巴停在了社区的广场上，孩子们排起了队。",)),
    ("500101", HARVEST, "万州区：高山蔬菜错峰上市", ("海拔一千二百米的蔬菜基地，比山下晚了整整四十天。",)),
)


def item(number: int, code: str, column: Column, title: str, texts: Sequence[str]) -> Item:
    division = regions.division(code)
    assert division is not None
    region = Region(code, division.path, "heading")
    return Item(
        id=f"tag:dibao.example,2026:{SOURCE.id}/a{number:04d}/1",
        source=SOURCE.id,
        title=title,
        link=f"http://paper.example/a{number:04d}",
        published=datetime(2026, 3, 6, tzinfo=SHANGHAI),
        precision=Precision.DAY,
        first_seen=MODIFIED,
        updated=MODIFIED - timedelta(minutes=number),
        blocks=tuple(Block(BlockKind.PARAGRAPH, text) for text in texts),
        authors=(
            Author("周小满", Role.REPORTER),
            Author("吴禾", Role.REPORTER),
            Author("沈青", Role.CORRESPONDENT),
        ),
        region=region,
        regions=(region,),
        column=column,
        event_date=date(2026, 3, 4) if number == 0 else None,
        edition=Edition(812, date(2026, 3, 6)),
        page=PageNo("3", "科协之窗"),
        position=number,
        section=1,
        heading=division.name,
    )


ITEMS = tuple(item(number, *story) for number, story in enumerate(_STORIES))
SOURCES = {SOURCE.id: SOURCE}


def feeds() -> dict[FeedKey, list[Item]]:
    """Every feed of the newspaper and its items."""
    found: dict[FeedKey, list[Item]] = {}
    for each in ITEMS:
        for key in sorted(keys_of(each, each.column)):
            found.setdefault(key, []).append(each)
    return found


def entries() -> list[Entry]:
    counts = Counter({key: len(items) for key, items in feeds().items()})
    newest = max(each.published for each in ITEMS)
    return [
        Entry(key, compose.title_of(key, columns=COLUMNS, sources=SOURCES), count, newest, MODIFIED)
        for key, count in sorted(counts.items())
    ]


def shelf(base_url: str, lang: str = "zh") -> Shelf:
    return Shelf({entry.key: entry for entry in entries()}, base_url, FORMATS, COLUMNS, SOURCES, lang)


def counts(items: Sequence[Item]) -> Counter[date]:
    return Counter(local(item.published).date() for item in items)


def home(base_url: str) -> Document:
    return site.index(shelf(base_url), ITEMS, modified=MODIFIED)


def region(code: str, base_url: str) -> Document:
    items = feeds()[FeedKey.of(region=code)]
    return site.region(shelf(base_url), code, items, counts=counts(items), modified=MODIFIED)


def column(slug: str, base_url: str) -> Document:
    items = feeds()[FeedKey.of(column=slug)]
    return site.column(shelf(base_url), slug, items, modified=MODIFIED)


def section(key: FeedKey, base_url: str) -> Document:
    return site.section(shelf(base_url), key, feeds()[key], modified=MODIFIED)


def source(base_url: str) -> Document:
    return site.source(shelf(base_url), SOURCE.id, ITEMS, counts=counts(ITEMS), modified=MODIFIED)


def edition(base_url: str) -> Document:
    return site.edition(
        shelf(base_url), SOURCE.id, date(2026, 3, 6), ITEMS, beside=(None, None), modified=MODIFIED
    )


def published(base_url: str) -> list[Document]:
    """All pages, assets and feeds, as publishing would write them."""
    made = [home(base_url), source(base_url), edition(base_url), *site.assets()]
    made += [make(shelf(base_url), modified=MODIFIED) for make in (site.about, site.columns, site.sources)]
    made.append(site.places([key.region for key in feeds() if key.region], MODIFIED))
    made += [site.item(each, base_url=base_url, formats=FORMATS, sources=SOURCES) for each in ITEMS]
    for key, items in feeds().items():
        if key.region and key.column:
            made.append(section(key, base_url))
        elif key.region:
            made.append(region(key.region, base_url))
        elif key.column:
            made.append(column(key.column, base_url))
        feed = compose.compose(key, items, base_url=base_url, columns=COLUMNS, sources=SOURCES)
        made += documents(feed, FORMATS)
    return made
