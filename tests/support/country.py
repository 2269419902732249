"""A made-up country of four papers over two months, one of which has fallen silent, published and served by
the real door: a folder in, its address, its store and its files out."""

from __future__ import annotations

import random
import socket
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from pathlib import Path
from typing import Any

from bulletins import judgement
from bulletins.dates import SHANGHAI
from bulletins.expectations import Learned, learn
from bulletins.model import (
    Author,
    Block,
    BlockKind,
    Change,
    ChangeKind,
    Column,
    ColumnKind,
    Edition,
    Item,
    PageKind,
    PageNo,
    PollStatus,
    Precision,
    Provenance,
    Reading,
    Region,
    Role,
    Source,
    Verdict,
    Withdrawal,
    WithdrawnBy,
)
from bulletins.regions import division
from feeds.scope import keys_of
from tests.support.serving import serving
from tests.support.site import Site
from worker import wiring
from worker.config import Settings
from worker.door import LiveState
from worker.flow import publish, silence
from worker.flow.expected import weighed
from worker.incidents import SOURCE, Cause, Subject
from worker.polls import Counts
from worker.ports import Ports
from worker.store import SqlStore, migrate
from worker.web import create_app

DAYS = 56
_PAPERS = (
    ("min-jiang", "岷江科普报", "510000"),
    ("qing-yi", "青衣江日报", "511800"),
    ("jia-ling", "嘉陵农技周刊", "510000"),
    ("da-du", "大渡河晚报", "513200"),
)
_PLACES = ("511826", "511803", "511802", "511824", "511825", "513221", "512021", "510113", "500101", "511304")
_COLUMNS = tuple(
    Column(name, slug, ColumnKind.HEADING)
    for name, slug in (
        ("地方科协", "di-fang-ke-xie"),
        ("田间课堂", "tian-jian-ke-tang"),
        ("健康生活", "jian-kang-sheng-huo"),
        ("要闻", "yao-wen"),
        ("青少年", "qing-shao-nian"),
    )
)
_PAGES = (("1", "要闻"), ("2", "综合"), ("3", "科协之窗"), ("4", "农技园地"))
_SUBJECTS = (
    (
        "把科普课开进茶园",
        "两位茶叶技术员在茶园里上了一堂不用黑板的课，从修剪讲到辨认病虫害，茶农围着一垄茶树听了一个上午。",
    ),
    (
        "流动科技馆到了赶场的街上",
        "流动科技馆的大巴停在赶场的街口，孩子们排队看静电怎样让头发立起来，老人们问得最多的是血压计怎么用才准。",
    ),
    (
        "一张土样换来一张施肥单",
        "农技站把土壤化验的结果印成巴掌大的卡片，缺什么补什么，照着卡片施肥，一亩地少用了三成化肥。",
    ),
    (
        "少年科学院迎来第一批“小研究员”",
        "四十名“小研究员”来自城乡十二所学校，要用一个学期完成自己选的题目：有人想弄清江水一天怎样涨落。",
    ),
    (
        "高山蔬菜错峰上市",
        "海拔一千二百米的蔬菜基地比山下晚了整整四十天，价钱却好了不少，合作社正忙着联系外地的市场。",
    ),
    (
        "夜校里教怎样看懂体检单",
        "社区夜校请来县医院的医生，逐项讲体检单上的箭头是什么意思，哪些要去复查，哪些不用紧张。",
    ),
    (
        "老果园改造有了新办法",
        "技术员带着果农给老树高接换种，当年嫁接，次年挂果，不用砍树重栽，也不耽误收成。",
    ),
)
_MORE = (
    "县科协介绍，这样的活动今年还要办二十四场，跟着农时走：春天讲修剪和病虫，夏天讲排水，秋天讲施肥。",
    "没有到场的人，可以在村里的广播里听到重播，也可以到镇上的科普站借光盘。",
    "“以前全凭经验，这回才知道道理。”参加的人说。活动结束以后，技术员还留下了自己的电话。",
)
LONG = "关于做好" + "春季防汛抗旱、山洪灾害防御和水库安全度汛各项准备工作" * 11 + "的通知"


@dataclass(frozen=True, slots=True)
class Country:
    url: str
    store: SqlStore
    public: Path
    ports: Ports
    items: Sequence[Item]
    pictures: Site


def _item(source: Source, on: date, n: int, chance: random.Random) -> Item:
    place = division(_PLACES[min(int(chance.expovariate(0.4)), len(_PLACES) - 1)])
    assert place is not None
    subject, text = _SUBJECTS[chance.randrange(len(_SUBJECTS))]
    page = _PAGES[min(n * len(_PAGES) // 6, 3)]
    region = Region(place.code, place.path, "heading")
    seen = datetime.combine(on, time(6, 40 + n), SHANGHAI).astimezone(UTC)
    texts = (f"{on.month}月{on.day - 1 or 1}日，{place.name}：{text}", *_MORE)
    return Item(
        id=f"tag:dibao.test,2026:{source.id}/{on:%m%d}{n}",
        source=source.id,
        title=f"{place.name}{subject}",
        link=f"{source.url}{on:%Y%m%d}/{n}.html",
        published=datetime.combine(on, time(), SHANGHAI),
        precision=Precision.DAY,
        first_seen=seen,
        updated=seen,
        blocks=tuple(Block(BlockKind.PARAGRAPH, each) for each in texts),
        authors=(Author("周小满", Role.REPORTER), Author("沈青", Role.CORRESPONDENT)),
        region=region,
        regions=(region,),
        column=_COLUMNS[chance.randrange(len(_COLUMNS))],
        event_date=on - timedelta(days=1),
        edition=Edition(812 + on.toordinal() - date(2026, 1, 1).toordinal(), on),
        page=PageNo(*page),
        position=n,
        digest=f"{source.id} {on} {n}",
        provenance=Provenance(f"{source.url}{on:%Y%m%d}/{n}.html", seen, "0f" * 32, "joyhua/3"),
    )


def _odd(one: Item, pictures: str) -> Item:
    """A title of three hundred characters, a table that is too wide, and a picture that is too large."""
    cells = "".join(f"<td>第{n}季度预计用水</td>" for n in range(24))
    table = f"<table><tr>{cells}</tr><tr>{cells}</tr></table>"
    blocks = (
        *one.blocks[:1],
        Block(BlockKind.TABLE, "第一季度", table),
        Block(BlockKind.IMAGE, "水库示意图", url=f"{pictures}/huge.png"),
        Block(BlockKind.PARAGRAPH, "长" * 30 + "http://example.test/" + "a" * 300),
    )
    return replace(one, title=LONG, blocks=blocks)


def _bring(store: SqlStore, source: Source, items: Sequence[Item], now: datetime) -> None:
    poll = store.lease_named(source.id, now, now + timedelta(minutes=5))
    assert poll is not None
    store.open_poll(poll, source.id, now - timedelta(seconds=2), now + timedelta(minutes=5))
    with store.ingest(poll) as txn:
        assert txn is not None
        txn.settle_columns(_COLUMNS, {}, "", [column.name for column in _COLUMNS])
        for one in items:
            txn.apply(Change(one, ChangeKind.NEW), keys_of(one, one.column))
        counts, due = Counts(new=len(items)), now + timedelta(minutes=30)
        txn.finish(Verdict(PollStatus.OK), counts, now, due, keep_validators=False, recheck=())


def _trouble(store: SqlStore, source: Source, items: Sequence[Item], now: datetime) -> None:
    """A source whose last reading waits for an operator: its articles have lost their columns."""
    printed = [tuple(items[n : n + 6]) for n in range(0, len(items), 6)]
    *editions, last = (Reading(items=each, kind=PageKind.EDITION) for each in printed)
    learned = reduce(lambda known, edition: learn(known, edition, now), editions, Learned())
    said = replace(last, items=tuple(replace(one, column=None) for one in last.items))
    breach = judgement.judged(learned, said, now)
    assert breach is not None
    poll = store.lease_named(source.id, now, now + timedelta(minutes=5))
    assert poll is not None
    store.open_poll(poll, source.id, now, now + timedelta(minutes=5))
    with store.ingest(poll) as txn:
        assert txn is not None
        verdict = weighed(txn, source, said, Verdict(PollStatus.OK), breach, now)
        cause = Cause(str(verdict.status), verdict.reason, verdict.action)
        txn.blame(Subject(SOURCE, source.id), cause, now)
        due = now + timedelta(minutes=30)
        txn.finish(verdict, Counts(), now, due, keep_validators=False, recheck=())


def _fall_silent(ports: Ports, store: SqlStore, source: Source, now: datetime) -> None:
    """A daily that came every day for four weeks, and for three has not; it is read without trouble."""
    chance, today = random.Random(8), now.astimezone(SHANGHAI).date()
    _bring(
        store, source, [_item(source, today - timedelta(days=ago), 0, chance) for ago in range(21, 49)], now
    )
    silence.after_poll(ports, source, well=True, news=True)


def _huge() -> bytes:
    """A drawing of 6,000 by 4,000 dots, black and white in stripes, as a PNG (ISO/IEC 15948)."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    rows = b"".join(b"\0" + (b"\xff" if y // 200 % 2 else b"\xf0") * 750 for y in range(4000))
    header = struct.pack(">IIBBBBB", 6000, 4000, 1, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def settings_for(folder: Path, port: int, broker: str) -> Settings:
    sources = tuple(
        {"id": name, "name": title, "url": f"http://{name}.example/", "region": region, "every": "30m"}
        for name, title, region in _PAPERS
    )
    service = {"base_url": f"http://127.0.0.1:{port}", "tag_authority": "dibao.test,2026"}
    service |= {"public_dir": str(folder / "public"), "data_dir": str(folder)}
    service |= {"broker_url": broker} if broker else {}
    service |= {"database_url": f"sqlite:///{folder / 'dibao.db'}"}
    return Settings.model_validate({"service": service, "sources": sources})


@contextmanager
def country(folder: Path, *, days: int = DAYS, broker: str = "") -> Iterator[Country]:
    """The news of so many days, up to today; `broker` is the address of one that answers."""
    with Site() as pictures:
        pictures.routes["/huge.png"] = 200, {"Content-Type": "image/png"}, _huge()
        yield from _country(folder, days, broker, pictures)


def _country(folder: Path, days: int, broker: str, pictures: Site) -> Iterator[Country]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = settings_for(folder, port, broker)
    (folder / "public").mkdir(parents=True)
    migrate(settings.database_url)
    now = datetime.now(UTC)
    ports = wiring.make_ports(settings)
    store: Any = ports.store
    store.sync_sources(settings.all_sources, now)
    items = _news(store, settings.all_sources[:3], now, days, pictures.url)
    _fall_silent(ports, store, settings.all_sources[3], now)
    store.beat("beat", now)
    store.beat("worker", now)
    publish.publish(ports)
    state = LiveState(settings)
    door = create_app(settings, state)
    try:
        with serving(door, port) as url:
            yield Country(url, store, folder / "public", ports, items, pictures)
            door.close()
    finally:
        state.store.dispose()
        store.dispose()


def _news(store: SqlStore, sources: Sequence[Source], now: datetime, days: int, pictures: str) -> list[Item]:
    chance = random.Random(7)
    today = now.astimezone(SHANGHAI).date()
    found: list[Item] = []
    for n, source in enumerate(sources):
        step, each = (1, 4) if n == 0 else (3, 5) if n == 1 else (7, 6)
        items = [
            _item(source, today - timedelta(days=ago), number, chance)
            for ago in range(0, days, step)
            if n or chance.random() < 0.85 or ago == 0
            for number in range(each)
        ]
        if n == 0:
            items[3] = _odd(items[3], pictures)
        _bring(store, source, items, now - timedelta(minutes=20 * n))
        found += items
    first = found[0]
    revised = replace(first, title=first.title + "，六十多位茶农听课", digest="revised", updated=now)
    copy = found[5]
    with store.edit("operator") as txn:
        txn.apply(Change(revised, ChangeKind.CORRECTED), keys_of(first, first.column))
        gone = Withdrawal(WithdrawnBy.OPERATOR, "当事人要求", now)
        txn.apply(Change(copy, ChangeKind.WITHDRAWN, gone), keys_of(copy, copy.column))
    _trouble(store, sources[2], items, now - timedelta(minutes=3))
    return found
