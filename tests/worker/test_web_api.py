"""The JSON API over real HTTP: following changes, reading items, and what is refused."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import psutil  # type: ignore[import-untyped]  # ships no types; two calls do not make up for stubs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, delete

from bulletins.model import ChangeKind
from tests.feeds.schemas import check
from tests.support.door import Opened, name_columns, opened
from tests.support.processes import eventually
from tests.worker.store import story
from tests.worker.test_web import configuration, free_port, launch
from worker.store import migrate
from worker.store.tables import changes as log


@pytest.fixture
def web(database_url: str, tmp_path: Path) -> Iterator[Opened]:
    with opened(database_url, tmp_path, {"paper": {}, "other": {"publish": {"content": "link"}}}) as door:
        yield door


def changes(web: Opened, query: str = "") -> dict[str, Any]:
    reply = web.client.get(f"/api/v1/changes?{query}")
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["access-control-allow-origin"] == "*"
    assert reply.headers["cache-control"] == "no-cache"
    value: dict[str, Any] = reply.json()
    check("changes", value)
    return value


def apply(events: list[dict[str, Any]], held: dict[str, Any]) -> None:
    """As a downstream site would."""
    for event in events:
        if event["item"] is None:
            held.pop(event["id"], None)
        else:
            held[event["id"]] = event["item"]


def follow(web: Opened, since: int, held: dict[str, Any], limit: int = 3) -> int:
    more = True
    while more:
        page = changes(web, f"since={since}&limit={limit}")
        assert [event["seq"] for event in page["events"]] == list(range(since + 1, page["next"] + 1))
        apply(page["events"], held)
        since, more = page["next"], page["more"]
    return since


def test_from_the_beginning_and_on(web: Opened) -> None:
    assert changes(web) == {"events": [], "next": 0, "more": False}
    one, two = story.item("a"), story.item("b")
    story.bring(web.store, one, two)
    story.bring(web.store, replace(one, title="更正"), kind=ChangeKind.CORRECTED)
    page = changes(web, "since=0&limit=2")
    assert [(e["seq"], e["kind"], e["id"]) for e in page["events"]] == [
        (1, "new", one.id),
        (2, "new", two.id),
    ]
    assert (page["next"], page["more"]) == (2, True)
    page = changes(web, "since=2")
    assert [(e["kind"], e["item"]["title"]) for e in page["events"]] == [("corrected", "更正")]
    assert (page["next"], page["more"]) == (3, False)
    assert changes(web, "since=3") == {"events": [], "next": 3, "more": False}
    story.bring(web.store, two, kind=ChangeKind.WITHDRAWN)
    (event,) = changes(web, "since=3")["events"]
    assert (event["kind"], event["id"], event["item"]) == ("withdrawn", two.id, None)


steps = st.lists(st.tuples(st.sampled_from(ChangeKind), st.integers(0, 3)), max_size=12)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=steps, stops=st.sets(st.integers(0, 11)))
def test_whoever_follows_ends_in_the_state_of_the_service(
    sqlite_url: str, tmp_path_factory: pytest.TempPathFactory, history: list[Any], stops: set[int]
) -> None:
    folder = tmp_path_factory.mktemp("history")
    copy = folder / "dibao.db"
    copy.write_bytes(Path(sqlite_url.removeprefix("sqlite:///")).read_bytes())
    with opened(f"sqlite:///{copy}", folder, {"paper": {}}) as door:
        held: dict[str, Any] = {}
        since = 0
        for n, (kind, which) in enumerate(history):
            item = replace(story.item(f"i{which}"), title=f"第{n}稿")
            story.bring(door.store, item, kind=kind)
            if n in stops:
                since = follow(door, since, held)
        follow(door, since, held)
        items = door.client.get("/api/v1/items").json()["items"]
        assert held == {item["id"]: item for item in items}


def test_no_more_text_than_a_source_lets_republish(web: Opened) -> None:
    story.bring(web.store, story.item("a", source="other"))
    (event,) = changes(web)["events"]
    (item,) = web.client.get("/api/v1/items").json()["items"]
    assert event["item"]["paragraphs"] == item["paragraphs"] == item["blocks"] == []


def test_a_cursor_older_than_what_is_kept_says_how_to_begin_anew(web: Opened, database_url: str) -> None:
    story.bring(web.store, *(story.item(f"i{n}", on=n) for n in range(6)))
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(delete(log).where(log.c.seq <= 4))
    engine.dispose()
    for since in (0, 3):
        reply = web.client.get(f"/api/v1/changes?since={since}")
        assert reply.status_code == 410
        value = reply.json()
        check("problem", value)
        assert (value["oldest"], value["newest"]) == (5, 6)
        assert value["items"] == "http://dibao.test/api/v1/items"
    assert [event["seq"] for event in changes(web, "since=4")["events"]] == [5, 6]
    # And so it goes: all items, then what came after.
    held: dict[str, Any] = {}
    page = web.client.get("/api/v1/items?limit=4").json()
    seq = page["seq"]
    story.bring(web.store, story.item("i0", on=0), kind=ChangeKind.WITHDRAWN)
    story.bring(web.store, story.item("i9", on=9))
    while True:
        check("items", page)
        held |= {item["id"]: item for item in page["items"]}
        if page["next"] is None:
            break
        page = web.client.get(page["next"].removeprefix("http://dibao.test")).json()
    follow(web, seq, held)
    assert sorted(name.rpartition("/")[2] for name in held) == ["i1", "i2", "i3", "i4", "i5", "i9"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("since=1", "since"),  # beyond the newest: another store than the client knows
        ("since=-1", "since"),
        ("since=x", "since"),
        ("since=", "since"),
        ("since=" + "9" * 30, "since"),
        ("since=0&since=0", "since"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("wait=61", "wait"),
        ("wait=0.5", "wait"),
        ("colour=red", "colour"),
        ("&".join(["since"] * 10_000), "query"),
    ],
    ids=lambda value: value[:12],
)
def test_what_cannot_be_honoured_is_named(web: Opened, query: str, parameter: str) -> None:
    reply = web.client.get(f"/api/v1/changes?{query}")
    assert reply.status_code == 400
    assert reply.headers["content-type"] == "application/problem+json"
    check("problem", reply.json())
    assert reply.json()["parameter"] == parameter


def test_whoever_waits_is_told_when_something_happens(web: Opened) -> None:
    story.bring(web.store, story.item("a"))
    answers: list[dict[str, Any]] = []

    def wait() -> None:
        reply = httpx.get(f"{web.client.base_url}/api/v1/changes?since=1&wait=60", timeout=70)
        answers.append(reply.json())

    waiting = [threading.Thread(target=wait) for _ in range(5)]
    for one in waiting:
        one.start()
    assert web.client.get("/livez").status_code == 200
    story.bring(web.store, story.item("b"))
    for one in waiting:
        one.join(50)
    assert [[event["seq"] for event in answer["events"]] for answer in answers] == [[2]] * 5


def test_a_wait_ends_without_news_too(web: Opened) -> None:
    assert changes(web, "since=0&wait=1") == {"events": [], "next": 0, "more": False}


def test_what_is_there_already_is_not_waited_for(web: Opened) -> None:
    story.bring(web.store, story.item("a"))
    reply = httpx.get(f"{web.client.base_url}/api/v1/changes?since=0&wait=60", timeout=30)
    assert len(reply.json()["events"]) == 1


def test_whoever_goes_away_is_not_waited_on(web: Opened) -> None:
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{web.client.base_url}/api/v1/changes?since=0&wait=60", timeout=0.5)
    assert eventually(lambda: web.client.get("/livez").status_code == 200)


def test_what_is_stored_comes_coded_and_only_where_it_has_changed(web: Opened) -> None:
    """A downstream that asks each minute, or was away for a month."""
    story.bring(web.store, *(story.item(f"n{n}", on=1, position=n) for n in range(9)))
    one = "items/tag:paper.test,2026:paper/n1"
    for name in ("changes?since=0", "items", one, "feeds", "regions", "openapi.json"):
        path = f"/api/v1/{name}"
        plain = web.client.get(path, headers={"Accept-Encoding": "identity"})
        for coding in ("br", "gzip"):
            coded = web.client.get(path, headers={"Accept-Encoding": coding})
            if len(plain.content) >= 1024:
                assert coded.headers["content-encoding"] == coding, path
                assert int(coded.headers["content-length"]) < len(plain.content)
            assert coded.content == plain.content  # as httpx decodes it
            held = {"Accept-Encoding": coding, "If-None-Match": coded.headers["etag"]}
            assert web.client.get(path, headers=held).status_code == 304
    held = {"If-None-Match": web.client.get("/api/v1/items").headers["etag"]}
    story.bring(web.store, story.item("fresh", on=2))
    assert web.client.get("/api/v1/items", headers=held).status_code == 200


def test_items_by_what_they_are_about(web: Opened) -> None:
    name_columns(web.store)
    story.bring(
        web.store, *(story.item(f"i{n}", on=n, region="513221" if n % 2 else "511826") for n in range(5))
    )
    story.bring(web.store, story.item("o", source="other", on=7, column=None))

    def names(query: str) -> list[str]:
        reply = web.client.get(f"/api/v1/items?{query}")
        assert reply.status_code == 200, reply.text
        check("items", reply.json())
        return [item["id"].rpartition("/")[2] for item in reply.json()["items"]]

    assert names("") == ["o", "i4", "i3", "i2", "i1", "i0"]
    assert names("region=513221") == ["i3", "i1"]
    assert names("source=other") == ["o"]
    assert names("column=xiang-cun-ke-tang&limit=2") == ["i4", "i3"]
    assert names("since=2026-07-05") == ["o", "i4"]
    for query, parameter in (
        ("cursor=x", "cursor"),
        ("cursor=W10", "cursor"),
        ("q=x", "'q'"),
        ("region=1", "region"),
    ):
        reply = web.client.get(f"/api/v1/items?{query}")
        assert (reply.status_code, reply.json()["parameter"]) == (400, parameter)
        check("problem", reply.json())


def test_one_item(web: Opened) -> None:
    one = story.item("a")
    story.bring(web.store, one)
    reply = web.client.get(f"/api/v1/items/{one.id}")
    assert reply.status_code == 200
    check("item", reply.json())
    story.bring(web.store, one, kind=ChangeKind.WITHDRAWN)
    gone = web.client.get(f"/api/v1/items/{one.id}")
    assert (gone.status_code, gone.json()["detail"]) == (410, "This item has been withdrawn.")
    missing = web.client.get("/api/v1/items/tag:nobody,2026:x/y")
    assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")


def test_the_description_is_true(web: Opened) -> None:
    """Each path that it names answers, with the parameters that it names and no other."""
    reply = web.client.get("/api/v1/openapi.json")
    assert reply.headers["content-type"] == "application/json"
    described = reply.json()
    assert described["openapi"] == "3.1.0"
    assert described["servers"] == [{"url": "http://dibao.test"}]
    story.bring(web.store, story.item("a"))
    for path, methods in described["paths"].items():
        (operation,) = methods.values()
        where = path.replace("{id}", story.item("a").id)
        answer = web.client.get(where)
        assert answer.status_code == 200, path
        (content,) = operation["responses"]["200"]["content"].values()
        schema = described["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
        assert set(schema["required"]) <= set(answer.json())
        allowed = web.client.get(where, params={"colour": "red"}).json()["allowed"]
        named = [each["name"] for each in operation["parameters"] if each["in"] == "query"]
        assert allowed == (", ".join(named) or "none")


def test_only_reading_is_answered(web: Opened) -> None:
    for path in ("/api/v1/changes", "/api/v1/items", "/api/v1/items/x"):
        assert web.client.post(path).status_code == 405
        preflight = {"Origin": "http://a.example", "Access-Control-Request-Method": "GET"}
        allowed = web.client.options(path, headers=preflight).headers["access-control-allow-methods"]
        assert allowed == "GET, HEAD"
    assert web.client.head("/api/v1/changes").status_code == 200


def test_a_server_that_stops_answers_whoever_waits(tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    config = configuration(tmp_path, address)
    (tmp_path / "var").mkdir()
    migrate(f"sqlite:///{tmp_path / 'var' / 'dibao.db'}")
    process = launch(config)
    answers: list[httpx.Response] = []
    url = f"http://{address}/api/v1/changes"
    try:
        assert eventually(lambda: _answers(url))
        waiting = threading.Thread(target=lambda: answers.append(httpx.get(f"{url}?wait=60", timeout=70)))
        waiting.start()
        held = psutil.Process(process.pid)
        assert eventually(lambda: any(one.status == "ESTABLISHED" for one in held.net_connections()))
        assert _answers(url)  # which comes after the request that waits
        process.terminate()
        _, said = process.communicate(timeout=20)
        waiting.join(20)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0
    assert "Traceback" not in said
    assert [answer.json()["events"] for answer in answers] == [[]]


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False
