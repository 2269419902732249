"""CSS selectors of a source's own -> the parts of its pages that they name, over what any family says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bulletins.layouts.parts import Article, Articles, Layout, Link, Pages, Part, Trust
from bulletins.markup import Node
from bulletins.survey import address

NAME = "selectors"
KEYS = ("pages", "articles", "title", "date", "byline", "body", "next")
_OF_ARTICLE = {"body", "title", "date", "byline"}
_BESIDE_PAGES = Pages(())
_BESIDE_ARTICLES = Articles(())
_BESIDE_ARTICLE = Article("", ())


def override(layout: Layout, selectors: Mapping[str, str]) -> Layout:
    """A layout in which what the selectors name comes from them. `pages` and `articles` name the entries of
    lists: links, or what has a link in it; `next` the link to where a list of articles goes on; `body` an
    article's text; `title`, `date` and `byline` what belongs to it, whoever reads the body. A selector that
    finds nothing is a fault of the page, but for `next`: the last page has none."""
    pages, articles, article = layout.pages, layout.articles, layout.article
    if "pages" in selectors:
        pages = Part(_certain, lambda tree, url: _pages(tree, url, selectors, layout.pages))
    if "articles" in selectors or (articles and "next" in selectors):
        articles = Part(_certain, lambda tree, url: _articles(tree, url, selectors, layout.articles))
    if "body" in selectors or (article and not _OF_ARTICLE.isdisjoint(selectors)):
        article = Part(_certain, lambda tree, url: _article(tree, url, selectors, layout.article))
    made = Layout(layout.name, pages, articles, article)
    return made if made == layout else replace(made, name="+".join(filter(None, [layout.name, NAME])))


def _certain(_tree: Node) -> float:
    return 1.0


def _pages(tree: Node, url: str, selectors: Mapping[str, str], below: Part[Pages] | None) -> Pages:
    """The list as selected; issue and date are where the layout below has them."""
    beside = below.read(tree, url) if below else _BESIDE_PAGES
    links, dead, trust = _listed(tree, url, selectors, "pages")
    return replace(beside, links=links, dead=dead, trust=trust)


def _articles(tree: Node, url: str, selectors: Mapping[str, str], below: Part[Articles] | None) -> Articles:
    beside = below.read(tree, url) if below else _BESIDE_ARTICLES
    if "articles" in selectors:
        links, dead, trust = _listed(tree, url, selectors, "articles")
        beside = replace(beside, links=links, dead=dead, trust=trust)
    onward = tree.first(selectors["next"]) if "next" in selectors else None
    return replace(beside, next=_address(onward, url)) if onward else beside


def _listed(
    tree: Node, url: str, selectors: Mapping[str, str], key: str
) -> tuple[tuple[Link, ...], int, Trust]:
    entries = tree.all(selectors[key])
    found = [(_address(entry, url), entry.text) for entry in entries]
    links = tuple(Link(href, text) for href, text in found if href)
    return links, len(entries) - len(links), Trust() if entries else _fruitless(selectors, [key])


def _address(entry: Node, url: str) -> str | None:
    """Where an entry leads: by itself, or by the first link in it."""
    return next((href for node in (entry, *entry.all("a, area")) if (href := address(node, url))), None)


def _article(tree: Node, url: str, selectors: Mapping[str, str], below: Part[Article] | None) -> Article:
    article = below.read(tree, url) if below and "body" not in selectors else _BESIDE_ARTICLE
    parts = {key: tree.all(selectors[key]) for key in selectors if key in _OF_ARTICLE}
    if empty := [key for key, nodes in parts.items() if not any(map(_says, nodes))]:
        return replace(article, trust=_fruitless(selectors, empty))
    texts = {key: " ".join(node.text for node in nodes) for key, nodes in parts.items()}
    blocks = tuple(block for node in parts.get("body", ()) for block in node.blocks(url))
    return replace(
        article,
        title=texts.get("title", article.title),
        date=texts.get("date", article.date),
        byline=texts.get("byline", article.byline),
        blocks=blocks or article.blocks,
    )


def _says(node: Node) -> bool:
    return bool(node.text) or node.has("img")


def _fruitless(selectors: Mapping[str, str], keys: list[str]) -> Trust:
    named = " and ".join(f"sources.selectors.{key} ({selectors[key]})" for key in keys)
    return Trust(0.0, fault=f"nothing on the page is what {named} says")
