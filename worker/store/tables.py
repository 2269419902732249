"""The tables, as the newest migration leaves them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
)

from worker.store.fields import Instant, Plain

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)


def _texts(*names: str) -> list[Column[str]]:
    return [Column(name, Plain, nullable=False) for name in names]


def _maybe_texts(*names: str) -> list[Column[str]]:
    return [Column(name, Plain) for name in names]


def _counts(*names: str) -> list[Column[int]]:
    return [Column(name, Integer, nullable=False) for name in names]


sources = Table(
    "sources",
    metadata,
    Column("id", Plain, primary_key=True),
    *_texts("name", "url", "rhythm"),  # rhythm: what `every` or `cron` says: another one makes the source due
    *_texts("reading"),  # what decides how pages are read: another one has the kept ones read again
    Column("enabled", Boolean, nullable=False),
    *_maybe_texts("state"),
    *_texts("reason", "action"),
    Column("last_poll", Instant),
    Column("last_success", Instant),
    Column("last_changed", Instant),
    Column("next_check", Instant, nullable=False),
    Column("newest", Instant),
    *_counts("failures"),
    *_maybe_texts("lease_owner"),  # the poll that has, or is to get, a row in `polls`
    Column("lease_until", Instant),
    Index("ix_sources_due", "enabled", "next_check"),
)

polls = Table(
    "polls",
    metadata,
    Column("id", Plain, primary_key=True),
    Column("source", Plain, ForeignKey("sources.id"), nullable=False),
    *_texts("state"),
    Column("started", Instant, nullable=False),
    Column("ended", Instant),
    Column("lease_until", Instant, nullable=False),
    *_maybe_texts("status"),
    *_texts("reason"),
    *_counts("pages", "new", "corrected", "withdrawn", "rejected"),
    Column("seconds", Float, nullable=False),
    *_counts("heals"),
    *_maybe_texts("past"),  # the address of the past edition that it reads; None: it reads the newest
    Index("ix_polls_source", "source", "started"),
    Index("ix_polls_state", "state", "lease_until"),
)

poll_pages = Table(
    "poll_pages",
    metadata,
    Column("poll", Plain, ForeignKey("polls.id", ondelete="CASCADE"), primary_key=True),
    Column("n", Integer, primary_key=True),
    *_texts("url", "kind", "lead"),  # lead as JSON
    Column("recheck", Boolean, nullable=False),  # asked because it was due again, not because a list has it
    *_texts("state"),
    Column("http_status", Integer),
    Column("retry_after", Float),  # seconds
    *_texts("error"),
    *_maybe_texts("sha", "etag", "last_modified", "content_type", "final_url"),
    UniqueConstraint("poll", "url"),
)

pages = Table(  # what the last good poll kept of each page of a source
    "pages",
    metadata,
    Column("source", Plain, ForeignKey("sources.id"), primary_key=True),
    Column("url", Plain, primary_key=True),
    *_texts("kind", "lead", "sha"),  # lead as JSON
    *_maybe_texts("etag", "last_modified", "content_type"),
    *_texts("final_url"),
    Column("seen_at", Instant, nullable=False),
    Column("left_at", Instant),  # when it was first gone from the lists
    *_counts("recheck_n"),  # place in the source's `recheck`
    Column("recheck_at", Instant),  # None: not to be read again
    Index("ix_pages_left", "source", "kind", "left_at"),
    Index("ix_pages_recheck", "source", "recheck_at"),
)

columns = Table(  # of a source, or of all that print a column of this name: then the owner is empty
    "columns",
    metadata,
    Column("owner", Plain, primary_key=True),
    Column("name", Plain, primary_key=True),
    Column("slug", Plain, nullable=False, unique=True),
    *_texts("kind"),
)

column_editions = Table(  # in which editions a column stood, by its slug
    "column_editions",
    metadata,
    Column("slug", Plain, ForeignKey("columns.slug"), primary_key=True),
    Column("edition", Plain, primary_key=True),
)

items = Table(
    "items",
    metadata,
    Column("id", Plain, primary_key=True),
    Column("source", Plain, ForeignKey("sources.id"), nullable=False),
    *_texts("link"),
    Column("published", Instant, nullable=False),
    *_texts("place"),  # source, page, position, section, id as one sort key: codec.place
    *_maybe_texts("edition", "region", "column_name", "column_slug", "column_kind"),
    *_texts("digest"),
    Column("first_seen", Instant, nullable=False),
    Column("updated", Instant, nullable=False),
    *_texts("state", "body"),  # live or withdrawn; the whole Item as JSON
    *_maybe_texts("withdrawn_by", "withdrawn_reason"),
    Column("withdrawn_at", Instant),
    Column("restless", Instant),  # since when its edits are not announced
    Index("ix_items_link", "source", "link"),
    Index("ix_items_edition", "edition"),
)
# Few are; all of them are looked through now and then.
_RESTLESS = items.c.restless.is_not(None)
# Partial on both, as its migration has it; naming the other dialect here would load it everywhere.
Index("ix_items_restless", items.c.restless, sqlite_where=_RESTLESS)
Index("ix_items_order", items.c.published.desc(), items.c.place)
Index("ix_items_source", items.c.source, items.c.published.desc(), items.c.place)
Index("ix_items_column", items.c.column_slug, items.c.published.desc(), items.c.place)

feeds = Table(  # what the catalogue says, kept up with `item_feeds` in the same transaction
    "feeds",
    metadata,
    Column("key", Plain, primary_key=True),
    *_counts("items"),
    Column("newest", Instant),
    Column("updated", Instant, nullable=False),
)

item_feeds = Table(  # the items of a feed; their sort key is repeated so that an index holds a feed in order
    "item_feeds",
    metadata,
    Column("feed", Plain, ForeignKey("feeds.key"), primary_key=True),
    Column("item", Plain, ForeignKey("items.id"), primary_key=True),
    Column("published", Instant, nullable=False),
    *_texts("place"),
    *_maybe_texts("edition"),
    Index("ix_item_feeds_item", "item", "feed"),
    Index("ix_item_feeds_edition", "feed", "edition"),
)
Index("ix_item_feeds_order", item_feeds.c.feed, item_feeds.c.published.desc(), item_feeds.c.place)

feed_sources = Table(  # how many of a feed's items each source gave; kept up likewise
    "feed_sources",
    metadata,
    Column("feed", Plain, ForeignKey("feeds.key"), primary_key=True),
    Column("source", Plain, ForeignKey("sources.id"), primary_key=True),
    *_counts("items"),
)

changes = Table(
    "changes",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    *_texts("kind", "item", "poll"),
    Column("at", Instant, nullable=False),
    *_maybe_texts("touched"),  # the feeds that the item was in or came into, with blanks between
)

feed_marks = Table(
    "feed_marks",
    metadata,
    Column("feed", Plain, ForeignKey("feeds.key"), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("held", Boolean, nullable=False),  # set aside until the feed changes again
    Index("ix_feed_marks_seq", "held", "seq", "feed"),
)

counter = Table(  # one row, whose lock makes its numbers gapless and committed in order
    "counter",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("change", BigInteger, nullable=False),  # the newest sequence number of `changes`
    Column("mark", BigInteger, nullable=False),  # the newest number of `feed_marks`
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("role", Plain, primary_key=True),
    Column("at", Instant, nullable=False),
)

aliases = Table(  # further ids of items: of a second address, of what was joined into another
    "aliases",
    metadata,
    Column("alias", Plain, primary_key=True),
    Column("item", Plain, ForeignKey("items.id"), nullable=False),
    Index("ix_aliases_item", "item"),
)

sketches = Table(  # by which items of alike texts are found: likeness.sketch
    "sketches",
    metadata,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    Column("published", Instant, primary_key=True),
    Column("item", Plain, ForeignKey("items.id"), primary_key=True),
    Index("ix_sketches_item", "item"),
)

revisions = Table(  # what an item was before each of its corrections
    "revisions",
    metadata,
    Column("item", Plain, ForeignKey("items.id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    *_texts("body"),
    Index("ix_revisions_at", "item", "at"),
)

tombstones = Table(  # the feeds that a withdrawn item was in
    "tombstones",
    metadata,
    Column("feed", Plain, ForeignKey("feeds.key"), primary_key=True),
    Column("item", Plain, ForeignKey("items.id"), primary_key=True),
    Column("at", Instant, nullable=False),
    Index("ix_tombstones_item", "item"),
)
Index("ix_tombstones_order", tombstones.c.feed, tombstones.c.at.desc(), tombstones.c.item)

absences = Table(  # items that readings in a row have lacked, and are not withdrawn yet
    "absences",
    metadata,
    Column("item", Plain, ForeignKey("items.id"), primary_key=True),
    Column("source", Plain, ForeignKey("sources.id"), nullable=False),
    *_texts("by", "reason"),
    *_counts("count"),
    Index("ix_absences_source", "source", "item"),
)

clusters = Table(  # the same notice in several sources; a cluster has the id of its first item
    "clusters",
    metadata,
    Column("item", Plain, ForeignKey("items.id"), primary_key=True),
    *_texts("cluster"),
    Index("ix_clusters_cluster", "cluster", "item"),
)

quarantine = Table(  # readings that an operator is to look at, and what became of them
    "quarantine",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("source", Plain, ForeignKey("sources.id"), nullable=False),
    *_texts("fingerprint", "state", "reason"),
    Column("at", Instant, nullable=False),
    *_texts("reading", "ids"),  # items as read, and minted ids with the held ones proposed for them, as JSON
    Index("ix_quarantine_source", "source", "fingerprint"),
    Index("ix_quarantine_state", "state", "id"),
)

topics = Table(  # published documents, and which of their bytes hubs were told of last
    "topics",
    metadata,
    Column("path", Plain, primary_key=True),
    *_texts("version"),
)

pings = Table(  # hubs that are still to be told
    "pings",
    metadata,
    Column("hub", Plain, primary_key=True),
    Column("path", Plain, primary_key=True),
    *_texts("version"),
    *_counts("tries"),
    Column("due", Instant, nullable=False),
    Index("ix_pings_due", "due"),
)

hooks = Table(  # webhooks, and how far each has come in the change log
    "hooks",
    metadata,
    Column("id", Plain, primary_key=True),
    *_texts("said"),  # its stanza: another one gives a disabled webhook another chance
    Column("enabled", Boolean, nullable=False),
    *_texts("salt"),  # a UUID: its idempotency keys are nobody else's
    Column("cursor", BigInteger, nullable=False),
    Column("until", BigInteger),  # the end of the batch that is being delivered
    *_counts("failures"),
    Column("failing_since", Instant),
    Column("due", Instant, nullable=False),
    Column("disabled_at", Instant),
    *_texts("reason"),
)

leases = Table(  # work that one process at a time does
    "leases",
    metadata,
    Column("name", Plain, primary_key=True),
    *_texts("owner"),
    Column("until", Instant, nullable=False),
)

incidents = Table(
    "incidents",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    *_texts("what", "name", "kind", "reason", "action"),
    Column("opened", Instant, nullable=False),
    Column("closed", Instant),  # None while it lasts
    Index("ix_incidents_open", "closed", "what", "name"),
)
