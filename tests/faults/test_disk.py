"""Rows 33 to 35, 37 and 38: the database held, damaged, away or full, and feeds that are gone."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from bulletins.errors import EnvironmentFault
from tests.faults.street import Street
from tests.support.flow import house
from tests.support.newspaper import Newspaper, Story
from tests.support.postgres import Postgres
from tests.support.site import Site
from worker.flow import dispatch, publish
from worker.store import open_store

pytestmark = pytest.mark.slow  # a deadline each, or several rounds of everything


def database(made: Street) -> Path:
    return made.path.parent / "dibao.db"


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Another process writes to the database, for as long as this lasts."""
    program = (
        "import sqlite3, sys; connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "connection.execute('BEGIN EXCLUSIVE'); print('held', flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", program, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        try:
            yield
        finally:
            process.communicate(timeout=20)


def prints(made: Street) -> None:
    made.paper.stories["new"] = Story("石棉县科协 看石头", ("近日,雅安市石棉县科协带孩子看石头。",))
    made.paper.print_on(made.site)


def test_33_a_database_held_too_long_is_a_fault_and_the_next_tick_goes_on(town: Street) -> None:
    """Held for longer than anybody waits for it, in the middle of a poll; the feeds stay readable."""
    before, files = town.mine(), town.house.files()
    prints(town)
    town.house.clock.at += timedelta(hours=1)
    dispatch.dispatch(town.house.ports)
    with held(database(town)):
        while town.house.messages.waiting:
            with pytest.raises(EnvironmentFault, match="locked"):
                town.house.work_one()
        assert town.house.files() == files
    for _ in range(4):
        town.house.tick(timedelta(minutes=1))
    assert len(town.mine()) == len(before) + 1
    assert town.house.state().failures == 0


def test_33_a_database_held_for_a_moment_is_waited_for(town: Street) -> None:
    """A second is all the patience that this store has; in service it is half a minute."""
    with closing(sqlite3.connect(database(town), isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        reader = open_store(f"sqlite:///{database(town)}", sqlite_wait=1.0)
        assert len(reader.items(None, None, None, None)) == 6  # reading needs no turn
        reader.dispose()
        connection.execute("ROLLBACK")
    town.round()


def test_35_a_damaged_database_is_named_and_no_feed_is_emptied(town: Street) -> None:
    files = town.house.files()
    town.house.store.dispose()
    path = database(town)
    body = bytearray(path.read_bytes())
    body[4096:] = b"\xff" * (len(body) - 4096)
    path.write_bytes(body)
    with pytest.raises(EnvironmentFault) as caught:
        town.house.tick()
    assert "malformed" in str(caught.value)
    assert str(path) in str(caught.value)
    assert ".recover" in str(caught.value)
    with pytest.raises(EnvironmentFault):
        town.house.store.check()  # what /readyz says
    assert town.house.files() == files


def test_37_feeds_that_are_gone_come_back_the_same(town: Street) -> None:
    files = town.house.files()
    for path in town.house.public.rglob("*"):
        if path.is_file():
            path.unlink()
    assert town.house.files() == {}
    town.house.store.mark_all()
    publish.publish(town.house.ports)
    assert town.house.files() == files


FULL = """
import subprocess, sys
from datetime import timedelta
from pathlib import Path
import sqlite3
from bulletins.errors import EnvironmentFault
from tests.faults.street import street
from tests.support.newspaper import Story

folder, template = Path(sys.argv[1]), Path(sys.argv[2])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)], check=True)
with street(template, folder) as town:
    before, files = town.mine(), town.house.files()
    for n in range(40):
        text = f"近日,雅安市石棉县科协讲第{n}课。" * 30
        town.paper.stories[f"new {n}"] = Story(f"石棉县科协 看石头第{n}课", (text,))
    town.paper.print_on(town.site)
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    faults = []
    for _ in range(4):
        try:
            town.house.tick(timedelta(minutes=40))
        except EnvironmentFault as fault:
            faults.append(str(fault))
            town.house.messages.waiting.clear()
    assert faults, "nothing was said of the full disk"
    assert all("full" in fault for fault in faults), faults
    assert town.house.files() == files
    assert not [path for path in town.house.public.rglob("*") if path.is_file() and not path.stat().st_size]
    assert not list(town.house.public.rglob(".*"))
    ballast.unlink()
    with sqlite3.connect(folder / "dibao.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    for _ in range(8):
        town.house.tick(timedelta(minutes=40))
    assert len(town.mine()) == len(before) + 40, (len(town.mine()), town.house.state())
    assert town.house.state().state == "ok", town.house.state()
"""


def test_34_a_full_disk_harms_nothing_and_is_over_when_it_is(sqlite_template: Path, tmp_path: Path) -> None:
    """Store, snapshots and public files on one small disk, in a mount namespace of its own."""
    (tmp_path / "disk").mkdir()
    command = ["unshare", "-rm", sys.executable, "-c", FULL, str(tmp_path / "disk"), str(sqlite_template)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr


def test_38_a_database_server_that_goes_and_comes_loses_nothing(
    postgres: Postgres, postgres_url: str, tmp_path: Path
) -> None:
    """Its sessions are ended in the middle of everything, as by an immediate restart; then no connection is
    to be had; polls go on where they were."""
    with Site() as site:
        paper = Newspaper()
        paper.print_on(site)
        store = open_store(postgres_url)
        with house(store, site, tmp_path / "house") as made:
            made.tick()
            paper.stories["new"] = Story("石棉县科协 看石头", ("近日,雅安市石棉县科协带孩子看石头。",))
            paper.print_on(site)
            made.clock.at += timedelta(hours=1)
            dispatch.dispatch(made.ports)
            name = postgres_url.rpartition("?")[0].rpartition("/")[2]
            while made.messages.waiting:
                end_sessions(postgres, name)
                made.work_one()
            assert len(made.items()) == 6
            store.dispose()
            files = made.files()
            with exhausted(postgres), pytest.raises(EnvironmentFault):
                made.tick()
            assert made.files() == files
            made.messages.waiting.clear()
            for _ in range(3):
                made.tick(timedelta(minutes=1))
            made.tick()
            assert made.state().state == "ok"
            assert len(made.items()) == 6
        store.dispose()


def end_sessions(postgres: Postgres, database: str) -> None:
    query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(f"host={postgres.folder / 'socket'} user=postgres dbname=postgres") as connection:
        connection.execute(query, [database])


@contextmanager
def exhausted(postgres: Postgres) -> Iterator[None]:
    """No further connection is let in, superusers' neither."""
    address = f"host={postgres.folder / 'socket'} user=postgres dbname=postgres"
    with ExitStack() as taken:
        with suppress(psycopg.OperationalError):
            for _ in range(200):
                taken.enter_context(psycopg.connect(address))
        yield
