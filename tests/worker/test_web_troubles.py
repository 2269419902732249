"""/feeds/health over real HTTP: an entry for each incident opened, and each closed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import feedparser

from tests.feeds.schemas import check
from tests.support.door import opened
from tests.worker.store.story import NOW
from worker.incidents import SOURCE, Cause, Subject


def test_incidents_are_entries(sqlite_url: str, tmp_path: Path) -> None:
    with opened(sqlite_url, tmp_path, {"paper": {}}) as web:
        empty = web.client.get("/feeds/health.atom")
        assert (empty.status_code, feedparser.parse(empty.content).entries) == (200, [])
        dated = {"If-Modified-Since": empty.headers["last-modified"]}
        assert web.client.get("/feeds/health.atom", headers=dated).status_code == 304
        subject = Subject(SOURCE, "paper")
        with web.store.edit("test") as txn:
            txn.blame(subject, Cause("layout_changed", "no list", "dibao probe it"), NOW)
        reply = web.client.get("/feeds/health.atom", headers={"If-None-Match": empty.headers["etag"]})
        (entry,) = feedparser.parse(reply.content).entries
        assert entry.id.endswith(":incident/1/opened")
        assert "版式有变" in entry.title
        assert "dibao probe it" in entry.content[0].value
        assert web.client.get("/feeds/health.atom", headers=dated).content == reply.content
        again = {"If-None-Match": reply.headers["etag"]}
        assert web.client.get("/feeds/health.atom", headers=again).status_code == 304
        with web.store.edit("test") as txn:
            txn.blame(subject, None, NOW + timedelta(hours=2))
        for suffix in ("rss", "atom"):
            feed = feedparser.parse(web.client.get(f"/feeds/health.{suffix}").content)
            assert [one.id.rpartition("/")[2] for one in feed.entries] == ["closed", "opened"]
        value = web.client.get("/feeds/health.json").json()
        assert "2:00:00" in value["items"][0]["content_html"]
        check("jsonfeed", value)
        assert web.client.get(urlsplit(value["items"][0]["url"]).path).status_code == 200
        assert web.client.get("/feeds/health.xml").status_code == 404
        assert web.client.head("/feeds/health.json").status_code == 200
