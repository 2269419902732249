"""What config.toml says of an item stands, whatever is read of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bulletins.dates import SHANGHAI
from bulletins.doubts import doubts
from bulletins.model import Author, Item, Precision, Role
from bulletins.overrides import Override
from feeds.scope import ALL, FeedKey
from tests.support.flow import House, house
from tests.support.newspaper import MINGSHAN, WENCHUAN, Newspaper
from tests.support.site import Site
from worker.flow import desk
from worker.store import SqlStore

SAID = Override(
    title="名山茶园里的课堂",
    region="511826",
    column="茶园课堂",
    authors=(Author("林听雨", Role.CORRESPONDENT),),
    published=datetime(2026, 10, 13, 8, 30, tzinfo=SHANGHAI),
    precision=Precision.MINUTE,
)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        yield made


@pytest.fixture
def paper(site: Site) -> Newspaper:
    printed = Newspaper(stories={"mingshan": MINGSHAN, "wenchuan": WENCHUAN})
    printed.print_on(site)
    return printed


@pytest.fixture
def at_work(store: SqlStore, site: Site, paper: Newspaper, tmp_path: Path) -> Iterator[House]:
    with house(store, site, tmp_path) as made:
        yield made


def _say(at_work: House, name: str, said: Override) -> None:
    rules = replace(at_work.ports.rules, overrides={name: said})
    at_work.ports = replace(at_work.ports, rules=rules)


def _of(at_work: House, link: str) -> Item:
    (item,) = [item for item in at_work.items() if item.link == link]
    return item


def _stands(item: Item) -> None:
    assert (item.title, item.authors, item.published, item.precision) == (
        SAID.title,
        SAID.authors,
        SAID.published,
        Precision.MINUTE,
    )
    assert item.region is not None
    assert (item.region.path[-1], item.region.how, item.regions) == ("芦山县", "override", (item.region,))
    assert item.column is not None
    assert item.column.name == "茶园课堂"
    assert {why.how for why in item.evidence if why.field in ("title", "region", "column", "authors")} == {
        "override"
    }


def test_it_stands_from_the_first_reading_on_and_is_announced_once(
    at_work: House, site: Site, paper: Newspaper
) -> None:
    link = f"{site.url}{paper.address('mingshan')}"
    _say(at_work, link, SAID)
    at_work.tick()
    before = _of(at_work, link)
    _stands(before)
    assert [item.id for item in at_work.feed("region/511826")] == [before.id]
    slug = before.column.slug if before.column else ""
    assert [item.id for item in at_work.feed(FeedKey.of(column=slug).path)] == [before.id]
    paper.stories["mingshan"] = replace(MINGSHAN, body=(*MINGSHAN.body[:1], "近日，" + MINGSHAN.body[1]))
    paper.stories["wenchuan"] = WENCHUAN.corrected("汶川县科协 送技术到樱桃园")
    paper.print_on(site)
    at_work.tick()
    after = _of(at_work, link)
    _stands(after)
    assert after.blocks != before.blocks
    told = at_work.lines.of("source.polled")[-1]
    assert (told["new"], told["corrected"]) == (0, 2)
    stamps = at_work.stamps()
    paper.stories["wenchuan"] = replace(WENCHUAN, body=(*WENCHUAN.body, "<!-- 2 -->"))
    paper.print_on(site)
    at_work.tick()
    paper.stories["mingshan"] = paper.stories["mingshan"].corrected(MINGSHAN.headline + "！")
    paper.print_on(site)
    at_work.tick()
    told = at_work.lines.of("source.polled")[-1]
    assert (told["new"], told["corrected"]) == (0, 0)  # only what the override settles has changed
    assert _of(at_work, link).updated == after.updated
    assert stamps.keys() == at_work.stamps().keys()


def test_it_corrects_what_is_stored_and_moves_it_to_its_feeds(
    at_work: House, site: Site, paper: Newspaper
) -> None:
    at_work.tick()
    link = f"{site.url}{paper.address('mingshan')}"
    before = _of(at_work, link)
    assert [item.id for item in at_work.feed("region/511803")] == [before.id]
    _say(at_work, before.id, SAID)
    for _ in range(2):
        at_work.clock.at = at_work.clock.at.replace(microsecond=7)
        desk.enforce(at_work.store, at_work.ports.rules, at_work.clock.now())
    after = _of(at_work, link)
    _stands(after)
    assert (after.id, after.first_seen) == (before.id, before.first_seen)
    assert [revision.item.title for revision in at_work.store.revisions(before.id)] == [before.title]
    assert at_work.feed("region/511803") == []
    assert [item.id for item in at_work.feed("region/511826")] == [before.id]
    at_work.tick()
    assert "名山茶园里的课堂" in at_work.files()["feeds/all.atom"].decode()


def test_what_it_would_correct_is_told_before_it_is_written(
    at_work: House, site: Site, paper: Newspaper
) -> None:
    at_work.tick()
    link = f"{site.url}{paper.address('mingshan')}"
    before = _of(at_work, link)
    rules = replace(at_work.ports.rules, overrides={link: SAID, "tag:nobody": SAID})
    for write in (False, True):
        done = desk.enforce(at_work.store, rules, at_work.clock.now(), write=write)
        assert ([item.id for item in done.items], done.unknown) == ([before.id], ["tag:nobody"])
        assert (_of(at_work, link) == before) is not write
    _stands(_of(at_work, link))
    assert desk.enforce(at_work.store, rules, at_work.clock.now()).items == []


def test_an_older_id_names_the_item_too(at_work: House, site: Site, paper: Newspaper) -> None:
    at_work.tick()
    before = _of(at_work, f"{site.url}{paper.address('mingshan')}")
    paper.stories = {"elsewhere": paper.stories.pop("mingshan")} | paper.stories
    paper.print_on(site)
    at_work.tick()
    link = f"{site.url}{paper.address('elsewhere')}"
    assert _of(at_work, link).id == before.id
    older = before.id.replace(paper.address("mingshan").strip("/"), paper.address("elsewhere").strip("/"))
    assert older != before.id
    _say(at_work, older, SAID)
    desk.enforce(at_work.store, at_work.ports.rules, at_work.clock.now())
    _stands(_of(at_work, link))
    paper.stories["elsewhere"] = MINGSHAN.corrected(MINGSHAN.headline + "！")
    paper.print_on(site)
    at_work.tick()
    _stands(_of(at_work, link))
    assert len(at_work.store.feed_items(ALL, 50, 30, 500)) == 2


def test_what_an_operator_says_is_beyond_doubt(at_work: House, site: Site, paper: Newspaper) -> None:
    body = ("近日，雅安市名山区科协在茶园里开讲。(雷波)",)
    paper.stories["mingshan"] = replace(MINGSHAN, body=body)
    paper.print_on(site)
    at_work.tick()
    link = f"{site.url}{paper.address('mingshan')}"
    assert [one.reason for one in doubts(_of(at_work, link))] == ["a name that is also a place"]
    _say(at_work, link, Override(authors=(Author("雷波", Role.REPORTER),)))
    desk.enforce(at_work.store, at_work.ports.rules, at_work.clock.now())
    assert doubts(_of(at_work, link)) == ()
