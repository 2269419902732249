"""A site's pages -> what an editor is asked about it: its lists, its name, its region, an id for it.

A proposal reads nothing; what would be read is a Reading's. It says why it proposes what it does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin, urlsplit

from bulletins import charset, regions, upstream
from bulletins.errors import UndecodablePage
from bulletins.facts import facts
from bulletins.markup import Node, parse
from bulletins.model import Item, Page, PollStatus, Problem
from bulletins.pinyin import syllables
from bulletins.survey import survey

# What sites call the lists that a reader would follow, those with most news first.
_NAMES = (
    *(
        "要闻",
        "新闻",
        "动态",
        "资讯",
        "快讯",
        "通知公告",
        "公告",
        "公示",
        "通知",
        "信息",
        "科普",
        "活动",
        "简报",
        "政策文件",
    ),
)
_NO_LIST = re.compile(
    r"专题|视频|图片|信箱|举报|订阅|登录|注册|English|邮箱|下载|办事|查询|领导|机构|导航|地图|发布会|数据开放|信息公开(?:指南|制度|年报)"
)
_LISTS = re.compile(r"(?:^|/)(?:col\d+|list|index|channel|c\d+)\b|/$|list|column", re.I)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/json")
_PARTS = re.compile(r"\s*[_|｜—–-]+\s*")
_SITE = re.compile(
    r"[\u3400-\u9fff]{2,20}(?:人民政府|政府网|科协|科学技术协会|协会|学会|委员会|局|厅|办公室|网|报|中心|社|台|大学|学院|联合会)"
)
_LONGEST_LABEL = 12  # characters of a link to a list
_COMMON_HOSTS = {"www", "com", "cn", "gov", "org", "net", "edu", "m", "wap", "news", "sc", "mp", "example"}
_LONGEST_ID = 40
_FEW = 3  # syllables that an id spells out
_MOST = 12  # lists that are shown
_MOST_LINKS = 1_000  # that are looked at


@dataclass(frozen=True, slots=True)
class Place:
    """A page that may be followed instead: what its link calls it, its address, and why it is offered."""

    name: str
    url: str
    why: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says of its site: feeds and lists to follow instead, and its name."""

    feeds: tuple[Place, ...] = ()
    lists: tuple[Place, ...] = ()
    name: str = ""


def said(page: Page) -> Said:
    """Of bytes that are no page, nothing; of a feed, its title."""
    if upstream.is_feed(page.body):
        return Said(name=upstream.read(page.body, page.url, page.content_type).title)
    try:
        text = charset.decode(page.body, page.content_type).text
    except UndecodablePage:
        return Said()
    tree = parse(text)
    base = tree.base(page.url)
    return Said(tuple(_feeds(tree, base)), tuple(_lists(tree, base))[:_MOST], _name(tree))


def _feeds(tree: Node, base: str) -> Iterator[Place]:
    for link in tree.all("link[rel~='alternate'][href]"):
        if link.attribute("type").lower() in _FEED_TYPES:
            yield Place(
                link.attribute("title") or "feed", urljoin(base, link.attribute("href")), "the page names it"
            )


def _lists(tree: Node, base: str) -> Iterator[Place]:
    """Links of the same site that are called as lists of news are, the likeliest first; above an article, the
    crumbs that lead back to its list first of all."""
    host = urlsplit(base).hostname
    found: dict[str, tuple[int, Place]] = {}
    for order, way in enumerate(islice(survey(tree).ways, _MOST_LINKS)):
        a, href = way.node, way.address(base)
        name = a.text.strip(">》·• ")
        if not href or urlsplit(href).hostname != host or not 1 < len(name) <= _LONGEST_LABEL:
            continue
        href = href.partition("#")[0]
        if href.rstrip("/") == base.rstrip("/") or _NO_LIST.search(name):
            continue
        around = a.parent
        crumb = around is not None and re.search(r"位置|首页\s*[>›»-]", around.text[:60]) is not None
        rank = next((n for n, known in enumerate(_NAMES) if known in name), None)
        above = len(urlsplit(href).path) > 1 and urlsplit(base).path.startswith(
            urlsplit(href).path.rsplit("/", 1)[0] + "/"
        )
        if crumb and above and "首页" not in name:
            found.setdefault(href, (-order - 1, Place(name, href, "the article's own list, by its crumbs")))
        elif rank is not None and (_LISTS.search(href) or rank < len(_NAMES)):
            found.setdefault(href, (rank * 1000 + order, Place(name, href, f"its link is called {name}")))
    for _, place in sorted(found.values(), key=lambda one: one[0]):
        yield place


def _name(tree: Node) -> str:
    """What a site calls itself: as its head states it, else the part of a <title> that names a body."""
    stated = facts(tree).site
    node = tree.first("meta[property='og:site_name'][content]")
    title = tree.first("title")
    parts = [part for part in _PARTS.split(title.text) if part] if title else []
    bodies = [part for part in reversed(parts) if _SITE.fullmatch(part.split()[0])]
    return (
        stated
        or (node.attribute("content") if node else "")
        or (bodies or parts[-1:] or [""])[0].split(" ")[0]
    )


def region_of(name: str, items: Sequence[Item]) -> tuple[str | None, str]:
    """The code of the division that a source is of, and why: its name says it, else most of its items lie in
    one; None where neither does."""
    by_name = regions.locate(title=name, paragraphs=(), heading=None, within=None).region
    if by_name:
        return by_name.code, f"{name} names {by_name.path[-1]}"
    counted = Counter(path for item in items if item.region for path in _above(item.region.path))
    most = [(path, count) for path, count in counted.items() if count * 2 > len(items)]
    if not most:
        return None, "neither its name nor most of its items say where it is"
    path, count = max(most, key=lambda one: len(one[0]))
    code = next(
        code
        for item in items
        if item.region and item.region.path[: len(path)] == path
        for code in (_code_at(item.region.code, len(path)),)
    )
    return code, f"{count} of {len(items)} items are about {path[-1]}"


def place_of(title: str, within: str | None) -> str:
    """The division that a headline alone says it is about, or the source's own; its name, or ""."""
    found = regions.locate(title=title, paragraphs=(), heading=None, within=within).region
    return found.path[-1] if found else ""


def _above(path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return (path[: n + 1] for n in range(len(path)))


def _code_at(code: str, level: int) -> str:
    return code[: 2 * level] + "0" * (6 - 2 * level)


def an_id(url: str, name: str, taken: Collection[str]) -> str:
    """An id that no source has: of the host's own label, else of the name's pinyin, of a long one its
    initials."""
    labels = [
        label for label in (urlsplit(url).hostname or "").lower().split(".") if label not in _COMMON_HOSTS
    ]
    host = next((label for label in labels if re.fullmatch(r"[a-z][a-z0-9-]{1,20}", label)), "")
    read = list(filter(None, (re.sub(r"[^a-z0-9]", "", one.lower()) for one in syllables(name))))
    spelt = "-".join(read) if len(read) <= _FEW else "".join(one[0] for one in read)
    stem = (host or spelt or "source")[:_LONGEST_ID].strip("-") or "source"
    numbered = (f"{stem}-{n}" for n in range(2, len(taken) + 3))
    return stem if stem not in taken else next(one for one in numbered if one not in taken)


def advice(problem: Problem) -> str:
    """What an editor can try where a page cannot be read."""
    reason = problem.reason
    if "challenge" in reason or "access refusal" in reason:
        return (
            "This site answered with a challenge, which Dibao does not evade. Ask the site for a feed or for "
            "access, or add a feed of it that somebody publishes"
        )
    if "taken down" in reason:
        return "The article is no more. Give the address of another, or of the list that it stood on"
    if "login" in reason:
        return "This page is for those who have signed in. Give the address of a page that anybody can read"
    if "script" in reason:
        return (
            "This site needs a browser: what stands there comes from an interface. Look into the browser's "
            "network panel for an address that answers with JSON or a feed, and add that; or ask for a feed"
        )
    if "not a web page" in reason:
        return "Give the address of the page that links to this file"
    if "error page" in reason or "empty page" in reason:
        return "Open the address in a browser; it may have moved. Give the address of a list of news"
    if "PDF" in reason or "pictures" in reason:
        return "There is no text to read. Look for a text edition, or the site's own list of news"
    if problem.status == PollStatus.LAYOUT_CHANGED:
        return (
            "Give the address of a list of news rather than of the home page, or say in [sources.selectors] "
            "what stands where (docs/adding-a-source.md)"
        )
    return "Open the address in a browser and see what stands there"
