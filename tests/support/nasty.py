"""The worst that pages have held, as a newspaper: articles in, and what must be left of each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path

import httpx

from tests.support.flow import House, house
from tests.support.newspaper import MINGSHAN, ROUNDUP, WENCHUAN, Newspaper, Story
from tests.support.serving import serving
from tests.support.site import Site
from tests.support.vectors import VECTORS
from worker.config import Settings
from worker.door import LiveState
from worker.store import open_store
from worker.web import create_app

BASE = "http://feeds.test"
# U+0085 is not among them: it is a blank.
_C0 = [
    *range(1, 9),
    0x0B,
    0x0C,
    *range(0x0E, 0x20),
    0x7F,
    *(n for n in range(0x80, 0xA0) if n != 0x85),
]
_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_ILLEGAL = "".join(map(chr, [*_C0, 0xFFFE, 0xFFFF])) + "&#0;&#xD800;&#xDFFF;&#xFFFF;&#1;&#x202e;"
_NESTED = "<table><tr><td>" * 60 + "最里面的字" + "</td></tr></table>" * 60
_LINKS = (
    '<a href="javascript:alert(1)">第一条</a><a href="data:text/html,<b>x</b>">第二条</a>'
    '<a href=" JaVa&#9;Script:alert(1)">第三条</a><a href="vbscript:x">第四条</a>'
    '<img src="data:image/svg+xml,<svg onload=alert(1)>"><a href="中 文.html?标 题=一">第五条</a>'
)
LONG = 200_000  # characters of the longest article: 600 kB


@dataclass(frozen=True)
class Nasty:
    """An article's headline and paragraphs as HTML, and the title and words that its readers must find."""

    headline: str
    body: tuple[str, ...]
    title: str
    words: tuple[str, ...]


ARTICLES: dict[str, Nasty] = {
    "illegal": Nasty(f"甲{_ILLEGAL}乙", (f"丙{_ILLEGAL}丁,这是一句话。",), "甲乙", ("丙丁,这是一句话。",)),
    "bidi": Nasty(f"文{_BIDI}件", (f"一{_BIDI}二,这是一句话。",), "文件", ("一二,这是一句话。",)),
    "long": Nasty("长文", (f"{'长' * LONG}。",), "长文", (f"{'长' * LONG}。",)),
    "markup": Nasty(
        escape("<script>alert(1)</script><b>红头</b>]]> <img src=x onerror=alert(2)> &lt;x&gt; &amp;amp;"),
        ("标题里有标记。",),
        "<script>alert(1)</script><b>红头</b>]]> <img src=x onerror=alert(2)> &lt;x&gt; &amp;amp;",
        ("标题里有标记。",),
    ),
    "address": Nasty("地址里有空格", ("地址里有空格和汉字。",), "地址里有空格", ("地址里有空格和汉字。",)),
    "links": Nasty(
        "链接", (f"{_LINKS}说完了。",), "链接", ("第一条", "第二条", "第三条", "第四条", "第五条", "说完了。")
    ),
    "nested": Nasty("表中表", ("表格如下:", _NESTED), "表中表", ("表格如下:", "最里面的字")),
    "pictures": Nasty(
        "一千张图",
        (*(f'<img src="/p/{n}.jpg" alt="图{n}">' for n in range(1000)), "图完。"),
        "一千张图",
        ("图完。",),
    ),
    "picture": Nasty(
        "只有一张图", ('<img src="/p/only.jpg" alt="星夜里的小站">',), "只有一张图", ("星夜里的小站",)
    ),
}


def story(vector: str) -> Story:
    """An article with a vector in the middle of its text."""
    return Story(f"试验{VECTORS.index(vector):03}号", (f"这里是前文。{vector}", "这里是后文。"))


def newspaper() -> Newspaper:
    """Ordinary articles, the worst ones, and one for each vector."""
    ordinary = {"roundup": ROUNDUP, "mingshan": MINGSHAN, "wenchuan": WENCHUAN}
    worst = {name: Story(one.headline, one.body) for name, one in ARTICLES.items()}
    vectors = {f"vector {n}": story(vector) for n, vector in enumerate(VECTORS)}
    addresses = {"address": "/文章 一/第 2 条.html?标题=科 协"}
    return Newspaper(stories=ordinary | worst | vectors, addresses=addresses, pdf="/版 面/二.pdf")


@dataclass(frozen=True)
class Served:
    """What was made of it, and where it is served."""

    at_work: House
    web: httpx.Client
    site: Site

    def documents(self) -> dict[str, bytes]:
        """Every published feed and list of feeds by path, and a merged feed of everything in each format."""
        files = self.at_work.files()
        found = {f"/{path}": files[path] for path in files if path.startswith(("feeds/", "opml"))}
        merged = (f"/feeds/merge.{suffix}?limit=500" for suffix in ("rss", "atom", "json"))
        return found | {path: self.web.get(path).content for path in merged}


@contextmanager
def served(template: Path, folder: Path) -> Iterator[Served]:
    """The newspaper polled, corrected, robbed of an article, and served by the real web server."""
    shutil.copyfile(template, folder / "dibao.db")
    url = f"sqlite:///{folder / 'dibao.db'}"
    store = open_store(url)
    printed = newspaper()
    with Site() as site, house(store, site, folder) as at_work:
        printed.print_on(site)
        at_work.tick()
        printed.stories["mingshan"] = MINGSHAN.corrected("名山区科协 把茶园办成“课堂”")
        del printed.stories["wenchuan"]
        printed.print_on(site)
        for _ in range(3):
            at_work.tick()
        service = {"base_url": BASE, "public_dir": at_work.public, "data_dir": folder, "database_url": url}
        stanza = {"id": "paper", "name": "岷江科普报", "url": f"{site.url}/", "every": "30m"}
        made = Settings.model_validate({"service": service, "sources": [stanza]})
        state = LiveState(made)
        door = create_app(made, state)
        with serving(door) as address, httpx.Client(base_url=address, timeout=30) as web:
            yield Served(at_work, web, site)
            door.close()
        state.store.dispose()
    store.dispose()
