"""From the store to the files: archives that are complete and never change, and documents that may not be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
from lxml import etree
from sqlalchemy import create_engine, update

from bulletins import reading
from bulletins.model import Change, ChangeKind, Item, PollStatus, Verdict
from feeds.scope import keys_of
from tests.support.flow import House, house
from tests.support.newspaper import Newspaper, Story
from tests.support.site import Site
from worker.flow import publish as publishing
from worker.polls import Counts
from worker.store import SqlStore
from worker.store.feedtables import fragments

ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}archive"
DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
MONTH = timedelta(days=31)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        yield made


@pytest.fixture
def paper(site: Site) -> Newspaper:
    printed = Newspaper()
    printed.print_on(site)
    return printed


@pytest.fixture
def at_work(store: SqlStore, site: Site, paper: Newspaper, tmp_path: Path) -> Iterator[House]:
    with house(store, site, tmp_path) as made:
        made.tick()
        yield made


def links(body: bytes) -> dict[str, str]:
    return {link.get("rel"): link.get("href") for link in etree.fromstring(body).iterfind(f"{ATOM}link")}


def walk(at_work: House, feed: str) -> list[bytes]:
    """The documents of a feed as a reader follows them back in time (RFC 5005, 4): the current one first."""
    files, documents, address = at_work.files(), [], f"http://feeds.test/feeds/{feed}.atom"
    while address:
        documents.append(files[address.removeprefix("http://feeds.test/")])
        address = links(documents[-1]).get("prev-archive", "")
    return documents


def logical(documents: list[bytes]) -> dict[str, str]:
    """What the documents say together: of each id the newest entry's title, less those that are no more."""
    titles: dict[str, str] = {}
    for body in documents:
        tree = etree.fromstring(body)
        for stone in tree.iterfind(DELETED):
            titles.setdefault(stone.get("ref"), "")
        for entry in tree.iterfind(f"{ATOM}entry"):
            titles.setdefault(entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}title"))
    return {one: title for one, title in titles.items() if title}


def change(at_work: House, item: Item, kind: ChangeKind, at: timedelta) -> None:
    """A change of one item that no page of this newspaper can say, committed and published."""
    at_work.clock.at += at
    now = at_work.clock.now()
    poll = at_work.store.lease_named("paper", now, now + timedelta(minutes=1))
    assert poll is not None
    at_work.store.open_poll(poll, "paper", now, now + timedelta(minutes=1))
    with at_work.store.ingest(poll) as txn:
        assert txn is not None
        feeds = () if kind == ChangeKind.WITHDRAWN else keys_of(item, item.column)
        txn.apply(Change(replace(item, updated=now), kind), feeds)
        source = at_work.ports.rules.sources["paper"]
        assert source.every is not None
        txn.finish(
            Verdict(PollStatus.OK), Counts(), now, now + source.every, keep_validators=False, recheck=()
        )
    publishing.publish(at_work.ports)


def archives(at_work: House) -> dict[str, bytes]:
    return {path: body for path, body in at_work.files().items() if "/archive/" in path}


def test_a_feeds_archive_is_complete_and_linked(at_work: House, site: Site, paper: Newspaper) -> None:
    for n in range(3):
        at_work.clock.at += MONTH
        paper.stories[f"more {n}"] = Story(
            f"芦山县科协 办起昆虫旅馆{n}", ("近日,雅安市芦山县科协办起昆虫旅馆。",)
        )
        paper.print_on(site)
        at_work.tick()
    for key in ("all", "region/511826", "source/paper"):
        documents = walk(at_work, key)
        assert len(documents) == 1 + 4
        held = logical(documents[1:])
        assert held == {item.id: item.title for item in at_work.feed(key)}
        assert all(etree.fromstring(body).find(HISTORY) is not None for body in documents[1:])
        assert {links(body)["current"] for body in documents[1:]} == {f"http://feeds.test/feeds/{key}.atom"}
        # and forward again, from the first month to the one to come, which is there and empty
        files, address = at_work.files(), links(documents[-1])["self"]
        forward = []
        while address:
            forward.append(files[address.removeprefix("http://feeds.test/")])
            address = links(forward[-1]).get("next-archive", "")
        assert forward[:-1] == documents[:0:-1]
        assert not etree.fromstring(forward[-1]).findall(f"{ATOM}entry")
    for path, body in archives(at_work).items():
        assert not feedparser.parse(body).bozo, path


def test_a_month_that_is_over_never_changes(at_work: House, site: Site, paper: Newspaper) -> None:
    before = archives(at_work)
    (first,) = {path.rpartition("/")[2] for path in before if b"<entry>" in before[path]}
    # a correction, a new article, and an article that is no more, all in a later month, with one left out:
    # that one is over too, and stands there empty
    at_work.clock.at += MONTH * 2
    paper.stories["mingshan"] = paper.stories["mingshan"].corrected("名山区科协 把茶园办成“课堂”")
    paper.stories["more"] = Story("芦山县科协 办起昆虫旅馆", ("近日,雅安市芦山县科协办起昆虫旅馆。",))
    paper.print_on(site)
    at_work.tick()
    gone = next(item for item in at_work.items() if "果园" in item.title)
    change(at_work, gone, ChangeKind.WITHDRAWN, timedelta(hours=1))
    after = archives(at_work)
    assert len(before) == 2 * len([path for path in before if path.endswith(first)])
    assert {path: after[path] for path in before} == before
    assert "名山区科协 把茶园办成“课堂”" in logical(walk(at_work, "all")).values()
    assert gone.id not in logical(walk(at_work, "all"))
    assert "名山区科协 把茶园办成课堂".encode() in before[f"feeds/all/archive/{first}"]
    # nor when all is deleted and made again
    files = at_work.files()
    for path in files:
        (at_work.public / path).unlink()
    at_work.store.mark_all()
    publishing.publish(at_work.ports)
    assert at_work.files() == files


def test_a_withdrawn_item_leaves_its_tombstone_and_no_other_trace(at_work: House) -> None:
    gone = at_work.feed("region/511803")[0]
    change(at_work, gone, ChangeKind.WITHDRAWN, timedelta(hours=1))
    tree = etree.fromstring(at_work.files()["feeds/region/511803.atom"])
    assert [stone.get("ref") for stone in tree.iterfind(DELETED)] == [gone.id]
    assert tree.findall(f"{ATOM}entry") == []
    for path, body in at_work.files().items():
        if path.endswith((".rss", ".json")) and path.startswith("feeds/"):
            assert gone.id.encode() not in body, path


def test_items_say_where_they_were_read(at_work: House, site: Site, paper: Newspaper) -> None:
    by_title = {item.title: item for item in at_work.items()}
    item = by_title["名山区科协 把茶园办成课堂"]
    assert item.provenance is not None
    assert item.provenance.url == item.link
    assert item.provenance.parser == f"sckjw/{reading.VERSION}"
    assert re.fullmatch("[0-9a-f]{64}", item.provenance.sha256)
    assert item.provenance.fetched <= item.first_seen
    # fetched again, with other bytes that mean the same: nothing is said anew
    before = at_work.stamps()
    paper.label = "UTF-8"
    paper.print_on(site)
    at_work.tick()
    assert at_work.stamps() == before
    assert {one.title: one for one in at_work.items()} == by_title


def test_the_entries_of_one_poll_bear_moments_of_their_own(at_work: House) -> None:
    moments = [item.updated for item in at_work.items()]
    assert len(set(moments)) == len(moments)
    assert max(moments) - min(moments) < timedelta(milliseconds=1)


def _break(database_url: str, item: str) -> None:
    """A fragment that is no whole entry, as a fault of memory or disk may leave it."""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        broken = update(fragments).where(fragments.c.item == item, fragments.c.format == "atom")
        connection.execute(broken.values(body=b"  <entry>\n    <id>half"))
    engine.dispose()


def test_a_broken_document_is_not_written_and_holds_up_no_other(
    at_work: House, site: Site, paper: Newspaper, database_url: str
) -> None:
    before = at_work.files()
    broken = at_work.feed("region/511803")[0]
    _break(database_url, broken.id)
    paper.stories["more"] = Story("芦山县科协 办起昆虫旅馆", ("近日,雅安市芦山县科协办起昆虫旅馆。",))
    paper.stories["tea"] = Story("名山区科协 采茶", ("近日,雅安市名山区科协教人采茶。",))
    paper.print_on(site)
    at_work.tick()
    after = at_work.files()
    held = {line["path"] for line in at_work.lines.of("document.held")}
    assert "feeds/region/511803.atom" in held
    for line in at_work.lines.of("document.held"):
        assert "not well-formed" in str(line["reason"])
        assert "dibao publish --all" in str(line["action"])
    for path in held:
        assert after[path] == before[path]
    for suffix in ("rss", "atom", "json"):  # all formats of a feed agree
        assert after[f"feeds/region/511803.{suffix}"] == before[f"feeds/region/511803.{suffix}"]
        assert after[f"feeds/region/511826.{suffix}"] != before[f"feeds/region/511826.{suffix}"]
    assert at_work.store.marks(100) == []  # set aside, and told once
    (opened,) = at_work.lines.of("incident.opened")  # one for all that the fault holds up
    assert (opened["publisher"], opened["status"]) == ("feeds", "held")
    assert [one.subject.name for one in at_work.store.open_incidents()] == ["feeds"]
    said = len(at_work.lines.of("document.held"))
    at_work.tick(timedelta(seconds=2))
    assert len(at_work.lines.of("document.held")) == said


def test_a_feed_that_was_held_is_published_once_it_is_good(at_work: House, database_url: str) -> None:
    broken = at_work.feed("region/511803")[0]
    _break(database_url, broken.id)
    at_work.store.mark_all()
    publishing.publish(at_work.ports)
    assert at_work.lines.of("document.held")
    change(
        at_work,
        replace(broken, title="名山区科协 再开讲", digest="x"),
        ChangeKind.CORRECTED,
        timedelta(hours=1),
    )
    assert "名山区科协 再开讲".encode() in at_work.files()["feeds/region/511803.atom"]
    assert "名山区科协 再开讲".encode() in at_work.files()["feeds/all.atom"]
    assert [line["publisher"] for line in at_work.lines.of("incident.closed")] == ["feeds"]
    assert at_work.store.open_incidents() == []


def test_a_feed_does_not_shrink_because_the_store_forgot(at_work: House, database_url: str) -> None:
    """The database was replaced by one that does not know what was published."""
    before = at_work.files()["feeds/region/511803.atom"]
    path = at_work.public / "feeds/region/511803.atom"
    entry = before[before.index(b"  <entry>\n") : before.rindex(b"  </entry>\n") + len(b"  </entry>\n")]
    id_, other = at_work.feed("region/511803")[0].id.encode(), b"tag:dibao.test,2026:paper/forgotten"
    more = before.replace(entry, entry + entry.replace(id_, other).replace("茶园".encode(), "桑园".encode()))
    path.write_bytes(more)
    at_work.store.mark_all()
    publishing.publish(at_work.ports)
    (line,) = at_work.lines.of("document.held")
    assert line["reason"] == f"{other.decode()} is missing, and nothing says why"
    assert path.read_bytes() == more
    path.unlink()  # as the line says
    at_work.store.mark_all()
    publishing.publish(at_work.ports)
    assert path.read_bytes() == before


def test_every_feed_has_its_archive(at_work: House) -> None:
    feeds = {path for path in at_work.files() if path.startswith("feeds/") and path.endswith(".atom")}
    current = {path for path in feeds if "/archive/" not in path}
    assert current
    for path in current:
        if not feedparser.parse(at_work.files()[path]).entries:
            continue  # nothing was ever in it
        previous = links(at_work.files()[path])["prev-archive"]
        assert previous.removeprefix("http://feeds.test/") in feeds


def test_archives_go_with_atom_and_come_back_with_it(at_work: House) -> None:
    """Left behind they would be public for ever, and no takedown would reach them."""
    at_work.clock.at += MONTH * 2
    item = at_work.feed("region/511803")[0]
    change(at_work, replace(item, title="名山区科协 改题"), ChangeKind.CORRECTED, timedelta(hours=1))
    before = archives(at_work)
    assert len({path.rpartition("/")[2] for path in before}) == 4  # two months, an empty one beside each
    rules = at_work.ports.rules
    for formats, left in ((("rss", "json"), {}), (("rss", "atom", "json"), before)):
        rules = replace(rules, formats=formats, fingerprint="+".join(formats))
        at_work.ports = replace(at_work.ports, rules=rules)
        publishing.publish(at_work.ports)
        assert archives(at_work) == left
