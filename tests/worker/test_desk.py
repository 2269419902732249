"""`dibao withdraw` and `dibao quarantine` as an operator types them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bulletins.model import Change, ChangeKind, Item
from tests.worker.store import story
from worker import config, ground, wiring
from worker.cli.common import app
from worker.flow import desk
from worker.store import SqlStore

NOW = datetime.now(UTC)


@pytest.fixture
def stanza(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text('[[sources]]\nid = "paper"\nname = "山乡科普报"\nurl = "http://paper.test/"\n')
    return path


@pytest.fixture
def kept(stanza: Path) -> Iterator[SqlStore]:
    settings = config.load(stanza)
    wiring.prepare(settings)
    store = ground.store(settings)
    yield store
    store.dispose()


def _do(path: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*words, "--config", str(path)])
    if isinstance(result.exception, desk.NotFound):
        return 1, str(result.exception)
    return result.exit_code, result.stdout


def _store(store: SqlStore, *items: Item) -> None:
    with store.edit("test") as txn:
        for item in items:
            txn.apply(Change(item, ChangeKind.NEW), story.feeds(item))


def test_withdraw_takes_an_item_out_of_the_published_feeds(kept: SqlStore, stanza: Path) -> None:
    one, other = story.item("a"), story.item("b")
    _store(kept, one, other)
    assert _do(stanza, "publish")[0] == 0
    feed = stanza.parent / "public" / "feeds" / "all.json"
    assert one.id in feed.read_text()
    status, said = _do(stanza, "withdraw", one.id, "--reason", "a family asked for it")
    assert (status, one.title in said) == (0, True)
    assert one.id not in feed.read_text()
    assert other.id in feed.read_text()
    assert [item.id for item in kept.items(None, None, None, None)] == [other.id]
    status, said = _do(stanza, "withdraw", "tag:none", "--reason", "a slip")
    assert (status, "tag:none" in said, "dibao items" in said) == (1, True, True)


def test_an_override_takes_down_what_is_stored(kept: SqlStore, stanza: Path) -> None:
    one, other = story.item("a"), story.item("b")
    _store(kept, one, other)
    more = f'[[overrides]]\nid = "{one.id}"\nwithdrawn = "not ours"\n'
    stanza.write_text(stanza.read_text() + more)
    assert _do(stanza, "publish")[0] == 0
    held = kept.item(one.id)
    assert held is not None
    assert held.withdrawal is not None
    assert held.withdrawal.reason == "not ours"
    assert [item.id for item in kept.items(None, None, None, None)] == [other.id]


@pytest.fixture
def storm(kept: SqlStore) -> int:
    """A reading of items that are held under other ids; its number."""
    held = [story.item(f"old{n}") for n in range(5)]
    _store(kept, *held)
    read = [
        replace(one, id=one.id.replace("old", "new"), link=one.link.replace("old", "new")) for one in held
    ]
    poll = kept.lease_named("paper", NOW, NOW + timedelta(minutes=1))
    assert poll is not None
    kept.open_poll(poll, "paper", NOW, NOW + timedelta(minutes=1))
    with kept.ingest(poll) as txn:
        assert txn is not None
        ids = {new.id: old.id for new, old in zip(read, held, strict=True)}
        return txn.hold("paper", "f", "5 of 5 new items are already held under other ids", read, ids, NOW).id


def test_a_reading_is_listed_shown_and_accepted(kept: SqlStore, stanza: Path, storm: int) -> None:
    before = [item.id for item in kept.items(None, None, None, None)]
    status, said = _do(stanza, "quarantine", "list")
    assert (status, "paper" in said, "already held" in said) == (0, True, True)
    (entry,) = json.loads(_do(stanza, "quarantine", "list", "--json")[1])["quarantine"]
    assert (entry["id"], entry["source"], entry["items"]) == (storm, "paper", 5)
    status, said = _do(stanza, "quarantine", "show", str(storm))
    assert status == 0
    assert "new0" in said
    assert "old0" in said
    assert f"dibao quarantine accept {storm}" in said
    pairs = json.loads(_do(stanza, "quarantine", "show", str(storm), "--json")[1])["ids"]
    assert {pair["held"]["id"] for pair in pairs} == set(before)
    status, said = _do(stanza, "quarantine", "accept", str(storm))
    assert status == 0
    assert re.search("0 new, 5 corrected, 0 withdrawn", said)
    after = kept.items(None, None, None, None)
    assert [item.id for item in after] == before
    assert all("new" in item.link for item in after)
    assert "Nothing is held back" in _do(stanza, "quarantine", "list")[1]
    assert "accepted" in _do(stanza, "quarantine", "show", str(storm))[1]


def test_a_reading_is_rejected_once(kept: SqlStore, stanza: Path, storm: int) -> None:
    before = kept.items(None, None, None, None)
    status, said = _do(stanza, "quarantine", "reject", str(storm))
    assert (status, "5 items of paper" in said) == (0, True)
    assert kept.items(None, None, None, None) == before
    for words in (("accept", str(storm)), ("reject", str(storm)), ("show", "99")):
        status, said = _do(stanza, "quarantine", *words)
        assert (status, "dibao quarantine list" in said) == (1, True)
