"""`dibao trace` as an operator types it: why an item is, or is not, in a feed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bulletins.errors import ConfigError
from bulletins.model import Change, ChangeKind, Evidence, Item, PollStatus, Verdict
from tests.worker.store import story
from worker import config, ground, wiring
from worker.cli.common import app
from worker.flow.desk import NotFound
from worker.polls import PageState, Validators
from worker.snapshots import DiskSnapshots
from worker.store import SqlStore

LOST = "http://paper.test/lost.html"
LOGIN = b"<html><body><form action='/login'><input name='user'><input type='password'></form></body></html>"


@pytest.fixture
def stanza(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    said = 'id = "paper"\nname = "山乡科普报"\nurl = "http://paper.test/"\nregion = "510000"\n'
    path.write_text(f"[[sources]]\n{said}")  # as the story has it: another would have the pages read anew
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
    if isinstance(result.exception, NotFound):
        return 1, result.stdout
    if isinstance(result.exception, ConfigError):
        return 2, str(result.exception)
    return result.exit_code, result.stdout


def _trace(path: Path, *words: str) -> dict[str, Any]:
    status, said = _do(path, "trace", *words, "--json")
    told: dict[str, Any] = json.loads(said)
    assert status == (0 if told["items"] else 1)
    return told


def _poll(store: SqlStore, *found: Item, verdict: Verdict = story.OK, faults: tuple[str, ...] = ()) -> None:
    """A poll that asked for LOST and for what it found."""
    poll = story.begin(store)
    store.ask(poll, [story.follow(url) for url in (*(one.link for one in found), LOST)])
    store.start_fetching(poll)
    story.answer(store, poll, faults)
    story.finish(store, poll, found, verdict=verdict, keep=verdict.publish)


def test_an_item_tells_its_way_to_its_feeds(kept: SqlStore, stanza: Path) -> None:
    why = Evidence("region", "heading", "芦山县")
    item = replace(story.item("a"), evidence=(why,))
    _poll(kept, item)
    waiting = _trace(stanza, item.link)["items"][0]
    assert {(feed["state"], file["has"]) for feed in waiting["feeds"] for file in feed["files"]} == {
        ("waiting", False)
    }
    assert _do(stanza, "publish")[0] == 0
    told = _trace(stanza, item.id, "--feed", "/feeds/region/511826.atom")
    assert [step["step"] for step in told["steps"]] == ["asked", "kept"]
    assert "fetched; the poll ended as ok" in told["steps"][0]["text"]
    (one,) = told["items"]
    assert one["answer"] == "in region/511826: published"
    said = {step["step"]: step["text"] for step in one["steps"]}
    assert re.fullmatch(r"change 1, by \w+", said["new"])
    assert said["region"] == "511826 四川省 by heading; heading: 芦山县"
    ((feed),) = one["feeds"]
    assert [file["path"] for file in feed["files"] if file["has"]] == [
        f"feeds/region/511826.{suffix}" for suffix in ("rss", "atom", "json")
    ]
    assert one["page"]["modified"] is not None


@pytest.mark.parametrize(
    ("feed", "answer"),
    [
        ("region/510100", "it is about 511826"),
        ("column/ke-pu", "its column is 乡村课堂 (xiang-cun-ke-tang)"),
        ("source/other", "it is from paper"),
        ("unclassified", "its region and its column are recognised"),
    ],
)
def test_why_it_is_not_in_a_feed(kept: SqlStore, stanza: Path, feed: str, answer: str) -> None:
    item = story.item("a")
    _poll(kept, item)
    (one,) = _trace(stanza, item.id, "--feed", feed)["items"]
    assert (one["answer"], one["feeds"]) == (f"not in {feed}: {answer}", [])


def test_what_was_corrected_and_taken_down(kept: SqlStore, stanza: Path) -> None:
    item = story.item("a")
    _poll(kept, item)
    with kept.edit("reparse") as txn:
        after = replace(item, title="b", digest="b", updated=story.NOW + story.HOUR)
        txn.apply(Change(after, ChangeKind.CORRECTED), story.feeds(after))
    assert _do(stanza, "withdraw", item.id, "--reason", "a family asked for it")[0] == 0
    (one,) = _trace(stanza, item.id, "--feed", "all")["items"]
    steps = [(step["step"], step["text"]) for step in one["steps"]]
    assert ("corrected", "change 2, by reparse") in steps
    assert ("withdrawn", "by operator: a family asked for it") in steps
    assert one["answer"] == "not in all: withdrawn by operator: a family asked for it"
    assert [feed["state"] for feed in one["feeds"]] == ["buried"]
    assert "a family asked for it" in _do(stanza, "trace", item.id)[1]


def test_an_address_that_gave_no_item(kept: SqlStore, stanza: Path) -> None:
    told = _trace(stanza, LOST)
    assert told["why"].startswith("no poll that is remembered asked for this address")
    _poll(kept, faults=(LOST,))
    told = _trace(stanza, LOST)
    assert told["why"] == "its page could not be had: HTTP 500"
    assert "failed: HTTP 500 (HTTP 500)" in told["steps"][0]["text"]
    sha = DiskSnapshots(stanza.parent / "var/snapshots").put(LOGIN)
    poll = story.begin(kept, now=story.NOW + story.DAY)
    kept.ask(poll, [story.follow(LOST, title="一篇")])
    kept.start_fetching(poll)
    (page,) = kept.pages(poll)
    kept.record(poll, page.n, PageState.FETCHED, Validators(sha, None, None, "text/html", LOST))
    story.finish(kept, poll, now=story.NOW + story.DAY)
    told = _trace(stanza, LOST)
    assert told["why"] == "its page was had, and no item came of it"
    said = {step["step"]: step["text"] for step in told["steps"]}
    assert said.get("problem", "").startswith("blocked: "), said


def test_a_reading_in_quarantine_is_named(kept: SqlStore, stanza: Path) -> None:
    item = story.item("a")
    with kept.edit("test") as txn:
        txn.hold("paper", "print", "a storm", (item,), {}, story.NOW)
    _poll(kept, verdict=Verdict(PollStatus.QUARANTINED, "a storm", publish=False))
    told = _trace(stanza, item.link)
    assert told["why"] == "its reading is in quarantine, held: a storm"
    assert "(dibao quarantine show 1)" in told["steps"][0]["text"]


def test_a_feed_that_cannot_be_is_told(stanza: Path) -> None:
    status, said = _do(stanza, "trace", LOST, "--feed", "region/x")
    assert status == 2
    assert "no feed has the path 'region/x'" in said
