"""A paper of no known family: a page in, the lists and the article that its structure shows, and how surely.

Nothing here knows a site. Lists are clusters of links, a body is where the text is dense, a title is what the
page's head, its <title> and the place above the body agree upon. Each finding says by which evidence it is
held, and how far.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import islice, takewhile
from urllib.parse import urlsplit

from bulletins.layouts import bodies, lists
from bulletins.layouts.clusters import PAGE, Cluster, Entry, clusters, printed, shape
from bulletins.layouts.density import ABOUT, IMPRINT, Body, Line, body, lines
from bulletins.layouts.parts import Article, Articles, Layout, Link, Pages, Part, Trust
from bulletins.markup import Node
from bulletins.model import Block, BlockKind
from bulletins.survey import day_of, survey

_NOTHING = Trust(0.0)
_DATED = re.compile(
    r"(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|(?<!\d)(?:19|20)\d\d\s?[-./]\s?\d{1,2}\s?[-./]\s?\d{1,2}(?!\d)"
)
_IN_ADDRESS = re.compile(
    r"(?<![0-9A-Za-z])((?:19|20)\d\d)[-_/]?(\d\d)[-_/]?(\d\d)(?![0-9A-Za-z])|t((?:19|20)\d{6})_"
)
_ISSUE = re.compile(r"\d+\s*期")
_SHEET = re.compile(
    r"(?:第\s*[A-Z]{0,3}[\d一二三四五六七八九十]{1,4}\s*版|(?<![\w-])[A-Z]{0,3}\d{1,3}\s*版)"
    r"(?:\s*[:：·]?\s*(?P<name>[\u3400-\u9fff]{1,10}))?"
)
_PAGED = 0.6  # of a cluster's entries name pages: it is the list of them
_KIN = 0.35  # what nearness to the newspaper's pages is worth beside what a list looks like
_LONG_ID = re.compile(r"[0-9a-f]{16,}")
_TERSE = 0.6  # of a headline is what a few characters are
_MOST_WALKED = 600  # elements and texts at the top of a page
_MARGIN = 120  # characters; a line of a masthead is no longer
_TITLE_LENGTH = 80
_HEAD = 5  # blocks among which a title stands, on a page without a box for its article
_META = re.compile(
    r"pubdate|publishdate|publish_?time|article:published_time|firstpublishedtime|releasedate", re.I
)
_CALLED_TITLE = re.compile(r"(?:^|[-_\s])(?:title|headline|biaoti|bt|tit|subject|hd)(?:$|[-_\s\d])", re.I)
_TITLE_PARTS = re.compile(r"\s*[_|—–]+\s*|\s+[-·]\s+|-{2,}|\s*-(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])-\s*")
_HEADING_WEIGHT = {"h1": 0.4, "h2": 0.35, "h3": 0.3, "h4": 0.25, "strong": 0.15, "b": 0.15, "font": 0.1}
_ROUND = 2  # digits of a confidence


def _pages(tree: Node, url: str) -> Pages:
    host = urlsplit(url).netloc
    scored = [
        (_as_pages(cluster, host), cluster) for cluster in clusters(tree, url) if cluster.paged >= _PAGED
    ]
    trust, found = max(
        scored, key=lambda one: (one[0].confidence, len(one[1].entries)), default=(_NOTHING, None)
    )
    page = lines(tree)
    margin = [line for line in page if len(line.text) <= _MARGIN and not line.linked * 2 > len(line.text)]
    current = (
        next((entry.text for entry in found.entries if entry.active or entry.href == url), "")
        if found
        else ""
    )
    return Pages(
        links=tuple(Link(entry.href, entry.text, pdf=printed(entry, url)) for entry in found.entries)
        if found
        else (),
        issue=next((line.text for line in margin if _ISSUE.search(line.text)), ""),
        dates=tuple(_days(tree, margin, url)),
        current=current or _shown(margin),
        trust=trust,
    )


def _as_pages(cluster: Cluster, host: str) -> Trust:
    numbers = [PAGE.search(entry.text) for entry in cluster.entries]
    distinct = len({match[0] for match in numbers if match}) == sum(1 for match in numbers if match)
    return _weighed(
        (0.45 * cluster.paged, f"{len(cluster.entries)} links name pages (版)"),
        (0.15 * (len(cluster.entries) > 1), "they are several"),
        (0.2 * distinct, "no page is named twice"),
        (0.1 * cluster.numbered, "their addresses are of one shape, with numbers"),
        (0.1 * (cluster.host == host), "they stay on the site"),
    )


def _shown(margin: Sequence[Line]) -> str:
    """The page that a heading names: 第A01版 封面 in a line by itself."""
    return next((line.text for line in margin if PAGE.search(line.text) and len(line.text) <= 30), "")


def _days(tree: Node, margin: Sequence[Line], url: str) -> Iterable[str]:
    """Texts with the edition's day: a masthead's first, beside the issue or the day of the week; then the
    address; then any."""
    dated = [match[0] for line in margin if (match := _DATED.search(line.text))] or _unlinked(tree)
    head = [line.text for line in margin if _DATED.search(line.text) and re.search("期|星期", line.text)]
    yield from head
    if match := _IN_ADDRESS.search(urlsplit(url).path + "?" + urlsplit(url).query):
        yield match[4] or "-".join(filter(None, match.groups()))
    yield from dated


def _unlinked(tree: Node) -> Iterable[str]:
    """Days in texts of their own at the top of a page, in a line that is full of links."""
    for event, node, text in islice(tree.walk(), _MOST_WALKED):
        if event == "text" and node.tag not in ("a", "option", "title") and (match := _DATED.search(text)):
            yield match[0]


def _articles(tree: Node, url: str) -> Articles:
    all_lists = clusters(tree, url)
    papers = frozenset(
        shape(entry.href)
        for one in all_lists
        if one.paged >= _PAGED and len(one.entries) > 1
        for entry in one.entries
    )
    found = [(one, _headlines(one, url, papers)) for one in all_lists if one.paged < 0.5]
    found = [(one, heads) for one, heads in found if len(heads) * 2 >= len(one.entries)]
    every = sum(len(entry.text) for _, heads in found for entry in heads)
    scored = [
        (_as_articles(one, heads, every, url), one)
        for one, heads in found
        if one.numbered or len(one.entries) > 2
    ]
    trust, best = max(
        scored, key=lambda one: one[0].confidence + _kinship(one[1], url, papers), default=(_NOTHING, None)
    )
    if best is None:
        return Articles((), trust=trust)
    kinds = {shape(entry.href) for entry in best.entries}
    columns = [one for one in all_lists if one is best or _is_column(one, kinds)]
    listed = {entry.node for one in columns for entry in one.entries if entry.headline or _short(entry)}
    ways = [way for way in survey(tree).ways if way.node in listed]
    under = lists.sheets(survey(tree), ways)
    said = {entry.node: entry for one in columns for entry in one.entries}
    links = (Link(said[way.node].href, said[way.node].text, under.get(way.at, "")) for way in ways)
    return Articles(tuple({link.href: link for link in links}.values()), trust=trust)


def _kinship(cluster: Cluster, url: str, papers: Collection[str]) -> float:
    """How near the addresses of a list are to those of the newspaper's pages: of their day, in their folder,
    of their make. What stands beside leads to other parts of the site, or to other sites."""
    if not papers:
        return 0.0
    first = cluster.entries[0].href
    if cluster.host != urlsplit(url).netloc or cluster.headed:
        return -_KIN
    day = day_of(url)
    near = 0.5 * (day is not None and day_of(first) == day)
    kinds = [_parts(page) for page in (*papers, shape(url))]
    own = _parts(shape(first))
    alike = max(sum(1 for _ in _shared(own, kind)) / len(kind) for kind in kinds)
    ends = any(_ends(first) == _ends(page) for page in (*papers, url))
    hexed = any(bool(_LONG_ID.search(entry.href)) for entry in cluster.entries) and bool(_LONG_ID.search(url))
    return _KIN * min(1.0, near + 0.5 * alike + 0.2 * ends + 0.5 * hexed)


def _shared(one: Sequence[str], other: Sequence[str]) -> Iterable[str]:
    """The parts with which both begin."""
    return (a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _ends(address: str) -> str:
    """The kind of file that an address names: .html, .aspx."""
    name = address.partition("?")[0].rpartition("/")[2]
    return name.rpartition(".")[2] if "." in name else ""


def _parts(kind: str) -> list[str]:
    """The parts of an address's shape, without its host."""
    return re.split("[/?]", kind)[1:] or [""]


def _is_column(cluster: Cluster, kinds: Collection[str]) -> bool:
    """Whether it is more of a list whose addresses are of these shapes, as below another page's name."""
    own = all(shape(entry.href) in kinds for entry in cluster.entries)
    return own and cluster.numbered and not cluster.aside and cluster.paged < 0.5


def _short(entry: Entry) -> bool:
    """A headline of few characters, among others that are longer."""
    return (len(entry.text) > 1 or entry.terse) and not PAGE.search(entry.text)


def _headlines(cluster: Cluster, url: str, papers: Collection[str]) -> list[Entry]:
    """The entries that read like headlines. Short ones do on the picture of a page, where their address is of
    the page's own day, and beside a newspaper's list of pages, whose addresses are of the shapes `papers`,
    where theirs have numbers in another shape."""
    day = day_of(url)
    beside = bool(papers) and cluster.numbered and not cluster.aside
    return [
        entry
        for entry in cluster.entries
        if entry.headline
        or (
            entry.terse
            and (
                entry.node.tag == "area"
                or (day is not None and day_of(entry.href) == day)
                or (beside and shape(entry.href) not in papers)
            )
        )
    ]


def _as_articles(cluster: Cluster, heads: list[Entry], every: int, url: str) -> Trust:
    own = sum(len(entry.text) for entry in heads)
    count, host = len(cluster.entries), urlsplit(url).netloc
    sure = sum(1.0 if entry.headline or entry.node.tag == "area" else _TERSE for entry in heads)
    return _weighed(
        (0.3 * sure / count, f"{count} links read like headlines"),
        (0.2 * cluster.numbered, "their addresses are of one shape, with numbers"),
        (0.05 * min(count, 3), "they are several"),
        (0.15 * (not cluster.aside), "they stand in no margin"),
        (0.1 * (cluster.host == host), "they stay on the site"),
        (0.1 * own / every if every else 0.0, "they have most of the page's headlines"),
    )


@lru_cache(maxsize=1)  # asked how sure it is first, then for the article
def _article(tree: Node, url: str) -> Article:
    page = lines(tree)
    found = body(page)
    if found is None:
        return Article("", (), trust=_NOTHING)
    title, agreed = _title(tree, page, found)
    text = bodies.captioned(found.box, url)
    blocks = _trimmed(_below(text, title) if found.box.tag == "body" else text, title)
    near = [
        line.text
        for line in page[: found.first + 3]
        if len(line.text) <= _MARGIN and line.linked * 2 < len(line.text)
    ]
    after = [line.text for line in page[found.first :] if line.about]
    date = _date(tree, [*near, *after], url)
    listed = sum(1 for one in clusters(found.box, url) for entry in one.entries if entry.headline)
    trust = _weighed(
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
        date=date,
        byline=bodies.author(tree, found.box),
        trust=trust if blocks else _NOTHING,
    )


def _head(near: Sequence[str]) -> str:
    """The issue, and the page with its name where one line near the article has both."""
    sheets = [match for text in near if (match := _SHEET.search(text))]
    issues = [match for text in near if (match := _ISSUE.search(text))]
    best = sorted(sheets, key=lambda match: match["name"] is None)[:1]
    return " ".join(match[0] for match in (*issues[:1], *best))


def _title(tree: Node, page: Sequence[Line], found: Body) -> tuple[str, float]:
    """The line that is the title, and how far the page agrees: its <title> has it, it is a heading or called
    a title, it stands close above the body. "" where nothing speaks for any."""
    node = tree.first("title")
    named = [part for part in _TITLE_PARTS.split(node.text) if len(part) > 1] if node else []
    best, score, between = "", 0.0, 0
    for n in reversed(range(min(found.first + 2, len(page)))):
        line = page[n]
        # All of a line, or what is set apart in it; a margin has no title, nor has a link.
        for text in () if line.aside or line.linked else (line.text, line.box.text):
            if not 1 < len(text) <= _TITLE_LENGTH or ABOUT.search(text):
                continue
            own = 0.4 * any(_same(part, text) for part in named) + _emphasis(line.chain) + 0.3 / (1 + between)
            if own > score and line.box.tag != "title":
                best, score = text, own
        between += n < found.first and not line.about
    return (best, min(1.0, score)) if score >= 0.4 else ("", 0.0)


def _same(part: str, text: str) -> bool:
    return "".join(part.split()) == "".join(text.split())


def _emphasis(chain: Sequence[Node]) -> float:
    """How much an element looks like a title's, by itself or by those around it."""
    most = 0.0
    for node in chain[:4]:
        called = _CALLED_TITLE.search(node.called)
        most = max(most, _HEADING_WEIGHT.get(node.tag, 0.0), 0.25 * bool(called))
    return most


def _date(tree: Node, near: Sequence[str], url: str) -> str:
    """A text with the article's day: its meta data, the lines about it, its address."""
    for node in tree.all("meta[content]"):
        if _META.search(node.attribute("name") or node.attribute("property")) and _DATED.search(
            node.attribute("content")
        ):
            return node.attribute("content")
    for text in near:
        if match := _DATED.search(text):
            return text[match.start() :]
    match = _IN_ADDRESS.search(urlsplit(url).path)
    return (match[4] or "-".join(filter(None, match.groups()))) if match else ""


def _trimmed(blocks: Sequence[Block], title: str) -> tuple[Block, ...]:
    """The blocks without the title, the lines about the article, above and below, and the imprint."""
    kept = list(blocks)
    while kept and (_same(kept[0].text, title) or _furniture(kept[0])):
        kept.pop(0)
    while kept and (_furniture(kept[-1]) or _is_imprint(kept[-1])):
        kept.pop()
    return tuple(kept)


def _below(blocks: Sequence[Block], title: str) -> Sequence[Block]:
    """What stands below the title, on a page without a box for its article: above are masthead and logo."""
    titles = (n for n, block in enumerate(blocks[:_HEAD]) if title and _same(block.text, title))
    return blocks[next(titles, -1) + 1 :]


def _is_imprint(block: Block) -> bool:
    return len(block.text) <= _MARGIN and "。" not in block.text and IMPRINT.search(block.text) is not None


def _furniture(block: Block) -> bool:
    told = block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)
    return (
        told
        and len(block.text) <= _TITLE_LENGTH
        and ABOUT.search(block.text) is not None
        and "。" not in block.text
    )


def _weighed(*evidence: tuple[float, str]) -> Trust:
    """The confidence that pieces of evidence add up to, and those that count."""
    total = max(0.0, min(1.0, sum(weight for weight, _ in evidence)))
    return Trust(
        round(total, _ROUND),
        tuple(f"{said} ({weight:+.2f})" for weight, said in evidence if round(weight, 2)),
    )


LAYOUT = Layout(
    name="generic",
    pages=Part(lambda tree: _pages(tree, "").trust.confidence, _pages),
    articles=Part(lambda tree: _articles(tree, "").trust.confidence, _articles),
    article=Part(lambda tree: _article(tree, "").trust.confidence, _article),
)
