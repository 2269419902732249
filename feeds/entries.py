"""An entry's words and markup: one item in, its headline, byline, links, text and sanitised HTML out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape, unescape
from urllib.parse import quote, unquote, urlsplit

from bulletins.model import Block, BlockKind, Content, Item, PageNo, Source
from feeds import permalinks, safe
from feeds.enclosures import Enclosure, enclosures
from feeds.records import local

_OUTER = re.compile(r"<(?:p|ul|ol|table|blockquote|pre|figure)\b", re.IGNORECASE)
_HREF = re.compile(r'<a [^>]*?href="([^"]*)"')
_SUMMARY = 140  # characters that readers show under a title, and all that `content = "summary"` republishes


@dataclass(frozen=True, slots=True)
class Also:
    """Where else a notice stands: another source's item by its id, under that source's name and, as far as
    known, its place; `address` is the item's page, absolute."""

    id: str
    name: str
    address: str


def also(item: Item, source: Source | None, base_url: str) -> Also:
    """An item as those of its cluster name it."""
    name = source.name if source else item.source
    place = f"（{item.region.path[-1]}）" if item.region else ""
    return Also(item.id, safe.text(name + place), permalinks.address(item.id, base_url))


def headline(item: Item) -> str:
    """An item's title in one line; never empty, since Atom and RSS readers need something to click on."""
    return " ".join(safe.text(item.title).splitlines()).strip() or "（无标题）"


def byline(item: Item, source: Source | None) -> tuple[str, ...]:
    """Who wrote it: the authors' names, each once, or else the source's."""
    names = dict.fromkeys(safe.text(author.name).strip() for author in item.authors)
    names.pop("", None)
    return tuple(names) or (safe.text(source.name if source else item.source),)


def alternate(item: Item) -> str:
    """The address of the original; for a section, with a text fragment that jumps to its heading.

    The dash is escaped too: in a text directive it is syntax (WICG, URL Fragment Text Directives).
    """
    link = safe.address(item.link)
    if item.section > 0 and item.heading:
        words = quote(safe.text(item.heading), safe="").replace("-", "%2D")
        return f"{link}#:~:text={words}"
    return link


def body(item: Item, source: Source | None) -> tuple[Block, ...]:
    """The blocks that the operator may republish: all, the beginning of the first paragraph, or none; of a
    source that nobody vouches for, none. Many a notice is one paragraph, and a summary is not all of it."""
    extent = source.content if source else Content.LINK
    if extent is Content.FULL:
        return item.blocks
    texts = (block for block in item.blocks if block.kind is BlockKind.PARAGRAPH)
    first = next((block for block in texts if block.text.strip()), None)
    if first is None or extent is Content.LINK:
        return ()
    short = _shortened(first.text)
    return (first if short == first.text else Block(BlockKind.PARAGRAPH, short),)


def summary(item: Item, source: Source | None) -> str:
    """The beginning of the first paragraph as plain text; the credit where nothing may be republished."""
    texts = (safe.text(block.text) for block in body(item, source) if block.kind is BlockKind.PARAGRAPH)
    first = next((text for text in texts if text.strip()), "") or credit(item, source)
    return _shortened(first)


def _shortened(text: str) -> str:
    return text if len(text) <= _SUMMARY else text[: _SUMMARY - 1] + "…"


def content(item: Item, source: Source | None, others: Sequence[Also] = ()) -> str:
    """The sanitised HTML of an entry: its body, a line of the files that it does not link, and one that
    credits the source, and names the `others` where the notice stands too."""
    parts = [safe.html(_markup(block), item.link) for block in body(item, source)]
    parts.append(safe.html(_files(item, "".join(parts)), item.link))
    name = escape(source.name if source else item.source)
    if source:
        name = f'<a href="{escape(safe.address(source.url))}">{name}</a>'
    line = "，".join([f"来源：{name}", *map(escape, _imprint(item))])
    original = f'<a href="{escape(alternate(item))}">查看原文</a>'
    elsewhere = "、".join(f'<a href="{escape(one.address)}">{escape(one.name)}</a>' for one in others)
    copies = f"。另见：{elsewhere}" if others else ""
    return "\n".join([*filter(None, parts), safe.html(f"<p>{line}。{original}{copies}</p>", item.link)])


def _files(item: Item, shown: str) -> str:
    """A line of an article's files, for RSS has room for one of them; without those that its text links."""
    linked = {safe.address(unescape(url)) for url in _HREF.findall(shown)}
    files = [one for one in enclosures(replace(item, pdf=None)) if one.url not in linked]
    links = (f'<a href="{escape(one.url)}">{escape(_called(one))}</a>' for one in files)
    return f"<p>附件：{'、'.join(links)}</p>" if files else ""


def _called(file: Enclosure) -> str:
    return file.name or unquote(urlsplit(file.url).path.rpartition("/")[2]) or file.url


def credit(item: Item, source: Source | None) -> str:
    """The credit line as plain text."""
    return safe.text("，".join([f"来源：{source.name if source else item.source}", *_imprint(item)])) + "。"


def _imprint(item: Item) -> list[str]:
    """期号, date and 版 of a newspaper's item, as far as known."""
    parts = []
    if item.edition and item.edition.number is not None:
        number = str(item.edition.number)
        parts.append(f"第{number}期" if number.isdecimal() else number)
    day = (item.edition and item.edition.date) or local(item.published).date()
    parts.append(f"{day.year}年{day.month}月{day.day}日")
    if item.page:
        parts.append(_page(item.page))
    return [part for part in parts if part]


def _page(page: PageNo) -> str:
    return (f"第{page.number}版" if page.number else "") + (f"“{page.name}”" if page.name else "")


def _markup(block: Block) -> str:
    """A block as HTML, not yet sanitised; empty when it shows nothing."""
    text = escape(safe.text(block.text), quote=False).replace("\n", "<br>")
    match block.kind:
        case BlockKind.IMAGE if block.url and safe.is_web(block.url):
            caption = f"<figcaption>{text}</figcaption>" if text else ""
            alt = escape(block.text)
            return f'<figure><img src="{escape(block.url)}" alt="{alt}">{caption}</figure>'
        case BlockKind.HEADING:
            return f"<h3>{text}</h3>" if text else ""
        case BlockKind.LIST if not block.html:
            text = "".join(f"<li>{line}</li>" for line in text.split("<br>") if line)
    inner = (block.html or text).strip()
    if not inner or _OUTER.match(inner):
        return inner
    return f"<ul>{inner}</ul>" if block.kind is BlockKind.LIST else f"<p>{inner}</p>"
