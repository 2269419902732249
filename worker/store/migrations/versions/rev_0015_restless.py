"""Items whose edits are not announced, found without looking through all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

RESTLESS = sa.text("restless IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_items_restless", "items", ["restless"], sqlite_where=RESTLESS, postgresql_where=RESTLESS
    )


def downgrade() -> None:
    op.drop_index("ix_items_restless", "items")
