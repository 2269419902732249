"""An article's page of any site -> its headline, text, day and byline, from what the page agrees upon.

What a page states in its head is believed where the page shows it too; what it shows is told by where it
stands, between the headline and the text or just below that, and by its label.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from bulletins import dates
from bulletins.facts import Facts, facts, scripted_date
from bulletins.layouts import bodies, writers
from bulletins.layouts.density import ABOUT, Line, is_about, lines
from bulletins.layouts.density import body as densest
from bulletins.layouts.parts import Article, Part
from bulletins.markup import Node
from bulletins.model import Block, BlockKind
from bulletins.survey import lacks

_ENOUGH = 10  # characters of a text
_HEAD = 4  # lines at the head of a text's box that may still be about it
_NEAR = 12  # lines above a text, and below it, among which those about it stand
_LINE = 120  # characters of a line about an article
_LONGEST = 120  # characters of a headline
_SAID = 200  # characters of what stands in a box that is no part of the text
_PARTS = re.compile(r"\s*[_|｜—–]+\s*|\s+[-·]\s+|-{2,}|\s*-(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])-\s*|\s+")
_NAMED = 0.4  # of a headline's score: the <title> has it
_TITLE_BAR = 0.4
_STEM = 5  # characters that two headlines must share to be one, cut short
_HEADING_WEIGHT = {"h1": 0.4, "h2": 0.35, "h3": 0.3, "h4": 0.25, "strong": 0.15, "b": 0.15}
_CALLED = re.compile(r"(?:^|[-_\s])\w{0,8}(?:title|headline|biaoti|bt|tit|subject)(?:$|[-_\s\d])", re.I)
_SUFFIX = re.compile(r"\s*[_|｜—–-]+\s*[^_|｜—–-]{2,30}$")
# Boxes within a text, and lines at its ends, that are the site's and not the author's.
_OUTSIDE = re.compile(
    r"(?:^|[-_\s])(?:statement|declare|disclaimer|copyright|editor|bianji|zebian|share|recommends?|related?|relate|comments?|"
    r"interaction|keywords?|tags?|ewm|qrcode|qr|print|pager?|prev|next|fujian|attachment|subscribe|wx_profile|original-?title)(?:$|[-_\s\d])",
    re.I,
)
_EDGE = re.compile(
    r"[(（【\[*\s]*(?:原(?:标题|题)[:：]|(?:特别|平台|免责|版权|郑重|重要)?(?:声明|提示|说明)[:：]|发布于[:：]?|来自[\u3400-\u9fff]{2,4}$|举报$|"
    r"(?:文章|相关)?关键[词字][:：]|标签[:：]|相关(?:链接|新闻|阅读|稿件)|推荐阅读|返回.{0,8}查看更多|查看更多|我要纠错|扫一扫|微信扫|"
    r"更多(?:精彩|新闻|资讯)|点击(?:进入|查看|阅读原文)|阅读原文|长按.{0,8}二维码|关注.{0,12}公众号|END$|—\s*完\s*—|分享让更多人|"
    r"本文(?:系|为|来自|转自).{0,40}$|未经(?:授权|许可).{0,40}$|预览时标签|附件[:：]?\s*$|《.{1,20}》\s*[(（].{4,16}第?\s*\w{1,4}\s*版\s*[)）])",
)
_COLOPHON = re.compile(
    r"[(（【\[\s]*(?:责任编辑|责编|编辑)\s*[:：]"
)  # what follows one is no part of the text
# The lines that date an article, the surest first; what dates something else is none.
_LABELLED = re.compile(r"(?:发布|发表|发稿|刊发|上传|公开|推送)\s*(?:时间|日期)|PubDate|Published", re.I)
_TIMED = re.compile(r"(?:时间|日期|时间：|Date)\s*[:：]?", re.I)
_OTHERS = re.compile(
    r"今天是|现在是|当前时间|成文|印发|生效|失效|施行|实施|有效期|截止|出生|成立|更新日期|最后更新|版权|copyright|©|ICP|备案|开庭|建站",
    re.I,
)
_DAY_ALONE = re.compile(r"\d{1,2}(?:[-/.月]\d{1,2}日?)?")
_YEAR_ALONE = re.compile(r"((?:19|20)\d\d)(?:\s*[-年/.]\s*(\d{1,2})\s*月?)?")
_GLUED_DAY = re.compile(r"(\d{1,2})((?:19|20)\d\d\s*[-年/.]\s*\d{1,2}\s*月?)$")
_CLOCK = re.compile(r"\d{1,2}:\d\d")
_IN_ADDRESS = re.compile(
    r"(?<![0-9A-Za-z])(?P<y>(?:19|20)\d\d)[-_/]?(?P<m>\d{1,2})[-_/]?(?P<d>\d{1,2})(?![0-9A-Za-z])|t(?P<t>(?:19|20)\d{6})_"
)
_SENTENCE = re.compile(r"[。！？]")


@dataclass(frozen=True, slots=True)
class _Seen:
    """A page's lines, and where among them the text of its article begins and ends."""

    page: Sequence[Line]
    first: int
    last: int

    def above(self) -> list[tuple[int, Line]]:
        """Those above the text, and among its first ones those about it, where its box has them too."""
        start = max(0, self.first - _NEAR)
        head = list(enumerate(self.page[start : self.first], start))
        inner = enumerate(self.page[self.first : min(self.first + _HEAD, self.last)], self.first)
        return head + [(n, line) for n, line in inner if line.about and not _SENTENCE.search(line.text)]

    def below(self) -> list[tuple[int, Line]]:
        return list(enumerate(self.page[self.last : self.last + _NEAR], self.last))


@dataclass(frozen=True, slots=True)
class _Text:
    """What stands in the box of a text."""

    box: Node
    blocks: Sequence[Block]


def part(boxes: str, told: Callable[[Node], bool] | None = None, *, dense: bool = False) -> Part[Article]:
    """The article of a family of site systems. `boxes` are CSS selectors of the text, the likeliest first,
    parted by commas; `told` says by what else a page is known as the family's, without which its boxes do;
    `dense`: then a text in no box will do as well."""

    def score(tree: Node) -> float:
        known = told is None or told(tree)
        return 1.0 if known and (dense or _box(tree, boxes)) else 0.0

    return Part(score, lambda tree, url: read(tree, url, boxes))


def read(tree: Node, url: str, boxes: str = "") -> Article:
    """The article, its text in one of the boxes, else between the comments that say so, else where the page's
    text is dense; nothing where there is none."""
    said = facts(tree)
    box = _box(tree, boxes) or said.body
    page = lines(tree)
    if box is None:
        found = densest(page)
        box = found.box if found else None
    if box is None:
        return Article("", ())
    return _article(tree, url, said, _seen(page, box), _Text(box, bodies.captioned(box, url)))


def completed(article: Article, tree: Node, url: str) -> Article:
    """An article whose text another layout has found, with the headline, day and byline of its page."""
    page = lines(tree)
    seen = _around(page, article.blocks)
    if seen is None:
        return article
    outer = page[seen.first].chain
    box = next((node for node in outer if node.tag not in ("p", "span", "font", "strong", "b", "a")), tree)
    told = _article(tree, url, facts(tree), seen, _Text(box, article.blocks))
    sure = bool(article.title) and not article.trust.evidence  # a family has its headline
    return replace(
        article,
        title=article.title if sure else told.title or article.title,
        blocks=told.blocks or article.blocks,
        date=told.date or article.date,
        byline=told.byline or article.byline,
        column=told.column,
    )


def _article(tree: Node, url: str, said: Facts, seen: _Seen, text: _Text) -> Article:
    title = _title(tree, said, seen)
    return Article(
        title,
        _trimmed(text, title),
        date=_date(tree, url, said, seen, title),
        byline=_byline(tree, said, seen, title),
        column=said.column,
    )


def _box(tree: Node, boxes: str) -> Node | None:
    """The first of the boxes that has a text; of several the one with the most, of those the outermost."""
    for selector in map(str.strip, boxes.split(",")):
        if not selector or lacks(tree, selector):
            continue
        found = [box for box in tree.all(selector) if len(box.text) >= _ENOUGH or box.has("img")]
        if found:
            return max(found, key=lambda box: len(box.text))
    return None


def _seen(page: Sequence[Line], box: Node) -> _Seen:
    within = [n for n, line in enumerate(page) if box in line.chain]
    return _Seen(page, within[0], within[-1] + 1) if within else _Seen(page, len(page), len(page))


def _around(page: Sequence[Line], blocks: Sequence[Block]) -> _Seen | None:
    """Where the lines of a text stand on its page, by its own words."""
    told = {"".join(line.split()) for block in blocks for line in block.text.split("\n") if line}
    within = [n for n, line in enumerate(page) if "".join(line.text.split()) in told]
    return _Seen(page, within[0], within[-1] + 1) if within else None


def _trimmed(text: _Text, title: str) -> tuple[Block, ...]:
    """A text without its headline, and what the site adds: boxes that are called so, lines at its ends."""
    box = text.box
    most = min(_SAID, len(box.text) // 2)
    outside = {
        block.text
        for node in box.all("[class], [id]")
        if _OUTSIDE.search(f"{node.attribute('class')} {node.attribute('id')}") and len(node.text) <= most
        for block in node.blocks("http://localhost/")
    }
    kept = [block for block in text.blocks if block.url or block.text not in outside]
    head = next((n for n, block in enumerate(kept[:_HEAD]) if _same(block.text, title)), -1)
    kept = [*(block for block in kept[: max(head, 0)] if block.url), *kept[head + 1 :]]
    while kept and (_is_edge(kept[0]) or _is_about(kept[0])):
        kept.pop(0)
    ends = next(
        (n for n, block in enumerate(kept) if n * 2 >= len(kept) and _COLOPHON.match(block.text)), len(kept)
    )
    del kept[ends + 1 :]
    while kept and _is_edge(kept[-1]):
        kept.pop()
    return tuple(kept)


def _is_about(block: Block) -> bool:
    said = is_about(block.text) and not writers.WRITER.search(block.text) and not _SENTENCE.search(block.text)
    return said and block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)


def _is_edge(block: Block) -> bool:
    told = block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING) and len(block.text) <= _SAID
    return told and (_EDGE.match(block.text) is not None or bodies.is_furniture(block))


def _title(tree: Node, said: Facts, seen: _Seen) -> str:
    """The headline as the page prints it, where its head states it; else as its head states it, where its
    <title> agrees; else the line that looks most like one: its <title> has it, it is a heading or called one,
    it stands close above the text."""
    node = tree.first("title")
    named = _squeezed(node.text) if node else ""
    shown = _headlines(tree, seen)
    for stated in said.titles:
        if found := next((text for text in shown if _same(text, stated)), ""):
            whole = (text for text in shown if _goes_on(text, found) and _squeezed(text) in named)
            return next(whole, found)  # a second line of the headline, which <title> has too
    for stated in said.titles:  # cut short, or with the site's name
        stem = _squeezed(stated.rstrip(".…"))
        longer = (text for text in shown if len(text) > _STEM and _squeezed(text).startswith(stem))
        shorter = (text for text in shown if len(text) > _STEM and stem.startswith(_squeezed(text)))
        if found := next(longer, "") or max(shorter, key=len, default=""):
            return found
    if said.titles and (said.official or _squeezed(said.titles[0]) in named):
        return _SUFFIX.sub("", said.titles[0]) if _same(said.titles[0], named) else said.titles[0]
    parts = {_squeezed(part) for part in _PARTS.split(node.text)} if node else set()
    inside = {
        text for text in shown if _squeezed(text) in parts or (len(text) > _STEM and _squeezed(text) in named)
    }
    best = max(shown, key=lambda text: shown[text] + _NAMED * (text in inside), default="")
    return best if best and shown[best] + _NAMED * (best in inside) >= _TITLE_BAR else ""


def _goes_on(text: str, found: str) -> bool:
    return len(text) > len(found) and text.startswith(f"{found} ")


def _headlines(tree: Node, seen: _Seen) -> dict[str, float]:
    """What may be the headline, with how much it looks like one where it stands."""
    found: dict[str, float] = {}
    between = 0
    for _, line in reversed(seen.above()):
        for text in dict.fromkeys((line.text, line.box.text)):
            fits = 1 < len(text) <= _LONGEST and not ABOUT.search(text)
            fits = fits and not text.startswith("——")  # which opens a subtitle
            if fits and not line.linked and line.box.tag != "title":
                looks = _emphasis(line.chain) + 0.3 / (1 + between) - 0.3 * line.aside
                found[text] = max(found.get(text, 0.0), looks)
        between += not line.about
    for one in tree.all("h1, h2, h3"):
        if 1 < len(text := one.text) <= _LONGEST and not ABOUT.search(text) and not one.has("a"):
            found.setdefault(text, _HEADING_WEIGHT[one.tag] if one.tag == "h1" else 0.1)
    return found


def _emphasis(chain: Sequence[Node]) -> float:
    """How much an element looks like a headline's, by itself or by those around it."""
    most = 0.0
    for node in chain[:4]:
        called = _CALLED.search(f"{node.attribute('class')} {node.attribute('id')}")
        big = node.tag == "font" and node.attribute("size").lstrip("+") in ("3", "4", "5", "6", "7")
        most = max(most, _HEADING_WEIGHT.get(node.tag, 0.0), 0.25 * bool(called), 0.2 * big)
    return most


def _date(tree: Node, url: str, said: Facts, seen: _Seen, title: str) -> str:
    """The text with the article's day: as the head states it, else as a line about it says, else as the
    page's data or its address have it."""
    return said.date or _printed(seen, title) or _timed(tree) or scripted_date(tree) or _addressed(url)


def _timed(tree: Node) -> str:
    """The day of the page's first <time> that says one, where what it shows of it has no year."""
    times = (node.attribute("datetime") for node in tree.all("time[datetime]"))
    return next(filter(dates.day, times), "")


def _printed(seen: _Seen, title: str) -> str:
    found: list[tuple[float, str]] = []
    about = [(n, line, 0.5) for n, line in seen.above()] + [(n, line, 0.0) for n, line in seen.below()]
    for n, line, weight in about:
        if line.linked * 2 > len(line.text) or len(line.text) > _LINE or _same(line.text, title):
            continue
        before = seen.page[n - 1].text if n else ""
        text = _joined(before, line.text, seen.page[n + 1].text if n + 1 < len(seen.page) else "")
        label = before[-12:] if len(before) <= 12 and before.endswith(("：", ":", "时间", "日期")) else ""
        if dates.day(text) is None or _OTHERS.search(label + text):
            continue
        at = _LABELLED.search(label + text)
        weight += 2.0 * bool(at) + 1.0 * bool(_TIMED.search(label + text)) + 0.5 * bool(_CLOCK.search(text))
        weight -= 0.02 * min(abs(n - seen.first), abs(n - seen.last))
        found.append(
            (weight - 1.0 * bool(_SENTENCE.search(text)), text[at.end() :] if at and not label else text)
        )
    return max(found, key=lambda one: one[0], default=(0.0, ""))[1]


def _joined(before: str, text: str, after: str) -> str:
    """A line, with the one beside it where a date stands in both: 21 above 2026年02月, 02-21 above 2026; or
    with a blank between the two where they stand side by side."""
    if glued := _GLUED_DAY.match(text):
        return f"{glued[1]} {glued[2]}"
    year = _YEAR_ALONE.fullmatch(text)
    for other in (before, after) if year else ():
        if _DAY_ALONE.fullmatch(other):
            return f"{other} {text}" if year and year[2] else f"{year[1] if year else ''}-{other}"
    return text


def _addressed(url: str) -> str:
    parts = urlsplit(url)
    match = _IN_ADDRESS.search(parts.path) or _IN_ADDRESS.search(parts.query)
    found = (match["t"] or f"{match['y']}-{match['m']}-{match['d']}") if match else ""
    return found if dates.day(found) else ""


def _byline(tree: Node, said: Facts, seen: _Seen, title: str) -> str:
    """The line beside the text that says who wrote it; else the author whom the head states, where the page
    prints that name outside the line of its editors."""
    near = [(n, line) for n, line in (*reversed(seen.above()), *seen.below()) if not _same(line.text, title)]
    return writers.named(seen.page, near) or writers.stated(tree, said, [line for _, line in near])


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _same(one: str, other: str) -> bool:
    return _squeezed(one) == _squeezed(other)
