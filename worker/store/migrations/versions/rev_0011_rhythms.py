"""Rhythms of feeds, and who has been told of which incident."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "rhythms",
        sa.Column("feed", PLAIN, nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("made_of", INSTANT, nullable=False),
        sa.Column("made_of_items", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("last", PLAIN, nullable=False),
        sa.Column("expected", PLAIN, nullable=True),
        *(sa.Column(name, INSTANT, nullable=True) for name in ("quiet_from", "stale_from", "ended_from")),
        sa.Column("words", PLAIN, nullable=False),
        sa.ForeignKeyConstraint(["feed"], ["feeds.key"], name=op.f("fk_rhythms_feed")),
        sa.PrimaryKeyConstraint("feed", name=op.f("pk_rhythms")),
    )
    op.create_index("ix_rhythms_n", "rhythms", ["n"], unique=False)
    op.create_table(
        "alarms",
        sa.Column("receiver", PLAIN, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("due", INSTANT, nullable=False),
        sa.Column("reason", PLAIN, nullable=False),
        sa.Column("sent", PLAIN, nullable=False),
        sa.PrimaryKeyConstraint("receiver", name=op.f("pk_alarms")),
    )
    op.create_table(
        "alarms_told",
        sa.Column("receiver", PLAIN, nullable=False),
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["receiver"], ["alarms.receiver"], name=op.f("fk_alarms_told_receiver"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["incident"], ["incidents.n"], name=op.f("fk_alarms_told_incident"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("receiver", "incident", name=op.f("pk_alarms_told")),
    )
    op.create_index("ix_alarms_told_open", "alarms_told", ["receiver", "closed"], unique=False)


def downgrade() -> None:
    op.drop_table("alarms_told")
    op.drop_table("alarms")
    op.drop_table("rhythms")
