"""Kept fragments, and the archive of every feed by month."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0005"
branch_labels = None
depends_on = None

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")

TABLES = ("fragments", "archives", "archive_items", "archive_versions", "archive_marks")
_BATCH = 1_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLUS_8 = timezone(timedelta(hours=8))


def upgrade() -> None:
    op.create_index("ix_item_feeds_edition", "item_feeds", ["feed", "edition"], unique=False)
    op.drop_index("ix_feed_marks_seq", "feed_marks")
    with op.batch_alter_table("feed_marks") as marks:
        marks.add_column(sa.Column("held", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("feed_marks") as marks:
        marks.alter_column("held", server_default=None)
    op.create_index("ix_feed_marks_seq", "feed_marks", ["held", "seq", "feed"], unique=False)
    _tables()
    _history(op.get_bind())


def _reference(table: str, column: str) -> sa.ForeignKeyConstraint:
    target = {"feed": "feeds.key", "item": "items.id"}[column]
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _tables() -> None:
    op.create_table(
        "fragments",
        sa.Column("item", PLAIN, nullable=False),
        sa.Column("format", PLAIN, nullable=False),
        sa.Column("made_from", PLAIN, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _reference("fragments", "item"),
        sa.PrimaryKeyConstraint("item", "format", name=op.f("pk_fragments")),
    )
    op.create_table(
        "archives",
        sa.Column("feed", PLAIN, nullable=False),
        sa.Column("month", PLAIN, nullable=False),
        sa.Column("due", INSTANT, nullable=True),
        _reference("archives", "feed"),
        sa.PrimaryKeyConstraint("feed", "month", name=op.f("pk_archives")),
    )
    op.create_table(
        "archive_items",
        sa.Column("feed", PLAIN, nullable=False),
        sa.Column("month", PLAIN, nullable=False),
        sa.Column("item", PLAIN, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", PLAIN, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("reason", PLAIN, nullable=False),
        _reference("archive_items", "feed"),
        _reference("archive_items", "item"),
        sa.PrimaryKeyConstraint("feed", "month", "item", name=op.f("pk_archive_items")),
    )
    op.create_index("ix_archive_items_item", "archive_items", ["item", "month"], unique=False)
    op.create_index("ix_archive_items_kind", "archive_items", ["feed", "kind", "at"], unique=False)
    op.create_table(
        "archive_versions",
        sa.Column("item", PLAIN, nullable=False),
        sa.Column("month", PLAIN, nullable=False),
        sa.Column("body", PLAIN, nullable=False),
        _reference("archive_versions", "item"),
        sa.PrimaryKeyConstraint("item", "month", name=op.f("pk_archive_versions")),
    )
    op.create_table(
        "archive_marks",
        sa.Column("feed", PLAIN, nullable=False),
        sa.Column("month", PLAIN, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        _reference("archive_marks", "feed"),
        sa.PrimaryKeyConstraint("feed", "month", name=op.f("pk_archive_marks")),
    )


def _history(connection: sa.Connection) -> None:
    """What is stored enters the month of its last change: what an item was before is not known. Every feed
    and every month is marked, to be published in the new form."""
    rows = connection.exec_driver_sql(
        "SELECT f.feed, f.item, c.seq, c.kind, c.at FROM item_feeds f "
        "JOIN (SELECT item, max(seq) AS seq FROM changes GROUP BY item) AS l ON l.item = f.item "
        "JOIN changes c ON c.seq = l.seq"
    )
    columns = ("feed", "month", "item", "seq", "kind", "at", "reason")
    target = sa.table("archive_items", *map(sa.column, columns))
    months: set[tuple[str, str]] = set()
    while batch := rows.fetchmany(_BATCH):
        entered = [_entered(row) for row in batch]
        months |= {(str(row["feed"]), str(row["month"])) for row in entered}
        connection.execute(sa.insert(target), entered)
    if not months:
        return
    mark = connection.exec_driver_sql("UPDATE counter SET mark = mark + 1 RETURNING mark").scalar_one()
    both = [{"feed": feed, "month": month} for feed, month in sorted(months)]
    archives = sa.table("archives", sa.column("feed"), sa.column("month"))
    marks = sa.table("archive_marks", *(sa.column(name) for name in ("feed", "month", "seq", "held")))
    connection.execute(sa.insert(archives), both)
    connection.execute(sa.insert(marks), [row | {"seq": mark, "held": False} for row in both])
    connection.exec_driver_sql("DELETE FROM feed_marks")
    feed_marks = sa.table("feed_marks", *(sa.column(name) for name in ("feed", "seq", "held")))
    feeds = connection.exec_driver_sql("SELECT key FROM feeds").scalars().all()
    connection.execute(sa.insert(feed_marks), [{"feed": feed, "seq": mark, "held": False} for feed in feeds])


def _entered(row: sa.Row[Any]) -> dict[str, object]:
    moment = row.at if isinstance(row.at, datetime) else _EPOCH + timedelta(microseconds=row.at)
    month = f"{moment.astimezone(_PLUS_8):%Y-%m}"
    return {
        "feed": row.feed,
        "month": month,
        "item": row.item,
        "seq": row.seq,
        "kind": row.kind,
        "at": row.at,
    }


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_index("ix_feed_marks_seq", "feed_marks")
    with op.batch_alter_table("feed_marks") as marks:
        marks.drop_column("held")
    op.create_index("ix_feed_marks_seq", "feed_marks", ["seq", "feed"], unique=False)
    op.drop_index("ix_item_feeds_edition", "item_feeds")
