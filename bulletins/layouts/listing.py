"""A page of no known family -> the lists of pages and of articles that its links make, and how surely."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import islice, takewhile
from urllib.parse import urlsplit

from bulletins.layouts import lists
from bulletins.layouts.clusters import PAGE, Cluster, Entry, clusters, printed, shape
from bulletins.layouts.density import Line, lines
from bulletins.layouts.parts import Articles, Link, Pages, Trust, weighed
from bulletins.markup import Node
from bulletins.survey import day_of, survey

NOTHING = Trust(0.0)
DATED = re.compile(
    r"(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|(?<!\d)(?:19|20)\d\d\s?[-./]\s?\d{1,2}\s?[-./]\s?\d{1,2}(?!\d)"
)
IN_ADDRESS = re.compile(
    r"(?<![0-9A-Za-z])((?:19|20)\d\d)[-_/]?(\d\d)[-_/]?(\d\d)(?![0-9A-Za-z])|t((?:19|20)\d{6})_"
)
ISSUE = re.compile(r"\d+\s*期")
MARGIN = 120  # characters; a line of a masthead is no longer
_PAGED = 0.6  # of a cluster's entries name pages: it is the list of them
_KIN = 0.35  # what nearness to the newspaper's pages is worth beside what a list looks like
_LONG_ID = re.compile(r"[0-9a-f]{16,}")
_TERSE = 0.6  # of a headline is what a few characters are
_MOST_WALKED = 600  # elements and texts at the top of a page


def pages(tree: Node, url: str) -> Pages:
    host = urlsplit(url).netloc
    scored = [
        (_as_pages(cluster, host), cluster) for cluster in clusters(tree, url) if cluster.paged >= _PAGED
    ]
    trust, found = max(
        scored, key=lambda one: (one[0].confidence, len(one[1].entries)), default=(NOTHING, None)
    )
    page = lines(tree)
    margin = [line for line in page if len(line.text) <= MARGIN and not line.linked * 2 > len(line.text)]
    current = (
        next((entry.text for entry in found.entries if entry.active or entry.href == url), "")
        if found
        else ""
    )
    return Pages(
        links=tuple(Link(entry.href, entry.text, pdf=printed(entry, url)) for entry in found.entries)
        if found
        else (),
        issue=next((line.text for line in margin if ISSUE.search(line.text)), ""),
        dates=tuple(_days(tree, margin, url)),
        current=current or _shown(margin),
        trust=trust,
    )


def _as_pages(cluster: Cluster, host: str) -> Trust:
    numbers = [PAGE.search(entry.text) for entry in cluster.entries]
    distinct = len({match[0] for match in numbers if match}) == sum(1 for match in numbers if match)
    return weighed(
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
    dated = [match[0] for line in margin if (match := DATED.search(line.text))] or _unlinked(tree)
    head = [line.text for line in margin if DATED.search(line.text) and re.search("期|星期", line.text)]
    yield from head
    if match := IN_ADDRESS.search(urlsplit(url).path + "?" + urlsplit(url).query):
        yield match[4] or "-".join(filter(None, match.groups()))
    yield from dated


def _unlinked(tree: Node) -> Iterable[str]:
    """Days in texts of their own at the top of a page, in a line that is full of links."""
    for event, node, text in islice(tree.walk(), _MOST_WALKED):
        if event == "text" and node.tag not in ("a", "option", "title") and (match := DATED.search(text)):
            yield match[0]


def articles(tree: Node, url: str) -> Articles:
    all_lists = clusters(tree, url)
    papers = frozenset(
        shape(entry.href)
        for one in all_lists
        if one.paged >= _PAGED and len(one.entries) > 1
        for entry in one.entries
    )
    named = any(node.tag not in ("a", "option") for _, node, _ in survey(tree).folios)
    found = [
        (one, _headlines(one, url, papers, printed=bool(papers) or named))
        for one in all_lists
        if one.paged < 0.5
    ]
    found = [(one, heads) for one, heads in found if len(heads) * 2 >= len(one.entries)]
    every = sum(len(entry.text) for _, heads in found for entry in heads)
    scored = [
        (_as_articles(one, heads, every, url), one)
        for one, heads in found
        if one.numbered or len(one.entries) > 2
    ]
    trust, best = max(
        scored, key=lambda one: one[0].confidence + _kinship(one[1], url, papers), default=(NOTHING, None)
    )
    areas = _areas(all_lists, url, papers) if papers or named else []
    if areas and (best is None or _is_nearer(areas, best, url, papers)):
        return _mapped(areas)
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


def _areas(every: Sequence[Cluster], url: str, papers: Collection[str]) -> list[Cluster]:
    """What areas of a newspaper's page lead to, and say nothing of: its articles, which no list names."""
    host, others = urlsplit(url).netloc, {*papers, shape(url)}
    return [
        one
        for one in every
        if one.numbered
        and one.host == host
        and shape(one.entries[0].href) not in others
        and all(entry.node.tag == "area" for entry in one.entries)
    ]


def _mapped(areas: Sequence[Cluster]) -> Articles:
    """The articles of a page by its picture alone: their own pages say their headlines. One set in an L has
    two areas, and one address."""
    entries = [entry for one in areas for entry in one.entries]
    trust = weighed(
        (0.5, f"{len(entries)} areas of the page's picture lead on"),
        (
            0.2 * (len({shape(entry.href) for entry in entries}) == 1),
            "their addresses are of one shape, with numbers",
        ),
        (0.1 * (len(entries) > 1), "they are several"),
    )
    return Articles(tuple(Link(entry.href, entry.text) for entry in entries), trust=trust)


def _is_nearer(areas: Sequence[Cluster], best: Cluster, url: str, papers: Collection[str]) -> bool:
    """Whether areas are of this newspaper rather than the list that looks most like one, of other news."""
    kinds = {shape(entry.href) for one in areas for entry in one.entries}
    near = max(_kinship(one, url, papers) for one in areas)
    return near > _kinship(best, url, papers) and not any(
        shape(entry.href) in kinds for entry in best.entries
    )


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


def _headlines(cluster: Cluster, url: str, papers: Collection[str], *, printed: bool) -> list[Entry]:
    """The entries that read like headlines. Short ones do on the picture of a page, where their address is of
    the page's own day, and on a `printed` page, one that names itself or has a newspaper's list of pages,
    where theirs have numbers, in another shape than `papers`, those of the pages."""
    day = day_of(url)
    beside = printed and cluster.numbered and not cluster.aside
    return [
        entry
        for entry in cluster.entries
        if entry.headline
        or (
            entry.terse
            and (
                entry.mapped
                or (day is not None and day_of(entry.href) == day)
                or (beside and shape(entry.href) not in papers)
            )
        )
    ]


def _as_articles(cluster: Cluster, heads: list[Entry], every: int, url: str) -> Trust:
    own = sum(len(entry.text) for entry in heads)
    count, host = len(cluster.entries), urlsplit(url).netloc
    sure = sum(1.0 if entry.headline or entry.mapped else _TERSE for entry in heads)
    mapped = all(entry.mapped for entry in cluster.entries)
    return weighed(
        (0.3 * sure / count, f"{count} links read like headlines"),
        (0.2 * cluster.numbered, "their addresses are of one shape, with numbers"),
        (0.05 * min(count, 3), "they are several"),
        (0.15 * (not cluster.aside), "they stand in no margin"),
        (-0.25 * any(entry.active for entry in cluster.entries), "one is marked as shown, as in a menu"),
        (0.15 * mapped, "they lie on a picture, as a page's articles do"),
        (0.1 * (cluster.host == host), "they stay on the site"),
        (0.1 * own / every if every else 0.0, "they have most of the page's headlines"),
    )
