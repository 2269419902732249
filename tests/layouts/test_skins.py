"""Skins that have no fixture: those described for the families, and made-up ones on their addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import product

import pytest

from bulletins.model import PageNo, PollStatus, Source
from tests.support.reader import Poll, path_of

NOW = datetime(2026, 10, 14, 1, 30, tzinfo=UTC)
SHEETS = {1: "要闻", 2: "乡村科普"}
STORIES = {  # name: page, headline, paragraphs
    101: (
        1,
        "芦山县的流动天文台开进三个山村",
        ("10月12日，芦山县的流动天文台开进龙门镇。", "孩子们排着队看木星。"),
    ),
    102: (1, "安岳县：柠檬林里办起修枝夜校", ("连日来，安岳县的柠檬林里每晚亮起灯。", "夜校只发一把剪刀。")),
    201: (2, "汶川县给老樱桃树建起健康档案", ("近日，汶川县为三百棵老樱桃树建档。", "每棵树有一页病历。")),
}


@dataclass(frozen=True)
class Tree:
    """Where a family keeps its pages and articles; `link` is how a page writes an article's address."""

    page: Callable[[int], str]
    article: Callable[[int], str]
    link: Callable[[int], str]


NEW = Tree(
    lambda n: f"/pc/layout/202610/14/node_{n:02}.html",
    lambda k: f"/pc/content/202610/14/content_{k}.html",
    lambda k: f"../../../content/202610/14/content_{k}.html",
)
OLD = Tree(
    lambda n: f"/html/2026-10/14/node_{n + 1}.htm",
    lambda k: f"/html/2026-10/14/content_{k}.htm",
    lambda k: f"content_{k}.htm?div=-1",
)
NBS = Tree(
    lambda n: f"/html/2026-10/14/nbs.D110000mjb_0{n}.htm",
    lambda k: f"/html/2026-10/14/nw.D110000mjb_20261014_{k}-01.htm",
    lambda k: f"nw.D110000mjb_20261014_{k}-01.htm",
)
JOYHUA = Tree(
    lambda n: "/kpb/20261014/html/" + ("index.htm" if n == 1 else f"page_{n:02}.htm"),
    lambda k: f"/kpb/20261014/html/content_20261014{k:06}.htm",
    lambda k: f"content_20261014{k:06}.htm",
)
PAGENN = Tree(
    lambda n: f"/content/20261014/Page0{n}BC.htm",
    lambda k: f"/content/20261014/Articel{k}02BC.htm",
    lambda k: f"Articel{k}02BC.htm",
)
SHTML = Tree(
    lambda n: "/shtml/kpb/20261014/" + ("index.shtml" if n == 1 else f"v0{n}.shtml"),
    lambda k: f"/shtml/kpb/20261014/{k}88.shtml",
    lambda k: f"/shtml/kpb/20261014/{k}88.shtml",
)
MEDIA = Tree(
    lambda n: f"/Media/kpb/2026-10-14/{n}",
    lambda k: f"/Media/kpb/2026-10-14/{k}001",
    lambda k: f"/Media/kpb/2026-10-14/{k}001",
)
NESTED = Tree(
    lambda n: f"/html/2026/20261014/20261014_A0{n}/kpb_20261014_00000_A0{n}.html",
    lambda k: f"/html/2026/20261014/20261014_A01/kpb_20261014_{k:05}_A01_1.html",
    lambda k: f"../20261014_A01/kpb_20261014_{k:05}_A01_1.html",
)

LABEL = "<a href=PAGE>第0N版：NAME</a>"
FOUNDER = "<div id=ozoom><founder-content>TEXT</founder-content></div>"


@dataclass(frozen=True)
class Skin:
    """Boxes with ROWS in them; rows with PAGE, N and NAME, or with LINK and TITLE; a body around TEXT."""

    tree: Tree
    pages: str
    page: str
    articles: str
    article: str
    body: str = FOUNDER
    parted: str = "p"

    def list_page(self, n: int) -> str:
        rows = (
            self.page.replace("PAGE", self.tree.page(m)).replace("N版", f"{m}版").replace("NAME", name)
            for m, name in SHEETS.items()
        )
        entries = (
            self.article.replace("LINK", self.tree.link(k)).replace("TITLE", title)
            for k, (sheet, title, _) in STORIES.items()
            if sheet == n
        )
        lists = self.pages.replace("ROWS", "".join(rows)) + self.articles.replace("ROWS", "".join(entries))
        return f"<title>岷江科普报</title>{lists}<p><a href=/about.html>关于我们</a></p>"

    def article_page(self, k: int) -> str:
        _, title, paragraphs = STORIES[k]
        text = "<br><br>　　".join(paragraphs)
        if self.parted == "p":
            text = "".join(f"<p>　　{one}</p>" for one in paragraphs)
        return f"<title>岷江科普报</title>{self.body.replace('TITLE', title).replace('TEXT', text)}"


DESCRIBED = {
    "layoutlist and articlelist": Skin(
        NEW,
        "<ul id=layoutlist>ROWS</ul>",
        f"<li class=posRelative>{LABEL}<div class=pull-right><a href=/N.pdf></a></div></li>",
        "<ul id=articlelist>ROWS</ul>",
        "<li class=clearfix><a href=LINK>TITLE</a></li>",
    ),
    "Chunkiconlist and newslist": Skin(
        NEW,
        "<div class=Chunkiconlist>ROWS</div>",
        f"<p>{LABEL}<a href=/N.pdf><img src=p.png></a></p>",
        "<div id=ScroLeft><div class=newslist><ul>ROWS</ul></div></div>",
        "<li><h3><a href=LINK>TITLE</a></h3><a href=LINK><p>近日…</p></a></li>",
        "<h3>TITLE</h3><div class=newsdetatext><founder-content>TEXT</founder-content></div>",
    ),
    "tables on the new tree": Skin(
        NEW,
        "<table id=bmdhTable>ROWS</table>",
        f"<tr class='bmdh_tr pile2'><td class=default>{LABEL}</td></tr>",
        "<table>ROWS</table>",
        "<tr class=wzlb_tr><td>·</td><td class=default><div><a href=LINK>TITLE</a></div></td></tr>",
        "<div id=ozoom><founder-content id=content>TEXT</founder-content></div>",
    ),
    "nav-item-links": Skin(
        NEW,
        "<ul>ROWS</ul>",
        "<li><a class=nav-item-links href=PAGE>第0N版：NAME</a></li>",
        "<ul>ROWS</ul>",
        "<li><a class=news-item href=LINK>TITLE</a></li>",
        "<div class=article-entry>TEXT</div>",
    ),
    "pageLink and list01": Skin(
        OLD,
        "<table>ROWS</table>",
        "<tr><td class=default><a id=pageLink href=PAGE>第0N版：NAME</a><td><a href=/N.pdf>P</a>",
        "<ul class=list01>ROWS</ul>",
        "<li><a href=LINK><div>TITLE</div></a></li>",
        "<div id=ozoom>TEXT</div>",
    ),
    "sensarea": Skin(
        OLD,
        "<table>ROWS</table>",
        "<tr><td><a id=pageLink href=PAGE>第0N版：NAME</a></td></tr>",
        "<ul class=ul02_l>ROWS</ul>",
        "<li><a href=LINK>TITLE</a></li>",
        "<div id=sensarea><table><tr><td>A<tr><td>TITLE<tr><td class=font6>TEXT</table></div>",
    ),
    "main-ednav-nav": Skin(
        OLD,
        "<div class=main-ednav-nav>ROWS</div>",
        f"<dl><dt>{LABEL}</dt><dd><a href=/N.pdf>P</a></dd></dl>",
        "<div class=main-ed-articlenav><ul class=main-ed-articlenav-list>ROWS</ul></div>",
        "<li><div><a href=LINK>TITLE</a></div></li>",
    ),
    "pageList and titleList": Skin(
        NBS,
        "<div id=pageList><ul>ROWS</ul></div>",
        "<li><a id=pageLink href=PAGE>第0N版：NAME</a></li>",
        "<div id=titleList><ul>ROWS</ul></div>",
        "<li><a href=LINK>TITLE<span></span></a></li>",
        "<div id=ozoom><div id=articleContent>TEXT</div></div>",
    ),
    "layout-catalogue and a map": Skin(
        OLD,
        "<ul class=layout-catalogue-list>ROWS</ul>",
        f"<li class=layout-catalogue-item>{LABEL}<a class=pdf href=/N.pdf></a></li>",
        "<div class='pic-box fl'><map name=pagepicmap>ROWS</map></div>",
        "<area shape=poly href=LINK title=TITLE>",
        "<div class=info><h1>TITLE</h1><div id=articleContent>TEXT</div></div>",
    ),
    "pageLink for pages and articles": Skin(
        OLD,
        "<div id=catalog><ul class=box1Ul>ROWS</ul></div>",
        "<li class='box1Li ellipsis'><a id=pageLink href=PAGE>第0N版：NAME</a></li>",
        "<div id=listBox><ul>ROWS</ul></div>",
        "<li><a id=pageLink href=LINK>TITLE</a></li>",
        "<div id=articleContent>TEXT</div>",
    ),
    "scroll and listAll": Skin(
        OLD,
        "<div id=scroll><ul>ROWS</ul></div>",
        f"<li><div class=l>{LABEL}</div><div class=right><a href=#>x</a><a href=/N.pdf>P</a></div></li>",
        "<div class=listAll><ul>ROWS</ul></div>",
        "<li><div class=l><span class=tit><a href=LINK>TITLE</a></span></div></li>",
    ),
    "neir with its steps": Skin(
        OLD,
        "<div id=xbc_01><ul><li><table>ROWS</table></li></ul></div>",
        f"<tr><td>{LABEL}</td><td><a href=/N.pdf>P</a></td></tr>",
        "<div class=nav_con><ul>ROWS</ul></div>",
        "<li><a href=LINK>TITLE</a></li>",
        "<div id=neir>TEXT<p>上一篇 下一篇 关闭本页</p></div>",
    ),
    "banmiandh and numb": Skin(
        JOYHUA,
        "<div id=banmiandh><div class=bmdh><div class=bmdh-list><ul>ROWS</ul></div></div></div>",
        "<li><a class=text href=PAGE>第0N版：NAME</a><a class=pic href=/N.pdf>P</a></li>",
        "<div class=paper-title-list>ROWS</div>",
        "<p><a href=LINK>TITLE</a></p>",
        "<h2>TITLE</h2><div id=numb>TEXT</div>",
        "br",
    ),
    "conRList and detail-text": Skin(
        SHTML,
        "<ul class=conRList>ROWS</ul>",
        f"<li>{LABEL}</li>",
        "<ul class=conMItemList>ROWS</ul>",
        "<li><a href=LINK>TITLE</a></li>",
        "<div class=details><h3>TITLE</h3>TEXT</div>",
    ),
    "nor current and acon": Skin(
        SHTML,
        "<div class='nor current'><ul>ROWS</ul></div>",
        f"<li>{LABEL}</li>",
        "<div id=bm2><ul>ROWS</ul></div>",
        "<li><a href=LINK>TITLE</a></li>",
        "<div class=acon>TEXT</div>",
        "br",
    ),
    "names beside their links": Skin(
        MEDIA,
        "<ul>ROWS</ul>",
        "<li class=item><div class=titlebox><span>第0N版：NAME</span></div><a href=PAGE>阅读</a></li>",
        "<ul>ROWS</ul>",
        "<li class=item2-menu-item><a href=LINK>TITLE</a></li>",
        "<div class=article-cont>TEXT</div>",
    ),
    "a folder for each page": Skin(
        NESTED,
        "<div class=nav-list><ul>ROWS</ul></div>",
        f"<li>{LABEL}</li>",
        "<div class='col-lg-7 col-md-12 '><ul>ROWS</ul></div>",
        "<li class=resultList><a href=LINK><h4>TITLE</h4></a></li>",
        "<div id=ozoom>TEXT</div>",
    ),
}
BOXES = {
    "ul": ("<ul class=qa>ROWS</ul>", "<li>LINKED</li>"),
    "table": ("<table class=qb><tbody>ROWS</tbody></table>", "<tr><td>■</td><td>LINKED</td></tr>"),
    "dl": ("<dl>ROWS</dl>", "<dd class=qc><span>LINKED</span></dd>"),
    "div": ("<div><div class=qd>ROWS</div></div>", "<div><b>LINKED</b></div>"),
    "loose": ("<p>ROWS</p>", "LINKED<br>"),
}
LINKS = {
    "href": "<a href='LINK'>TITLE</a>",
    "onclick": """<a href="#" onclick="window.open('LINK','_self')">TITLE</a>""",
    "script": """<a href="javascript:gourl('LINK','_top')"><span>TITLE</span></a>""",
    "title": "<a href='javascript:void(0)' title='LINK'>TITLE</a>",
    "card": "<a href='LINK'><img src=a.jpg><h5>TITLE</h5><p>近日…</p></a>",
}
TREES = {"new": NEW, "old": OLD, "nbs": NBS, "joyhua": JOYHUA, "pagenn": PAGENN, "shtml": SHTML}


def made_up() -> dict[str, Skin]:
    """Every family's addresses in boxes of every make, written in every way, under names of nobody's."""
    skins = {}
    for n, (tree, box, link) in enumerate(product(TREES, BOXES, LINKS)):
        around, row = BOXES[box]
        pages, page = BOXES[list(BOXES)[n % len(BOXES)]]
        body = ["<div id=ozoom>TEXT</div>", FOUNDER, "<div class=article_content>TEXT</div>"][n % 3]
        skins[f"{tree}-{box}-{link}"] = Skin(
            TREES[tree],
            pages,
            page.replace("LINKED", LABEL),
            around,
            row.replace("LINKED", LINKS[link]),
            f"<h1>岷江科普报</h1><div class=qq><h2>TITLE</h2>{body}</div>",
            ["p", "br"][n % 2],
        )
    return skins


SKINS = DESCRIBED | made_up()


@pytest.mark.parametrize("name", SKINS)
def test_every_article_is_read_whole(name: str) -> None:
    skin = SKINS[name]
    pages = {skin.tree.page(n): skin.list_page(n) for n in SHEETS}
    pages |= {skin.tree.article(k): skin.article_page(k) for k in STORIES}
    pages |= {f"{skin.tree.article(k)}?div=-1": skin.article_page(k) for k in STORIES}
    source = Source("paper", "岷江科普报", f"http://paper.example{skin.tree.page(1)}", region="510000")
    bodies = {path: text.encode() for path, text in pages.items()}
    poll = Poll(source, NOW, lambda url: bodies.get(path_of(url)), "text/html; charset=utf-8")
    assert poll.verdict.status == PollStatus.OK, poll.verdict
    assert [
        (path_of(item.link), item.title, item.page, item.paragraphs, item.published.date())
        for item in poll.reading.items
    ] == [
        (skin.tree.article(k), title, PageNo(str(sheet), SHEETS[sheet]), text, date(2026, 10, 14))
        for k, (sheet, title, text) in STORIES.items()
    ]
