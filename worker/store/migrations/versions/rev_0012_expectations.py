"""What sources are expected to be like, and how the pages of held readings differ from that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "expectations",
        sa.Column("source", PLAIN, nullable=False),
        sa.Column("learned", PLAIN, nullable=False),
        sa.Column("difference", PLAIN, nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name=op.f("fk_expectations_source")),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_expectations")),
    )
    op.create_table(
        "lessons",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("learned", PLAIN, nullable=False),
        sa.Column("difference", PLAIN, nullable=False),
        sa.ForeignKeyConstraint(["entry"], ["quarantine.id"], name=op.f("fk_lessons_entry")),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_lessons")),
    )


def downgrade() -> None:
    op.drop_table("lessons")
    op.drop_table("expectations")
