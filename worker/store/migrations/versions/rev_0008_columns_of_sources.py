"""Columns belong to their sources: one name in two of them is two columns, unless the configuration says so.

Those there already stay one for all, for their feeds have subscribers.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    columns, editions = _held("columns", "name, slug, kind"), _held("column_editions", "name, edition")
    _drop()
    _create(("owner", "name"), ("slug", "edition"), "slug")
    slugs = {row["name"]: row["slug"] for row in columns}
    _fill("columns", [row | {"owner": ""} for row in columns])
    _fill("column_editions", [{"slug": slugs[row["name"]], "edition": row["edition"]} for row in editions])


def downgrade() -> None:
    """Of several columns of one name the shared one stays, else the first source's."""
    held = _held("columns", "owner, name, slug, kind")
    editions = _held("column_editions", "slug, edition")
    _drop()
    _create(("name",), ("name", "edition"), "name")
    kept = {row["name"]: row for row in sorted(held, key=lambda row: row["owner"], reverse=True)}
    names = {row["slug"]: row["name"] for row in kept.values()}
    _fill("columns", [{key: row[key] for key in ("name", "slug", "kind")} for row in kept.values()])
    _fill(
        "column_editions",
        [{"name": names[row["slug"]], "edition": row["edition"]} for row in editions if row["slug"] in names],
    )


def _held(table: str, what: str) -> list[dict[str, str]]:
    rows = op.get_bind().execute(sa.text(f"SELECT {what} FROM {table}"))  # noqa: S608  # names of our own
    return [dict(row) for row in rows.mappings()]


def _drop() -> None:
    op.drop_table("column_editions")
    op.drop_table("columns")


def _create(key: tuple[str, ...], edition_key: tuple[str, ...], named: str) -> None:
    op.create_table(
        "columns",
        *(sa.Column(name, PLAIN, nullable=False) for name in dict.fromkeys((*key, "name", "slug", "kind"))),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_columns")),
        sa.UniqueConstraint("slug", name=op.f("uq_columns_slug")),
    )
    op.create_table(
        "column_editions",
        *(sa.Column(name, PLAIN, nullable=False) for name in edition_key),
        sa.PrimaryKeyConstraint(*edition_key, name=op.f("pk_column_editions")),
        sa.ForeignKeyConstraint(
            [named], [f"columns.{named}"], name=op.f(f"fk_column_editions_{named}_columns")
        ),
    )


def _fill(table: str, rows: list[dict[str, str]]) -> None:
    if rows:
        op.bulk_insert(sa.table(table, *(sa.column(name, PLAIN) for name in rows[0])), rows)
