"""Kinds of mutation that a site's makers bring: names, containers, lists, dates, columns and languages."""

from __future__ import annotations

import re
from typing import Any

from benchmarks.mutations import (
    Printed,
    above,
    below,
    fragment,
    kind,
    on_articles,
    on_lists,
    on_top,
    paragraphs_of,
    rows_of,
    serial,
    title_of,
    trees,
)
from benchmarks.papers import Story
from benchmarks.skins import Pages

_SHARE = '<div class="sns"><a href="#">分享到微信</a><a href="#">分享到微博</a><span>扫一扫，手机阅读更方便</span></div>'
_SIGNED = "<p>凡注明来源的稿件，版权均属本报所有，转载请注明出处。</p>"
_HOT = "".join(
    f'<li><a href="/hot/{n}.html">热点推荐第{n}条：看看大家都在读什么</a></li>' for n in range(1, 7)
)


def _named(tree: Any, change: Any) -> None:
    for element in tree.iter():
        for name in ("class", "id"):
            if isinstance(element.tag, str) and element.get(name):
                element.set(name, change(element.get(name)))


@kind("classes-renamed")
def _(site: Printed) -> Pages:
    def new(name: str) -> str:
        return " ".join(f"x{sum(map(ord, one)) % 97}" for one in name.split())

    return trees(site, lambda tree: _named(tree, new))


@kind("classes-hashed")
def _(site: Printed) -> Pages:
    return trees(
        site, lambda tree: _named(tree, lambda name: " ".join(f"{one}__a7Kq2" for one in name.split()))
    )


@kind("classes-dropped")
def _(site: Printed) -> Pages:
    def drop(tree: Any) -> None:
        for element in tree.iter():
            element.attrib.pop("class", None)

    return trees(site, drop)


@kind("ids-dropped")
def _(site: Printed) -> Pages:
    def drop(tree: Any) -> None:
        for element in tree.iter():
            element.attrib.pop("id", None)

    return trees(site, drop)


@kind("list-classes-renamed")
def _(site: Printed) -> Pages:
    return trees(site, lambda tree: _named(tree, lambda name: f"v2-{name[::-1]}"), set(site.lists))


@kind("article-classes-renamed")
def _(site: Printed) -> Pages:
    return trees(site, lambda tree: _named(tree, lambda name: f"v2-{name[::-1]}"), set(site.told))


@kind("body-box-renamed")
def _(site: Printed) -> Pages:
    def rename(_tree: Any, _story: Story, box: Any) -> None:
        for name in ("class", "id"):
            box.attrib.pop(name, None)
        box.tag = "div"
        box.set("class", "rich-text")

    return on_articles(site, rename)


@kind("title-in-another-element")
def _(site: Printed) -> Pages:
    def move(tree: Any, story: Story, _box: Any) -> None:
        if (title := title_of(tree, story)) is not None:
            title.tag = "div"
            title.attrib.clear()
            title.set("class", "caption-line")

    return on_articles(site, move)


@kind("tables-to-boxes")
def _(site: Printed) -> Pages:
    def modern(tree: Any) -> None:
        for element in tree.iter("table", "tbody", "tr", "td", "ul", "li", "dl", "dt", "dd", "section"):
            element.tag = "div"

    return trees(site, modern)


@kind("headings-to-paragraphs")
def _(site: Printed) -> Pages:
    def demote(tree: Any) -> None:
        for element in tree.iter("h1", "h2", "h3", "h4", "strong"):
            element.tag = "p"

    return trees(site, demote)


@kind("paragraphs-to-lines")
def _(site: Printed) -> Pages:
    def flat(_tree: Any, _story: Story, box: Any) -> None:
        for each in paragraphs_of(box):
            each.tail = (each.tail or "") + "\n"
            each.addnext(fragment("<br>"))
            each.tag = "span"

    return on_articles(site, flat)


@kind("body-wrapped")
def _(site: Printed) -> Pages:
    def wrap(_tree: Any, _story: Story, box: Any) -> None:
        inner = fragment('<div class="page-shell"><div class="page-inner"></div></div>')
        box.addprevious(inner)
        inner[0].append(box)

    return on_articles(site, wrap)


@kind("body-split")
def _(site: Printed) -> Pages:
    def split(_tree: Any, _story: Story, box: Any) -> None:
        more = fragment('<div class="read-more"></div>')
        parts = paragraphs_of(box)
        box.addnext(more)
        for each in parts[len(parts) // 2 :]:
            more.append(each)

    return on_articles(site, split)


@kind("body-moved-below")
def _(site: Printed) -> Pages:
    def move(tree: Any, _story: Story, box: Any) -> None:
        aside = fragment('<div class="bottom-well"></div>')
        tree.body.append(aside)
        aside.append(box)

    return on_articles(site, move)


@kind("menu-in-the-body")
def _(site: Printed) -> Pages:
    menu = '<div class="menu"><a href="/">首页</a><a href="/a">新闻</a><a href="/b">专题</a><span>您的位置：首页 &gt; 正文</span></div>'
    return on_articles(site, lambda _tree, _story, box: above(box, menu))


@kind("share-bar-in-the-body")
def _(site: Printed) -> Pages:
    return on_articles(site, lambda _tree, _story, box: below(box, _SHARE))


@kind("imprint-in-the-body")
def _(site: Printed) -> Pages:
    return on_articles(site, lambda _tree, _story, box: below(box, _SIGNED))


@kind("related-in-the-body")
def _(site: Printed) -> Pages:
    def add(_tree: Any, _story: Story, box: Any) -> None:
        teased = [s for s in site.edition.stories if s is not _story][:4]
        told = "".join(f"<p>{s.title}</p><p>{s.paragraphs[-1][:40]}……</p>" for s in teased)
        below(box, f'<div class="rec"><p>相关阅读</p>{told}</div>')

    return on_articles(site, add)


@kind("comments-in-the-body")
def _(site: Printed) -> Pages:
    talk = '<div class="cmt"><p>网友评论</p><p>路过的蜗牛：写得真好，支持一下！</p><p>青石板：什么时候来我们村？</p></div>'
    return on_articles(site, lambda _tree, _story, box: below(box, talk))


@kind("next-article-appended")
def _(site: Printed) -> Pages:
    told = site.edition.stories

    def add(_tree: Any, story: Story, box: Any) -> None:
        other = told[(told.index(story) + 1) % len(told)]
        text = "".join(f"<p>{each.lstrip('#')}</p>" for each in other.paragraphs)
        below(box, f'<div class="next"><p>{other.title}</p>{text}</div>')

    return on_articles(site, add)


@kind("list-moved-aside")
def _(site: Printed) -> Pages:
    def move(tree: Any, rows: list[Any]) -> None:
        aside = fragment('<aside class="rail"><div class="rail-box"></div></aside>')
        for row in rows:
            aside[0].append(row)
        tree.body.append(aside)

    return on_lists(site, move)


@kind("half-the-list-moved")
def _(site: Printed) -> Pages:
    def move(tree: Any, rows: list[Any]) -> None:
        aside = fragment('<div class="more-news"></div>')
        for row in rows[len(rows) // 2 :]:
            aside.append(row)
        tree.body.append(aside)

    return on_lists(site, move)


@kind("hot-list-before")
def _(site: Printed) -> Pages:
    def add(_tree: Any, rows: list[Any]) -> None:
        rows[0].getparent().addprevious(fragment(f'<div class="hot"><h3>热点</h3><ul>{_HOT}</ul></div>'))

    return on_lists(site, add)


@kind("hot-rows-in-the-list")
def _(site: Printed) -> Pages:
    def add(_tree: Any, rows: list[Any]) -> None:
        source = rows[0]
        for n in range(1, 5):
            copy = fragment(serial(source))
            for link in copy.xpath("descendant-or-self::*[@href]"):
                link.set("href", re.sub(r"\d(?=\D*$)", str(n), link.get("href")) + f"?hot={n}")
            source.addprevious(copy)

    return on_lists(site, add)


@kind("list-doubled")
def _(site: Printed) -> Pages:
    def double(_tree: Any, rows: list[Any]) -> None:
        box = rows[0].getparent()
        box.addnext(fragment(serial(box)))

    return on_lists(site, double)


@kind("list-doubled-with-tracking")
def _(site: Printed) -> Pages:
    def double(_tree: Any, rows: list[Any]) -> None:
        for row in rows:
            copy = fragment(serial(row))
            for link in copy.xpath("descendant-or-self::*[@href]"):
                link.set("href", link.get("href") + ("&" if "?" in link.get("href") else "?") + "from=list2")
            rows[-1].addnext(copy)

    return on_lists(site, double)


@kind("body-doubled")
def _(site: Printed) -> Pages:
    def double(_tree: Any, _story: Story, box: Any) -> None:
        for each in paragraphs_of(box):
            box.append(fragment(serial(each)))

    return on_articles(site, double)


@kind("box-doubled-for-print")
def _(site: Printed) -> Pages:
    def double(_tree: Any, _story: Story, box: Any) -> None:
        box.addnext(fragment(serial(box)))

    return on_articles(site, double)


@kind("styles-inline")
def _(site: Printed) -> Pages:
    def style(tree: Any) -> None:
        for element in tree.iter("p", "div", "td", "li", "a"):
            element.set("style", "line-height:1.8;color:#333")

    return trees(site, style)


@kind("banner-above")
def _(site: Printed) -> Pages:
    banner = '<div class="festival"><img src="/i/b.jpg"><span>热烈祝贺本报创刊四十周年</span></div>'
    return trees(site, lambda tree: on_top(tree, banner))


@kind("rows-with-teasers")
def _(site: Printed) -> Pages:
    def tease(_tree: Any, rows: list[Any]) -> None:
        for n, row in enumerate(rows):
            row.append(
                fragment(f'<p class="teaser">这一条说的是第{n}件事，欢迎点击阅读，也欢迎读者来信……</p>')
            )

    return on_lists(site, tease)


@kind("links-not-in-links")
def _(site: Printed) -> Pages:
    def unlink(tree: Any, _rows: list[Any]) -> None:
        for row in rows_of(tree, site.edition.stories):
            for link in row.xpath("descendant-or-self::a[@href]"):
                link.set("data-to", link.attrib.pop("href").rpartition("/")[2].partition(".")[0])

    return on_lists(site, unlink)
