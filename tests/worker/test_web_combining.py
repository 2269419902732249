"""Combination by address over real HTTP: queries in, merged feeds, lists of feeds and refusals out."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import httpx
import pytest

from bulletins.model import Block, BlockKind, Change, ChangeKind, Item, PollStatus, Verdict
from bulletins.regions import children
from tests.feeds.schemas import check
from tests.support.door import Opened, name_columns, opened
from tests.support.processes import eventually
from tests.support.serving import serving
from tests.worker.store import story
from worker.door import LiveState
from worker.web import create_app


def text(item: Item, *paragraphs: str, title: str = "") -> Item:
    blocks = tuple(Block(BlockKind.PARAGRAPH, words) for words in paragraphs)
    return replace(item, title=title or item.title, blocks=blocks)


ITEMS = (
    text(story.item("tea", on=3), "茶园里上课。", title="科普进茶园"),
    text(story.item("plum", on=2, region="513221"), "技术员去了茶园。", title="樱桃树下"),
    text(story.item("copy-1", on=1), "请各县组织。", title="关于科普月的通知"),
    text(story.item("copy-2", on=1, region="513221", position=1), "请各市组织。", title="关于科普月的通知"),
    text(story.item("old", on=0, column=None), "去年的事。", title="旧闻"),
)


@pytest.fixture
def web(sqlite_url: str, tmp_path: Path) -> Iterator[Opened]:
    with opened(sqlite_url, tmp_path, {"paper": {}, "other": {"publish": {"content": "link"}}}) as door:
        name_columns(door.store)
        story.bring(door.store, *ITEMS)
        story.bring(door.store, text(story.item("far", source="other", on=4), "远方的全文。", title="他报"))
        yield door


def ids(web: Opened, query: str) -> list[str]:
    reply = web.client.get(f"/feeds/merge.json?{query}")
    assert reply.status_code == 200, reply.text
    value = reply.json()
    check("jsonfeed", value)
    return [item["id"].rpartition("/")[2] for item in value["items"]]


def test_any_combination(web: Opened) -> None:
    assert ids(web, "") == ["far", "tea", "plum", "copy-1", "copy-2", "old"]
    assert ids(web, "region=513221") == ["plum", "copy-2"]
    assert ids(web, "region=513221,511826") == ["far", "tea", "plum", "copy-1", "copy-2", "old"]
    assert ids(web, "region=511826&column=xiang-cun-ke-tang") == ["far", "tea", "copy-1"]
    assert ids(web, "source=other") == ["far"]
    assert ids(web, "region=511826&source=paper") == ["tea", "copy-1", "old"]
    assert ids(web, "q=茶园") == ["tea", "plum"]
    assert ids(web, "q=茶园&not=樱桃") == ["tea"]
    assert ids(web, "since=2026-07-03") == ["far", "tea", "plum"]
    assert ids(web, "since=2026-07-03T16:00:00Z&limit=1") == ["far"]
    assert ids(web, "q=没有这样的话") == []


def test_a_notice_of_several_sources_is_one_entry_that_names_the_rest(web: Opened) -> None:
    assert ids(web, "collapse=1") == ["far", "tea", "plum", "copy-1", "copy-2", "old"]  # alike is not akin
    far, plum = (f"tag:paper.test,2026:{name}" for name in ("other/far", "paper/plum"))
    with web.store.edit("test") as txn:
        txn.join_cluster(far, plum)
        txn.apply(
            Change(ITEMS[-1], ChangeKind.CORRECTED), story.feeds(ITEMS[-1])
        )  # as every poll that joins any
    assert ids(web, "collapse=1") == ["far", "tea", "copy-1", "copy-2", "old"]
    assert ids(web, "") == ["far", "tea", "plum", "copy-1", "copy-2", "old"]
    assert ids(web, "collapse=1&region=511826") == ["far", "tea", "copy-1", "old"]  # the other is elsewhere
    value = web.client.get("/feeds/merge.json?collapse=1").json()
    named = {
        item["id"].rpartition("/")[2]: [one["id"] for one in item["_dibao"]["also_in"]]
        for item in value["items"]
        if "also_in" in item["_dibao"]
    }
    assert named == {"far": [plum]}  # both were seen at one moment: the first by id


def test_every_format_says_the_same_and_names_itself(web: Opened) -> None:
    canonical = "region=511826,513221&q=%E8%8C%B6%E5%9B%AD"
    for suffix, media_type in (
        ("rss", "application/rss+xml; charset=utf-8"),
        ("atom", "application/atom+xml"),
    ):
        reply = web.client.get(f"/feeds/merge.{suffix}?q=茶园&region=513221&region=511826")
        assert reply.headers["content-type"] == media_type
        assert reply.headers["access-control-allow-origin"] == "*"
        assert reply.headers["x-content-type-options"] == "nosniff"
        parsed = feedparser.parse(reply.content)
        assert not parsed.bozo
        assert [entry.id.rpartition("/")[2] for entry in parsed.entries] == ["tea", "plum"]
        own = [link.href for link in parsed.feed.links if link.rel == "self"]
        assert own == [f"http://dibao.test/feeds/merge.{suffix}?{canonical}"]
    assert web.client.get("/feeds/merge.xml").status_code == 404


def test_what_may_not_be_republished_is_not(web: Opened) -> None:
    assert "远方的全文" not in web.client.get("/feeds/merge.json?source=other").text


def test_it_is_conditional_and_follows_the_store(web: Opened) -> None:
    path = "/feeds/merge.atom?region=513221"
    first = web.client.get(path)
    held = {"If-None-Match": first.headers["etag"]}
    assert web.client.get("/feeds/merge.atom?region=513221&limit=50", headers=held).status_code == 304
    assert "last-modified" in first.headers
    dated = {"If-Modified-Since": first.headers["last-modified"]}
    assert web.client.get(path, headers=dated).status_code == 304
    story.bring(web.store, story.item("elsewhere", on=9))
    assert web.client.get(path, headers=held).status_code == 304  # made anew, and the same
    story.bring(web.store, story.item("fresh", on=9, region="513221"))
    again = web.client.get(path, headers=held)
    assert again.status_code == 200
    assert "fresh" in again.text
    story.bring(web.store, story.item("fresh", on=9, region="513221"), kind=ChangeKind.WITHDRAWN)
    gone = web.client.get(path, headers={"If-None-Match": again.headers["etag"]})
    assert gone.status_code == 200
    assert re.findall('deleted-entry ref="(.*?)"', gone.text) == [story.item("fresh").id]
    for other in ("/feeds/merge.atom?region=511826", "/feeds/merge.atom?region=513221&q=茶园"):
        assert "deleted-entry" not in web.client.get(other).text


def test_who_asks_by_date_alone_hears_of_every_change(web: Opened) -> None:
    """An article has moved: no date of its entry tells that."""
    path, made = "/feeds/merge.rss?region=511826", story.item("tea", on=3)
    held = web.client.get(path).headers["last-modified"]
    quiet = Change(replace(made, link="https://paper.test/moved"), ChangeKind.CORRECTED, announced=False)
    with web.store.edit("test") as txn:
        txn.apply(quiet, story.feeds(made))
    for _ in range(2):
        reply = web.client.get(path, headers={"If-Modified-Since": held})
        assert (reply.status_code, b"https://paper.test/moved" in reply.content) == (200, True)
    story.bring(web.store, story.item("elsewhere", on=9, region="513221"))
    again = web.client.get(path)  # made anew, and the same
    assert again.headers["last-modified"] == reply.headers["last-modified"]


@dataclass
class Slow:
    """Of a store or what it holds, with calls of these names that end once the gate is open."""

    inner: Any
    names: frozenset[str]
    gate: threading.Event
    begun: list[str]

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)
        if name in ("store", "rooms"):
            return Slow(found, self.names, self.gate, self.begun)
        if name not in self.names:
            return found

        def call(*args: Any, **kwargs: Any) -> Any:
            self.begun.append(name)
            assert self.gate.wait(60)
            return found(*args, **kwargs)

        return call


def test_nobody_waits_behind_those_who_wait_for_a_slow_one(web: Opened) -> None:
    """More of them than the server has threads, which are forty."""
    gate = threading.Event()
    gate.set()
    state = LiveState(web.settings)
    slow = Slow(state, frozenset({"walk", "find"}), gate, [])
    asked = [f"/feeds/merge.json?limit={n}" for n in range(1, 30)]
    asked += [f"/search/?q=茶园&after={n}" for n in range(30)]
    door = create_app(web.settings, slow)
    with (
        serving(door) as url,
        httpx.Client(base_url=url, timeout=60) as client,
        ThreadPoolExecutor(len(asked)) as readers,
    ):
        ready = client.get("/feeds/merge.rss")
        gate.clear()
        try:
            replies = [readers.submit(client.get, path) for path in asked]
            assert eventually(lambda: len(slow.begun) == 1 + 2 + 2)
            held = {"If-None-Match": ready.headers["etag"]}
            assert client.get("/feeds/merge.rss", headers=held, timeout=20).status_code == 304
            assert client.get("/feeds/health.rss", timeout=20).status_code == 200
        finally:
            gate.set()
        assert {reply.result().status_code for reply in replies} == {200}
        door.close()
    state.store.dispose()


def test_an_edit_that_is_not_announced_shows_too(web: Opened) -> None:
    """Of an item that keeps changing."""
    made = story.item("restless", on=9)
    story.bring(web.store, made)
    assert "restless" in web.client.get("/feeds/merge.json").text
    edited = Change(replace(made, title="又一稿"), ChangeKind.CORRECTED, at=story.NOW, announced=False)
    with web.store.edit("test") as txn:
        txn.apply(edited, story.feeds(made))
    assert "又一稿" in web.client.get("/feeds/merge.json").text


def test_it_says_how_fresh_the_feeds_are_that_it_joins(web: Opened) -> None:
    story.bring(web.store, story.item("here", on=1), story.item("there", on=1, region="513221"))
    story.bring(web.store, story.item("far", on=1, source="other", region="513221"))
    sick = Verdict(PollStatus.BLOCKED, "status 403", "look", publish=False)
    story.finish(web.store, story.begin(web.store, "other"), verdict=sick)

    def state(query: str) -> str:
        return web.client.get(f"/feeds/merge.atom?{query}").headers["dibao-state"]

    assert eventually(lambda: state("region=513221") == "quarantined")
    assert state("region=513221&source=paper") == "stale"  # the story's polls were months ago
    held = web.client.get("/feeds/merge.atom?region=513221")
    again = web.client.get("/feeds/merge.atom?region=513221", headers={"If-None-Match": held.headers["etag"]})
    assert (again.status_code, again.headers["dibao-state"]) == (304, "quarantined")
    assert datetime.fromisoformat(again.headers["dibao-last-changed"]) >= story.NOW.replace(microsecond=0)


def test_it_comes_coded(web: Opened) -> None:
    story.bring(web.store, *(story.item(f"n{n}", on=5, position=n) for n in range(9)))
    with httpx.Client(base_url=web.client.base_url) as client:
        plain = client.get("/feeds/merge.rss", headers={"Accept-Encoding": "identity"})
        coded = client.get("/feeds/merge.rss", headers={"Accept-Encoding": "br, gzip"})
    assert coded.headers["content-encoding"] in ("br", "gzip")
    assert coded.headers["etag"] != plain.headers["etag"]
    assert int(coded.headers["content-length"]) < len(plain.content)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("region=999999", "region"),
        ("region=511826,abc", "region"),
        ("column=no-such", "column"),
        ("source=no-such", "source"),
        ("limit=0", "limit"),
        ("since=tomorrow", "since"),
        ("colour=red", "'colour'"),
        ("&".join(["q=1"] * 10_000), "query"),
        ("&" * 9_999, "query"),
        ("q=" + "x" * 20_000, "query"),
        ("q=%ff%fe", "query"),
        ("%00=1", "'\\x00'"),
    ],
    ids=lambda value: value[:20],
)
@pytest.mark.parametrize("path", ["/feeds/merge.rss", "/feeds/merge.atom", "/feeds/merge.json"])
def test_what_cannot_be_honoured_is_a_problem_document(
    web: Opened, path: str, query: str, parameter: str
) -> None:
    reply = web.client.get(f"{path}?{query}")
    assert reply.status_code == 400
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["access-control-allow-origin"] == "*"
    value = json.loads(reply.content)
    check("problem", value)
    assert value["parameter"] == parameter
    assert value["allowed"]


def test_ten_thousand_regions_are_refused(web: Opened) -> None:
    """More than a client library sends: 150 KB of query on the bare connection."""
    query = "&".join(["region=511826"] * 10_000)
    request = f"GET /feeds/merge.rss?{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    address = (web.client.base_url.host, web.client.base_url.port or 80)
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(request.encode())
        reply = b""
        while chunk := connection.recv(65536):
            reply += chunk
    head, _, body = reply.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["parameter"] == "query"


def test_many_at_once_are_all_answered(web: Opened) -> None:
    replies: list[int] = []

    def ask(n: int) -> None:
        replies.append(httpx.get(f"{web.client.base_url}/feeds/merge.rss?limit={n % 5 + 1}").status_code)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert replies == [200] * 20


def test_only_reading_is_answered(web: Opened) -> None:
    assert web.client.post("/feeds/merge.rss").status_code == 405
    assert web.client.options("/feeds/merge.rss").status_code == 204
    head = web.client.head("/feeds/merge.rss?region=513221")
    assert (head.status_code, head.content) == (200, b"")


def test_a_list_of_feeds_for_a_selection(web: Opened) -> None:
    def listed(query: str) -> set[str]:
        reply = web.client.get(f"/opml.xml?{query}")
        assert reply.headers["content-type"] == "text/x-opml; charset=utf-8"
        outlines = ElementTree.fromstring(reply.content).iter("outline")  # noqa: S314  (our own bytes)
        urls = [outline.get("xmlUrl") for outline in outlines]
        return {url.removeprefix("http://dibao.test/feeds/").removesuffix(".atom") for url in urls if url}

    column = "column/xiang-cun-ke-tang"
    both = "region=510000&region=513221"
    assert listed("region=510000") == {"region/510000"}  # and not a feed for each part and column of it
    assert listed(both) == {"region/510000", "region/513221"}
    assert listed(f"{both}&column=xiang-cun-ke-tang") == {
        f"region/510000/{column}",
        f"region/513221/{column}",
    }
    assert listed("column=xiang-cun-ke-tang") == {column}
    assert listed("source=other") == {"source/other"}
    assert listed("region=110000") == set()
    # As the preview of it shows: what stands in both, which only a merged feed holds.
    (narrowed,) = listed("region=511826&source=other")
    assert narrowed == "merge.atom?region=511826&source=other"
    assert ids(web, narrowed.partition("?")[2]) == ["far"]
    reply = web.client.get("/opml.xml?limit=5")
    assert (reply.status_code, reply.json()["parameter"]) == (400, "'limit'")
    assert web.client.get("/opml.xml").status_code == 404  # nothing is published here


def test_a_list_of_feeds_has_no_limit_that_joining_has(web: Opened) -> None:
    """All counties of a province ticked: more than one feed joins, and than a short query holds."""
    codes = [county.code for city in children("510000") for county in children(city.code)]
    many = "&".join(f"region={code}" for code in codes)
    assert web.client.get(f"/feeds/merge.atom?region={','.join(codes[:60])}").status_code == 400
    reply = web.client.get(f"/opml.xml?{many}&column=xiang-cun-ke-tang")
    assert reply.status_code == 200
    assert len(re.findall("xmlUrl", reply.text)) == 2  # those of them that have items
