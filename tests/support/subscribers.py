"""Those who follow what is published: each look over HTTP in, what it holds by entry id out."""

from __future__ import annotations

from dataclasses import dataclass, field

import feedparser
import httpx
from lxml import etree, html

_STONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
_CREDIT = "来源："  # behind it stands no word of the article


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as its reader sees it: its headline, and its text without blanks."""

    title: str
    text: str


@dataclass
class Reader:
    """A feed reader, as feedparser sees feeds: it keeps entries by id, and asks only for what has changed.

    `announced` are the entries that it has shown as new, in order. One that `walks` follows the archive back
    (RFC 5005) until it meets a document that is as it was: months that are over never change.
    """

    web: httpx.Client
    base_url: str  # of the addresses in feeds, which the client's own stands for
    path: str
    walks: bool = False
    held: dict[str, Told] = field(default_factory=dict)
    announced: list[tuple[str, Told]] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)
    _met: dict[str, tuple[str, bytes]] = field(default_factory=dict)  # path -> entity tag, bytes

    def look(self) -> None:
        """Fetch the feed and, oldest first, take in what it and its archive say anew."""
        documents: list[bytes] = []
        path: str | None = self.path
        while path and (body := self._changed(path)) is not None:
            documents.append(body)
            path = self._before(body) if self.walks else None
        for body in reversed(documents):
            self._take_in(body)

    def _changed(self, path: str) -> bytes | None:
        tag, body = self._met.get(path, ("", b""))
        reply = self.web.get(path, headers={"If-None-Match": tag} if tag else {})
        if reply.status_code == 304 or (reply.status_code == 200 and reply.content == body):
            return None
        assert reply.status_code == 200, (path, reply.status_code)
        self._met[path] = reply.headers["etag"], reply.content
        return reply.content

    def _before(self, body: bytes) -> str | None:
        links = {link.rel: link.href for link in feedparser.parse(body).feed.links}
        earlier = links.get("prev-archive")
        return earlier.removeprefix(self.base_url) if earlier else None

    def _take_in(self, body: bytes) -> None:
        parsed = feedparser.parse(body)
        assert parsed.bozo is False, parsed.get("bozo_exception")
        for stone in etree.fromstring(body).iter(_STONE):
            self.held.pop(stone.get("ref"), None)
        for entry in parsed.entries:
            markup = html.fragment_fromstring(entry.content[0].value, create_parent=True)
            text = "".join(markup.text_content().partition(_CREDIT)[0].split())
            self.held[entry.id] = Told(entry.title, text)
            if entry.id not in self._known:
                self._known.add(entry.id)
                self.announced.append((entry.id, self.held[entry.id]))


@dataclass
class Follower:
    """A program that follows `/api/v1/changes`, a few events at a time."""

    web: httpx.Client
    since: int = 0
    held: dict[str, Told] = field(default_factory=dict)
    announced: list[tuple[str, Told]] = field(default_factory=list)  # by events of kind `new`

    def look(self) -> None:
        more = True
        while more:
            page = self.web.get(f"/api/v1/changes?since={self.since}&limit=3").json()
            assert [event["seq"] for event in page["events"]] == list(range(self.since + 1, page["next"] + 1))
            for event in page["events"]:
                if (item := event["item"]) is None:
                    self.held.pop(event["id"], None)
                    continue
                text = "".join("".join(item["paragraphs"]).split())
                self.held[event["id"]] = Told(item["title"], text)
                if event["kind"] == "new":
                    self.announced.append((event["id"], self.held[event["id"]]))
            self.since, more = page["next"], page["more"]
