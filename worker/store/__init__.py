"""The one place that knows SQLAlchemy: what the flow remembers, in and out of the database."""

from __future__ import annotations

from worker.store.sql import SqlStore, open_store

__all__ = ["SqlStore", "migrate", "open_store"]


def migrate(url: str) -> None:
    """As `worker.store.migration.migrate`."""
    from worker.store import migration  # loaded by who migrates: a web server has no use for its 10 MB

    migration.migrate(url)
