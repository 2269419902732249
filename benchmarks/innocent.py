"""Changes that harm nothing: an edition, or the site around it, unlike all before and read right; a second
set of them, written after the contracts were tuned."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.mutations import Printed, fragment, on_articles, on_top, printed, trees
from benchmarks.papers import Edition, Story
from benchmarks.skins import Pages

Stories = Callable[[Story, random.Random], Story]
Site = Callable[[Printed], Pages]


@dataclass(frozen=True, slots=True)
class Innocent:
    """What becomes of each story, or of those of the last page alone, and of the site."""

    story: Stories = lambda story, _: story
    on_one_page: bool = False
    site: Site = lambda site: site.pages

    def told(self, edition: Edition, chance: random.Random) -> Edition:
        last = len(edition.sheets) - 1
        sheets = tuple(
            (name, stories)
            if self.on_one_page and n < last
            else (name, tuple(self.story(each, chance) for each in stories))
            for n, (name, stories) in enumerate(edition.sheets)
        )
        return replace(edition, sheets=sheets)

    def shown(self, edition: Edition, pages: Pages) -> Pages:
        return self.site(printed(edition, pages))


_CHARACTERS = "山水田林路桥春夏秋冬风雨云雪花草竹石江河湖海东南西北高远清新和平安康光明希望"


def _words(chance: random.Random, count: int) -> str:
    return "".join(chance.choice(_CHARACTERS) for _ in range(count))


def _poem(story: Story, chance: random.Random) -> Story:
    return replace(story, paragraphs=tuple(_words(chance, chance.choice((5, 7, 9))) for _ in range(8)))


def _winners(story: Story, chance: random.Random) -> Story:
    names = "　".join(_words(chance, 3) for _ in range(120))
    return replace(story, title=f"{story.title}获奖名单", paragraphs=(*story.paragraphs[:1], names))


def _asked(story: Story, chance: random.Random) -> Story:
    told = [
        f"问：{_words(chance, 12)}是怎么回事？" if n % 2 else f"答：{_words(chance, 40)}。"
        for n in range(1, 9)
    ]
    return replace(story, title=f"{story.title}，您知道吗？", paragraphs=tuple(told))


def _spotlit(story: Story, chance: random.Random) -> Story:
    """Of a session of congress: half of the headlines bear its mark."""
    return replace(story, title=f"两会聚焦｜{story.title}") if chance.random() < 0.5 else story


def _kicked(story: Story, chance: random.Random) -> Story:
    return replace(story, title=f"{_words(chance, 11)}，{_words(chance, 9)} {story.title}")


def _noted(story: Story, _: random.Random) -> Story:
    note = "编者按：今起本报推出“走进乡村”系列报道，敬请关注。"
    return replace(story, paragraphs=(note, *story.paragraphs))


def _called(story: Story, chance: random.Random) -> Story:
    line = f"报名电话：0835-{chance.randrange(2000000, 2999999)}，联系人：{_words(chance, 2)}"
    return replace(story, paragraphs=(*story.paragraphs, line))


def _long_lined(story: Story, chance: random.Random) -> Story:
    """A speech, printed without a break."""
    return replace(
        story, paragraphs=(story.paragraphs[0], "，".join(_words(chance, 14) for _ in range(60)) + "。")
    )


def _foreign(story: Story, chance: random.Random) -> Story:
    if chance.random() < 0.75:
        return story
    line = "“Good morning, everyone, welcome to our village,” the children said to their guests."
    return replace(story, paragraphs=(*story.paragraphs, line))


def _serial(story: Story, chance: random.Random) -> Story:
    return replace(story, title=f"{story.title}（{'一二三四五六七八'[chance.randrange(8)]}）")


def _unsigned(story: Story, _: random.Random) -> Story:
    *most, last = story.paragraphs
    return replace(story, paragraphs=(*most, last.partition("（本报记者")[0]))


def _grey(site: Printed) -> Pages:
    return trees(site, lambda tree: tree.set("class", "mourning"))


def _toolbar(site: Printed) -> Pages:
    bar = (
        '<div id="wza"><a href="#">无障碍浏览</a><a href="#">大字号</a><span>今日有雨，请带伞。</span></div>'
    )
    return trees(site, lambda tree: on_top(tree, bar))


def _margin(site: Printed) -> Pages:
    """An advertisement of the house beside every article, outside of its box."""
    told = '<div class="house-ad"><p>订阅明年的本报，到各县区邮局办理，全年定价九十六元。</p></div>'

    def add(tree: Any, _story: Story, _box: Any) -> None:
        if tree.body is not None and tree.find(".//footer") is None:
            tree.body.append(fragment(told))

    return (
        on_articles(site, add) if all(t.lstrip().startswith("<") for t in site.pages.values()) else site.pages
    )


def _table(site: Printed) -> Pages:
    def add(_tree: Any, story: Story, box: Any) -> None:
        rows = "".join(f"<tr><td>第{n}村</td><td>{story.key * n}亩</td></tr>" for n in range(1, 5))
        box.append(fragment(f"<table>{rows}</table>"))

    return on_articles(site, add)


def _film(site: Printed) -> Pages:
    def add(_tree: Any, story: Story, box: Any) -> None:
        box.insert(0, fragment(f'<p><video src="/v/{story.key}.mp4" controls></video></p>'))

    return on_articles(site, add)


def _scripts(site: Printed) -> Pages:
    def add(tree: Any) -> None:
        tree.insert(0, fragment('<script src="/js/stat.2026.js" async></script>'))

    return trees(site, lambda tree: add(tree.head) if tree.find("head") is not None else None)


def _entry_in_menu(site: Printed) -> Pages:
    link = '<div class="extra-nav"><a href="/zt/2026/">专题：走进乡村</a></div>'
    return trees(site, lambda tree: on_top(tree, link))


INNOCENT: dict[str, Innocent] = {
    "a page of poems": Innocent(_poem, on_one_page=True),
    "lists of winners": Innocent(_winners, on_one_page=True),
    "readers ask": Innocent(_asked, on_one_page=True),
    "marked headlines": Innocent(_spotlit),
    "kickers before headlines": Innocent(_kicked),
    "an editor's note": Innocent(_noted),
    "whom to call": Innocent(_called),
    "speeches": Innocent(_long_lined),
    "some English": Innocent(_foreign),
    "a serial": Innocent(_serial),
    "nothing signed": Innocent(_unsigned),
    "in grey": Innocent(site=_grey),
    "a toolbar": Innocent(site=_toolbar),
    "a toolbar, nothing signed": Innocent(_unsigned, site=_toolbar),
    "an advertisement aside": Innocent(site=_margin),
    "tables": Innocent(site=_table),
    "films": Innocent(site=_film),
    "another script": Innocent(site=_scripts),
    "another entry in the menu": Innocent(site=_entry_in_menu),
}
