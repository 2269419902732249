"""The reading room: feeds that exist and items in, pages and their assets as Documents out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.resources import files

from bulletins.model import Item, PollStatus, Source
from bulletins.state import SourceState
from feeds.render import Document
from feeds.scope import ALL, UNCLASSIFIED, FeedKey, roll_up
from feeds.site.items import item, moved, withdrawn
from feeds.site.rendering import HTML, render
from feeds.site.views import Entry, Shelf, path_of

__all__ = ["Entry", "assets", "column", "index", "item", "moved", "notice", "region", "withdrawn"]

_ASSETS = {
    "site.css": "text/css; charset=utf-8",
    "find.js": "text/javascript; charset=utf-8",
    "copy.js": "text/javascript; charset=utf-8",
    "favicon.svg": "image/svg+xml",
    "icon.png": "image/png",
}
# Assets change with the product, not with the news: they bear no date of their own.
_UNDATED = datetime(2026, 1, 1, tzinfo=UTC)


_STATES = {
    None: "等待第一次读取",
    PollStatus.OK: "已读取",
    PollStatus.NOT_MODIFIED: "已读取，没有变化",
    PollStatus.QUIET: "已读取，今天没有消息",
    PollStatus.LAYOUT_CHANGED: "版面变了，暂不发布",
    PollStatus.BLOCKED: "对方没有让我们看到版面",
    PollStatus.UNREACHABLE: "暂时连接不上",
    PollStatus.QUARANTINED: "读到的内容可疑，等人查看",
}


def index(
    entries: Sequence[Entry],
    *,
    base_url: str,
    formats: Sequence[str],
    columns: Mapping[str, str],
    sources: Mapping[str, Source],
    latest: Sequence[Item],
    modified: datetime,
    states: Sequence[SourceState] = (),
) -> Document:
    """The home page. `entries` are all feeds that exist, `columns` maps slugs to names, `sources` ids to
    sources, `latest` are the newest items in the order to show.

    Without entries it greets and says which sources are being read; `states`, by the same ids, adds how that
    goes. They are left out of a published page: it would go stale without news.
    """
    shelf = _shelf(entries, base_url, formats, columns, sources)
    listed = [
        {
            "source": source,
            "line": shelf.line(entry, source.name, "") if (entry := shelf.entries.get(key)) else None,
        }
        for source in sources.values()
        if (key := FeedKey.of(source=source.id)) in shelf.entries or source.enabled
    ]
    known = {state.source: state for state in states}
    body = render(
        "index.html",
        root="./",
        shelf=shelf,
        canonical="",
        feeds=shelf.addresses(ALL) if ALL in shelf.entries else (),
        feeds_title="全部 · 邸报",
        total=next((entry.items for entry in entries if entry.key == ALL), 0),
        latest=shelf.stories(latest),
        places=shelf.places(),
        column_lines=shelf.column_lines(),
        sources=listed,
        unclassified=next((entry for entry in entries if entry.key == UNCLASSIFIED and entry.items), None),
        unclassified_feeds=shelf.addresses(UNCLASSIFIED),
        states={
            source.id: (_STATES[state.state], state.reason)
            for source in sources.values()
            if (state := known.get(source.id))
        },
    )
    return Document("index.html", HTML, body, modified)


def region(
    code: str,
    items: Sequence[Item],
    *,
    entries: Sequence[Entry],
    base_url: str,
    formats: Sequence[str],
    columns: Mapping[str, str],
    sources: Mapping[str, Source],
    modified: datetime,
) -> Document:
    """The page of a division by its six-digit code: its items in the order given, its feeds, its parts that
    have feeds, its columns. The other arguments are those of `index`."""
    shelf = _shelf(entries, base_url, formats, columns, sources)
    path = path_of(code)
    above = [(path_of(up)[-1], shelf.region_page(up)) for up in roll_up(code)[:-1]]
    body = render(
        "region.html",
        root="../../",
        shelf=shelf,
        canonical=f"region/{code}/",
        name=path[-1],
        path=path,
        above=above,
        feeds=shelf.addresses(FeedKey.of(region=code)),
        feeds_title=f"{path[-1]} · 邸报",
        opml=f"opml/region/{code}.xml",
        stories=shelf.stories(items),
        places=shelf.places(within=code),
        column_lines=shelf.column_lines(region=code),
    )
    return Document(f"region/{code}/index.html", HTML, body, modified)


def column(
    slug: str,
    items: Sequence[Item],
    *,
    entries: Sequence[Entry],
    base_url: str,
    formats: Sequence[str],
    columns: Mapping[str, str],
    sources: Mapping[str, Source],
    modified: datetime,
) -> Document:
    """The page of a column 栏目 by its slug: its items in the order given, its feeds, and where it has feeds
    by region. The other arguments are those of `index`."""
    shelf = _shelf(entries, base_url, formats, columns, sources)
    body = render(
        "column.html",
        root="../../",
        shelf=shelf,
        canonical=f"column/{slug}/",
        name=shelf.column_name(slug),
        feeds=shelf.addresses(FeedKey.of(column=slug)),
        feeds_title=f"{shelf.column_name(slug)} · 邸报",
        path=(),
        stories=shelf.stories(items),
        places=shelf.places(column=slug),
    )
    return Document(f"column/{slug}/index.html", HTML, body, modified)


def notice(title: str, words: str, *, root: str) -> bytes:
    """A small page that says why there is no other: `title` in Chinese, `words` in English. `root` leads
    from its address up to the home page ("", "../", …)."""
    return render("notice.html", root=root or "./", title=title, words=words)


def assets() -> tuple[Document, ...]:
    """What every page links to: style, scripts, icon. As files, so that a policy can forbid inline ones."""
    folder = files("feeds.site") / "assets"
    return tuple(
        Document(f"assets/{name}", media_type, (folder / name).read_bytes(), _UNDATED)
        for name, media_type in _ASSETS.items()
    )


def _shelf(
    entries: Sequence[Entry],
    base_url: str,
    formats: Sequence[str],
    columns: Mapping[str, str],
    sources: Mapping[str, Source],
) -> Shelf:
    by_key = {entry.key: entry for entry in sorted(entries, key=lambda entry: entry.key)}
    return Shelf(by_key, base_url.rstrip("/"), formats, columns, sources)
