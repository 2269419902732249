"""A page's text -> the element that holds its article, by how the text is spread over the page."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bulletins.layouts.clusters import AROUND, aside
from bulletins.markup import Node

# Elements that part lines; the others run on in them.
_PARTING = {
    *(
        "html",
        "body",
        "div",
        "section",
        "article",
        "main",
        "center",
        "header",
        "footer",
        "aside",
        "nav",
        "form",
        "details",
        "summary",
    ),
    *(
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "p",
        "pre",
        "blockquote",
        "address",
        "figure",
        "figcaption",
        "hr",
        "br",
    ),
    *(
        "ul",
        "ol",
        "li",
        "dl",
        "dd",
        "dt",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "title",
    ),
}
SENTENCE = re.compile(r"[。！？；，]")
SIGNED = re.compile(r"^[(（][^()（）]{2,40}[)）]$|记者|通讯员|实习生")
# What a site says of itself at the foot of each page.
IMPRINT = re.compile(
    r"版权所有|copyright|©|备案|ICP|技术支持|主办单位?[:：]|承办单位?[:：]|主办　|社主办|转载|邮编|地址[:：]|"
    r"标识码|分辨率|访问量|公网安备|举报电话",
    re.I,
)
# What a page says of its article, in a line of its own.
ABOUT = re.compile(
    r"(?:发布|发表|出版|更新)?(?:时间|日期)\s*[:：]|来源\s*[:：|｜丨]|作者\s*[:：|｜丨]|浏览|阅读(?:次数|量|(?:时[间长])?\W?(?:约|需|大约|预计)*\s*\d+\s*分钟)|"
    r"点击|字号|字体|【|打印|分享|编辑\s*[:：|｜丨]|责编|审核\s*[:：|｜丨]|校对\s*[:：|｜丨]|[上前]一[篇条版]|[下后]一[篇条版]|返回|关闭|收藏|您的位置|当前位置|"
    r"(?:读者|网友|我要|发表|暂无|全部)(?:留言|评论)|文明上网|抢沙发|^(?:微信|微博|QQ空间|朋友圈|\W)+$|我要纠错|点赞|朗读|语音播报|"
    r"^(?:[横竖直]排|[大中小]字|\W)+$|^第\s*\S{1,5}\s*版|^[A-Z]?\d{1,3}版|^\D{0,12}(?:19|20)\d\d\s*[-年./]\s*\d{1,2}\s*[-月./]\s*\d{1,2}"
)
_ABOUT_LENGTH = 80  # characters; what is longer tells a story
_INLINE = 4  # elements of a line within its paragraph
_MOST = 10_000  # lines; a page of news has some hundred
_MOSTLY = 0.7  # of the box around paragraphs, apart from lines about it and the site, is text
_VERSES = 4  # lines of the shortest poem
_WORDS = re.compile(r"[\u3400-\u9fff]")
_LEAST = 20  # characters of text that can be an article


def is_about(text: str) -> bool:
    """Whether a line, or a box of no more than one, speaks of the article: its author, day, source."""
    return len(text) <= _ABOUT_LENGTH and ABOUT.search(text) is not None


@dataclass(slots=True)
class Line:
    """A line of a page as a reader sees it: its text, how much of it is linked, the element where it begins
    with those around it; `aside`: in a margin. `weight` is how much of it reads like an article, in
    characters; `about`: it speaks of the article; `told`: of neither that nor the site."""

    text: str
    linked: int
    chain: tuple[Node, ...]
    aside: bool

    @property
    def box(self) -> Node:
        return self.chain[0]

    @property
    def about(self) -> bool:
        return is_about(self.text)

    @property
    def told(self) -> bool:
        return not (self.about or IMPRINT.search(self.text))

    @property
    def weight(self) -> float:
        said = len(self.text) - self.linked
        if self.aside or self.linked * 2 > len(self.text) or not self.told:
            return 0.0
        if (
            SENTENCE.search(self.text)
            or SIGNED.search(self.text)
            or any(node.tag == "p" for node in self.chain[:_INLINE])
        ):
            return float(said)
        return said * 0.3


@dataclass(slots=True)
class _Sum:
    """What the lines in an element weigh together, and how long they are; `first` of them is the line with
    that number."""

    node: Node
    first: int
    weight: float = 0.0
    length: int = 0


@dataclass(frozen=True, slots=True)
class Body:
    """The element that holds an article: the share that it has of what reads like one on the page, the share
    of its own text that does, and the line with which it begins."""

    box: Node
    weight: float
    share: float
    purity: float
    first: int


@lru_cache(maxsize=1)  # the parts ask for them one after the other, of one page at a time
def lines(tree: Node) -> list[Line]:
    """The lines of a page, in order, so many of them that they show what it is made of."""
    found: list[Line] = []
    opened: list[tuple[Node, bool, bool]] = [(tree, False, False)]  # whether in a link, and in a margin
    pieces: list[tuple[str, bool]] = []  # of the line, and whether linked
    around: list[tuple[Node, bool, bool]] = []  # the element in which the line begins, and those around it

    def flush() -> None:
        if not pieces:
            return
        said = " ".join("".join([piece for piece, _ in pieces]).split())
        if said:
            linked = sum(len(piece.strip()) for piece, link in pieces if link)
            chain = tuple(node for node, _, _ in reversed(around))
            found.append(Line(said, min(linked, len(said)), chain, around[-1][2]))
        pieces.clear()
        around.clear()

    for event, node, piece in tree.walk():
        if event == "text":
            pieces.append((piece, opened[-1][1]))
            if not around and not piece.isspace():
                around.extend(opened[-AROUND:])
            continue
        if (tag := node.tag) in _PARTING:
            flush()
            if len(found) >= _MOST:
                break
        if event == "open":
            _, link, margin = opened[-1]
            opened.append(
                (node, link or (tag == "a" and bool(node.attribute("href"))), margin or aside(node))
            )
        else:
            opened.pop()
    flush()
    if all(line.aside for line in found if "。" in line.text):  # what is called a margin holds everything
        for line in found:
            line.aside = False
    return found


def body(page: Sequence[Line]) -> Body | None:
    """The element that holds most of what reads like an article and little else; None where nothing does.

    An element counts for the weight of its lines, times the square of its purity: the box around the text and
    its furniture is heavier than the text's own by what the furniture weighs, and less pure by its length.
    A paragraph beside others is no box of a text: of a short one, what is said about it outweighs the rest.
    """
    sums: dict[Hashable, _Sum] = {}
    whole = 0.0
    for n, line in enumerate(page):
        weight, length = line.weight, len(line.text)
        whole += weight
        for node in line.chain:
            if (sum_ := sums.get(key := node.key)) is None:
                sum_ = sums[key] = _Sum(node, n)
            sum_.weight += weight
            sum_.length += length
    boxes = (each for each in sums.values() if each.node.tag != "html")
    best = max(boxes, key=lambda each: each.weight * (each.weight / each.length) ** 2, default=None)
    if best is None or best.weight < _LEAST:
        return _in_verse(page) or _in_a_margin(page)
    around = sums.get(above.key) if best.node.tag == "p" and (above := best.node.parent) else None
    if around and around.weight > best.weight and around.weight >= _told(page, around.node) * _MOSTLY:
        best = around
    return Body(best.node, best.weight, best.weight / whole, best.weight / best.length, best.first)


def _told(page: Sequence[Line], box: Node) -> int:
    """The length of the lines in an element that are about neither article nor site."""
    return sum(len(line.text) for line in page if box in line.chain and line.told)


def _in_verse(page: Sequence[Line]) -> Body | None:
    """A short poem, whose lines have neither sentences nor paragraphs: several in one box, of words alone."""
    verses: dict[Hashable, list[int]] = {}
    told = [
        n
        for n, line in enumerate(page)
        if line.told and not (line.aside or line.linked) and line.box.tag not in ("title", "body", "html")
    ]
    for n in told:
        verses.setdefault(page[n].box.key, []).append(n)
    best = max(verses.values(), key=len, default=[])
    length = sum(len(page[n].text) for n in best)
    words = sum(len(_WORDS.findall(page[n].text)) for n in best)
    if len(best) < _VERSES or length < _LEAST or words < length * _MOSTLY:
        return None
    box = page[best[0]].box
    return Body(box, length, length / sum(len(page[n].text) for n in told), length / len(box.text), best[0])


def _in_a_margin(page: Sequence[Line]) -> Body | None:
    """The text, where all of it stands in what is called a margin (`content_more`): none has sentences."""
    told = any(line.aside and line.text.endswith("。") and not IMPRINT.search(line.text) for line in page)
    return body([replace(line, aside=False) for line in page]) if told else None
