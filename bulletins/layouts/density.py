"""A page's text -> the element that holds its article, by how the text is spread over the page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
_SENTENCE = re.compile(r"[。！？；，]")
_SIGNED = re.compile(r"^[(（][^()（）]{2,40}[)）]$|记者|通讯员|实习生")
# What a site says of itself at the foot of each page.
IMPRINT = re.compile(
    r"版权所有|copyright|©|备案|ICP|技术支持|主办单位?[:：]|承办单位?[:：]|主办　|社主办|转载|邮编|地址[:：]|"
    r"标识码|分辨率|访问量|公网安备|举报电话",
    re.I,
)
# What a page says of its article, in a line of its own.
ABOUT = re.compile(
    r"(?:发布|发表|出版|更新)?(?:时间|日期)\s*[:：]|来源\s*[:：]|作者\s*[:：]|浏览|阅读(?:次数|量)|点击|字号|字体|【|打印|分享|"
    r"编辑\s*[:：]|责编|审核\s*[:：]|校对\s*[:：]|上一[篇条版]|下一[篇条版]|返回|关闭|收藏|您的位置|当前位置|"
    r"^第\s*\S{1,5}\s*版|^[A-Z]?\d{1,3}版|^\D{0,12}(?:19|20)\d\d\s*[-年./]\s*\d{1,2}\s*[-月./]\s*\d{1,2}"
)
_ABOUT_LENGTH = 80  # characters; what is longer tells a story
_INLINE = 4  # elements of a line within its paragraph
_MOST = 10_000  # lines; a page of news has some hundred
_MOSTLY = 0.7  # of the box around paragraphs, apart from lines about it and the site, is text
_LEAST = 20  # characters of text that can be an article


def is_about(text: str) -> bool:
    """Whether a line, or a box of no more than one, speaks of the article: its author, day, source."""
    return len(text) <= _ABOUT_LENGTH and ABOUT.search(text) is not None


@dataclass(slots=True)
class Line:
    """A line of a page as a reader sees it: its text, how much of it is linked, the element where it begins
    with those around it; `aside`: in a margin. `weight` is how much of it reads like an article, in
    characters."""

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
    def weight(self) -> float:
        said = len(self.text) - self.linked
        if self.aside or self.linked * 2 > len(self.text) or self.about or IMPRINT.search(self.text):
            return 0.0
        if (
            _SENTENCE.search(self.text)
            or _SIGNED.search(self.text)
            or any(node.tag == "p" for node in self.chain[:_INLINE])
        ):
            return float(said)
        return said * 0.3


@dataclass(frozen=True, slots=True)
class Body:
    """The element that holds an article: the share that it has of what reads like one on the page, the share
    of its own text that does, and the line with which it begins."""

    box: Node
    weight: float
    share: float
    purity: float
    first: int


def lines(tree: Node) -> list[Line]:
    """The lines of a page, in order, so many of them that they show what it is made of."""
    found: list[Line] = []
    opened: list[tuple[Node, bool, bool]] = [(tree, False, False)]  # whether in a link, and in a margin
    pieces: list[tuple[str, bool]] = []  # of the line, and whether linked
    around: list[tuple[Node, bool, bool]] = []  # the element in which the line begins, and those around it

    def flush() -> None:
        said = " ".join("".join(piece for piece, _ in pieces).split())
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
        if node.tag in _PARTING:
            flush()
            if len(found) >= _MOST:
                break
        if event == "open":
            _, link, margin = opened[-1]
            opened.append((node, link or node.tag == "a", margin or aside(node)))
        else:
            opened.pop()
    flush()
    return found


def body(page: Sequence[Line]) -> Body | None:
    """The element that holds most of what reads like an article and little else; None where nothing does.

    An element counts for the weight of its lines, times the square of its purity: the box around the text and
    its furniture is heavier than the text's own by what the furniture weighs, and less pure by its length.
    A paragraph beside others is no box of a text: of a short one, what is said about it outweighs the rest.
    """
    weights: defaultdict[Node, float] = defaultdict(float)
    lengths: defaultdict[Node, int] = defaultdict(int)
    told: defaultdict[Node, int] = defaultdict(int)  # the length of lines about neither article nor site
    whole = 0.0
    for line in page:
        weight = line.weight
        whole += weight
        for node in line.chain:
            weights[node] += weight
            lengths[node] += len(line.text)
            told[node] += 0 if line.about or IMPRINT.search(line.text) else len(line.text)
    boxes = [node for node in weights if node.tag != "html"]
    best = max(boxes, key=lambda node: weights[node] * (weights[node] / lengths[node]) ** 2, default=None)
    if best is None or weights[best] < _LEAST:
        return _in_a_margin(page)
    around = best.parent
    if best.tag == "p" and around:
        several = weights[around] > weights[best]
        best = around if several and weights[around] >= told[around] * _MOSTLY else best
    first = next(n for n, line in enumerate(page) if best in line.chain)
    return Body(best, weights[best], weights[best] / whole, weights[best] / lengths[best], first)


def _in_a_margin(page: Sequence[Line]) -> Body | None:
    """The text, where all of it stands in what is called a margin (`content_more`): none has sentences."""
    told = any(line.aside and line.text.endswith("。") and not IMPRINT.search(line.text) for line in page)
    return body([replace(line, aside=False) for line in page]) if told else None
