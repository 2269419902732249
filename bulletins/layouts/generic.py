"""A paper of no known family: a page in, the lists and the article that its structure shows, and how surely.

Nothing here knows a site. Lists are clusters of links, a body is where the text is dense, a title is what the
page's head, its <title> and the place above the body agree upon. Each finding says by which evidence it is
held, and how far.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from bulletins.layouts import bodies, listing
from bulletins.layouts.clusters import clusters
from bulletins.layouts.density import ABOUT, IMPRINT, SENTENCE, SIGNED, Body, Line, body, lines
from bulletins.layouts.listing import DATED, IN_ADDRESS, ISSUE, MARGIN, NOTHING
from bulletins.layouts.parts import Article, Layout, Part, weighed
from bulletins.markup import Node
from bulletins.model import Block, BlockKind
from bulletins.survey import FOLIO

_SHEET = re.compile(
    r"(?:第\s*[A-Z]{0,3}[\d一二三四五六七八九十]{1,4}\s*版|(?<![\w-])[A-Z]{0,3}\d{1,3}\s*版)"
    r"(?:\s*[:：·]?\s*(?P<name>[\u3400-\u9fff]{1,10}))?"
)
_TITLE_LENGTH = 80
_FOLIO_LENGTH = 30
_ABOVE = 3  # blocks of a box among which its article's title stands
_HEAD = 5  # blocks among which a title stands, on a page without a box for its article
_META = re.compile(
    r"pubdate|publishdate|publish_?time|article:published_time|firstpublishedtime|releasedate", re.I
)
_CALLED_TITLE = re.compile(r"(?:^|[-_\s])(?:title|headline|biaoti|bt|tit|subject|hd)(?:$|[-_\s\d])", re.I)
_TITLE_PARTS = re.compile(r"\s*[_|—–]+\s*|\s+[-·]\s+|-{2,}|\s*-(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])-\s*")
# <font size="4"> and more, font-size: 18px and more.
_LARGE = re.compile(r"^\s*(?:[4-7]|\+[1-7])\s*;|font-size\s*:\s*(?:1[89]|[2-5]\d)(?:\.\d+)?\s*px", re.I)
_NEAR = 4  # lines above a text: 副题, author, day
_NEAR_LENGTH = 40
_DASHES = ("—", "――", "--")  # with which the line below a headline begins
_HEADING_WEIGHT = {"h1": 0.4, "h2": 0.35, "h3": 0.3, "h4": 0.25, "strong": 0.15, "b": 0.15, "font": 0.1}


@lru_cache(maxsize=1)  # asked how sure it is first, then for the article
def _article(tree: Node, url: str) -> Article:
    page = lines(tree)
    found = body(page)
    if found is None:
        return Article("", (), trust=NOTHING)
    title, agreed = _title(tree, page, found)
    text = [block for block in bodies.captioned(found.box, url) if not bodies.is_furniture(block)]
    blocks = _trimmed(_below(text, title) if found.box.tag == "body" else text, title)
    near = [
        line.text
        for line in page[: found.first + 3]
        if len(line.text) <= MARGIN and line.linked * 2 < len(line.text)
    ]
    after = [line.text for line in page[found.first :] if line.about]
    date = _date(tree, [*near, *after], url)
    listed = sum(1 for one in clusters(found.box, url) for entry in one.entries if entry.headline)
    trust = weighed(
        (0.3 * min(1.0, found.weight / 120), f"{found.weight:.0f} characters read like an article"),
        (0.25 * found.share, f"they are {found.share:.0%} of what does on the page"),
        (0.15 * found.purity, f"{found.purity:.0%} of their box is text"),
        (0.2 * agreed, "the title is agreed upon"),
        (0.1 * bool(date), "it is dated"),
        (-0.4 * (listed > 2), f"{listed} headlines with links stand in it"),
    )
    return Article(
        title,
        blocks,
        head=_head(near),
        headings=() if title else tuple(_nearest(page, found)),
        date=date,
        byline=bodies.author(tree, found.box),
        trust=trust if blocks else NOTHING,
    )


def _head(near: Sequence[str]) -> str:
    """The issue, and the page with its name where one line near the article has both."""
    sheets = [match for text in near if (match := _SHEET.search(text))]
    issues = [match for text in near if (match := ISSUE.search(text))]
    best = sorted(sheets, key=lambda match: match["name"] is None)[:1]
    return " ".join(match[0] for match in (*issues[:1], *best))


def _title(tree: Node, page: Sequence[Line], found: Body) -> tuple[str, float]:
    """The line that is the title, and how far the page agrees: its <title> has it, it is a heading or called
    a title, it stands close above the body. "" where nothing speaks for any."""
    node = tree.first("title")
    named = [part for part in _TITLE_PARTS.split(node.text) if part] if node else []
    best, score, between = "", 0.0, 0
    last = min(found.first + 2, len(page))
    if any(line.text.endswith("。") for line in page[found.first : last - 1]):
        last = found.first + 1  # what stands below the first sentences is a heading within the text
    for n in reversed(range(last)):
        line = page[n]
        # All of a line, or what is set apart in it; a margin has no title, nor has a link.
        for text in () if line.aside or line.linked else (line.text, line.box.text):
            if not 0 < len(text) <= _TITLE_LENGTH or ABOUT.search(text) or text.endswith("。"):
                continue
            own = 0.4 * any(_same(part, text) for part in named) + _emphasis(line.chain) + 0.3 / (1 + between)
            if own > score and line.box.tag != "title" and (len(text) > 1 or text in named):
                best, score = text, own
        between += n < found.first and not line.about and not line.text.startswith(_DASHES)
    return (best, min(1.0, score)) if score >= 0.4 else ("", 0.0)


def _nearest(page: Sequence[Line], found: Body) -> Iterator[str]:
    """The line above a text, or with which its box begins: its headline, where neither the page nor a list
    says what is."""
    for line in reversed(page[max(0, found.first - _NEAR) : found.first + 1]):
        own = line.aside or line.linked or not line.told or line.box.tag == "title"
        if own or line.text.startswith(_DASHES) or SIGNED.search(line.text) or SENTENCE.search(line.text):
            continue
        if 1 < len(line.text) <= _NEAR_LENGTH:
            yield line.text
        return


def _same(part: str, text: str) -> bool:
    return "".join(part.split()) == "".join(text.split())


def _emphasis(chain: Sequence[Node]) -> float:
    """How much an element looks like a title's, by itself or by those around it."""
    most = 0.0
    for node in chain[:4]:
        called = _CALLED_TITLE.search(node.called)
        large = _LARGE.search(f"{node.attribute('size')};{node.attribute('style')}")
        middle = node.tag == "center" or node.attribute("align").lower() == "center"
        most = max(
            most, _HEADING_WEIGHT.get(node.tag, 0.0), 0.25 * bool(called), 0.3 * bool(large), 0.12 * middle
        )
    return most


def _date(tree: Node, near: Sequence[str], url: str) -> str:
    """A text with the article's day: its meta data, the lines about it, its address."""
    for node in tree.all("meta[content]"):
        if _META.search(node.attribute("name") or node.attribute("property")) and DATED.search(
            node.attribute("content")
        ):
            return node.attribute("content")
    for text in near:
        if match := DATED.search(text):
            return text[match.start() :]
    match = IN_ADDRESS.search(urlsplit(url).path)
    return (match[4] or "-".join(filter(None, match.groups()))) if match else ""


def _trimmed(blocks: Sequence[Block], title: str) -> tuple[Block, ...]:
    """The blocks without the title, the lines about the article, above and below, and the imprint."""
    kept = list(_below(blocks[:_ABOVE], title)) + list(blocks[_ABOVE:])
    while kept and (_same(kept[0].text, title) or _furniture(kept[0]) or _is_folio(kept[0])):
        kept.pop(0)
    while kept and (_furniture(kept[-1]) or _is_imprint(kept[-1])):
        kept.pop()
    return tuple(block for block in kept if not bodies.is_furniture(block))


def _is_folio(block: Block) -> bool:
    return len(block.text) <= _FOLIO_LENGTH and FOLIO.match(block.text) is not None and "。" not in block.text


def _below(blocks: Sequence[Block], title: str) -> Sequence[Block]:
    """What stands below the title, on a page without a box for its article: above are masthead and logo."""
    titles = (n for n, block in enumerate(blocks[:_HEAD]) if title and _same(block.text, title))
    n = next(titles, -1) + 1
    return blocks if any("。" in block.text for block in blocks[:n]) else blocks[n:]


def _is_imprint(block: Block) -> bool:
    return len(block.text) <= MARGIN and "。" not in block.text and IMPRINT.search(block.text) is not None


def _furniture(block: Block) -> bool:
    told = block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)
    return (
        told
        and len(block.text) <= _TITLE_LENGTH
        and ABOUT.search(block.text) is not None
        and "。" not in block.text
    )


LAYOUT = Layout(
    name="generic",
    pages=Part(lambda tree: listing.pages(tree, "").trust.confidence, listing.pages),
    articles=Part(lambda tree: listing.articles(tree, "").trust.confidence, listing.articles),
    article=Part(lambda tree: _article(tree, "").trust.confidence, _article),
)
