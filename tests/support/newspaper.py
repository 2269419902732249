"""A newspaper in family J's shape for tests, whose editions, articles and markup the test decides."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import md5
from urllib.parse import quote

from tests.support.site import Site, conditional


@dataclass(frozen=True)
class Story:
    """An article: `body` holds its paragraphs, as HTML."""

    headline: str
    body: tuple[str, ...]

    def corrected(self, headline: str) -> Story:
        return replace(self, headline=headline)


def words(number: int, count: int) -> str:
    """So many characters, the same for each number and like those of no other: a text of its own."""
    chance = random.Random(number)
    return "".join(chr(chance.randrange(0x7000, 0x7FFF)) for _ in range(count))


ROUNDUP = Story(
    "全省各地科协 扎实开展秋季科普活动",
    (
        "<strong>芦山县</strong>",
        "近日,雅安市芦山县科协走进乡村学校,为孩子们讲解星空的秘密,孩子们听得津津有",
        "味。",
        "<strong>安岳县</strong>",
        "10月12日,资阳市安岳县科协举办柠檬栽培技术培训,八十余名果农参加。",
        "<strong>南充市</strong>",
        "近日,南充市科协组织科普大篷车进社区,居民排队体验互动展品。",
        "(本栏目组稿:江小满 本报记者 何知秋)",
    ),
)
MINGSHAN = Story(
    "名山区科协 把茶园办成课堂",
    (
        "<strong>地方科协 | DI FANG KE XIE</strong>",
        "<strong>本报讯</strong> 近日,雅安市名山区科协在茶园里开讲,教茶农辨认病虫害。",
        "茶农们说,听得懂,用得上。 (本报记者 林听雨)",
    ),
)
WENCHUAN = Story(
    "汶川县科协 送技术到果园",
    (
        "<strong>地方科协 | DI FANG KE XIE</strong>",
        "<strong>本报讯</strong> 10月11日,阿坝州汶川县科协邀请专家到樱桃园指导修枝。 (周望舒)",
    ),
)


@dataclass
class Newspaper:
    """Two pages; the stories stand on the second. Change the fields, then `print_on` a site again."""

    day: date = date(2026, 10, 14)
    number: int = 3600
    stories: dict[str, Story] = field(
        default_factory=lambda: {"roundup": ROUNDUP, "mingshan": MINGSHAN, "wenchuan": WENCHUAN}
    )
    pdf: str = ""  # where the second page stands as printed
    redesigned: bool = False
    charset: str = "utf-8"
    label: str = "utf-8"
    addresses: dict[str, str] = field(default_factory=dict)  # of some pages, as their links give them

    def address(self, name: str) -> str:
        if name in self.addresses:
            return self.addresses[name]
        return "/" + md5(f"{self.day} {name}".encode(), usedforsecurity=False).hexdigest()

    def print_on(self, site: Site) -> None:
        """Put this edition under the site's addresses; older editions' articles stay."""
        front, second = self.address("page 1"), self.address("page 2")
        self._put(site, "/", self._list_page([], f'<div class="edition">{self.number} 期</div>'))
        self._put(site, front, self._list_page([], ""))
        printed = f'<div id="detail-pdf"><a href="{self.pdf}">PDF</a></div>' if self.pdf else ""
        self._put(site, second, self._list_page(list(self.stories), printed))
        for name, story in self.stories.items():
            self._put(site, self.address(name), self._article(story))

    def _put(self, site: Site, path: str, html: str) -> None:
        body = html.encode(self.charset)
        etag = f'"{md5(body, usedforsecurity=False).hexdigest()}"'
        site.routes[quote(path, safe="/?=&%")] = conditional(body, etag, content_type="text/html")

    def _page(self, inner: str) -> str:
        nav = "".join(
            f'<li><a href="{self.address(f"page {n}")}">第{n}版:{name}</a></li>'
            for n, name in ((1, "要闻"), (2, "科协之窗"))
        )
        html = (
            f'<html><head><meta charset="{self.label}"><title>岷江科普报</title></head><body>'
            f'<div class="date-box" data-day="{self.day}">{self.day:%Y年%m月%d日}</div>'
            f'<div class="nav-box"><ul class="nav-list">{nav}</ul></div>{inner}</body></html>'
        )
        if self.redesigned:
            for old, new in (("nav-list", "menu"), ("paper-infos", "cards"), ("paper-content", "text")):
                html = html.replace(old, new)
        return html

    def _list_page(self, names: list[str], extra: str) -> str:
        links = "".join(
            f'<li><a href="{self.address(name)}"><h3>{self.stories[name].headline}</h3></a></li>'
            for name in names
        )
        return self._page(f'{extra}<ul id="paper-infos">{links}</ul>')

    def _article(self, story: Story) -> str:
        body = "".join(f"<p>&nbsp;&nbsp;{paragraph}</p>" for paragraph in story.body)
        return self._page(
            f'<div class="paper-head">{self.number} 期 / 第2版:科协之窗</div>'
            f'<h2 class="paper-title">{story.headline}</h2><div id="paper-content">{body}</div>'
        )
