"""Pages of newspapers of no known family: what is theirs, and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from bulletins.model import BlockKind, PollStatus, Source
from tests.support.reader import Poll, path_of

NOW = datetime(2026, 10, 15, tzinfo=UTC)
SHEETS = {1: ("要闻", ("芦山县的流动天文台开进三个山村", "桥")), 2: ("副刊", ("火候",))}
TEXT = ("村里的铁匠说，火候到了，铁才听话。", "孩子们排着队看他把一块铁打成一弯月牙。")
NEWS = ("寒潮来袭注意保暖防冻", "全市中学生运动会落幕", "图书馆延长开放时间")
RANK = (
    "<div><p>热读排行</p>"
    + "".join(f"<p><a href=/zx/{n}9.html>{t}</a>" for n, t in enumerate(NEWS))
    + "</div>"
)
FRIENDS = (
    "<p>友情：<a href=http://a.example/>岷江科普网电子版</a> <a href=http://b.example/>县人民政府网站</a></p>"
)
TOP = (
    "<div><a href=/>首页</a><a href=/ch/11.html>新闻</a><a href=/ch/12.html>政务</a> 2026-10-14 星期三</div>"
)

LISTS = {
    "rows": lambda links: "".join(f"<p><a href='{href}'>{said}</a></p>" for href, said in links),
    "bullets": lambda links: "".join(f"<div><a href='{href}'>·{said}</a></div>" for href, said in links),
    "numbers": lambda links: "".join(
        f"<div><a href='{href}'><i>{n}</i><b class=t>{said}</b></a></div>"
        for n, (href, said) in enumerate(links, 1)
    ),
    "data": lambda links: (
        "".join(f"<li data-nr='{href[7:-5]}'>{said}</li>" for href, said in links)
        + "<script>$('li').click(function() { location = '/paper/' + $(this).data('nr') + '.html' })</script>"
    ),
}
PAGES = {
    "links": lambda links: "".join(f"<em><a href='{href}'>{said}</a></em>" for href, said in links),
    "selection": lambda links: "<select onchange='location.href=this.value'>"
    + "".join(f"<option value='{href}'>{said}</option>" for href, said in links)
    + "</select>",
    "calls": lambda links: "".join(
        f"<em onclick=\"turn('{href[3:-5]}')\">{said}</em>" for href, said in links
    )
    + "<script>function turn(n) { window.location = '/p/' + n + '.html' }</script>",
}  # fmt: skip


def site(pages: str, lists: str) -> Iterator[tuple[str, str]]:
    sheets = [(f"/p/{n}.html", f"第0{n}版：{name}") for n, (name, _) in SHEETS.items()]
    for n, (_, titles) in SHEETS.items():
        links = [(f"/paper/{n}{k}7.html", title) for k, title in enumerate(titles)]
        shown = f"{TOP}<div>{PAGES[pages](sheets)}</div><div>{LISTS[lists](links)}</div>{RANK}{FRIENDS}"
        yield f"/p/{n}.html", f"<title>岷江科普报</title>{shown}"
        for href, title in links:
            text = "".join(f"<p>{line}</p>" for line in TEXT)
            picture = "<p><img src=/1.jpg></p><p class=pic-note>铁匠铺里的一天。</p>"
            small = "<a href=/p/1.html><img src=/s.jpg>版面图</a>"
            about = f"<h1>{title}</h1><p>2026-10-14 来源：岷江科普报</p>"
            yield (
                href,
                f"<title>{title}</title>{TOP}{small}<div>{about}<div>{picture}{text}</div></div>{RANK}",
            )


def told(n: int, kind: str) -> str:
    """The articles of a page: whole, or links to them."""
    titles = enumerate(SHEETS[n][1])
    if kind == "whole":
        text = "".join(f"<p>{line}</p>" for line in TEXT)
        return "".join(
            f"<div class=w><div class=bt>{title}</div><div>{text}</div></div>" for _, title in titles
        )
    return "".join(f"<p><a href=/paper/{n}{k}7.html>{title}</a></p>" for k, title in titles)


def whole(kind: str) -> dict[str, str]:
    """An issue on one page, or in frames."""
    names = {n: f"第0{n}版：{name}" for n, (name, _) in SHEETS.items()}
    top = "<title>岷江科普报</title><div>岷江科普报 2026年10月14日 星期三 第388期</div>"
    if kind == "tabs":
        tabs = "".join(f"<li><a href=#t{n}>{name}</a></li>" for n, name in names.items())
        return {"/p/1.html": top + tabs + "".join(f"<div id=t{n}>{told(n, kind)}</div>" for n in names)}
    if kind == "whole":
        return {
            "/p/1.html": top
            + "".join(f"<div class=bm>{name}</div>{told(n, kind)}" for n, name in names.items())
        }
    links = "".join(f"<p><a href=/f/{n}.html>{name}</a></p>" for n, name in names.items())
    frames = {
        f"/f/{n}.html": f"<frameset><frame src=pic.html><frame src=l{n}.html></frameset>" for n in names
    }
    lists = {f"/f/l{n}.html": f"<h3>{name}</h3>{told(n, kind)}" for n, name in names.items()}
    return {"/p/1.html": top + links, "/f/pic.html": "<img src=1.jpg>", **frames, **lists}


@pytest.mark.parametrize("kind", ["tabs", "whole", "frames"])
def test_an_issue_in_one_piece_or_in_many_is_read_page_by_page(kind: str) -> None:
    bodies = {path: text.encode() for path, text in [*site("links", "rows"), *whole(kind).items()]}
    source = Source("paper", "岷江科普报", "http://paper.example/p/1.html", region="510000")
    read = Poll(source, NOW, lambda url: bodies.get(path_of(url)), "text/html; charset=utf-8")
    assert (read.verdict.status, read.failures) == (PollStatus.OK, [])
    found = [(item.title, item.page and item.page.name, item.published.date()) for item in read.reading.items]
    assert found == [(t, name, date(2026, 10, 14)) for name, titles in SHEETS.values() for t in titles]


@pytest.mark.parametrize(
    ("pages", "lists"),
    [("links", "rows"), ("links", "bullets"), ("links", "numbers"), ("selection", "rows"), ("calls", "data")],
)
def test_only_the_newspapers_own_articles_are_read(pages: str, lists: str) -> None:
    bodies = {path: text.encode() for path, text in site(pages, lists)}
    source = Source("paper", "岷江科普报", "http://paper.example/p/1.html", region="510000")
    read = Poll(source, NOW, lambda url: bodies.get(path_of(url)), "text/html; charset=utf-8")
    assert (read.verdict.status, read.failures) == (PollStatus.OK, [])
    items = read.reading.items
    assert [item.title for item in items] == [title for _, titles in SHEETS.values() for title in titles]
    assert [item.page and item.page.name for item in items] == ["要闻", "要闻", "副刊"]
    for item in items:
        assert tuple(block.text for block in item.blocks if block.kind == BlockKind.PARAGRAPH) == TEXT
        assert [block.text for block in item.blocks if block.kind == BlockKind.IMAGE] == ["铁匠铺里的一天。"]
        assert item.published.date() == date(2026, 10, 14)
