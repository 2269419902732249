"""The database from any thread and process, and what is said when it cannot be used."""

from __future__ import annotations

import os
import pickle
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, make_url, select, text
from sqlalchemy.exc import IntegrityError

from bulletins.errors import EnvironmentFault
from tests.support.postgres import Postgres
from tests.worker.store import story
from tests.worker.store.story import NOW
from worker.store import SqlStore, open_store
from worker.store.engine import Database, make_engine, parse


def _path(url: str) -> Path:
    return Path(str(make_url(url).database))


@contextmanager
def _opened(url: str, sqlite_wait: float = 0.05) -> Iterator[SqlStore]:
    store = open_store(url, sqlite_wait=sqlite_wait)
    yield store
    store.dispose()


def test_nothing_is_connected_before_it_is_needed(tmp_path: Path) -> None:
    with _opened(f"sqlite:///{tmp_path}/none/dibao.db") as store, pytest.raises(EnvironmentFault):
        store.check()
    with _opened(f"sqlite:///{tmp_path}/dibao.db"):
        assert list(tmp_path.iterdir()) == []


def test_a_store_goes_on_after_it_was_disposed_of(store: SqlStore) -> None:
    store.beat("beat", NOW)
    store.dispose()
    store.dispose()
    assert store.heartbeats() == {"beat": NOW}


def test_a_store_serves_many_threads(store: SqlStore) -> None:
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda n: store.beat(f"role-{n}", NOW), range(48)))
    assert len(store.heartbeats()) == 48


def _in_a_fork(act: object) -> int:
    """The exit status of a forked child that does one thing."""
    assert callable(act)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            act()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_child_has_connections_of_its_own(store: SqlStore) -> None:
    def act() -> None:
        for n in range(5):
            store.beat(f"child-{n}", NOW)
        assert len(store.heartbeats()) == 6
        store.dispose()

    store.beat("parent", NOW)
    assert _in_a_fork(act) == 0
    store.beat("parent", NOW + story.HOUR)
    assert len(store.heartbeats()) == 6
    assert _in_a_fork(store.check) == 0
    store.check()


def test_sqlite_is_set_up_to_lose_nothing(sqlite_url: str) -> None:
    engine = make_engine(parse(sqlite_url), 12.5)
    with engine.connect() as connection:
        wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 12_500}
        assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted} == wanted
    engine.dispose()


def test_a_writer_waits_for_the_other(sqlite_url: str) -> None:
    with _opened(sqlite_url, sqlite_wait=30) as store, closing(sqlite3.connect(_path(sqlite_url))) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(store.beat, "beat", NOW)
            assert store.heartbeats() == {}  # readers do not wait
            assert not writing.done()
            other.execute("COMMIT")
            writing.result(30)
        assert store.heartbeats() == {"beat": NOW}


def test_a_database_held_too_long_is_said_to_be_locked(sqlite_url: str) -> None:
    with _opened(sqlite_url) as store, closing(sqlite3.connect(_path(sqlite_url))) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(EnvironmentFault, match="locked") as caught:
            store.beat("beat", NOW)
        other.execute("ROLLBACK")
    assert caught.value.where == str(_path(sqlite_url))
    assert "Another program holds the database" in caught.value.action
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301  # our own bytes


def test_a_database_without_tables_says_how_to_make_them(empty_url: str) -> None:
    with _opened(empty_url) as store, pytest.raises(EnvironmentFault) as caught:
        store.check()
    assert "bring the tables up to date" in caught.value.action
    assert caught.value.where


def test_a_server_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://someone:secret@/dibao?host={tmp_path}"
    with _opened(url) as store, pytest.raises(EnvironmentFault) as caught:
        store.check()
    assert "someone" in caught.value.where
    assert "secret" not in str(caught.value)
    assert "service.database_url" in caught.value.action


def test_a_database_that_the_server_does_not_have_is_named(postgres: Postgres) -> None:
    with _opened(postgres.url("no_such_database")) as store, pytest.raises(EnvironmentFault) as caught:
        store.check()
    assert "no_such_database" in caught.value.what
    assert "Create it" in caught.value.action


def test_connections_that_died_are_replaced(postgres_url: str) -> None:
    with _opened(postgres_url) as store:
        store.check()
        engine = create_engine(postgres_url)
        with engine.begin() as connection:
            others = (
                "SELECT pid FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            pids = connection.scalars(text(others)).all()
            assert pids
            for pid in pids:
                connection.execute(select(func.pg_terminate_backend(pid)))
        engine.dispose()
        store.check()


def test_a_reference_to_nothing_is_a_mistake_and_stops(store: SqlStore) -> None:
    poll = story.begin(store)
    stranger = story.item("a", source="stranger")
    with pytest.raises(IntegrityError):
        story.finish(store, poll, [stranger])
    assert store.items(None, None, None, None) == []


def test_news_is_waited_for_and_progress_is_not(database_url: str) -> None:
    """A change number that was seen may never be given out again; a poll's steps are done again."""
    database = Database(database_url, 1.0)
    sqlite = database_url.startswith("sqlite")
    setting = "SELECT source FROM pg_settings WHERE name = 'synchronous_commit'"
    found = []
    for transaction in (database.progress, database.write, database.progress, database.write):
        with transaction() as connection:
            said = connection.exec_driver_sql("PRAGMA synchronous" if sqlite else setting).scalar_one()
            found.append(said in (1, "session"))  # NORMAL; set for this transaction alone
    database.dispose()
    assert found == [True, False, True, False]
