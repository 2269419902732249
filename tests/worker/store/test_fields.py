"""Times and words come back as they went in, and compare alike on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Integer, MetaData, Table, create_engine, insert, select
from sqlalchemy.exc import StatementError

from worker.store.fields import Instant, Plain

METADATA = MetaData()
NOTES = Table(
    "notes",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", Instant),
    Column("words", Plain),
)
_ZONES = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-11, minutes=-30))])
_EARLY, _LATE = datetime.fromisoformat("1900-01-02"), datetime.fromisoformat("2200-01-01")
_WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        METADATA.create_all(connection)
        yield connection
        connection.rollback()
    engine.dispose()


def _sorted_by_database(connection: Connection, name: str, values: list[object]) -> list[object]:
    with connection.begin_nested() as step:
        connection.execute(insert(NOTES), [{name: value} for value in values])
        found = list(connection.scalars(select(NOTES.c[name]).order_by(NOTES.c[name])))
        step.rollback()
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(st.lists(st.datetimes(_EARLY, _LATE, timezones=_ZONES), min_size=1, max_size=6))
def test_instants_come_back_in_utc_and_in_order(connection: Connection, times: list[datetime]) -> None:
    found = _sorted_by_database(connection, "at", list(times))
    assert found == sorted(times)
    assert all(isinstance(at, datetime) and at.tzinfo is UTC for at in found)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(st.lists(_WORDS, min_size=1, max_size=6))
def test_words_are_in_the_order_of_their_bytes(connection: Connection, words: list[str]) -> None:
    assert _sorted_by_database(connection, "words", list(words)) == sorted(words, key=str.encode)


def test_nothing_is_nothing_and_nul_is_dropped(connection: Connection) -> None:
    connection.execute(insert(NOTES), {"at": None, "words": None})
    connection.execute(insert(NOTES), {"at": None, "words": "坏\0标题"})
    found = connection.execute(select(NOTES.c.at, NOTES.c.words).order_by(NOTES.c.id)).all()
    assert [tuple(row) for row in found] == [(None, None), (None, "坏标题")]


def test_a_time_without_its_zone_is_refused(connection: Connection) -> None:
    with pytest.raises(StatementError, match="without its zone"):
        connection.execute(insert(NOTES), {"at": datetime(2026, 8, 2)})  # noqa: DTZ001  # what is refused
