"""Past editions that were asked for, and which polls ask for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("polls", sa.Column("past", PLAIN, nullable=True))
    op.create_table(
        "past_editions",
        sa.Column("source", PLAIN, nullable=False),
        sa.Column("address", PLAIN, nullable=False),
        sa.Column("day", PLAIN, nullable=True),
        sa.Column("outcome", PLAIN, nullable=False),
        sa.Column("reason", PLAIN, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name=op.f("fk_past_editions_source")),
        sa.PrimaryKeyConstraint("source", "address", name=op.f("pk_past_editions")),
    )
    op.create_index("ix_past_editions_at", "past_editions", ["source", "at"])


def downgrade() -> None:
    op.drop_table("past_editions")
    with op.batch_alter_table("polls") as polls:
        polls.drop_column("past")
