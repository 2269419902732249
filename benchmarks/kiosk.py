"""The smaller families' sites and those of none: an edition in, its pages as text by path out; all skins."""

from __future__ import annotations

from hashlib import md5

from benchmarks.papers import Edition
from benchmarks.skins import (
    NAME,
    Pages,
    Skin,
    data,
    founder_new,
    founder_old,
    joyhua,
    lines_of,
    numbered_of,
    page_of,
    pagenn,
    paras_of,
    sckjw,
    shtml,
)


def nid(edition: Edition) -> Pages:
    issue = edition.number
    nav = "".join(
        f'<li><a href="newspaper.asp?Nid={issue}&Pid={n}">第{n:02}版：{name}</a></li>'
        for n, name, _ in numbered_of(edition)
    )
    past = f'<li><span><a href="newspaper.asp?Nid={issue}">{edition.day:%Y%m%d}期</a></span></li>'
    pages = {"/": page_of("往期回顾", f'<div class="review_list"><ul>{past}</ul></div>')}
    for n, _name, stories in numbered_of(edition):
        rows = "".join(
            f'<li><a href="newscontent.asp?Nid={issue}&Aid={s.key}">{s.title}</a></li>' for s in stories
        )
        inner = (
            f'<span class="fl qikan_menu">{edition.day:%Y年%m月%d日}</span><span class="fr pdf_down"><a href="u/{n}.pdf">PDF</a>'
            f'</span><div id="index_f_list"><ul>{nav}</ul></div><div id="index_a_list"><ul>{rows}</ul></div>'
        )
        pages[f"/newspaper.asp?Nid={issue}&Pid={n}"] = page_of(NAME, inner)
        if n == 1:
            pages[f"/newspaper.asp?Nid={issue}"] = page_of(NAME, inner)
        for s in stories:
            told = f'<div class="title"><h2>{s.title}</h2></div><div id="Zoom">{paras_of(s)}</div>'
            pages[f"/newscontent.asp?Nid={issue}&Aid={s.key}"] = page_of(NAME, told)
    return pages


def pagenews(edition: Edition) -> Pages:
    base = f"/content/{edition.day:%Y-%m/%d}"
    nav = "".join(
        f'<li><span class="txt"><a href="{base}{"" if n == 1 else f"/node_{n}"}">第{n:02}版：{name}</a></span></li>'
        for n, name, _ in numbered_of(edition)
    )
    pages = {
        "/": f'<html><head><meta http-equiv="refresh" content="0;URL={base}"></head><body></body></html>'
    }
    for n, _name, stories in numbered_of(edition):
        rows = "".join(f'<li><a href="{base}/{s.key}.shtml">{s.title}</a></li>' for s in stories)
        inner = (
            f'<div class="date">{edition.day:%Y年%m月%d日}</div><div id="pagetitleslist"><ul class=" scroll">{nav}</ul></div>'
            f'<div id="pagenews"><ul>{rows}</ul></div>'
        )
        pages[base if n == 1 else f"{base}/node_{n}"] = page_of(NAME, inner)
        for s in stories:
            told = f'<h1 class="t">{s.title}</h1><div id="newspapercontent">{paras_of(s, indent="")}</div>'
            pages[f"{base}/{s.key}.shtml"] = page_of(NAME, told)
    return pages


def readdo(edition: Edition) -> Pages:
    do = f"/epaper/read.do?m=i&iid={edition.number}"
    nav = "".join(
        f'<li><span class="listTitleL"><a href="{do}&sid={n}">第{n:02}版：{name}</a></span><div class="leftTitle"></div></li>'
        for n, name, _ in numbered_of(edition)
    )
    pages = {}
    for n, _name, stories in numbered_of(edition):
        rows = "".join(
            f'<a href="{do}&eid={s.key}&idate=8_{edition.day}" title="{s.title}">{s.title[:8]}…</a>'
            for s in stories
        )
        inner = f'<div class="leftTitle">{edition.day:%Y年%m月%d日}</div><ul>{nav}</ul><div id="link">{rows}</div>'
        pages[f"{do}&sid={n}"] = page_of(NAME, inner)
        if n == 1:
            pages["/epaper/"] = page_of(NAME, inner)
        for s in stories:
            told = f'<h3>{s.title}</h3><div id="article_content">{paras_of(s)}</div>'
            pages[f"{do}&eid={s.key}&idate=8_{edition.day}"] = page_of(NAME, told)
    return pages


def pairs(edition: Edition) -> Pages:
    base = f"/mjkp/{edition.day:%Y/%m/%d}"
    day = f"{edition.day:%Y%m%d}"
    nav = "".join(
        f'<li><a href="page_detail_{n}_{day}.html">第{n:02}版：{name}</a></li>'
        for n, name, _ in numbered_of(edition)
    )
    pages = {
        "/": f'<html><head><meta http-equiv="refresh" content="0;URL={base}/page_list_{day}.html"></head><body></body></html>'
    }
    for n, name, stories in numbered_of(edition):
        rows = "".join(
            f'<li><a href="article_detail_{n}_{day}A0{s.key}.html">{s.title}</a></li>' for s in stories
        )
        inner = f'<ul id="left-menu">{nav}</ul><div class="right"><h3>第{n:02}版：{name}</h3><ul class="page-list">{rows}</ul></div>'
        pages[f"{base}/page_detail_{n}_{day}.html"] = page_of(NAME, inner)
        if n == 1:
            pages[f"{base}/page_list_{day}.html"] = page_of(NAME, inner)
        for s in stories:
            told = f'<h1>{s.title}</h1><div class="content">{paras_of(s)}</div>'
            pages[f"{base}/article_detail_{n}_{day}A0{s.key}.html"] = page_of(s.title, told)
    return pages


def onepage(edition: Edition) -> Pages:
    whole = ""
    for n, name, stories in numbered_of(edition):
        told = "".join(
            f'<div class="piece" id="a{s.key}"><h3>{s.title}</h3><div class="article-content">{paras_of(s)}</div></div>'
            for s in stories
        )
        whole += f'<section class="sheet"><h2>第{n:02}版：{name}</h2>{told}</section>'
    toc = "".join(f'<li><a href="#a{s.key}">{s.title}</a></li>' for s in edition.stories)
    base = f"/jinqiu/{edition.day:%Y%m%d}/index.htm"
    inner = f'<p>{edition.day:%Y年%m月%d日} 星期三</p><ul class="toc">{toc}</ul>{whole}'
    return {
        "/": f'<html><head><meta http-equiv="refresh" content="0;URL={base}"></head><body></body></html>',
        base: page_of(NAME, inner),
    }


def weekly(edition: Edition) -> Pages:
    base = f"/{edition.day:%Y/%m%d}"
    rows = "".join(
        f'<div class="bm-row"><b>第{n}版</b><a href="{base}/page_{n}.html">{name}</a></div>'
        for n, name, _ in numbered_of(edition)
    )
    head = (
        f'<div class="masthead"><img src="logo.png"><em>{edition.day.year}年{edition.day.month}月{edition.day.day}日</em>'
        f'<em>总第{edition.number}期</em></div><div class="bm">{rows}</div>'
    )
    pages = {}
    for n, name, stories in numbered_of(edition):
        listed = "".join(
            f'<div class="row"><i>{at}</i><a class="tit" href="{base}/art_{n}_{s.key}.html">{s.title}</a></div>'
            for at, s in enumerate(stories, 1)
        )
        shown = page_of(NAME, f'<div class="cnt"><div class="head">第{n}版 {name}</div>{listed}</div>', head)
        pages[f"{base}/page_{n}.html"] = shown
        if n == 1:
            pages["/"] = shown
        for s in stories:
            text = "<br/><br/>".join(f"　　{each.lstrip('#')}" for each in s.paragraphs)
            told = (
                f'<div class="cnt"><div class="bigtit">{s.title}</div><div class="smalltit">第{n}版：{name}</div><div>'
                f'<div>{text}</div></div><div class="relate"><strong>相关阅读</strong><dl><dt><a href="/2019/0311/art_7_1.html">'
                "老茶厂的烟囱改成了瞭望塔</a></dt><dd>停产二十年的红星茶厂里，那根三十米高的烟囱没有拆，装上了楼梯……</dd></dl></div></div>"
            )
            pages[f"{base}/art_{n}_{s.key}.html"] = page_of(f"{s.title}_{NAME}_第{n}版", told, head)
    return pages


def cards(edition: Edition) -> Pages:
    def at(kind: str, what: object) -> str:
        return f"/{kind}/" + md5(f"{edition.day} {what}".encode(), usedforsecurity=False).hexdigest()

    tabs = "".join(
        f'<span class="tab"><a href="{at("e", n)}">第{n:02}版·{name}</a></span>'
        for n, name, _ in numbered_of(edition)
    )
    head = f'<div class="bar"><b>渡口周刊</b><i>第 {edition.number} 期</i><i>{edition.day:%Y.%m.%d}</i></div><div class="tabs">{tabs}</div>'
    pages = {}
    for n, name, stories in numbered_of(edition):
        grid = "".join(
            f'<a class="c c0" href="{at("n", s.key)}"><img src="/i/6.jpg"><div><strong>{s.title}</strong>'
            f"<em>{s.paragraphs[0].lstrip('#')[:30]}</em></div></a>"
            for s in stories
        )
        pages[at("e", n)] = page_of("渡口周刊", f'<section class="grid">{grid}</section>', head)
        if n == 1:
            pages["/"] = pages[at("e", 1)]
        for s in stories:
            text = "".join(f'<div class="t">{each.lstrip("#")}</div>' for each in s.paragraphs)
            told = (
                f'<section class="one"><div class="hd"><strong>{s.title}</strong><i>第{n:02}版 {name}</i></div>'
                f'<div class="bd">{text}</div></section>'
            )
            pages[at("n", s.key)] = page_of(f"{s.title}|渡口周刊", told, head)
    return pages


def notices(edition: Edition) -> Pages:
    menu = "".join(
        f'<li><a href="/{name}/">{text}</a></li>'
        for name, text in (("a", "首页"), ("b", "概况"), ("c", "公告"))
    )
    head = f'<div id="top"><ul>{menu}</ul></div>'
    foot = '<div id="bottom"><p>主办：云岭县科学技术协会　地址：云岭县新街12号</p></div>'
    rows, pages = "", {}
    for s in edition.stories:
        path = f"{edition.day:%Y%m}/t{edition.day:%Y%m%d}_{s.key}.html"
        rows += f'<li><span>{edition.day}</span><a href="./{path}" title="{s.title}">{s.title}</a></li>'
        told = (
            f'<div class="con"><h2>{s.title}</h2><div class="info">发布时间：{edition.day} 09:13　来源：本网</div><div class="wz">'
            f'<div>{paras_of(s)}</div></div><div class="gn">【字体：大 中 小】【打印本页】【关闭窗口】</div></div>'
        )
        pages[f"/dongtai/{path}"] = page_of(f"{s.title}_工作动态_云岭县科学技术协会", told, head, foot)
    listed = f'<div class="path">您的位置：<a href="/">首页</a></div><div class="con"><ul class="lb">{rows}</ul></div>'
    return {"/dongtai/": page_of("工作动态_云岭县科学技术协会", listed, head, foot), **pages}


def terse(edition: Edition) -> Pages:
    """Of no family: text parted by line breaks in table cells."""
    base = f"/bm.asp?qi={edition.number}"
    top = (
        f"<table><tr><td><font>{edition.day.year}年{edition.day.month}月{edition.day.day}日　第{edition.number}期　"
        "<a href=old.asp>往期回顾</a></font></td></tr></table>"
    )
    nav = "".join(
        f'<tr><td background="img/line.gif"><font><a href="{base}&ban={n}">第{n:02}版：{name}</a></font></td></tr>'
        for n, name, _ in numbered_of(edition)
    )
    pages = {}
    for n, name, stories in numbered_of(edition):
        rows = "".join(
            f'<tr><td width=10><img src="img/dot.gif"></td><td><font><a href="show.asp?id={edition.number}{s.key}" '
            f"target=_blank>{s.title}</a></font></td></tr>"
            for s in stories
        )
        shown = page_of(
            NAME, f"<table><tr><td><table>{nav}</table></td><td><table>{rows}</table></td></tr></table>", top
        )
        pages[f"{base}&ban={n}"] = shown
        if n == 1:
            pages["/"] = shown
        for s in stories:
            told = (
                f"<table><tr><td align=center><b>{s.title}</b></td></tr><tr><td>第{n:02}版：{name}　{edition.day}</td></tr>"
                f"<tr><td><font>{lines_of(s)}</font></td></tr></table>"
            )
            pages[f"/show.asp?id={edition.number}{s.key}"] = page_of(s.title, told, top)
    return pages


SKINS = (
    Skin("sckjw", sckjw),
    Skin("founder_new", founder_new),
    Skin("founder_old", founder_old),
    Skin("joyhua", joyhua),
    Skin("pagenn", pagenn),
    Skin("shtml", shtml),
    Skin("data", data),
    Skin("nid", nid),
    Skin("pagenews", pagenews),
    Skin("readdo", readdo, "/epaper/"),
    Skin("pairs", pairs),
    Skin("onepage", onepage),
    Skin("weekly", weekly),
    Skin("cards", cards),
    Skin("notices", notices, "/dongtai/"),
    Skin("terse", terse),
)
