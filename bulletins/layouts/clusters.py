"""Links of a page -> the lists that they stand in: one container, one shape of address."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit

from bulletins.markup import Node
from bulletins.survey import longest_cell, survey

# A page (版) in the list of pages: 第03版：要闻, A01 封面, 一版 要闻, 02·民生.
PAGE = re.compile(
    r"第\s*[A-Z]{0,3}[\d一二三四五六七八九十]{1,4}\s*版|^[A-Z]{0,3}\d{1,3}\s*版|^[一二三四五六七八九十]{1,3}版|"
    r"^[A-Z]{1,3}\d{1,3}(?![\dA-Za-z])|^\d\d(?=[:：·\s]\s*[^\d\s])|^0\d(?:[\u3400-\u9fff]{2,6})?$"
)
# Where lists stand that are no news of the page: by element, or by the words of a class or id.
_ASIDE = {"nav", "footer", "header", "aside"}
_ASIDE_WORDS = re.compile(
    r"(?:^|[-_\s])(?:nav|menu|foot|footer|bottom|copyright|friends?|links?|crumbs?|breadcrumb|side|sidebar|hot|rank|"
    r"recommend|related|relate|more|share|pager|paging|pagination|search|login|header|top)(?:$|[-_\s\d])",
    re.I,
)
_A_LINK = re.compile(r"(?<![^-_\s])links?(?![^-_\s\d])", re.I)  # what a link may well be called
_ASIDE_HEADS = re.compile(
    r"\W*(?:热|相关|推荐|排行|点击|\d+小时|更多|友情|往期|专题|延伸|猜你|网友|精彩|今日热|阅读排|新闻排|大家|视频|活动)"
)
_OF_SITE = re.compile(r"(?:网站|返回)?(?:首页|主页)|关于我们|联系我们|登录|注册|网站地图|客户端")
_HEAD = 12  # characters of a box that may head its list
_HEADED = 6  # elements around a link that may have such a head
# Links that every site has.
_USUAL = re.compile(
    r"首页|主页|关于|联系|声明|版权|招聘|广告|投稿|订阅|搜索|登录|注册|更多|详细|返回|往期|收藏|打印|关闭|客户端|"
    r"手机版|English|上一|下一|尾页|末页|网站地图|友情链接"
)
_SET_APART = {"h1", "h2", "h3", "h4", "h5", "h6", "strong", "b"}
_ROWS = {"li", "tr", "td", "dd", "dt", "p", "span", "a", "h1", "h2", "h3", "h4", "h5", "h6", "tbody"}
_NUMBERED = re.compile(r"[A-Za-z]*\d[A-Za-z0-9]*|[0-9a-f]{16,}")
_FILE = re.compile(r"\.(?:pdf|jpe?g|png|gif|zip|docx?|mp[34])(?:$|[?#.])", re.I)
_CHINESE = re.compile(r"[\u3400-\u9fff]")
AROUND = 40  # elements around another that are looked at; tables within tables make about twenty
_MOST = 5_000  # links that are looked at; the thickest newspaper has a tenth of them on a page
_SHORTEST = 6  # characters of a link that reads like a headline, unless its neighbours make up for it
_ROWS_AROUND = 4  # a link, its cell, its row
_PRINTED = re.compile(r"\s*[\[(]?(?:PDF|下载|版面图)\S*", re.I)  # the link beside it, to the page as printed
_ALONE = 2  # elements around the only link of a page that are its row and its list
_ROW = 30  # characters of a row of the list of pages
_LONGEST = 70
_BULLETS = " ·•●■◆▪○□▶>»"
_PLACED = re.compile(r"\b(?:left|top|inset)\s*:", re.I)
_ACTIVE = {"active", "cur", "curr", "current", "on", "selected", "now", "hover", "focus"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A link with what it says. `active`: it is marked as the page that is shown."""

    node: Node
    href: str
    text: str
    active: bool = False

    @property
    def mapped(self) -> bool:
        """Whether it lies on the picture of a page: part of a map, or an empty link put over it."""
        if self.node.tag == "area":
            return True
        over = _PLACED.search(self.node.attribute("style"))
        return over is not None and self.node.tag == "a" and not self.node.text and not self.node.below

    @property
    def headline(self) -> bool:
        """Whether it reads like a headline."""
        words = len(_CHINESE.findall(self.text))
        return (
            _SHORTEST <= len(self.text) <= _LONGEST
            and words * 2 >= len(self.text)
            and not PAGE.search(self.text)
            and not (_USUAL.search(self.text) and len(self.text) < _SHORTEST * 2)
        )

    @property
    def terse(self) -> bool:
        """Whether it may be a headline of less than six characters, which links of every site are too."""
        words = len(_CHINESE.findall(self.text))
        return 1 <= words <= len(self.text) < _SHORTEST and not (
            PAGE.search(self.text) or _USUAL.search(self.text)
        )


@dataclass(frozen=True, slots=True)
class Cluster:
    """Links of one list, each address once, in document order. `numbered`: their addresses count something,
    as those of articles and pages do; `aside`: it stands in a margin of the page."""

    entries: tuple[Entry, ...]
    host: str
    numbered: bool
    aside: bool
    headed: bool = False  # as what stands beside the page's own, 热读排行 say, or among the parts of the site

    @property
    def paged(self) -> float:
        """The share of entries that name pages (版)."""
        return sum(1 for entry in self.entries if PAGE.search(entry.text)) / len(self.entries)


@lru_cache(maxsize=1)  # both lists are looked for among them, of one page at a time
def clusters(tree: Node, base: str) -> list[Cluster]:
    """The lists of a page in document order. Links belong together whose items stand in one container, or in
    containers of one make, whose addresses have one shape, and that all name pages or all do not."""
    entries = list(islice(_entries(tree, base), _MOST))
    chains = {entry: around(entry.node) for entry in entries}
    below: defaultdict[Node, set[str]] = defaultdict(set)
    for entry, chain in chains.items():
        for node in chain:
            below[node].add(entry.href)
    found: defaultdict[tuple[str, str, bool], list[Entry]] = defaultdict(list)
    entry_chains: dict[Entry, list[Node]] = {}  # of entries as their rows complete them
    boxes: dict[Entry, Node] = {}
    navigation: set[Node] = set()  # boxes with links to the parts of the site
    for entry, chain in chains.items():
        n = next((n for n, node in enumerate(chain) if len(below[node]) > 1), min(_ALONE, len(chain) - 1))
        made = "/".join(_make(node) for node in chain[n:])
        entry = _in_its_row(entry, chain[max(n - 1, 0)])
        entry_chains[entry] = chain
        boxes[entry] = chain[n]
        if _OF_SITE.fullmatch(entry.text) and chain[n].tag != "body":
            navigation.add(chain[n])
        found[made, shape(entry.href), bool(PAGE.search(entry.text))].append(entry)
    return [
        _cluster(
            group,
            _is_headed_aside(group, entry_chains[group[0]], below)
            or (boxes[group[0]] in navigation and all(entry.terse for entry in group)),
        )
        for group in found.values()
    ]


def _is_headed_aside(group: list[Entry], chain: list[Node], below: Mapping[Node, set[str]]) -> bool:
    """Whether the head of a list, in its box, says that it is no part of the page: 热读排行, 相关新闻."""
    own = {entry.href for entry in group}
    boxes = [node for node in chain[1:_HEADED] if len(below[node]) > 1 or len(own) == 1]
    return any(below[node] <= own and _ASIDE_HEADS.match(node.head(_HEAD)) for node in boxes)


def shape(href: str) -> str:
    """An address with its numbers taken out: /read/0/0.html for /read/202603/6105.html."""
    parts = urlsplit(href)
    return f"{parts.netloc}{_NUMBERED.sub('0', parts.path)}?{_NUMBERED.sub('0', parts.query)}"


def aside(node: Node) -> bool:
    """Whether an element is a margin by what it is called. An article's own head is none."""
    if node.tag == "header" and any(one.tag in ("article", "main") for one in around(node)[1:]):
        return False
    called = _A_LINK.sub("", node.called) if node.tag == "a" else node.called
    return _is_aside(node.tag, called)


@lru_cache(maxsize=1_000)  # the rows of a list are called alike
def _is_aside(tag: str, called: str) -> bool:
    return tag in _ASIDE or _ASIDE_WORDS.search(called) is not None


def _entries(tree: Node, base: str) -> Iterator[Entry]:
    for way in survey(tree).ways:
        node = way.node
        if any(one.tag == "a" for one in around(node)[1:]):
            continue  # a link in a link: the outer one was never closed
        href = way.address(base)
        if href and not _FILE.search(href):
            classes = {word.lower() for word in node.attribute("class").split()}
            above = node.parent
            classes |= {word.lower() for word in above.attribute("class").split()} if above else set()
            yield Entry(node, href, _said(node), bool(classes & _ACTIVE))


def _said(node: Node) -> str:
    """The headline within a link, else all its text; where that is cut short or a picture, its title."""
    if node.tag == "tr":
        return longest_cell(node).strip(_BULLETS)
    below = node.below
    inner = node.first("h1, h2, h3, h4, h5, h6, strong, b") if below & _SET_APART else None
    text = (inner.text if inner else "") or node.text
    picture = node.first("img[alt]") if "img" in below else None
    title = node.attribute("title") or node.attribute("alt") or (picture.attribute("alt") if picture else "")
    stem = text.rstrip(".…")
    found = title if title and (not text or (stem != text and title.startswith(stem))) else text
    return found.strip(_BULLETS)


def around(node: Node) -> list[Node]:
    """An element and those around it, itself first, as far as matters: pages nest without end."""
    chain: list[Node] = []
    above: Node | None = node
    while above is not None and len(chain) < AROUND:
        chain.append(above)
        above = above.parent
    return chain


def printed(entry: Entry, base: str) -> str | None:
    """The page as printed (PDF), where one file of it stands in the row of its link."""
    for box in around(entry.node)[1:_ROWS_AROUND]:
        files = {a.link(base) for a in box.all("a[href*='.pdf' i]")} - {None}
        if files:
            return files.pop() if len(files) == 1 else None
    return None


def _in_its_row(entry: Entry, row: Node) -> Entry:
    """A page whose number stands beside the link: 第1版 | 要闻, of which only 要闻 is one."""
    if entry.headline or PAGE.search(entry.text):
        return entry
    text = _PRINTED.sub("", row.text)
    return replace(entry, text=text) if len(text) <= _ROW and PAGE.match(text) else entry


def _make(node: Node) -> str:
    """What a container is called; rows have names that alternate, which say nothing."""
    if node.tag in _ROWS:
        return node.tag
    return f"{node.tag}.{_NUMBERED.sub('', node.attribute('class'))}#{node.attribute('id')}"


def _cluster(group: list[Entry], beside: bool) -> Cluster:
    """Of an address that stands twice the headline counts: a picture's words or 详细 are none."""
    best: dict[str, Entry] = {}
    for entry in group:
        held = best.get(entry.href)
        more = held is not None and not held.terse and len(entry.text) > len(held.text)
        if held is None or (not held.headline and (entry.headline or entry.terse > held.terse or more)):
            best[entry.href] = entry
    parts = [urlsplit(href) for href in best]
    return Cluster(
        entries=tuple(best.values()),
        host=parts[0].netloc,
        numbered=all(_NUMBERED.search(f"{part.path} {part.query}") for part in parts),
        aside=beside or any(aside(node) for node in around(group[0].node)),
        headed=beside,
    )
