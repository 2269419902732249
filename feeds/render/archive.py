"""A feed's whole history by month (RFC 5005, 4): a month's entries as rendered in, one Atom Document out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from feeds.compose import Feed
from feeds.records import local
from feeds.render import Document
from feeds.render.syndication import Archived, archive_address, atom_joined


def month_of(moment: datetime) -> str:
    """The month that an aware moment falls in, in Asia/Shanghai: 2026-03."""
    return f"{local(moment):%Y-%m}"


def month_begin(month: str) -> datetime:
    """The first moment of a month, in Asia/Shanghai."""
    return datetime.fromisoformat(f"{month}-01T00:00:00+08:00")


def month_after(month: str) -> str:
    """
    >>> month_after("2026-12")
    '2027-01'
    """
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02}"


def archive_path(feed: str, month: str) -> str:
    """Where the document of a month (2026-03) of a feed's archive stands; `feed` is the path of its key."""
    return f"feeds/{feed}/archive/{month}.atom"


def archive(
    feed: Feed, month: str, fragments: Sequence[bytes], *, previous: str | None, following: str | None
) -> Document:
    """The document of a month (2026-03) of a feed's archive. `feed` is as `compose.head` makes it, dated by
    the month's last change and with the month's tombstones; `previous` and `following` are the months of
    the documents beside it. A document is linked to the one after it from its first day on, which stands
    there empty, so that a month that is over need never change."""
    titled = replace(feed, title=f"{feed.title} · {int(month[:4])}年{int(month[5:])}月")
    archived = Archived(
        archive_address(feed, month),
        archive_address(feed, previous) if previous else None,
        archive_address(feed, following) if following else None,
    )
    path = archive_path(feed.key.path, month)
    return Document(path, "application/atom+xml", atom_joined(titled, fragments, archived), feed.updated)
