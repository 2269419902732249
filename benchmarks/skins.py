"""The template families' sites, as their fixtures have them: an edition in, its pages as text by path out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import md5

from benchmarks.papers import Edition, Story

NAME = "岷江科普报"
Pages = dict[str, str]


@dataclass(frozen=True, slots=True)
class Skin:
    """A site: how its pages are rendered, where they begin (a path without a day), and its family."""

    family: str
    render: Callable[[Edition], Pages]
    entry: str = "/"


def paras_of(story: Story, tag: str = "p", indent: str = "　　") -> str:
    made = (
        f"<{tag}><strong>{each[1:]}</strong></{tag}>" if each[0] == "#" else f"<{tag}>{indent}{each}</{tag}>"
        for each in story.paragraphs
    )
    return "\n".join(made)


def lines_of(story: Story) -> str:
    return "<br>\n<br>\n".join(f"&nbsp;&nbsp;　　{each.lstrip('#')}" for each in story.paragraphs)


def page_of(title: str, inner: str, head: str = "", foot: str = "") -> str:
    foot = foot or f'<div class="footer"><p>{NAME}社主办 版权所有 未经书面授权不得转载</p></div>'
    return (
        f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{title}</title></head><body>'
        f"{head or f'<div class=header><a class=logo href=/>{NAME} 数字报</a></div>'}{inner}{foot}</body></html>"
    )


def numbered_of(edition: Edition) -> list[tuple[int, str, tuple[Story, ...]]]:
    return [(n, name, stories) for n, (name, stories) in enumerate(edition.sheets, start=1)]


def sckjw(edition: Edition) -> Pages:
    def at(what: object) -> str:
        return "/" + md5(f"{edition.day} {what}".encode(), usedforsecurity=False).hexdigest()

    nav = "".join(
        f'<li><a href="{at(f"p{n}")}">第{n}版:{name}</a></li>' for n, name, _ in numbered_of(edition)
    )
    head = (
        f'<div class="header"><a class="logo" href="/">{NAME} 数字报</a><div class="date-box" '
        f'data-day="{edition.day}">{edition.day:%Y年%m月%d日}</div></div><div class="nav-box"><h4>版面导航</h4>'
        f'<ul class="nav-list">{nav}</ul></div>'
    )
    pages = {}
    for n, name, stories in numbered_of(edition):
        rows = "".join(f'<li><a href="{at(s.key)}"><h3>{s.title}</h3></a></li>' for s in stories)
        shown = f'<div id="paper-img"><img src="/u/{n}.jpg"></div><ul id="paper-infos">{rows}</ul>'
        pages[at(f"p{n}")] = page_of(f"{NAME} 第{n}版", shown, head)
        if n == 1:
            pages["/"] = pages[at("p1")]
        for s in stories:
            told = (
                f'<div class="paper-head">{edition.number} 期 / 第{n}版:{name}</div><h2 class="paper-title">'
                f'{s.title}</h2><div id="paper-content">{paras_of(s)}</div>'
            )
            pages[at(s.key)] = page_of(s.title, told, head)
    return pages


def founder_new(edition: Edition) -> Pages:
    day = edition.day
    base = f"/pc/layout/{day:%Y%m/%d}"
    nav = "".join(
        f'<li><a class="btn btn-block" href="node_{n:02}.html">第{n:02}版：{name}</a><a class="pdf" '
        f'href="../../../../att/{n:02}.pdf"><img src="/img/pdf.png"></a></li>'
        for n, name, _ in numbered_of(edition)
    )
    pages = {
        "/": f'<html><head><meta http-equiv="refresh" content="0;URL={base[1:]}/node_01.html"></head><body></body></html>'
    }
    for n, name, stories in numbered_of(edition):
        up = f"../../../content/{day:%Y%m/%d}"
        areas = "".join(
            f'<area coords="1,2" href="{up}/content_{s.key}.html" title="{s.title}">' for s in stories
        )
        rows = "".join(
            f'<li class="resultList"><a href="{up}/content_{s.key}.html"><h4>{s.title}</h4>'
            f"<p>{s.paragraphs[-1][:18]}…</p></a></li>"
            for s in stories
        )
        inner = (
            f'<div class="header"><span class="date">{day:%Y年%m月%d日} 星期三</span></div><div class="newspaper-pic">'
            f'<img class="preview" usemap="#m" src="/img/{n}.jpg"><map name="m">{areas}</map></div>'
            f'<div class="nav-list"><ul>{nav}</ul></div><div class="news-list"><ul>{rows}</ul></div>'
        )
        pages[f"{base}/node_{n:02}.html"] = page_of(f"{NAME} 第{n:02}版：{name}", inner)
        for s in stories:
            told = (
                f'<div class="detail-art"><h1>{s.title}</h1><p class="info">{NAME} {day} 第{n:02}版</p>'
                f'<div id="ozoom"><founder-content>{paras_of(s)}</founder-content></div><div class="pages">'
                '<a href="content_1.html">上一篇</a><a href="content_2.html">下一篇</a></div></div>'
            )
            pages[f"/pc/content/{day:%Y%m/%d}/content_{s.key}.html"] = page_of(f"{s.title}-{NAME}", told)
    return pages


def founder_old(edition: Edition) -> Pages:
    day = edition.day
    base = f"/html/{day:%Y-%m/%d}"
    nav = "".join(
        f'<tr class="bmdh_tr"><td class="default"><a id="pageLink" href=./node_{n + 1}.htm>第 {n:02} 版：{name}</a></td></tr>'
        for n, name, _ in numbered_of(edition)
    )
    pages = {
        "/": f'<HTML><HEAD><META HTTP-EQUIV="REFRESH" CONTENT="0; URL={base[1:]}/node_2.htm"></HEAD></HTML>'
    }
    for n, name, stories in numbered_of(edition):
        areas = "".join(f'<AREA coords="1,1,5,5" href="content_{s.key}.htm">' for s in stories)
        rows = "".join(
            f'<tr><td class="default">·</td><td class="default"><a href=content_{s.key}.htm?div=-1>'
            f'<div style="display:inline" id=mp{s.key}>{s.title}</div></a></td></tr>'
            for s in stories
        )
        inner = (
            f"<TABLE><TR><TD><font> {day.year} </font> 年 {day.month} 月 {day.day} 日</TD></TR><TR><TD><strong>"
            f"第 {n:02} 版：{name}</strong><IMG useMap=#P><MAP name=P>{areas}</MAP></TD><TD><table id=bmdhTable>"
            f"<tbody>{nav}</tbody></table><table><tbody>{rows}</tbody></table></TD></TR></TABLE>"
        )
        pages[f"{base}/node_{n + 1}.htm"] = page_of(f"{NAME}数字报", inner)
        for s in stories:
            told = "".join(f"<P>　　{each.lstrip('#')}" for each in s.paragraphs)
            inner = (
                f'<table><tr><td class="font01"><founder-title>{s.title}</founder-title></td></tr><tr><td '
                f'class="font02"><founder-author></founder-author></td></tr><tr><td><div id=ozoom style="ZOOM: 100%">'
                f"<founder-content><!--enpcontent-->{told}<!--/enpcontent--></founder-content></div></td></tr></table>"
                f'<a href="node_{n + 1}.htm">返回</a>'
            )
            pages[f"{base}/content_{s.key}.htm"] = page_of(NAME, inner)
    return pages


def joyhua(edition: Edition) -> Pages:
    base = f"/kpzk/{edition.day:%Y%m%d}/html"
    nav = "".join(
        f'<li><a class="fl" href="{"index" if n == 1 else f"page_{n}"}.htm"><p><span>第{n}版：{name}</span></p></a></li>'
        for n, name, _ in numbered_of(edition)
    )
    pages = {"/": page_of(NAME, f'<iframe src="{base[1:]}/index.htm" width="100%"></iframe>')}
    for n, _name, stories in numbered_of(edition):
        key = f"content_{edition.day:%Y%m%d}"
        rows = "".join(
            f'<p><em>{at}</em><a href="{key}{s.key:06}.htm">{s.title}</a></p>'
            for at, s in enumerate(stories, 1)
        )
        inner = f'<div class="ban-nav"><ul>{nav}</ul></div><div class="tt-list">{rows}</div>'
        pages[f"{base}/{'index' if n == 1 else f'page_{n}'}.htm"] = page_of(NAME, inner)
        for s in stories:
            told = (
                f'<div class="crumb">当前版:{n:02}版 上一篇 下一篇 放大 缩小 默认</div><div class="tt"><h1>{s.title}</h1></div>'
                f'<div class="papercont" id="zoomtext">{lines_of(s)}</div>'
            )
            pages[f"{base}/{key}{s.key:06}.htm"] = page_of(s.title, told)
    return pages


def pagenn(edition: Edition) -> Pages:
    base = f"/epaper/content/{edition.day:%Y%m%d}"
    nav = "".join(
        f'<li><a class="18" href="Page{n:02}BC.htm">第{n:02}版：{name}</a></li>'
        for n, name, _ in numbered_of(edition)
    )
    pages = {
        "/": f'<html><body><script>window.location.href = "{base[1:]}/Page01BC.htm";</script></body></html>'
    }
    for n, _name, stories in numbered_of(edition):
        rows = "".join(
            f'<tr><td>·</td><td><a class="14" href="Articel{s.key:05}BC.htm">{s.title}</a></td></tr>'
            for s in stories
        )
        inner = f'<div class="leftmenu"><ul>{nav}</ul></div><table>{rows}</table>'
        pages[f"{base}/Page{n:02}BC.htm"] = page_of(NAME, inner)
        for s in stories:
            told = (
                f'<table><tr><td class="24">{s.title}</td></tr><tr><td><span id="contenttext"><div>{paras_of(s)}</div>'
                "</span></td></tr></table>"
            )
            pages[f"{base}/Articel{s.key:05}BC.htm"] = page_of(NAME, told)
    return pages


def shtml(edition: Edition) -> Pages:
    base = f"/new/html/mjzb/{edition.day:%Y%m%d}"
    nav = "".join(
        f"""<tr><td class="menu3" onclick="javascript:window.location='vA{n:02}.html'">A{n:02} {name}</td></tr>"""
        for n, name, _ in numbered_of(edition)
    )
    pages = {
        "/": f'<html><head><meta http-equiv="refresh" content="0;URL={base}/index.html"></head><body></body></html>'
    }
    for n, _name, stories in numbered_of(edition):
        rows = "".join(
            f"""<tr><td class="menu1" onclick="javascript:window.open('{s.key}.html','_self');">{s.title}</td></tr>"""
            for s in stories
        )
        inner = f"<table><tr><td><table>{nav}</table></td><td><table>{rows}</table></td></tr></table>"
        pages[f"{base}/vA{n:02}.html"] = page_of(NAME, inner)
        if n == 1:
            pages[f"{base}/index.html"] = pages[f"{base}/vA01.html"]
        for s in stories:
            told = (
                f'<div class="p2_tit"><h1>{s.title}</h1></div><div class="p2_info">{edition.day} 来源：{NAME}</div>'
                f'<div id="copytext">{paras_of(s)}</div>'
            )
            pages[f"{base}/{s.key}.html"] = page_of(NAME, told)
    return pages


def data(edition: Edition) -> Pages:
    base = f"/data/{edition.day:%Y%m%d}"
    sheets = [
        {
            "pageNo": str(n),
            "pageName": name,
            "articleList": [
                {"articleId": f"a{s.key}", "title": s.title, "url": f"{base}/a{s.key}.json"} for s in stories
            ],
        }
        for n, name, stories in numbered_of(edition)
    ]
    whole = {"code": 0, "data": {"pubDate": str(edition.day), "paperName": NAME, "pageList": sheets}}
    script = f'<script>\nvar dataUrl = "{base[1:]}/layout.json";\n$.getJSON(dataUrl,function(d){{render(d)}});\n</script>'
    pages = {
        "/": page_of(NAME, f'<div class="box" id="content">加载中…</div>{script}'),
        f"{base}/layout.json": json.dumps(whole, ensure_ascii=False),
    }
    for s in edition.stories:
        said = {"articleId": f"a{s.key}", "title": s.title, "author": "", "pubDate": str(edition.day)}
        body = "".join(f"<p>　　{each.lstrip('#')}</p>" for each in s.paragraphs)
        pages[f"{base}/a{s.key}.json"] = json.dumps(
            {"code": 0, "data": {**said, "content": body}}, ensure_ascii=False
        )
    return pages
