"""Alembic's entry: a migration, on the connection that `worker.store.migration` gives."""

from __future__ import annotations

from alembic import context

from worker.store.tables import metadata

# SQLite alters a table by making it anew, which batches do; PostgreSQL's are plain ALTERs all the same.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
