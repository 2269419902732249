"""The one place that knows SQLAlchemy: what the flow remembers, in and out of the database."""

from __future__ import annotations

from worker.store.revisions import up_to_date
from worker.store.sql import SqlStore, open_store

__all__ = ["SqlStore", "migrate", "open_store"]


def migrate(url: str) -> None:
    """As `worker.store.migration.migrate`."""
    if up_to_date(url):
        return
    from worker.store import migration  # loaded by who migrates: nobody else has a use for its 10 MB

    migration.migrate(url)
