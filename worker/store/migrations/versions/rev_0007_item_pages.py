"""Pages of items: which of them await publication."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "item_marks",
        sa.Column("item", PLAIN, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("item", name=op.f("pk_item_marks")),
    )
    op.create_index("ix_item_marks_seq", "item_marks", ["seq", "item"], unique=False)
    # What operators took down goes whole: earlier releases kept what it was before.
    op.execute(
        "DELETE FROM revisions WHERE item IN "
        "(SELECT id FROM items WHERE state = 'withdrawn' AND withdrawn_by = 'operator')"
    )


def downgrade() -> None:
    op.drop_table("item_marks")
