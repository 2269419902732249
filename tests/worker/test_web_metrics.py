"""/metrics over real HTTP, of a store that something is wrong with: as Prometheus reads it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest
import yaml
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openly
from prometheus_client.parser import text_string_to_metric_families as read
from prometheus_client.samples import Sample

from bulletins.model import PollStatus, Verdict
from bulletins.state import Rhythm
from feeds.scope import FeedKey
from tests.support.serving import serving
from tests.worker.store.story import DAY, NOW, begin, finish, item
from worker.alarms import Receiver
from worker.config import Settings
from worker.door import LiveState
from worker.figures import Figures
from worker.incidents import Cause, Subject
from worker.notices import Hook
from worker.store import SqlStore
from worker.web import create_app
from worker.web.gauges import of_service

ROOT = Path(__file__).parents[2]
BROKEN = Verdict(PollStatus.LAYOUT_CHANGED, "no list", "look at it")


def live(tmp_path: Path, url: str) -> tuple[Settings, LiveState]:
    """The product's own door on a database; its broker is away."""
    service = {"public_dir": tmp_path, "data_dir": tmp_path, "broker_url": "redis://127.0.0.1:9/0"}
    settings = Settings.model_validate({"service": service | {"database_url": url}})
    return settings, LiveState(settings)


def samples(text: str) -> dict[tuple[str, ...], float]:
    """Values by the name and the labels' values."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in read(text)
        for sample in family.samples
    }


def trouble(store: SqlStore) -> None:
    """Two items of a paper, a paper that broke after a good poll, and whom that concerns."""
    finish(store, begin(store, "paper"), [item("a"), item("b", region=None)])
    finish(store, begin(store, "other"), [item("c", source="other")])
    finish(store, begin(store, "other", NOW + DAY), verdict=BROKEN, now=NOW + DAY, keep=False)
    begin(store, "paper", NOW + DAY)  # and it goes on
    hook = Hook("desk", "http://desk.test/", b"secret" * 8, frozenset(), True, "said")
    store.notices.sync([], ["atom"], [hook], NOW)
    receiver = Receiver.at("jsons://TOKEN@pager.test/")
    store.alarms.sync([receiver.id], NOW)
    store.alarms.put_off(receiver.id, NOW, "HTTP 500")
    with store.edit("test") as txn:
        txn.blame(Subject("source", "other"), Cause("layout_changed", "no list", "look"), NOW)
        txn.blame(Subject("page", "x"), Cause("deadly", "it kills", "wait"), NOW)
        txn.blame(Subject("page", "x"), None, NOW)
        txn.hold("other", "print", "a storm", (item("d", source="other"),), {}, NOW)
    silent = Rhythm(NOW.date(), NOW.date(), NOW, NOW + DAY)  # stale by any clock of today
    store.keep_rhythms(1, {FeedKey.of(source="other"): silent})
    store.beat("beat", NOW)


@pytest.fixture
def troubled(store: SqlStore, database_url: str, tmp_path: Path) -> Iterator[httpx.Client]:
    trouble(store)
    settings, state = live(tmp_path, database_url)
    with serving(create_app(settings, state)) as url, httpx.Client(base_url=url) as client:
        yield client
    state.store.dispose()


def test_what_is_wrong_shows(troubled: httpx.Client) -> None:
    reply = troubled.get("/metrics")
    assert (reply.status_code, reply.headers["cache-control"]) == (200, "no-store")
    assert reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = samples(reply.text)
    assert {name[0] for name in found if not name[0].startswith("dibao_")} == set()
    expected = {
        ("dibao_store_up",): 1,
        ("dibao_broker_up",): 0,
        ("dibao_sources", "ok"): 1,
        ("dibao_sources", "layout_changed"): 1,
        ("dibao_sources", "blocked"): 0,
        ("dibao_source_state", "other", "layout_changed"): 1,
        ("dibao_source_healthy", "paper"): 1,
        ("dibao_source_healthy", "other"): 0,
        ("dibao_source_failures", "other"): 1,
        ("dibao_source_stale", "other"): 1,
        ("dibao_source_last_poll_timestamp_seconds", "other"): (NOW + DAY).timestamp(),
        ("dibao_source_last_success_timestamp_seconds", "other"): NOW.timestamp(),
        ("dibao_source_items", "paper"): 2,
        ("dibao_items",): 3,
        ("dibao_items_unclassified",): 1,
        ("dibao_changes_total",): 3,
        ("dibao_outbox_waiting", "items"): 3,
        ("dibao_outbox_held", "feeds"): 0,
        ("dibao_quarantine_waiting",): 1,
        ("dibao_incidents_open", "layout_changed"): 1,
        ("dibao_incidents_open", "deadly"): 0,
        ("dibao_incidents_total",): 2,
        ("dibao_polls_under_way",): 1,
        ("dibao_polls_lapsed",): 1,
        ("dibao_heartbeat_timestamp_seconds", "beat"): NOW.timestamp(),
        ("dibao_webhook_behind", "desk"): 0,
    }
    assert {key: found.get(key) for key in expected} == expected
    assert found["dibao_outbox_waiting", "feeds"] == found["dibao_feeds",]
    assert found["dibao_outbox_oldest", "feeds"] > 0
    ((_, receiver),) = [key for key in found if key[0] == "dibao_alarm_failures"]
    assert receiver.startswith("jsons-")
    assert "TOKEN" not in reply.text
    assert found["dibao_web_process_resident_memory_bytes",] > 1e6


def test_in_each_form_and_coding(troubled: httpx.Client) -> None:
    """As Prometheus 3 asks."""
    wanted = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1"
    reply = troubled.get("/metrics", headers={"Accept": wanted, "Accept-Encoding": "gzip"})
    assert reply.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert reply.headers["content-encoding"] == "gzip"
    families = {family.name: family for family in read_openly(reply.text)}  # type: ignore[no-untyped-call]  # theirs
    assert families["dibao_changes"].type == "counter"
    assert families.keys() == {one.name for one in read(troubled.get("/metrics").text)}
    head = troubled.head("/metrics")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) > 1000


def test_tasks_that_wait_are_told_without_a_store() -> None:
    found = {(one.name, *one.labels.values()): one.value for one in _samples(None, {"poll": 3, "fetch": 0})}
    assert found["dibao_broker_up",] == 1
    assert (found["dibao_queue_messages", "poll"], found["dibao_store_up",]) == (3, 0)


def _samples(figures: Figures | None, queues: dict[str, int]) -> list[Sample]:
    return [sample for family in of_service(figures, queues, NOW) for sample in family.samples]


class Slow(SqlStore):
    """A store whose look waits for an event, as one behind a locked database does."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.free = threading.Event()

    def figures(self, now: datetime) -> Figures:
        self.free.wait(30)
        return super().figures(now)


@pytest.mark.slow  # the deadline has to pass
def test_a_store_that_hangs_is_told_as_away(sqlite_url: str, tmp_path: Path) -> None:
    settings, state = live(tmp_path, sqlite_url)
    state.store = store = Slow(sqlite_url)
    with serving(create_app(settings, state)) as url:
        found = samples(httpx.get(f"{url}/metrics", timeout=9).text)
        assert found["dibao_store_up",] == 0
        assert not [key for key in found if key[0].startswith("dibao_source")]
        store.free.set()
    store.dispose()


def test_a_store_that_is_away_is_told_as_such(tmp_path: Path) -> None:
    settings, state = live(tmp_path, f"sqlite:///{tmp_path / 'nothing' / 'dibao.db'}")
    with serving(create_app(settings, state)) as url:
        reply = httpx.get(f"{url}/metrics")
    found = samples(reply.text)
    assert (reply.status_code, found["dibao_store_up",]) == (200, 0)
    assert ("dibao_items",) not in found


def test_every_metric_is_in_the_manual(troubled: httpx.Client) -> None:
    said = (ROOT / "docs/operations.md").read_text("utf-8").partition("\n## Watching\n")[2]
    named = set(re.findall(r"`(dibao_\w+)`", said.partition("\n## ")[0]))
    told = {key[0] for key in samples(troubled.get("/metrics").text)} | {"dibao_queue_messages"}
    assert {name for name in told if not name.startswith("dibao_web_process_")} == named


def test_rules_and_dashboard_ask_for_what_there_is(troubled: httpx.Client) -> None:
    """Every metric that they name is told, with each label that they tell series apart by."""
    labels: dict[str, set[str]] = {"up": {"job", "instance"}, "dibao_queue_messages": {"queue"}}
    for family in read(troubled.get("/metrics").text):
        for sample in family.samples:
            labels.setdefault(sample.name, set()).update(sample.labels)
    rules = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
    board = json.loads((ROOT / "deploy/grafana/dibao.json").read_text("utf-8"))
    asked = [rule["expr"] for rule in rules]
    asked += [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    assert len(asked) > 20
    for expr in asked:
        names = re.findall(r"\b(up|dibao_\w+)\b", expr)
        assert names, expr
        for name in names:
            assert name in labels, expr
        for by, name in re.findall(r"by \(([\w, ]+)\) \((?:\w+\()?(dibao_\w+)", expr):
            assert set(by.split(", ")) <= labels[name], expr
        for name, label in re.findall(r"(dibao_\w+)\{(\w+)=", expr):
            assert label in labels[name], expr
    assert all(rule["annotations"].keys() == {"summary", "action"} for rule in rules)
