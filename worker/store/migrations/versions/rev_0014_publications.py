"""The control room: when something was published, and how much."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "publications",
        sa.Column("at", INSTANT, autoincrement=False, nullable=False),
        sa.Column("feeds", sa.Integer(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("at", name=op.f("pk_publications")),
    )


def downgrade() -> None:
    op.drop_table("publications")
