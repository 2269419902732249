"""Kinds of mutation that nobody wanted: half pages, faults of caches and servers, walls, spam, hijackers."""

from __future__ import annotations

import re
from typing import Any

from benchmarks.mutations import (
    Printed,
    above,
    emptied,
    everywhere,
    fragment,
    is_markup,
    kind,
    on_articles,
    on_lists,
    on_text,
    on_top,
    paragraphs_of,
    serial,
    trees,
)
from benchmarks.papers import Story
from benchmarks.skins import NAME, Pages

_SPAM = "<p>澳门新葡京娱乐城官网注册送彩金，百家乐、老虎机、真人荷官在线发牌，下注就送。</p>"
_LOGIN = (
    '<html><head><meta charset="utf-8"><title>用户登录</title></head><body><form action="/login"><input name="u">'
    '<input type="password" name="p"><button>登录</button></form></body></html>'
)
_PARKED = (
    "<html><head><title>paper.example</title></head><body><h1>paper.example</h1><p>This domain is for sale. 该域名正在出售</p>"
    + "".join(f'<a href="http://ads.example/?q={n}">Related search {n}</a>' for n in range(8))
    + "</body></html>"
)


@kind("articles-cut-in-half")
def _(site: Printed) -> Pages:
    return {p: t[: len(t) // 2] if p in site.told else t for p, t in site.pages.items()}


@kind("articles-cut-at-two-thirds")
def _(site: Printed) -> Pages:
    return {p: t[: len(t) * 2 // 3] if p in site.told else t for p, t in site.pages.items()}


@kind("articles-cut-in-their-text")
def _(site: Printed) -> Pages:
    def cut(text: str, story: Story) -> str:
        at = text.rfind(story.paragraphs[-1].lstrip("#"))
        return text[: at + len(story.paragraphs[-1]) // 2] if at > 0 else text

    return on_text(site, cut)


@kind("lists-cut-in-half")
def _(site: Printed) -> Pages:
    def cut(path: str, text: str) -> str:
        if path not in site.lists:
            return text
        found = [at for s in site.edition.stories if (at := text.rfind(s.title)) >= 0]
        return text[: sorted(found)[len(found) // 2]] if len(found) > 1 else text

    return {path: cut(path, text) for path, text in site.pages.items()}


@kind("half-the-rows-hidden")
def _(site: Printed) -> Pages:
    def drop(_tree: Any, rows: list[Any]) -> None:
        for row in rows[len(rows) // 2 :]:
            row.getparent().replace(row, fragment('<div class="skeleton-loader"></div>'))

    return on_lists(site, drop)


@kind("bodies-halved-behind-a-wall")
def _(site: Printed) -> Pages:
    def wall(_tree: Any, _story: Story, box: Any) -> None:
        parts = paragraphs_of(box)
        for each in parts[max(1, len(parts) // 2) :]:
            each.getparent().remove(each)
        box.append(fragment('<div class="wall"><p>登录后阅读全文</p></div>'))

    return on_articles(site, wall)


@kind("bodies-to-teasers")
def _(site: Printed) -> Pages:
    def tease(_tree: Any, story: Story, box: Any) -> None:
        emptied(box)
        box.append(fragment(f"<p>{story.paragraphs[0].lstrip('#')[:26]}……</p>"))
        box.append(fragment("<p>请下载客户端阅读全文</p>"))

    return on_articles(site, tease)


@kind("bodies-emptied")
def _(site: Printed) -> Pages:
    def empty(_tree: Any, _story: Story, box: Any) -> None:
        emptied(box)

    return on_articles(site, empty)


@kind("bodies-loading")
def _(site: Printed) -> Pages:
    def loading(_tree: Any, _story: Story, box: Any) -> None:
        for child in list(box):
            box.remove(child)
        box.text = "正在加载，请稍候……"

    return on_articles(site, loading)


@kind("bodies-as-pictures")
def _(site: Printed) -> Pages:
    def picture(_tree: Any, story: Story, box: Any) -> None:
        emptied(box)
        box.append(fragment(f'<p><img src="/i/{story.key}.jpg"></p>'))
        box.append(fragment("<p>点击查看大图</p>"))

    return on_articles(site, picture)


@kind("templates-unfilled")
def _(site: Printed) -> Pages:
    return on_text(site, lambda text, story: text.replace(story.title, "{{ article.title }}"))


@kind("bodies-all-alike")
def _(site: Printed) -> Pages:
    first = site.edition.stories[0]

    def same(_tree: Any, _story: Story, box: Any) -> None:
        emptied(box)
        for each in first.paragraphs:
            box.append(fragment(f"<p>{each.lstrip('#')}</p>"))

    return on_articles(site, same)


@kind("articles-all-the-same-page")
def _(site: Printed) -> Pages:
    paths = [path for path in site.told if len(site.told[path]) == 1]
    return {path: site.pages[paths[0]] if path in paths else text for path, text in site.pages.items()}


@kind("half-the-articles-are-logins")
def _(site: Printed) -> Pages:
    walled = set(list(site.told)[::2]) if len(site.told) > 1 else set()
    return {path: _LOGIN if path in walled else text for path, text in site.pages.items()}


@kind("entities-escaped-twice")
def _(site: Printed) -> Pages:
    def escape(_tree: Any, _story: Story, box: Any) -> None:
        for each in paragraphs_of(box):
            text, each.text = "".join(each.itertext()), None
            for child in list(each):
                each.remove(child)
            each.text = f"&nbsp;&nbsp;<strong>{text[:6]}</strong>{text[6:]}<br/>"

    return on_articles(site, escape)


@kind("decoded-twice")
def _(site: Printed) -> Pages:
    def broken(text: str) -> str:
        return re.sub(r"[\u3400-\u9fff]{2,}", lambda found: found[0].encode().decode("latin-1"), text)

    return everywhere(site, broken)


@kind("question-marks")
def _(site: Printed) -> Pages:
    return everywhere(
        site, lambda text: re.sub(r"[\u4e00-\u9fff]", lambda c: c[0] if ord(c[0]) % 3 else "?", text)
    )


@kind("titles-cut-short")
def _(site: Printed) -> Pages:
    def change(text: str) -> str:
        for story in site.edition.stories:
            text = text.replace(story.title, f"{story.title[:5]}…")
        return text

    return everywhere(site, change)


@kind("spam-above-the-text")
def _(site: Printed) -> Pages:
    return on_articles(site, lambda _tree, _story, box: above(box, _SPAM))


@kind("spam-below-the-text")
def _(site: Printed) -> Pages:
    return on_articles(site, lambda _tree, _story, box: box.append(fragment(_SPAM)))


@kind("spam-in-the-list")
def _(site: Printed) -> Pages:
    def add(_tree: Any, rows: list[Any]) -> None:
        for n in range(4):
            copy = fragment(serial(rows[0]))
            for link in copy.xpath("descendant-or-self::*[@href]"):
                link.set("href", f"http://casino{n}.example/go{n}.html")
                for child in list(link):
                    link.remove(child)
                link.text = "新葡京娱乐城百家乐开户送彩金"
            rows[0].addprevious(copy)

    return on_lists(site, add)


@kind("hidden-links")
def _(site: Printed) -> Pages:
    farm = "".join(f'<a href="http://casino{n}.example/">百家乐老虎机真人荷官{n}</a>' for n in range(12))
    return trees(site, lambda tree: on_top(tree, f'<div style="display:none">{farm}</div>'))


@kind("links-through-a-foreign-host")
def _(site: Printed) -> Pages:
    def turn(_tree: Any, rows: list[Any]) -> None:
        for row in rows:
            for link in row.xpath("descendant-or-self::*[@href]"):
                link.set("href", "http://mirror.example/" + link.get("href").lstrip("./"))

    return on_lists(site, turn)


@kind("parked")
def _(site: Printed) -> Pages:
    return dict.fromkeys(site.pages, _PARKED)


@kind("logins-everywhere")
def _(site: Printed) -> Pages:
    return dict.fromkeys(site.pages, _LOGIN)


@kind("another-site")
def _(site: Printed) -> Pages:
    rows = "".join(
        f'<li><a href="/game/{n}.html">热门手游第{n}款上线啦，注册就送大礼包</a></li>' for n in range(9)
    )
    page = f'<html><head><title>快玩游戏</title></head><body><div class="games"><ul>{rows}</ul></div></body></html>'
    game = "<html><head><title>快玩游戏</title></head><body><h1>热门手游上线啦</h1><div><p>注册就送大礼包，快来下载，好玩不停。</p></div></body></html>"
    made = {path: page for path in site.pages if path in site.lists}
    return made | {f"/game/{n}.html": game for n in range(9)}


@kind("one-page-for-all")
def _(site: Printed) -> Pages:
    """Every link answers with the entry's page."""
    entry = site.pages[site.lists[0]] if site.lists else ""
    return {p: entry if p in site.told and is_markup(t) and entry else t for p, t in site.pages.items()}


@kind("titles-say-not-found")
def _(site: Printed) -> Pages:
    gone = f"<html><head><title>{NAME}</title></head><body><h1>提示信息</h1><p>您访问的内容已经转移，五秒后返回首页。</p></body></html>"
    return {
        path: gone if path in site.told and path not in site.lists else text
        for path, text in site.pages.items()
    }


@kind("paragraphs-run-together")
def _(site: Printed) -> Pages:
    def run(_tree: Any, _story: Story, box: Any) -> None:
        text = "".join("".join(each.itertext()).strip() for each in paragraphs_of(box))
        if not text:
            return
        for child in list(box):
            box.remove(child)
        box.text = text

    return on_articles(site, run)
