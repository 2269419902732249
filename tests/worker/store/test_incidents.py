"""Incidents: a row for each, one open for each subject at most."""

from __future__ import annotations

from datetime import timedelta

from tests.worker.store.story import NOW
from worker.incidents import Cause, Subject, Turn
from worker.store import SqlStore

SOURCE, OTHER = Subject("source", "paper"), Subject("source", "other")
MOVED = Cause("layout_changed", "no list", "look at it")
BLOCKED = Cause("blocked", "a login form", "ask")


def blame(store: SqlStore, subject: Subject, cause: Cause | None, minutes: int = 0) -> Turn:
    with store.edit("test") as txn:
        return txn.blame(subject, cause, NOW + timedelta(minutes=minutes))


def test_one_incident_for_one_cause(store: SqlStore) -> None:
    opened = blame(store, SOURCE, MOVED).opened
    assert opened is not None
    assert (opened.n, opened.subject, opened.cause, opened.opened) == (1, SOURCE, MOVED, NOW)
    again = Cause("layout_changed", "no articles either", "look again")
    assert blame(store, SOURCE, again, 1) == Turn()
    (lasting,) = store.open_incidents()
    assert (lasting.cause, lasting.opened) == (again, NOW)


def test_another_cause_closes_the_one_before(store: SqlStore) -> None:
    blame(store, SOURCE, MOVED)
    turn = blame(store, SOURCE, BLOCKED, 1)
    assert turn.closed is not None
    assert turn.opened is not None
    assert (turn.closed.cause, turn.closed.closed) == (MOVED, NOW + timedelta(minutes=1))
    assert [one.n for one in store.open_incidents()] == [turn.opened.n] == [2]


def test_what_is_well_is_closed_once(store: SqlStore) -> None:
    blame(store, SOURCE, MOVED)
    assert blame(store, SOURCE, None, 2).closed is not None
    assert blame(store, SOURCE, None, 3) == Turn()
    (known,) = store.incidents(5)
    assert known.closed == NOW + timedelta(minutes=2)
    assert store.open_incidents() == []


def test_subjects_stand_apart(store: SqlStore) -> None:
    blame(store, SOURCE, MOVED)
    blame(store, OTHER, MOVED, 1)
    blame(store, Subject("webhook", "paper"), BLOCKED, 2)
    assert [one.subject.name for one in store.open_incidents("source")] == ["paper", "other"]
    assert [one.n for one in store.incidents(2)] == [3, 2]
    blame(store, SOURCE, None, 3)
    assert [one.n for one in store.open_incidents()] == [2, 3]


def test_a_transaction_that_fails_opens_nothing(store: SqlStore) -> None:
    try:
        with store.edit("test") as txn:
            txn.blame(SOURCE, MOVED, NOW)
            raise RuntimeError
    except RuntimeError:
        pass
    assert store.open_incidents() == []
