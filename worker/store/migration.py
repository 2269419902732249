"""A database of any age brought to this release's tables."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine

from bulletins.errors import EnvironmentFault
from worker.store.engine import address, faults, make_engine, parse, writing

_WAIT = 60.0  # seconds for another process that is migrating
_LOCK = 0x64_69_62_61_6F  # "dibao": the advisory lock that a migration holds


def config(connection: Connection) -> Config:
    """Alembic's settings, for migrations that run on an open connection."""
    settings = Config()
    settings.set_main_option("script_location", "worker.store:migrations")
    settings.attributes["connection"] = connection
    return settings


def migrate(url: str) -> None:
    """Bring the database to the newest tables; one that has them is left as it is.

    Safe where several processes call it at once. EnvironmentFault where the database cannot be used or comes
    from a newer release; it is then as it was, for a migration is one transaction.
    """
    where = parse(url)
    # Rebuilding a table, which is how SQLite alters one, would delete what refers to it.
    engine = make_engine(where, _WAIT, foreign_keys=False)
    try:
        with faults(where), _alone(engine), writing(engine).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            settings = config(connection)
            _refuse_newer(where, connection, settings)
            command.upgrade(settings, "head")
    finally:
        engine.dispose()


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """On SQLite, the turn to put the file into WAL mode: two that do so at once fail as "locked" without
    waiting. The mode stays with the file, and readers no longer wait for the writer.

    The lock is on a file of its own: closing one that is a database would drop SQLite's own locks on it.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    path = Path(f"{engine.url.database}.migrating")
    try:
        lock = path.open("w")
    except OSError as error:
        raise EnvironmentFault(
            f"the database cannot be made: {error.strerror}",
            address(engine.url),
            "Make the folder, and let this user write there",
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with engine.connect() as connection:
            # On the bare connection: the mode cannot be changed inside a transaction.
            connection.connection.cursor().execute("PRAGMA journal_mode=WAL")
        yield


def _refuse_newer(where: URL, connection: Connection, settings: Config) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(settings).walk_revisions()}
    unknown = set(MigrationContext.configure(connection).get_current_heads()) - known
    if unknown:
        raise EnvironmentFault(
            f"the database was last used by a newer release (its tables are at {min(unknown)})",
            address(where),
            "Install that release or a later one, or restore a backup from before it",
        )
