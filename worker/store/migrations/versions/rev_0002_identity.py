"""Identity: further ids, alike texts, revisions, withdrawals, clusters and the quarantine."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")

TABLES = ("aliases", "sketches", "revisions", "tombstones", "absences", "clusters", "quarantine")
COLUMNS: dict[str, sa.types.TypeEngine[Any]] = {
    "withdrawn_by": PLAIN,
    "withdrawn_reason": PLAIN,
    "withdrawn_at": INSTANT,
    "restless": INSTANT,
}


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("items", sa.Column(name, kind, nullable=True))
    op.create_index("ix_items_edition", "items", ["edition"], unique=False)
    _texts()
    _history()
    _desk()


def _item(table: str, name: str = "item", *, target: str = "items.id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [target], name=op.f(f"fk_{table}_{name}"))


def _texts() -> None:
    op.create_table(
        "aliases",
        sa.Column("alias", PLAIN, nullable=False),
        sa.Column("item", PLAIN, nullable=False),
        _item("aliases"),
        sa.PrimaryKeyConstraint("alias", name=op.f("pk_aliases")),
    )
    op.create_index("ix_aliases_item", "aliases", ["item"], unique=False)
    op.create_table(
        "sketches",
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("published", INSTANT, nullable=False),
        sa.Column("item", PLAIN, nullable=False),
        _item("sketches"),
        sa.PrimaryKeyConstraint("hash", "published", "item", name=op.f("pk_sketches")),
    )
    op.create_index("ix_sketches_item", "sketches", ["item"], unique=False)
    op.create_table(
        "clusters",
        sa.Column("item", PLAIN, nullable=False),
        sa.Column("cluster", PLAIN, nullable=False),
        _item("clusters"),
        sa.PrimaryKeyConstraint("item", name=op.f("pk_clusters")),
    )
    op.create_index("ix_clusters_cluster", "clusters", ["cluster", "item"], unique=False)


def _history() -> None:
    op.create_table(
        "revisions",
        sa.Column("item", PLAIN, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("body", PLAIN, nullable=False),
        _item("revisions"),
        sa.PrimaryKeyConstraint("item", "n", name=op.f("pk_revisions")),
    )
    op.create_index("ix_revisions_at", "revisions", ["item", "at"], unique=False)
    op.create_table(
        "tombstones",
        sa.Column("feed", PLAIN, nullable=False),
        sa.Column("item", PLAIN, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        _item("tombstones", "feed", target="feeds.key"),
        _item("tombstones"),
        sa.PrimaryKeyConstraint("feed", "item", name=op.f("pk_tombstones")),
    )
    op.create_index("ix_tombstones_item", "tombstones", ["item"], unique=False)
    op.create_index(
        "ix_tombstones_order", "tombstones", ["feed", sa.literal_column("at DESC"), "item"], unique=False
    )
    op.create_table(
        "absences",
        sa.Column("item", PLAIN, nullable=False),
        sa.Column("source", PLAIN, nullable=False),
        sa.Column("by", PLAIN, nullable=False),
        sa.Column("reason", PLAIN, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        _item("absences"),
        _item("absences", "source", target="sources.id"),
        sa.PrimaryKeyConstraint("item", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_source", "absences", ["source", "item"], unique=False)


def _desk() -> None:
    op.create_table(
        "quarantine",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", PLAIN, nullable=False),
        sa.Column("fingerprint", PLAIN, nullable=False),
        sa.Column("state", PLAIN, nullable=False),
        sa.Column("reason", PLAIN, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("reading", PLAIN, nullable=False),
        sa.Column("ids", PLAIN, nullable=False),
        _item("quarantine", "source", target="sources.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
    )
    op.create_index("ix_quarantine_source", "quarantine", ["source", "fingerprint"], unique=False)
    op.create_index("ix_quarantine_state", "quarantine", ["state", "id"], unique=False)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_index("ix_items_edition", "items")
    for name in COLUMNS:
        op.drop_column("items", name)
