"""Kinds of mutation that were written after the contracts were tuned: a second set, of what sites did later.
How it fared at the first look, and what was tuned since, is in docs/decisions/115."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from benchmarks.mutations import (
    Mutation,
    Printed,
    below,
    emptied,
    everywhere,
    fragment,
    on_articles,
    on_lists,
    on_text,
    paragraphs_of,
)
from benchmarks.papers import Story
from benchmarks.skins import Pages

FRESH: dict[str, Mutation] = {}


def _fresh(name: str) -> Callable[[Mutation], Mutation]:
    def known(made: Mutation) -> Mutation:
        FRESH[name] = made
        return made

    return known


@_fresh("second-half-on-another-page")
def _(site: Printed) -> Pages:
    def cut(_tree: Any, _story: Story, box: Any) -> None:
        parts = paragraphs_of(box)
        for each in parts[(len(parts) + 1) // 2 :]:
            each.getparent().remove(each)
        below(box, '<div class="pager"><a href="?page=2">下一页</a></div>')

    return on_articles(site, cut)


@_fresh("advertisement-between-paragraphs")
def _(site: Printed) -> Pages:
    told = '<div class="gg"><p>家装节满三千减五百，全城免费量房，电话预约即送好礼。</p></div>'

    def add(_tree: Any, _story: Story, box: Any) -> None:
        parts = paragraphs_of(box)
        (parts[0].addnext if parts else box.append)(fragment(told))

    return on_articles(site, add)


@_fresh("noise-against-copying")
def _(site: Printed) -> Pages:
    """Hidden paragraphs of random signs between those of the text."""

    def add(_tree: Any, story: Story, box: Any) -> None:
        for n, each in enumerate(paragraphs_of(box)):
            noise = f"{story.key * 7919 + n:08x}k2Fq{n}Zz"
            each.addnext(fragment(f'<p style="display:none">{noise}</p>'))

    return on_articles(site, add)


@_fresh("digits-in-a-font-of-their-own")
def _(site: Printed) -> Pages:
    def change(text: str, story: Story) -> str:
        for each in story.paragraphs:
            veiled = re.sub(r"\d", lambda found: chr(0xE600 + int(found[0])), each.lstrip("#"))
            text = text.replace(each.lstrip("#"), veiled)
        return text

    return on_text(site, change)


@_fresh("first-sentence-alone")
def _(site: Printed) -> Pages:
    def tease(_tree: Any, story: Story, box: Any) -> None:
        emptied(box)
        box.append(fragment(f"<p>{story.paragraphs[0].lstrip('#').partition('，')[0]}。</p>"))

    return on_articles(site, tease)


@_fresh("captions-alone")
def _(site: Printed) -> Pages:
    def caption(_tree: Any, story: Story, box: Any) -> None:
        emptied(box)
        box.append(fragment(f'<p><img src="/i/{story.key}.jpg"></p>'))
        box.append(fragment("<p>图为活动现场。</p>"))

    return on_articles(site, caption)


@_fresh("readers-differ-in-the-body")
def _(site: Printed) -> Pages:
    def talk(_tree: Any, story: Story, box: Any) -> None:
        words = ("路过的蜗牛", "青石板", "山里人家", "晚风")
        told = "".join(
            f"<p>{words[(story.key + n) % 4]}：{story.title[:4]}这事我看行，我是第{n + 1}个！</p>"
            for n in range(3)
        )
        below(box, f'<div class="talk">{told}</div>')

    return on_articles(site, talk)


@_fresh("headlines-of-others-below")
def _(site: Printed) -> Pages:
    def add(_tree: Any, story: Story, box: Any) -> None:
        others = [one for one in site.edition.stories if one is not story][:5]
        told = "".join(
            f"<li>· {one.title}（{one.key % 12 + 1}月{one.key % 27 + 1}日）</li>" for one in others
        )
        below(box, f'<ul class="more">{told}</ul>')

    return on_articles(site, add)


@_fresh("summary-by-a-machine")
def _(site: Printed) -> Pages:
    def add(_tree: Any, story: Story, box: Any) -> None:
        told = story.paragraphs[0].lstrip("#")[:24]
        box.insert(0, fragment(f'<div class="ai"><p>智能摘要：{told}，内容由系统生成，仅供参考。</p></div>'))

    return on_articles(site, add)


@_fresh("readings-counted-in-titles")
def _(site: Printed) -> Pages:
    return on_text(
        site, lambda text, story: text.replace(story.title, f"{story.title} 阅读 {story.key * 37}")
    )


@_fresh("titles-letterspaced-in-articles")
def _(site: Printed) -> Pages:
    return on_text(site, lambda text, story: text.replace(story.title, "·".join(story.title)))


@_fresh("titles-garbled")
def _(site: Printed) -> Pages:
    def broken(story: Story) -> str:
        return story.title.encode("gb18030").decode("latin-1").replace("<", "‹").replace("&", "＆")

    return on_text(site, lambda text, story: text.replace(story.title, broken(story)))


@_fresh("titles-in-pictures")
def _(site: Printed) -> Pages:
    return on_text(
        site, lambda text, story: text.replace(story.title, f'<img src="/t/{story.key}.png" alt="">')
    )


@_fresh("titles-unfilled-in-lists")
def _(site: Printed) -> Pages:
    def change(path: str, text: str) -> str:
        if path in site.lists:
            for story in site.edition.stories:
                text = text.replace(story.title, "[% row.title %]")
        return text

    return {path: change(path, text) for path, text in site.pages.items()}


@_fresh("two-rows-and-a-button")
def _(site: Printed) -> Pages:
    def cut(_tree: Any, rows: list[Any]) -> None:
        for row in rows[2:]:
            row.getparent().remove(row)
        rows[-1 if len(rows) < 3 else 1].addnext(fragment('<div class="more">加载更多</div>'))

    return on_lists(site, cut)


@_fresh("rows-lead-to-an-app")
def _(site: Printed) -> Pages:
    def turn(_tree: Any, rows: list[Any]) -> None:
        for row in rows:
            for link in row.xpath("descendant-or-self::*[@href]"):
                link.set("href", "minjiang://open?a=" + link.get("href").rpartition("/")[2])

    return on_lists(site, turn)


@_fresh("rows-among-advertisements")
def _(site: Printed) -> Pages:
    def add(_tree: Any, rows: list[Any]) -> None:
        for n, row in enumerate(rows):
            row.addnext(
                fragment(
                    f'<div class="ad"><a href="http://shop{n}.example/s/{n}.html">新款保温杯限时抢购第{n}件半价</a></div>'
                )
            )

    return on_lists(site, add)


@_fresh("every-page-is-the-first")
def _(site: Printed) -> Pages:
    first = {story.title for story in site.edition.sheets[0][1]}
    page = next((p for p in site.lists if all(title in site.pages[p] for title in first)), "")
    return {
        p: site.pages[page] if page and p in site.lists and p != "/" else t for p, t in site.pages.items()
    }


@_fresh("body-in-two-columns")
def _(site: Printed) -> Pages:
    """Line by line across: the first of the left, the first of the right, and so on."""

    def columns(_tree: Any, story: Story, box: Any) -> None:
        lines = [each.lstrip("#") for each in story.paragraphs]
        half = (len(lines) + 1) // 2
        emptied(box)
        rows = "".join(
            f"<tr><td>{lines[n]}</td><td>{lines[n + half] if n + half < len(lines) else ''}</td></tr>"
            for n in range(half)
        )
        box.append(fragment(f"<table>{rows}</table>"))

    return on_articles(site, columns)


@_fresh("text-as-one-cell-of-scripts")
def _(site: Printed) -> Pages:
    def veil(_tree: Any, story: Story, box: Any) -> None:
        emptied(box)
        said = "".join(f"\\u{ord(c):04x}" for c in "".join(story.paragraphs))
        box.append(fragment(f'<script>document.write(unescape("{said}"))</script>'))
        box.append(fragment("<p>如无法显示，请开启脚本。</p>"))

    return on_articles(site, veil)


@_fresh("copyright-in-every-paragraph")
def _(site: Printed) -> Pages:
    def add(_tree: Any, _story: Story, box: Any) -> None:
        for each in paragraphs_of(box):
            each.append(fragment("<span>（本报独家稿件，禁止转载）</span>"))

    return on_articles(site, add)


@_fresh("gambling-in-titles")
def _(site: Printed) -> Pages:
    return everywhere(
        site,
        lambda text: re.sub(
            "|".join(re.escape(s.title) for s in site.edition.stories),
            lambda m: f"{m[0]}-澳门百家乐开户",
            text,
        ),
    )
