"""Hubs and webhooks: who has been told what, and which feeds a change touched."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"
branch_labels = None
depends_on = None

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("changes", sa.Column("touched", PLAIN, nullable=True))
    op.create_table(
        "topics",
        sa.Column("path", PLAIN, nullable=False),
        sa.Column("version", PLAIN, nullable=False),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_topics")),
    )
    op.create_table(
        "pings",
        sa.Column("hub", PLAIN, nullable=False),
        sa.Column("path", PLAIN, nullable=False),
        sa.Column("version", PLAIN, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("hub", "path", name=op.f("pk_pings")),
    )
    op.create_index("ix_pings_due", "pings", ["due"], unique=False)
    op.create_table(
        "hooks",
        sa.Column("id", PLAIN, nullable=False),
        sa.Column("said", PLAIN, nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("salt", PLAIN, nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", INSTANT, nullable=True),
        sa.Column("due", INSTANT, nullable=False),
        sa.Column("disabled_at", INSTANT, nullable=True),
        sa.Column("reason", PLAIN, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hooks")),
    )
    op.create_table(
        "leases",
        sa.Column("name", PLAIN, nullable=False),
        sa.Column("owner", PLAIN, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )


def downgrade() -> None:
    for table in ("leases", "hooks", "pings", "topics"):
        op.drop_table(table)
    op.drop_column("changes", "touched")
