"""Which tables a database has, by the number that the last migration left."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from worker.store.engine import make_engine, parse

_VERSIONS = Path(__file__).parent / "migrations" / "versions"
_OWN = re.compile(r'^revision = "(\w+)"', re.MULTILINE)
_FOLLOWED = re.compile(r'^down_revision = "(\w+)"', re.MULTILINE)
_WAIT = 5.0  # seconds for a database that is in use; then it is left to who migrates


@cache
def newest() -> frozenset[str]:
    """The numbers of this release's tables: of the migrations that no other follows, which is one."""
    texts = [path.read_text("utf-8") for path in _VERSIONS.glob("rev_*.py")]
    followed = {number for text in texts for number in _FOLLOWED.findall(text)}
    return frozenset(number for text in texts for number in _OWN.findall(text)) - followed


def up_to_date(url: str) -> bool:
    """Whether a database has this release's tables. One that cannot be read has not: to migrate says why."""
    engine = make_engine(parse(url), _WAIT)
    try:
        with engine.connect() as connection:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars()
            return frozenset(found) == newest()
    except SQLAlchemyError:
        return False
    finally:
        engine.dispose()
