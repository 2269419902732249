"""The one place that knows SQLAlchemy: what the flow remembers, in and out of the database."""

from __future__ import annotations

from worker.store.migration import migrate
from worker.store.sql import SqlStore, open_store

__all__ = ["SqlStore", "migrate", "open_store"]
