"""The digital newspaper of 四川科技报: its pages in, their lists and texts out.

Addresses are `/?t=<32 hex>` for an edition, `/<32 hex>` for a page or an article. Built from published
descriptions of the site; the names of the three lists and of the body are theirs.
"""

from __future__ import annotations

from bulletins.layouts.parts import Article, Articles, Layout, Link, Pages, Part
from bulletins.markup import Node

_PAGES = "div.nav-box ul.nav-list"
_ARTICLES = "ul#paper-infos"
_BODY = "div#paper-content"


def _pages(tree: Node, url: str) -> Pages:
    links = [(item, a, a.link(url)) for item in tree.all(f"{_PAGES} > li") for a in item.all("a")[:1]]
    current = next((a.text for item, a, _ in links if "active" in item.attribute("class").split()), "")
    dates = [node.attribute("data-day") or node.text for node in tree.all("#calendar, .date-box")]
    dates += [node.text for node in tree.all(".header, title")]
    issue = " ".join(node.text for node in tree.all(".edition, .paper-head, .header"))
    return Pages(
        links=tuple(Link(href, a.text) for _, a, href in links if href),
        issue=issue,
        dates=tuple(filter(None, dates)),
        current=current,
        dead=sum(1 for _, _, href in links if not href),
    )


def _articles(tree: Node, url: str) -> Articles:
    links = [(a.link(url), a.first("h3") or a) for a in tree.all(f"{_ARTICLES} > li > a")]
    pdf = tree.first("div#detail-pdf a")
    return Articles(
        links=tuple(Link(href, headline.text) for href, headline in links if href),
        pdf=pdf.link(url) if pdf else None,
        dead=sum(1 for href, _ in links if not href),
    )


def _article(tree: Node, url: str) -> Article:
    title = tree.first(".paper-title")
    head = tree.first(".paper-head")
    body = tree.first(_BODY)
    return Article(
        title=title.text if title else "",
        blocks=body.blocks(url) if body else (),
        head=head.text if head else "",
    )


LAYOUT = Layout(
    name="sckjw",
    pages=Part(lambda tree: 1.0 if tree.has(_PAGES) else 0.0, _pages),
    articles=Part(lambda tree: 1.0 if tree.has(_ARTICLES) else 0.0, _articles),
    article=Part(lambda tree: 1.0 if tree.has(_BODY) else 0.0, _article),
)
