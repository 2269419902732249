"""Incidents: what is wrong, from when until when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0003"
branch_labels = None
depends_on = None

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "incidents",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, PLAIN, nullable=False) for name in ("what", "name", "kind", "reason", "action")),
        sa.Column("opened", INSTANT, nullable=False),
        sa.Column("closed", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_incidents")),
    )
    op.create_index("ix_incidents_open", "incidents", ["closed", "what", "name"], unique=False)


def downgrade() -> None:
    op.drop_table("incidents")
