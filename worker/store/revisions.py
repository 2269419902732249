"""Which tables a database has, by the number that the last migration left."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from worker.store.engine import make_engine, parse

_VERSIONS = Path(__file__).parent / "migrations" / "versions"
_WAIT = 5.0  # seconds for a database that is in use; then it is left to who migrates


def newest() -> str:
    """The number of this release's tables: modules of migrations carry theirs in their names."""
    return max(path.name.split("_")[1] for path in _VERSIONS.glob("rev_*.py"))


def up_to_date(url: str) -> bool:
    """Whether a database has this release's tables. One that cannot be read has not: to migrate says why."""
    engine = make_engine(parse(url), _WAIT)
    try:
        with engine.connect() as connection:
            return connection.execute(text("SELECT version_num FROM alembic_version")).all() == [(newest(),)]
    except SQLAlchemyError:
        return False
    finally:
        engine.dispose()
