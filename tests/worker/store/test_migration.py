"""A database of any age becomes this release's, whoever else tries at the same time."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from bulletins.errors import ConfigError, EnvironmentFault
from worker.store import migrate, open_store
from worker.store.migration import config
from worker.store.revisions import newest, up_to_date
from worker.store.tables import metadata

NOW = datetime(2026, 8, 2, 1, 2, 3, tzinfo=UTC)


def test_models_are_the_migrated_schema(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        found = [one for one in compare_metadata(context, metadata) if "search_words" not in str(one)]
        assert found == []  # the index of words is each database's own, and in no metadata
        indexes = {index.name for table in metadata.tables.values() for index in table.indexes}
        reflected = inspect(connection)
        there = {index["name"] for name in metadata.tables for index in reflected.get_indexes(name)}
    engine.dispose()
    assert indexes <= there


def test_up_to_head_and_down_to_nothing(empty_url: str) -> None:
    migrate(empty_url)
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        assert set(metadata.tables) <= set(inspect(connection).get_table_names())
        command.downgrade(config(connection), "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
    engine.dispose()
    migrate(empty_url)
    store = open_store(empty_url)
    store.check()
    store.dispose()


def test_migrating_again_changes_nothing(empty_url: str) -> None:
    migrate(empty_url)
    store = open_store(empty_url)
    store.beat("beat", NOW)
    migrate(empty_url)
    assert store.heartbeats() == {"beat": NOW}
    store.dispose()


def test_only_this_release_s_tables_are_up_to_date(empty_url: str) -> None:
    assert not up_to_date(empty_url)
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        heads = ScriptDirectory.from_config(config(connection)).get_heads()
        assert newest() == set(heads)
        command.upgrade(config(connection), "0003")
    assert not up_to_date(empty_url)
    migrate(empty_url)
    assert up_to_date(empty_url)
    engine.dispose()


def test_columns_stay_one_for_all_sources_and_may_go_back(empty_url: str) -> None:
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        command.upgrade(config(connection), "0003")
        connection.execute(text("INSERT INTO columns (name, slug, kind) VALUES ('要闻', 'yao-wen', 'page')"))
        connection.execute(text("INSERT INTO column_editions (name, edition) VALUES ('要闻', 'paper/1')"))
        command.upgrade(config(connection), "head")
        assert connection.execute(text("SELECT owner, name, slug, kind FROM columns")).all() == [
            ("", "要闻", "yao-wen", "page")
        ]
        own = "VALUES ('paper', '要闻', 'yao-wen-1', 'page')"
        connection.execute(text(f"INSERT INTO columns (owner, name, slug, kind) {own}"))
        command.downgrade(config(connection), "0003")
        assert connection.execute(text("SELECT name, slug FROM columns")).all() == [("要闻", "yao-wen")]
        assert connection.execute(text("SELECT name, edition FROM column_editions")).all() == [
            ("要闻", "paper/1")
        ]
    engine.dispose()


_barrier: list[Barrier] = []


def _meet_at(barrier: Barrier) -> None:
    _barrier.append(barrier)


def _migrate_together(url: str) -> None:
    _barrier[0].wait(60)
    migrate(url)


@pytest.mark.slow
def test_several_processes_migrate_at_once(empty_url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(4, _meet_at, (spawn.Barrier(4),)) as pool:
        pool.map(_migrate_together, [empty_url] * 4, chunksize=1)
    store = open_store(empty_url)
    store.check()
    store.dispose()


def test_a_newer_release_s_database_is_refused_and_left_as_it_is(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(EnvironmentFault, match="newer release") as caught:
        migrate(database_url)
    assert "9999" in caught.value.what
    assert "Install that release" in caught.value.action
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
    engine.dispose()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="No such file") as caught:
        migrate(f"sqlite:///{tmp_path}/none/dibao.db")
    assert caught.value.where == f"{tmp_path}/none/dibao.db"
    assert "folder" in caught.value.action


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "dibao.db").write_text("not at all what was expected\n" * 100)
    with pytest.raises(EnvironmentFault, match="not a database"):
        migrate(f"sqlite:///{tmp_path}/dibao.db")


@pytest.mark.parametrize(
    "url", ["mysql://localhost/dibao", "sqlite://", "sqlite:///:memory:", "dibao.db", ""]
)
def test_an_address_of_no_use_is_a_mistake_in_the_configuration(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        migrate(url)
    assert caught.value.where == "service.database_url"
    assert "sqlite:////" in caught.value.action
