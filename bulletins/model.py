"""The nouns that every room speaks; frozen, and importing nothing of ours but looks and files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from bulletins.files import Attachment
from bulletins.looks import Look

Date = date  # for the field named `date`, which hides the type from whoever evaluates its class's annotations


class PageKind(StrEnum):
    """What a page of a site is for."""

    EDITION = "edition"  # leads to the pages (版) of one edition
    PAGE = "page"  # one page (版): leads to its articles
    LIST = "list"  # a list of articles outside any edition
    ARTICLE = "article"
    FEED = "feed"


class BlockKind(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST = "list"
    TABLE = "table"
    IMAGE = "image"


class Role(StrEnum):
    """Who signed: 本报记者, 通讯员, a bare name, a body."""

    REPORTER = "reporter"
    CORRESPONDENT = "correspondent"
    CONTRIBUTOR = "contributor"
    ORGANISATION = "organisation"


class Precision(StrEnum):
    DAY = "day"
    MINUTE = "minute"


class ColumnKind(StrEnum):
    """Where a column's name stood: it decides when the column gets feeds of its own."""

    HEADING = "heading"  # a column heading (栏目), or one named in config.toml
    UMBRELLA = "umbrella"  # a headline over several sections: often a one-off
    PAGE = "page"  # the page's name (版名), for want of a heading


class PollStatus(StrEnum):
    """How one poll of a source ended. Only OK and NOT_MODIFIED and QUIET are healthy."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"  # every page as it was
    QUIET = "quiet"  # the lists are there and empty: no news
    LAYOUT_CHANGED = "layout_changed"  # the lists or articles are no longer where they were
    BLOCKED = "blocked"  # a challenge, login or error page in place of the page
    UNREACHABLE = "unreachable"
    QUARANTINED = "quarantined"  # read, but too unlikely to publish unseen

    @property
    def healthy(self) -> bool:
        return self in (PollStatus.OK, PollStatus.NOT_MODIFIED, PollStatus.QUIET)


class ChangeKind(StrEnum):
    NEW = "new"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class WithdrawnBy(StrEnum):
    """Who or what says that an item is no more; it decides what brings it back."""

    ADDRESS = "address"  # its own address answers that it is gone; an answer brings it back
    LIST = "list"  # its edition's list, or its article, lacks it; standing there again brings it back
    JOINED = "joined"  # its text is part of another item now; its id is an alias of that one's
    OPERATOR = "operator"  # taken down; nothing that is polled brings it back


class Content(StrEnum):
    """How much of a source's text its operator may republish."""

    FULL = "full"
    SUMMARY = "summary"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Source:
    """A site as config.toml states it. Of `every` and `cron` one is set, or neither: then its habits are."""

    id: str
    name: str
    url: str
    layout: str = "auto"
    region: str | None = None  # six-digit GB/T 2260 code
    every: timedelta | None = None
    cron: str | None = None  # five fields, in Asia/Shanghai
    columns: Mapping[str, str] = field(default_factory=dict)  # alias as printed -> canonical name
    slugs: Mapping[str, str] = field(default_factory=dict)  # canonical name -> its slug in [[columns]]
    recheck: tuple[timedelta, ...] = ()
    content: Content = Content.FULL
    enabled: bool = True
    selectors: Mapping[str, str] = field(default_factory=dict)  # CSS, by the part of a page that it names
    expect: Mapping[str, tuple[float, float]] = field(default_factory=dict)  # least and most, by what
    hosts: tuple[str, ...] = ()  # that its lists may lead to; none: those that they have led to


@dataclass(frozen=True, slots=True)
class Edition:
    """One issue of a newspaper: 期号 and date, as far as known."""

    number: int | str | None = None
    date: Date | None = None


@dataclass(frozen=True, slots=True)
class PageNo:
    """版次 as printed (numeric ones without leading zeros) and 版名."""

    number: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What the wire gave. `url` is final, and links count from it; `asked`, as the list has it, names it."""

    url: str
    body: bytes
    content_type: str | None = None
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Lead:
    """What the list that led to a page said of it. Dates, titles and page names often stand only there."""

    edition: Edition | None = None
    page: PageNo | None = None
    column: str | None = None
    title: str | None = None
    position: int = 0  # of the article on its page, from 0
    pdf: str | None = None  # the printed page, absolute
    hops: int = 0  # pages that led on to this one, from the source's address, before any edition
    within: tuple[date, date] | None = None  # of a past edition that is looked for: its first and last day
    others: tuple[str, ...] = ()  # where to go on instead, if no edition is here
    past: tuple[str, ...] = ()  # the addresses that led on to this one
    made: tuple[str, ...] = ()  # scripts of the pages before, as far as they make addresses of an id
    dated: str = ""  # of an article, as its list has it; with its year
    id: str = ""  # of an article, as the feed that led to it names it
    turned: int = 0  # pages over which 下一版 led to this one, where no list of them does


@dataclass(frozen=True, slots=True)
class Context:
    """What is known about a page before it is opened."""

    source: Source
    authority: str  # the tagging authority of entry ids (RFC 4151)
    now: datetime
    lead: Lead = Lead()
    read_by: str = ""  # the layouts that have read this source so far, joined by "+"


@dataclass(frozen=True, slots=True)
class Follow:
    """A page to read next. `url` is absolute."""

    url: str
    kind: PageKind
    lead: Lead


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a body. `html` keeps inline markup where it says more than the plain `text`, unsanitised."""

    kind: BlockKind
    text: str
    html: str = ""
    url: str | None = None  # an image's address, absolute


@dataclass(frozen=True, slots=True)
class RawItem:
    """An article, or a section of one, with its strings as spelt on the page."""

    title: str
    href: str  # absolute
    blocks: tuple[Block, ...]
    column: str | None = None
    column_kind: ColumnKind = ColumnKind.HEADING
    region: str | None = None  # the section's heading
    date: str | None = None
    byline: str | None = None
    edition: Edition | None = None
    page: PageNo | None = None
    position: int = 0
    section: int = 0  # from 1 in an article of several sections; 0 is an article of one
    pdf: str | None = None
    name: str = ""  # what tells it from other articles on the same page, where a page holds several
    head: str = ""  # what stands in the text's margin: 3498 期 / 第3版:科协之窗
    id: str = ""  # as a feed names it: it is kept, whatever its address
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejection:
    """A RawItem, or a page, that did not become an Item, and why."""

    reason: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Region:
    """A division with its path from the province down, and how it was found."""

    code: str  # six digits, GB/T 2260
    path: tuple[str, ...]
    how: str


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    slug: str
    kind: ColumnKind


@dataclass(frozen=True, slots=True)
class Author:
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a field has its value: the words that said so. `doubt`: why an editor should look at it, if so."""

    field: str
    how: str
    text: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an item was read: the page's final address, when the poll that fetched or confirmed its bytes
    began (aware UTC), the SHA-256 of these bytes in hex, and the layout and version of the parser."""

    url: str
    fetched: datetime
    sha256: str
    parser: str


@dataclass(frozen=True, slots=True)
class Item:
    """The waist of the hourglass: one piece of news as meant.

    `published` is aware and in Asia/Shanghai; by-the-day dates stand at 00:00. `first_seen` and `updated` are
    aware UTC. `id` is minted once and kept; `digest` covers the meaning fields only.
    """

    id: str
    source: str
    title: str
    link: str
    published: datetime
    precision: Precision
    first_seen: datetime
    updated: datetime
    blocks: tuple[Block, ...]
    authors: tuple[Author, ...] = ()
    region: Region | None = None
    regions: tuple[Region, ...] = ()
    column: Column | None = None
    event_date: date | None = None
    event_end: date | None = None
    edition: Edition | None = None
    page: PageNo | None = None
    position: int = 0
    section: int = 0
    heading: str | None = None  # the section's heading as printed: where a text fragment jumps to
    pdf: str | None = None
    evidence: tuple[Evidence, ...] = ()
    digest: str = ""
    provenance: Provenance | None = None  # no part of the meaning: a page fetched again changes nothing
    former: tuple[str, ...] = ()  # the links that it had before this one, the oldest first
    attachments: tuple[Attachment, ...] = ()

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text of the body, block by block; pictures without a caption have none."""
        return tuple(block.text for block in self.blocks if block.text)


@dataclass(frozen=True, slots=True)
class Problem:
    """A page that is not what it should be: which of the three kinds of empty, and the words for it."""

    status: PollStatus
    reason: str
    url: str
    past_the_end: bool = False  # a further page of a list, which says that there is none


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A page that was read without enough evidence: how sure the reading is, from 0 to 1, and by what."""

    url: str
    kind: PageKind
    confidence: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one poll says, over all its pages: the unit that is judged, compared and committed."""

    items: tuple[Item, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    follow: tuple[Follow, ...] = ()
    problems: tuple[Problem, ...] = ()
    encoding: str = ""
    layout: str = ""
    kind: PageKind | None = None  # of the first page: what `probe` was given
    lists: int = 0  # list containers found, full or empty
    doubts: tuple[Doubtful, ...] = ()  # with any it is for an operator to look at
    confidence: float = 1.0  # of the least certain page
    looks: tuple[Look, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a poll's reading and failures amount to. `publish` says whether its items may be committed,
    `doubtful` that an operator may say so instead."""

    status: PollStatus
    reason: str = ""
    action: str = ""
    publish: bool = True
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Why an item is no more, in words for its reader, and since when (aware UTC)."""

    by: WithdrawnBy
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """An item as stored. `restless`: since when it changes too often for its edits to be announced."""

    item: Item
    withdrawal: Withdrawal | None = None
    restless: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of an item. `at`: when, where that is not its `updated`, as for a moved address."""

    item: Item
    kind: ChangeKind
    withdrawal: Withdrawal | None = None  # of a withdrawn one, unless only that it is withdrawn is known
    at: datetime | None = None
    announced: bool = True  # if not, it is stored and published, and neither logged nor kept as a revision


@dataclass(frozen=True, slots=True)
class Revision:
    """What an item was before its n-th correction, from 1, and when that came (aware UTC)."""

    n: int
    at: datetime
    item: Item


@dataclass(frozen=True, slots=True)
class Absence:
    """How many readings in a row have lacked an item, who says so, and in which words."""

    item: str
    by: WithdrawnBy
    reason: str
    count: int
