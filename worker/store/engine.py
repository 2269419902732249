"""The connection to the database: transactions in, faults out as the operator can read them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from bulletins.errors import ConfigError, EnvironmentFault

_WRITES = "dibao_writes"
_PROGRESS = "dibao_progress"
_CARE = "dibao_synchronous"  # how a connection of SQLite's waits for the disk
MOVED = "everything has moved to"  # what writers are told of a database that `dibao move-store` has left
_ACTIONS = (
    (MOVED, "Set service.database_url to that, and start Dibao again"),
    ("locked", "Another program holds the database: stop it, or use PostgreSQL (service.database_url)"),
    ("readonly", "Let this user write the file and its folder"),
    ("unable to open", "Make the folder, and let this user write there"),
    ("malformed", "Restore a backup, or recover what is left with `sqlite3 FILE .recover`"),
    ("disk", "Free space on the disk"),
    ("no such table", "Run `dibao up` or `dibao run` once: they bring the tables up to date"),
    ("does not exist", "Create it, or name another in service.database_url"),
    ("not a database", "Name another file, or move this one away"),
)


def parse(url: str) -> URL:
    """A database address. ConfigError for one that no store can stand on."""
    where, allowed = "service.database_url", "Write sqlite:////absolute/path.db or postgresql+psycopg://…"
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigError("this is not a database address", where, allowed) from error
    if parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        raise ConfigError(f"{parsed.drivername} is not a database that can be used", where, allowed)
    if parsed.drivername == "sqlite" and (parsed.database or ":memory:") == ":memory:":
        raise ConfigError("a database in memory cannot be shared by several processes", where, allowed)
    return parsed


@contextmanager
def faults(url: URL) -> Iterator[None]:
    """Make of what the database cannot do just now an EnvironmentFault."""
    try:
        yield
    except (OperationalError, PoolTimeout) as error:
        raise _fault(url, error) from error
    except DatabaseError as error:
        # SQLite's word for a damaged file; subclasses are mistakes of ours, unless a trigger speaks.
        if type(error) is DatabaseError or MOVED in str(error.orig):
            raise _fault(url, error) from error
        raise


def _fault(url: URL, error: DatabaseError | PoolTimeout) -> EnvironmentFault:
    cause = error.orig if isinstance(error, DatabaseError) else error
    what = " ".join(str(cause).split()) or type(cause).__name__
    default = "See that the server runs and that service.database_url names it"
    action = next((action for words, action in _ACTIONS if words in what), default)
    return EnvironmentFault(f"the database cannot be used: {what}", address(url), action)


def address(url: URL) -> str:
    """Where a database is, as a person may read it: a file's path, or a URL without its password."""
    return url.database or "" if url.drivername == "sqlite" else url.render_as_string(hide_password=True)


def make_engine(url: URL, sqlite_wait: float, *, foreign_keys: bool = True) -> Engine:
    if url.drivername != "sqlite":
        # The ping finds connections that died with a restarted server before a query does.
        served = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})

        @event.listens_for(served, "begin")
        def hurry(connection: Connection) -> None:
            if connection.get_execution_options().get(_PROGRESS):
                connection.exec_driver_sql("SET LOCAL synchronous_commit = off")

        return served
    engine = create_engine(url, connect_args={"timeout": sqlite_wait})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        # sqlite3 would begin transactions of its own, late and never IMMEDIATE; None leaves them to us.
        connection.isolation_level = None
        connection.execute("PRAGMA schema_version")  # reads the file, so that a damaged one is told here
        connection.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads and then writes fails at once where another has written in between;
        # IMMEDIATE waits for its turn instead.
        options = connection.get_execution_options()
        writes = bool(options.get(_WRITES))
        # FULL, not NORMAL: a power cut may not take back a commit, or change numbers that readers have seen
        # would be given out again. It may take back what a poll had come to. Who reads waits for no disk.
        care = "NORMAL" if options.get(_PROGRESS) else "FULL"
        if writes and connection.info.get(_CARE) != care:
            connection.exec_driver_sql(f"PRAGMA synchronous={care}")
            connection.info[_CARE] = care
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def writing(engine: Engine) -> Engine:
    """The same engine, for transactions that write."""
    return engine.execution_options(**{_WRITES: True})


class _Engines:
    """One engine, for transactions of three kinds: what tells them is set once, not for each."""

    def __init__(self, engine: Engine) -> None:
        self.reading = engine
        self.writing = writing(engine)
        self.progress = self.writing.execution_options(**{_PROGRESS: True})


class Database:
    """One database as seen from any thread and any process; connects when first used."""

    def __init__(self, url: str, sqlite_wait: float) -> None:
        self.url = parse(url)
        self._sqlite_wait = sqlite_wait
        # By process: a forked child may neither use its parent's connections nor close them, which
        # forgetting them would do.
        self._engines: dict[int, _Engines] = {}

    @property
    def engine(self) -> Engine:
        return self._here.reading

    @property
    def _here(self) -> _Engines:
        here = self._engines.get(os.getpid())
        if here is None:
            # Of two threads that come first at once, both get the same one.
            made = _Engines(make_engine(self.url, self._sqlite_wait))
            here = self._engines.setdefault(os.getpid(), made)
        return here

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with faults(self.url), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction: committed when left in peace, else rolled back."""
        with faults(self.url), self._here.writing.begin() as connection:
            yield connection

    @contextmanager
    def progress(self) -> Iterator[Connection]:
        """A transaction that nobody waits for the disk for. A power cut may take it back, with all later ones
        of its kind, up to the last that `write` made: for what is done again when it is lost, as the steps of
        a poll are."""
        with faults(self.url), self._here.progress.begin() as connection:
            yield connection

    def check(self) -> None:
        """EnvironmentFault unless the database answers and has its tables."""
        try:
            with self.read() as connection:
                connection.exec_driver_sql("SELECT mark FROM counter").one()
        except ProgrammingError as error:
            raise EnvironmentFault(
                "the database has no tables yet",
                address(self.url),
                "Run `dibao up` or `dibao run` once: they bring the tables up to date",
            ) from error

    def dispose(self) -> None:
        """Close all connections of this process; the next use opens new ones."""
        here = self._engines.pop(os.getpid(), None)
        if here is not None:
            here.reading.dispose()
