"""A feed as its readers will know it: items in; a Feed, its names, its entries' words and markup out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from urllib.parse import quote

from bulletins.model import Block, BlockKind, Content, Item, PageNo, Source, SourceState
from bulletins.regions import division
from feeds import safe
from feeds.records import local
from feeds.scope import ALL, UNCLASSIFIED, FeedKey

NEVER = datetime.fromtimestamp(0, UTC)  # an empty feed has no news to take its date from, and no clock
_OUTER = re.compile(r"<(?:p|ul|ol|table|blockquote|pre|figure)\b", re.IGNORECASE)
_SUMMARY = 140  # characters that readers show under a title


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed before it has a format. `items` are in the order given to `compose`; `home` is the page that it
    accompanies; `base_url` has no slash at its end; `query` is that of a feed made on request."""

    key: FeedKey
    title: str
    subtitle: str
    home: str
    base_url: str
    updated: datetime
    items: tuple[Item, ...]
    sources: Mapping[str, Source]
    query: str = ""
    hubs: tuple[str, ...] = ()  # that tell subscribers of news (WebSub)

    def address(self, suffix: str) -> str:
        """Where the feed is published in a format."""
        address = address_of(self.key, self.base_url, suffix)
        return f"{address}?{self.query}" if self.query else address


def compose(
    key: FeedKey,
    items: Sequence[Item],
    *,
    base_url: str,
    columns: Mapping[str, str],
    sources: Mapping[str, Source],
    hubs: Sequence[str] = (),
) -> Feed:
    """The feed of `key`, whose date is that of its last changed item. `columns` maps slugs to names."""
    return Feed(
        key=key,
        title=title_of(key, columns=columns, sources=sources),
        subtitle=_subtitle(key, columns, sources),
        home=home_of(key, base_url),
        base_url=base_url.rstrip("/"),
        updated=max((item.updated for item in items), default=NEVER),
        items=tuple(items),
        sources=sources,
        hubs=tuple(hubs),
    )


def home_of(key: FeedKey, base_url: str) -> str:
    """The page that a feed accompanies: its region's, its column's, or the front page."""
    path = f"region/{key.region}/" if key.region else f"column/{key.column}/" if key.column else ""
    return f"{base_url.rstrip('/')}/{path}"


def address_of(key: FeedKey, base_url: str, suffix: str) -> str:
    """Where a feed is published in a format (rss, atom, json)."""
    return f"{base_url.rstrip('/')}/feeds/{key.path}.{suffix}"


def title_of(key: FeedKey, *, columns: Mapping[str, str], sources: Mapping[str, Source]) -> str:
    """A feed's title: 芦山县 · 邸报, 四川省 · 地方科协 · 邸报, 全部 · 邸报.

    A district goes with the city above it (南京市鼓楼区): names of districts recur over the country, those of
    counties do not. A code, slug or source that is no longer known stands for itself.
    """
    names = {ALL: ["全部"], UNCLASSIFIED: ["未归类"]}.get(key, [])
    if key.source:
        names.append(_source_name(key.source, sources))
    if key.region:
        path = path_of(key.region)
        district = path[-1].endswith("区") and not key.region.endswith("0000")
        names.append("".join(path[-2:]) if district else path[-1])
    if key.column:
        names.append(columns.get(key.column, key.column))
    return safe.text(" · ".join([*names, "邸报"]))


def path_of(code: str) -> tuple[str, ...]:
    """A region's names from its province down; the code itself where the gazetteer has no such division."""
    known = division(code)
    return known.path if known else (code,)


def _subtitle(key: FeedKey, columns: Mapping[str, str], sources: Mapping[str, Source]) -> str:
    if key == UNCLASSIFIED:
        return "未能识别地区或栏目的消息"
    parts = []
    if key.source:
        parts.append(f"{_source_name(key.source, sources)}刊登的消息")
    if key.region:
        whole = "" if key.region[4:] != "00" else "及所辖各地"
        parts.append(f"{''.join(path_of(key.region))}{whole}的消息")
    if key.column:
        parts.append(f"栏目“{columns.get(key.column, key.column)}”")
    return safe.text("，".join(parts) or "所有来源、地区和栏目的消息")


def _source_name(source: str, sources: Mapping[str, Source]) -> str:
    return sources[source].name if source in sources else source


def headline(item: Item) -> str:
    """An item's title in one line; never empty, since Atom and RSS readers need something to click on."""
    return " ".join(safe.text(item.title).splitlines()).strip() or "（无标题）"


def byline(item: Item, source: Source | None) -> tuple[str, ...]:
    """Who wrote it: the authors' names, each once, or else the source's."""
    names = dict.fromkeys(safe.text(author.name) for author in item.authors)
    names.pop("", None)
    return tuple(names) or (safe.text(source.name if source else item.source),)


def alternate(item: Item) -> str:
    """The address of the original; for a section, with a text fragment that jumps to its heading.

    The dash is escaped too: in a text directive it is syntax (WICG, URL Fragment Text Directives).
    """
    link = safe.text(item.link)
    if item.section > 0 and item.heading:
        words = quote(safe.text(item.heading), safe="").replace("-", "%2D")
        return f"{link}#:~:text={words}"
    return link


def credited(configured: Mapping[str, Source], states: Iterable[SourceState]) -> dict[str, Source]:
    """The configured sources by id, and those that once were: their items stay, credited, but nobody vouches
    any longer that more than a link may be republished."""
    former = {
        state.source: Source(state.source, state.name, state.url, content=Content.LINK, enabled=False)
        for state in states
    }
    return former | dict(configured)


def body(item: Item, source: Source | None) -> tuple[Block, ...]:
    """The blocks that the operator may republish; of a source that nobody vouches for, none."""
    extent = source.content if source else Content.LINK
    if extent is Content.FULL:
        return item.blocks
    first = next((block for block in item.blocks if block.kind is BlockKind.PARAGRAPH and block.text), None)
    return (first,) if first and extent is Content.SUMMARY else ()


def summary(item: Item, source: Source | None) -> str:
    """The beginning of the first paragraph as plain text; the credit where nothing may be republished."""
    texts = (safe.text(block.text) for block in body(item, source) if block.kind is BlockKind.PARAGRAPH)
    first = next((text for text in texts if text.strip()), "") or credit(item, source)
    return first if len(first) <= _SUMMARY else first[: _SUMMARY - 1] + "…"


def content(item: Item, source: Source | None) -> str:
    """The sanitised HTML of an entry: its body, and a line that credits the source."""
    parts = [safe.html(_markup(block), item.link) for block in body(item, source)]
    name = escape(_source_name(item.source, {source.id: source} if source else {}))
    if source:
        name = f'<a href="{escape(source.url)}">{name}</a>'
    line = "，".join([f"来源：{name}", *map(escape, _imprint(item))])
    original = f'<a href="{escape(alternate(item))}">查看原文</a>'
    return "\n".join([*filter(None, parts), safe.html(f"<p>{line}。{original}</p>", item.link)])


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
