"""What is stored, kept as a file and moved to another database: nothing lost, nothing written over."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from bulletins.errors import ConfigError, EnvironmentFault
from tests.support.newspaper import MINGSHAN, Newspaper
from tests.support.postgres import Postgres
from tests.support.processes import eventually
from tests.support.product import Product, product, source
from tests.support.site import Site
from worker import backup, config
from worker.store import copying


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as made:
        Newspaper().print_on(made)
        yield made


@pytest.fixture(scope="module")
def read_once(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with product(tmp_path_factory.mktemp("keeping") / "dibao") as deployed:
        deployed.configure(source("paper", f"{site.url}/", 'every = "1s"'), allow=[site.address])
        assert deployed.do("run")[0] == 0, deployed.log()
        yield deployed


@pytest.fixture
def deployed(read_once: Product, tmp_path: Path) -> Iterator[Product]:
    """A deployment of one's own that has read its newspaper."""
    with product(tmp_path / "copy") as made:
        for name in ("config.toml", "var", "public"):
            at = read_once.folder / name
            (shutil.copytree if at.is_dir() else shutil.copy)(at, made.folder / name)
        yield made


def _stored(deployed: Product, line: str) -> None:
    path = deployed.folder / "config.toml"
    path.write_text(path.read_text().replace("[service]", f"[service]\n{line}", 1))


@pytest.fixture
def empty_postgres(postgres: Postgres) -> Iterator[str]:
    name = f"keeping_{uuid4().hex}"
    postgres.execute(f"CREATE DATABASE {name}")
    yield postgres.url(name)
    postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _database(deployed: Product) -> str:
    return f"sqlite:///{deployed.folder / 'var' / 'dibao.db'}"


@pytest.mark.slow
def test_a_backup_comes_back_on_the_other_kind_of_database(deployed: Product, empty_postgres: str) -> None:
    """With everything else lost: the feeds are the same bytes again, and the next poll has no news."""
    feeds = {path.name: path.read_bytes() for path in deployed.feeds.glob("*.atom")}
    items = deployed.items()
    kept = deployed.ask("backup", str(deployed.folder / "kept.tar.gz"))["holds"]
    assert (kept["items"], kept["sources"]) == (len(items), 1)
    for name in ("var", "public"):
        shutil.rmtree(deployed.folder / name)
    _stored(deployed, f'database_url = "{empty_postgres}"')
    assert deployed.ask("restore", str(deployed.folder / "kept.tar.gz"))["holds"] == kept
    assert deployed.items() == items
    status, out = deployed.do("run")
    assert status == 0, deployed.log()
    assert "not_modified" in out
    assert {path.name: path.read_bytes() for path in deployed.feeds.glob("*.atom")} == feeds
    assert deployed.items() == items


@pytest.mark.slow
def test_a_store_moves_while_it_runs_and_nobody_writes_to_the_old_one(
    deployed: Product, site: Site, empty_postgres: str
) -> None:
    paper = Newspaper()
    with deployed.up():
        items = deployed.items()
        moved = deployed.ask("move-store", "--to", empty_postgres)["moved"]
        assert moved["items"] == len(items)
        assert eventually(lambda: "everything has moved to postgresql" in deployed.log(), 30)
        assert deployed.published()
    assert deployed.do("items")[0] == 1
    assert "Set service.database_url to that" in deployed.log()
    _stored(deployed, f'database_url = "{empty_postgres}"')
    paper.stories["more"] = MINGSHAN.corrected("名山区科协 又来了")
    paper.print_on(site)
    with deployed.up():
        assert eventually(lambda: len(deployed.items()) == len(items) + 1, 60), deployed.log()[-3000:]
        assert {one["id"] for one in items} < {one["id"] for one in deployed.items()}


def test_nothing_is_written_over(deployed: Product, tmp_path: Path) -> None:
    settings = config.load(deployed.folder / "config.toml")
    kept = tmp_path / "kept.tar.gz"
    backup.save(settings, kept)
    with pytest.raises(EnvironmentFault, match="stands already") as told:
        backup.save(settings, kept)
    assert str(kept) in str(told.value)
    with pytest.raises(EnvironmentFault, match="holds sources already"):
        backup.restore(settings, kept)
    with pytest.raises(ConfigError, match="cannot be copied to itself"):
        copying.copy(settings.database_url, settings.database_url)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".backup")] == []


@pytest.mark.parametrize("left", [0, 40, 0.5, 0.99])
def test_a_damaged_backup_changes_nothing(deployed: Product, tmp_path: Path, left: float) -> None:
    settings = config.load(deployed.folder / "config.toml")
    kept = tmp_path / "kept.tar.gz"
    backup.save(settings, kept)
    whole = kept.read_bytes()
    kept.write_bytes(whole[: int(left if left > 1 else left * len(whole))])
    shutil.rmtree(deployed.folder / "var")
    with pytest.raises(EnvironmentFault, match="no backup, or not a whole one") as told:
        backup.restore(settings, kept)
    assert str(kept) in str(told.value)
    assert not (deployed.folder / "var" / "dibao.db").exists()


def test_a_backup_of_a_newer_release_is_refused(deployed: Product, tmp_path: Path) -> None:
    engine = create_engine(_database(deployed))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(EnvironmentFault, match="newer release"):
        backup.save(config.load(deployed.folder / "config.toml"), tmp_path / "kept.tar.gz")
    assert not (tmp_path / "kept.tar.gz").exists()


def test_a_move_that_cannot_end_leaves_the_old_one_in_use(deployed: Product, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault):
        copying.copy(_database(deployed), f"sqlite:///{tmp_path / 'no' / 'folder.db'}", closing=True)
    engine = create_engine(_database(deployed))
    with engine.begin() as connection:
        assert connection.execute(text("UPDATE sources SET failures = failures")).rowcount == 1
    engine.dispose()


def test_from_sqlite_alone_is_moved(postgres: Postgres) -> None:
    with pytest.raises(ConfigError, match="only from SQLite"):
        copying.copy(postgres.url(), "sqlite:////tmp/other.db", closing=True)
