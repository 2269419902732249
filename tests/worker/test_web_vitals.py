"""Over real HTTP: a feed's health, how long it may be kept, and its coded forms, whatever becomes of them."""

from __future__ import annotations

import asyncio
import gzip
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import brotli
import httpx
import pytest

from bulletins.model import PollStatus, Verdict
from feeds.render import Document
from tests.support.door import Opened, opened
from tests.support.processes import eventually
from tests.worker.store import story
from worker.polls import Counts
from worker.publish import DiskPublisher
from worker.store import SqlStore
from worker.web.vitals import Vitals

BODY = ("<feed>" + "芦山县把科普课开进茶园。" * 300 + "</feed>").encode()
THEN = datetime(2026, 3, 6, tzinfo=UTC)
PATH = "/feeds/region/511826.atom"


def publish(folder: Path, body: bytes = BODY, path: str = PATH) -> None:
    publisher = DiskPublisher(folder / "public", folder / "publish.lock")
    publisher.write([Document(path[1:], "application/atom+xml", body, THEN)])


def polled(
    store: SqlStore, verdict: Verdict = story.OK, next_check: timedelta = timedelta(hours=1)
) -> datetime:
    """A poll that ends now and sets the next check; when that is."""
    now = datetime.now(UTC).replace(microsecond=0)
    poll = story.begin(store, now=now)
    with store.ingest(poll) as txn:
        assert txn is not None
        due = now + next_check
        txn.finish(verdict, Counts(), now, due, keep_validators=True, recheck=())
    return due


@pytest.fixture
def web(sqlite_url: str, tmp_path: Path) -> Iterator[Opened]:
    publish(tmp_path)
    publish(tmp_path, path="/feeds/all.atom")
    publish(tmp_path, path="/index.html")
    with opened(sqlite_url, tmp_path, {"paper": {}}) as door:
        story.bring(door.store, story.item("a"))
        yield door


def test_who_asks_by_date_alone_hears_of_every_change(web: Opened) -> None:
    """Also of those that no date of the feed tells: a moved link, an item that left, an edit unannounced."""
    bodies = [BODY, BODY.replace(b"http", b"https") + b" ", BODY + b"  ", BODY + b"   "]
    path, held = web.public / PATH[1:], ""
    for n, body in enumerate(bodies):
        publish(web.public.parent, body)
        if n == 2:
            settled(path)  # in memory, where the protocol answers at once
            web.client.get(PATH)
        asked = {"If-Modified-Since": held} if held else {}
        replies = [web.client.get(PATH, headers=asked) for _ in range(2)]
        assert {(reply.status_code, reply.content) for reply in replies} == {(200, body)}
        held = replies[-1].headers["last-modified"]
        assert web.client.get(PATH, headers={"If-Modified-Since": held}).status_code == 304


def test_changes_of_one_moment_are_not_taken_for_one_another(web: Opened) -> None:
    """Their dates are yet to come, and no reply announces one that is."""
    made, now = DiskPublisher(web.public, web.public.parent / "publish.lock"), datetime.now(UTC)

    def ask(held: str = "") -> httpx.Response:
        reply = web.client.get(PATH, headers={"If-Modified-Since": held} if held else {})
        assert parsedate_to_datetime(reply.headers["last-modified"]) <= parsedate_to_datetime(
            reply.headers["date"]
        )
        return reply

    held = ""
    for n in range(3):
        made.write([Document(PATH[1:], "application/atom+xml", b"%d" % n, now)])
        reply = ask(held)
        assert (reply.status_code, reply.content) == (200, b"%d" % n)
        held = reply.headers["last-modified"]
    os.utime(web.public / PATH[1:], ns=(time.time_ns() - 1_500_000_000,) * 2)
    settled(web.public / PATH[1:])
    ask()  # in memory, with a date that is too near
    assert eventually(lambda: ask(ask().headers["last-modified"]).status_code == 304)


def settled(path: Path) -> None:
    """Wait until a file is old enough to be kept in memory."""
    changed = path.stat().st_ctime_ns
    assert eventually(lambda: time.time_ns() - changed > 200_000_000)


def test_a_feed_says_how_fresh_it_is(web: Opened) -> None:
    due = polled(web.store)
    first = web.client.get(PATH)
    assert first.headers["dibao-state"] == "ok"
    assert datetime.fromisoformat(first.headers["dibao-next-check"]) == due
    assert datetime.fromisoformat(first.headers["dibao-last-checked"]) < due
    assert "Dibao-State" in first.headers["access-control-expose-headers"]
    held = {"If-None-Match": first.headers["etag"]}
    verdict = Verdict(PollStatus.BLOCKED, "status 403", "look", publish=False)
    polled(web.store, verdict)
    assert eventually(lambda: web.client.get(PATH).headers["dibao-state"] == "quarantined")
    again = web.client.get(PATH, headers=held)
    assert again.status_code == 304  # the feed's own bytes are as they were
    assert again.headers["dibao-state"] == "quarantined"
    assert web.client.head(PATH).headers["dibao-state"] == "quarantined"


def test_whoever_comes_after_a_pause_is_told_too(web: Opened) -> None:
    """A reader that asks each half hour, and is the only one."""
    polled(web.store)
    clock = iter([0.0, 0.0, 0.0, *[1800.0] * 9])

    async def asked() -> list[set[bytes]]:
        vitals = Vitals(web.store, lambda: next(clock))
        return [{name for name, _ in await vitals.headers(PATH)} for _ in range(2)]

    first, again = asyncio.run(asked())
    assert b"dibao-state" in first
    assert again == first


def test_it_may_be_kept_until_its_source_is_looked_at_again(web: Opened) -> None:
    polled(web.store, next_check=timedelta(hours=1))
    assert web.client.get(PATH).headers["cache-control"] == "public, max-age=300"
    polled(web.store, next_check=timedelta(seconds=100))

    def seconds() -> int:
        return int(web.client.get(PATH).headers["cache-control"].rpartition("=")[2])

    assert eventually(lambda: 80 < seconds() <= 100)
    polled(web.store, next_check=timedelta(seconds=-5))
    assert eventually(lambda: web.client.get(PATH).headers["cache-control"] == "no-cache")


def test_pages_and_feeds_that_nobody_feeds_say_nothing(web: Opened, tmp_path: Path) -> None:
    publish(tmp_path, path="/feeds/region/110000.atom")
    for path in ("/", "/feeds/region/110000.atom"):
        reply = web.client.get(path)
        assert reply.status_code == 200
        assert "dibao-state" not in reply.headers
        assert reply.headers["cache-control"] == "no-cache"


def test_feeds_are_served_whatever_the_store_does(tmp_path: Path) -> None:
    publish(tmp_path)
    with opened(f"sqlite:///{tmp_path}/nothing/dibao.db", tmp_path, {"paper": {}}) as door:
        for _ in range(3):
            reply = door.client.get(PATH)
            assert (reply.status_code, reply.headers["cache-control"]) == (200, "no-cache")
            assert "dibao-state" not in reply.headers


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_published_feeds_come_coded(web: Opened, tmp_path: Path, coding: str) -> None:
    settled(tmp_path / "public" / PATH[1:])
    plain = web.client.get(PATH, headers={"Accept-Encoding": "identity"})
    for _ in range(3):  # from the disk, then from memory
        coded = web.client.get(PATH, headers={"Accept-Encoding": coding})
        assert coded.headers["content-encoding"] == coding
        assert coded.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
        assert coded.content == plain.content == BODY  # as httpx decodes it
        assert int(coded.headers["content-length"]) < len(BODY) / 10
        assert coded.headers["etag"] != plain.headers["etag"]
        assert coded.headers["last-modified"] == plain.headers["last-modified"]
        held = {"Accept-Encoding": coding, "If-None-Match": coded.headers["etag"]}
        assert web.client.get(PATH, headers=held).status_code == 304
        held = {"Accept-Encoding": "identity", "If-None-Match": coded.headers["etag"]}
        assert web.client.get(PATH, headers=held).status_code == 200
        head = web.client.head(PATH, headers={"Accept-Encoding": coding})
        assert head.headers["content-length"] == coded.headers["content-length"]


@pytest.mark.parametrize(
    "left", ["older bytes", "half a file", "a bomb", "an empty file", "a folder", "nothing"]
)
def test_a_coded_form_that_says_something_else_is_passed_over(web: Opened, tmp_path: Path, left: str) -> None:
    """As a publisher that was killed, a power cut or a stranger may leave it."""
    newer = BODY.replace("芦山县".encode(), "汶川县".encode())
    file = tmp_path / "public" / PATH[1:]
    web.client.get(PATH)
    publish(tmp_path, newer)
    for suffix, encode in ((".gz", gzip.compress), (".br", brotli.compress)):
        beside = file.with_name(file.name + suffix)
        beside.unlink()
        match left:
            case "older bytes":
                beside.write_bytes(encode(BODY))
            case "half a file":
                beside.write_bytes(encode(newer)[:-9])
            case "a bomb":
                beside.write_bytes(encode(bytes(20_000_000)))
            case "an empty file":
                beside.touch()
            case "a folder":
                beside.mkdir()
    settled(file)
    for _ in range(3):
        reply = web.client.get(PATH, headers={"Accept-Encoding": "br, gzip"})
        assert (reply.status_code, reply.content) == (200, newer)
        assert "content-encoding" not in reply.headers


def test_no_reader_gets_old_news_under_a_new_tag(web: Opened, tmp_path: Path) -> None:
    """Bytes and tags stay together through many publications, in each coding."""
    said: dict[str, bytes] = {}
    for n in range(25):
        publish(tmp_path, BODY + b"<!-- %d -->" % (n % 5))
        for coding in ("br", "gzip", "identity"):
            reply = web.client.get(PATH, headers={"Accept-Encoding": coding})
            assert reply.content == BODY + b"<!-- %d -->" % (n % 5)
            assert said.setdefault(reply.headers["etag"], reply.content) == reply.content
    assert 5 <= len(said) <= 15


def test_coded_forms_that_come_later_are_found(web: Opened, tmp_path: Path) -> None:
    file = tmp_path / "public" / PATH[1:]
    for suffix in (".gz", ".br"):
        file.with_name(file.name + suffix).unlink()
    settled(file)
    asked = {"Accept-Encoding": "gzip"}
    assert "content-encoding" not in web.client.get(PATH, headers=asked).headers
    publish(tmp_path)  # the same bytes: what is missing beside them is made
    assert eventually(lambda: "content-encoding" in web.client.get(PATH, headers=asked).headers)


def test_a_coded_form_has_no_address_of_its_own(web: Opened) -> None:
    for suffix in (".gz", ".br", ".GZ"):
        assert web.client.get(PATH + suffix).status_code == 404


def test_a_file_taken_away_is_gone(web: Opened, tmp_path: Path) -> None:
    file = tmp_path / "public" / PATH[1:]
    settled(file)
    assert [web.client.get(PATH).status_code for _ in range(2)] == [200, 200]
    file.unlink()
    assert web.client.get(PATH).status_code == 404


def test_a_link_that_is_turned_elsewhere_leads_nowhere(web: Opened, tmp_path: Path) -> None:
    public, secret = tmp_path / "public", tmp_path / "secret.txt"
    secret.write_text("secret")
    (public / "notes.txt").write_text("notes")
    link = public / "link.txt"
    link.symlink_to(public / "notes.txt")
    settled(public / "notes.txt")
    assert [web.client.get("/link.txt").text for _ in range(2)] == ["notes", "notes"]
    other = public / ".turned"
    other.symlink_to(secret)
    os.replace(other, link)  # noqa: PTH105  (as a shell does it)
    assert web.client.get("/link.txt").status_code == 404


def test_memory_has_a_bound(web: Opened, tmp_path: Path) -> None:
    """More feeds than fit are all served, each as it is."""
    many = [f"/feeds/region/{n:06}.atom" for n in range(100000, 100040)]
    for n, path in enumerate(many):
        file = tmp_path / "public" / path[1:]
        file.write_bytes(os.urandom(500_000) + b"%d" % n)
    settled(tmp_path / "public" / many[-1][1:])
    tags = [web.client.get(path).headers["etag"] for path in many]
    assert len(set(tags)) == len(many)
    for path, tag in zip(many, tags, strict=True):
        assert web.client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_a_reader_of_a_hot_feed_waits_for_no_look(web: Opened) -> None:
    with httpx.Client(base_url=web.client.base_url) as client:
        states = {client.get(PATH).headers.get("dibao-state") for _ in range(200)}
    assert states == {"stale"}  # the story's poll was months ago
