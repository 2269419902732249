"""The first tables: sources, polls and their pages, columns, items, feeds and the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Spelt out, not imported: what this step makes stays the same whatever later releases do.
PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


TABLES = (
    "sources",
    "polls",
    "poll_pages",
    "pages",
    "columns",
    "column_editions",
    "items",
    "feeds",
    "item_feeds",
    "feed_sources",
    "changes",
    "feed_marks",
    "counter",
    "heartbeats",
)  # each after those that it refers to


def upgrade() -> None:
    _polling()
    _news()
    _feeds()
    _outbox()


def _polling() -> None:
    op.create_table(
        "sources",
        sa.Column("id", PLAIN, nullable=False),
        sa.Column("name", PLAIN, nullable=False),
        sa.Column("url", PLAIN, nullable=False),
        sa.Column("rhythm", PLAIN, nullable=False),
        sa.Column("reading", PLAIN, nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("state", PLAIN, nullable=True),
        sa.Column("reason", PLAIN, nullable=False),
        sa.Column("action", PLAIN, nullable=False),
        sa.Column("last_poll", INSTANT, nullable=True),
        sa.Column("last_success", INSTANT, nullable=True),
        sa.Column("last_changed", INSTANT, nullable=True),
        sa.Column("next_check", INSTANT, nullable=False),
        sa.Column("newest", INSTANT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("lease_owner", PLAIN, nullable=True),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
    )
    op.create_index("ix_sources_due", "sources", ["enabled", "next_check"], unique=False)
    op.create_table(
        "polls",
        sa.Column("id", PLAIN, nullable=False),
        sa.Column("source", PLAIN, nullable=False),
        sa.Column("state", PLAIN, nullable=False),
        sa.Column("started", INSTANT, nullable=False),
        sa.Column("ended", INSTANT, nullable=True),
        sa.Column("lease_until", INSTANT, nullable=False),
        sa.Column("status", PLAIN, nullable=True),
        sa.Column("reason", PLAIN, nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("corrected", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("heals", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name=op.f("fk_polls_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
    )
    op.create_index("ix_polls_source", "polls", ["source", "started"], unique=False)
    op.create_index("ix_polls_state", "polls", ["state", "lease_until"], unique=False)
    op.create_table(
        "poll_pages",
        sa.Column("poll", PLAIN, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("url", PLAIN, nullable=False),
        sa.Column("kind", PLAIN, nullable=False),
        sa.Column("lead", PLAIN, nullable=False),
        sa.Column("recheck", sa.Boolean(), nullable=False),
        sa.Column("state", PLAIN, nullable=False),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("retry_after", sa.Float(), nullable=True),
        sa.Column("error", PLAIN, nullable=False),
        sa.Column("sha", PLAIN, nullable=True),
        sa.Column("etag", PLAIN, nullable=True),
        sa.Column("last_modified", PLAIN, nullable=True),
        sa.Column("content_type", PLAIN, nullable=True),
        sa.Column("final_url", PLAIN, nullable=True),
        sa.ForeignKeyConstraint(["poll"], ["polls.id"], name=op.f("fk_poll_pages_poll"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("poll", "n", name=op.f("pk_poll_pages")),
        sa.UniqueConstraint("poll", "url", name=op.f("uq_poll_pages_poll")),
    )
    op.create_table(
        "pages",
        sa.Column("source", PLAIN, nullable=False),
        sa.Column("url", PLAIN, nullable=False),
        sa.Column("kind", PLAIN, nullable=False),
        sa.Column("lead", PLAIN, nullable=False),
        sa.Column("sha", PLAIN, nullable=False),
        sa.Column("etag", PLAIN, nullable=True),
        sa.Column("last_modified", PLAIN, nullable=True),
        sa.Column("content_type", PLAIN, nullable=True),
        sa.Column("final_url", PLAIN, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("left_at", INSTANT, nullable=True),
        sa.Column("recheck_n", sa.Integer(), nullable=False),
        sa.Column("recheck_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name=op.f("fk_pages_source")),
        sa.PrimaryKeyConstraint("source", "url", name=op.f("pk_pages")),
    )
    op.create_index("ix_pages_left", "pages", ["source", "kind", "left_at"], unique=False)
    op.create_index("ix_pages_recheck", "pages", ["source", "recheck_at"], unique=False)


def _news() -> None:
    op.create_table(
        "columns",
        sa.Column("name", PLAIN, nullable=False),
        sa.Column("slug", PLAIN, nullable=False),
        sa.Column("kind", PLAIN, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_columns")),
        sa.UniqueConstraint("slug", name=op.f("uq_columns_slug")),
    )
    op.create_table(
        "column_editions",
        sa.Column("name", PLAIN, nullable=False),
        sa.Column("edition", PLAIN, nullable=False),
        sa.ForeignKeyConstraint(["name"], ["columns.name"], name=op.f("fk_column_editions_name")),
        sa.PrimaryKeyConstraint("name", "edition", name=op.f("pk_column_editions")),
    )
    op.create_table(
        "items",
        sa.Column("id", PLAIN, nullable=False),
        sa.Column("source", PLAIN, nullable=False),
        sa.Column("link", PLAIN, nullable=False),
        sa.Column("published", INSTANT, nullable=False),
        sa.Column("place", PLAIN, nullable=False),
        sa.Column("edition", PLAIN, nullable=True),
        sa.Column("region", PLAIN, nullable=True),
        sa.Column("column_name", PLAIN, nullable=True),
        sa.Column("column_slug", PLAIN, nullable=True),
        sa.Column("column_kind", PLAIN, nullable=True),
        sa.Column("digest", PLAIN, nullable=False),
        sa.Column("first_seen", INSTANT, nullable=False),
        sa.Column("updated", INSTANT, nullable=False),
        sa.Column("state", PLAIN, nullable=False),
        sa.Column("body", PLAIN, nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name=op.f("fk_items_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
    )
    op.create_index(
        "ix_items_column",
        "items",
        ["column_slug", sa.literal_column("published DESC"), "place"],
        unique=False,
    )
    op.create_index("ix_items_link", "items", ["source", "link"], unique=False)
    op.create_index("ix_items_order", "items", [sa.literal_column("published DESC"), "place"], unique=False)
    op.create_index(
        "ix_items_source", "items", ["source", sa.literal_column("published DESC"), "place"], unique=False
    )


def _feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("key", PLAIN, nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("newest", INSTANT, nullable=True),
        sa.Column("updated", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_feeds")),
    )
    op.create_table(
        "item_feeds",
        sa.Column("feed", PLAIN, nullable=False),
        sa.Column("item", PLAIN, nullable=False),
        sa.Column("published", INSTANT, nullable=False),
        sa.Column("place", PLAIN, nullable=False),
        sa.Column("edition", PLAIN, nullable=True),
        sa.ForeignKeyConstraint(["feed"], ["feeds.key"], name=op.f("fk_item_feeds_feed")),
        sa.ForeignKeyConstraint(["item"], ["items.id"], name=op.f("fk_item_feeds_item")),
        sa.PrimaryKeyConstraint("feed", "item", name=op.f("pk_item_feeds")),
    )
    op.create_index("ix_item_feeds_item", "item_feeds", ["item", "feed"], unique=False)
    op.create_index(
        "ix_item_feeds_order",
        "item_feeds",
        ["feed", sa.literal_column("published DESC"), "place"],
        unique=False,
    )
    op.create_table(
        "feed_sources",
        sa.Column("feed", PLAIN, nullable=False),
        sa.Column("source", PLAIN, nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["feed"], ["feeds.key"], name=op.f("fk_feed_sources_feed")),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name=op.f("fk_feed_sources_source")),
        sa.PrimaryKeyConstraint("feed", "source", name=op.f("pk_feed_sources")),
    )


def _outbox() -> None:
    op.create_table(
        "changes",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("kind", PLAIN, nullable=False),
        sa.Column("item", PLAIN, nullable=False),
        sa.Column("poll", PLAIN, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_changes")),
    )
    op.create_table(
        "feed_marks",
        sa.Column("feed", PLAIN, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["feed"], ["feeds.key"], name=op.f("fk_feed_marks_feed")),
        sa.PrimaryKeyConstraint("feed", name=op.f("pk_feed_marks")),
    )
    op.create_index("ix_feed_marks_seq", "feed_marks", ["seq", "feed"], unique=False)
    op.create_table(
        "counter",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("role", PLAIN, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_heartbeats")),
    )
    op.execute("INSERT INTO counter (id, change, mark) VALUES (1, 0, 0)")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
