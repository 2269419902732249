"""An item's id through all that becomes of its pages, from the tick to the files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bulletins.absences import TIMES
from bulletins.changes import MOST_CORRECTIONS, RESTLESS_WINDOW
from bulletins.model import (
    Block,
    BlockKind,
    Change,
    ChangeKind,
    Held,
    Item,
    PollStatus,
    Source,
    WithdrawnBy,
)
from bulletins.overrides import Override
from feeds import permalinks
from feeds.records import stamp
from feeds.scope import ALL, FeedKey, keys_of
from tests.support.flow import House, house
from tests.support.newspaper import MINGSHAN, ROUNDUP, WENCHUAN, Newspaper, Story
from tests.support.site import Answer, Site
from worker.flow import desk
from worker.store import SqlStore

LONG = Story(
    "芦山县科协 陪孩子看星星",
    (
        "近日,雅安市芦山县的科普志愿者走进山里的小学,架起望远镜,请孩子们看月亮上的环形山,也看土星的光环。",
        "孩子们排着队,一个接一个地看,看完了都舍不得走,有人说那是挂在天上的一枚戒指。老师们也跟着学,"
        "把星座的名字写在黑板上,约好下个月再来,一起等一场流星雨。",
    ),
)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        yield made


@pytest.fixture
def paper(site: Site) -> Newspaper:
    printed = Newspaper(
        stories={"roundup": ROUNDUP, "mingshan": MINGSHAN, "wenchuan": WENCHUAN, "stars": LONG}
    )
    printed.print_on(site)
    return printed


@pytest.fixture
def at_work(store: SqlStore, site: Site, paper: Newspaper, tmp_path: Path) -> Iterator[House]:
    with house(store, site, tmp_path, recheck=(timedelta(hours=1),)) as made:
        made.tick()
        yield made


def _ids(at_work: House) -> dict[str, str]:
    return {item.title: item.id for item in at_work.items()}


def _figures(at_work: House) -> tuple[object, ...]:
    told = at_work.lines.of("source.polled")[-1]
    return told["status"], told["new"], told["corrected"], told["withdrawn"]


def _answer(status: int) -> Answer:
    return status, {"Content-Type": "text/html"}, b"<html><body>gone</body></html>"


def _find(at_work: House, title: str) -> Item:
    return next(item for item in at_work.items() if item.title == title)


def test_a_moved_address_keeps_the_id_in_every_feed(at_work: House, site: Site, paper: Newspaper) -> None:
    before = _find(at_work, LONG.headline)
    paper.stories["moved"] = paper.stories.pop("stars")
    paper.print_on(site)
    at_work.tick()
    after = _find(at_work, LONG.headline)
    assert (after.id, after.updated, after.published) == (before.id, before.updated, before.published)
    assert after.link == f"{site.url}{paper.address('moved')}"
    assert _figures(at_work) == ("ok", 0, 1, 0)
    minted = before.id.replace(paper.address("stars").strip("/"), paper.address("moved").strip("/"))
    assert at_work.store.resolve(minted) == before.id
    assert at_work.store.resolve(before.id) == before.id
    assert at_work.store.resolve("tag:none") is None
    assert at_work.store.revisions(before.id) == []
    assert after.link.encode() in at_work.files()["feeds/region/511826.atom"]
    stamps = at_work.stamps()
    at_work.tick()
    assert at_work.stamps() == stamps


def test_addresses_that_take_turns_leave_the_feeds_alone_soon(
    at_work: House, site: Site, paper: Newspaper
) -> None:
    first, stamps = paper.stories.pop("stars"), []
    for name in ("turned", "stars", "turned", "stars"):
        stories = {**paper.stories}
        paper.stories[name] = first
        paper.print_on(site)
        at_work.tick()
        stamps.append(at_work.stamps())
        paper.stories = stories
    assert stamps[0] != stamps[1] == stamps[2] == stamps[3]
    assert _find(at_work, LONG.headline).link == f"{site.url}{paper.address('stars')}"


def test_parameters_behind_every_address_bring_nothing_new(
    at_work: House, site: Site, paper: Newspaper
) -> None:
    """While headlines are corrected, in a roundup's sections, with a picture alone; twice. The pages stay
    where they were too, and are looked at again there."""
    paper.stories["picture"] = Story("一张图片", ('<img src="/tea.jpg">',))
    paper.print_on(site)
    at_work.tick()
    before = sorted(item.id for item in at_work.items())
    plain = {name: paper.address(name) for name in paper.stories}
    for n in (1, 2):
        paper.addresses = {name: f"{path}?v={n}" for name, path in plain.items()}
        paper.stories["wenchuan"] = WENCHUAN.corrected(f"汶川县科协 {n}次送技术到果园")
        paper.print_on(site)
        site.routes |= {path: site.routes[paper.address(name)] for name, path in plain.items()}
        at_work.tick()
        assert sorted(item.id for item in at_work.items()) == before
        assert all(item.link.endswith(f"?v={n}") for item in at_work.items())


def test_an_article_under_two_addresses_is_one_item(at_work: House, site: Site, paper: Newspaper) -> None:
    before, stamps = _ids(at_work), at_work.stamps()
    paper.stories["again"] = LONG
    paper.print_on(site)
    at_work.tick()
    further = at_work.stamps()
    assert further.items() > stamps.items()  # nothing new but what leads from the second address to the item
    (page,) = [path for path in further.keys() - stamps.keys() if path.endswith(".html")]
    assert f"../{permalinks.key(before[LONG.headline])}/" in Path(page).read_text("utf-8")
    for _ in range(2):
        at_work.tick()
        assert _ids(at_work) == before
        assert at_work.stamps() == further
    paper.stories = {"again": LONG} | paper.stories  # listed the other way round
    paper.print_on(site)
    at_work.tick()
    assert at_work.stamps() == further


def test_a_correction_is_kept_as_a_revision(at_work: House, site: Site, paper: Newspaper) -> None:
    before = _find(at_work, LONG.headline)
    for n in (1, 2):
        paper.stories["stars"] = LONG.corrected(f"芦山县科协 陪孩子看{n}夜星星")
        paper.print_on(site)
        at_work.tick()
    first, second = at_work.store.revisions(before.id)
    assert (first.n, second.n) == (1, 2)
    assert first.item == before
    assert second.item.title == "芦山县科协 陪孩子看1夜星星"
    assert first.at == second.item.updated


def test_a_counter_is_no_correction(at_work: House, site: Site, paper: Newspaper) -> None:
    paper.stories["stars"] = replace(LONG, body=(*LONG.body, "阅读:12"))
    paper.print_on(site)
    at_work.tick()
    stamps = at_work.stamps()
    paper.stories["stars"] = replace(LONG, body=(*LONG.body, "阅读:13"))
    paper.print_on(site)
    at_work.tick()
    assert at_work.stamps() == stamps
    assert _figures(at_work) == ("ok", 0, 0, 0)


def test_an_item_that_keeps_changing_is_said_and_no_longer_announced(
    at_work: House, site: Site, paper: Newspaper
) -> None:
    name = _find(at_work, LONG.headline).id
    for n in range(MOST_CORRECTIONS + 3):
        paper.stories["stars"] = LONG.corrected(f"芦山县科协 第{n}次改题")
        paper.print_on(site)
        at_work.tick()
    held = at_work.store.item(name)
    assert held is not None
    assert held.restless is not None
    assert held.item.title == f"芦山县科协 第{MOST_CORRECTIONS + 2}次改题"
    assert held.item.updated < held.restless
    assert len(at_work.store.revisions(name)) == MOST_CORRECTIONS
    (told,) = at_work.lines.of("item.restless")
    assert (told["id"], told["level"]) == (name, "warning")
    assert _figures(at_work) == ("ok", 0, 0, 0)
    assert held.item.title.encode() in at_work.files()["feeds/all.json"]
    # Who follows the changes holds an earlier text: once the item has come to rest the last one is announced.
    since = at_work.store.changes(0, 100).newest
    at_work.tick(RESTLESS_WINDOW - timedelta(hours=MOST_CORRECTIONS + 2))
    assert at_work.store.changes(since, 100).newest == since
    at_work.tick()
    at_work.tick()  # once
    (event,) = at_work.store.changes(since, 100).events
    rested = at_work.store.item(name)
    assert rested is not None
    assert (event.kind, event.item, event.at) == (ChangeKind.CORRECTED, rested.item, rested.item.updated)
    assert rested == Held(replace(held.item, updated=at_work.clock.now() - timedelta(hours=1)))
    assert len(at_work.store.revisions(name)) == MOST_CORRECTIONS
    assert f'"date_modified": "{stamp(event.at)}"'.encode() in at_work.files()["feeds/all.json"]


@pytest.mark.parametrize("status", [404, 410])
def test_an_address_that_says_gone_often_enough_withdraws_and_an_answer_brings_back(
    at_work: House, site: Site, paper: Newspaper, status: int
) -> None:
    before = _find(at_work, LONG.headline)
    site.routes[paper.address("stars")] = _answer(status)
    for n in range(TIMES):
        assert before.title in _ids(at_work), n
        at_work.tick()
    assert before.title not in _ids(at_work)
    assert _figures(at_work)[1:] == (0, 0, 1)
    held = at_work.store.item(before.id)
    assert held is not None
    assert held.withdrawal is not None
    assert (held.withdrawal.by, str(status) in held.withdrawal.reason) == (WithdrawnBy.ADDRESS, True)
    county = FeedKey.of(region="511826")
    assert [stone.item.id for stone in at_work.store.withdrawn(county, 10)] == [before.id]
    assert before.id.encode() not in at_work.files()["feeds/region/511826.json"]
    paper.print_on(site)
    at_work.tick()
    back = _find(at_work, LONG.headline)
    assert (back.id, back.published, back.first_seen) == (before.id, before.published, before.first_seen)
    assert back.updated == at_work.clock.now()
    assert _figures(at_work) == ("ok", 0, 1, 0)
    assert at_work.store.withdrawn(county, 10) == []
    assert before.id.encode() in at_work.files()["feeds/region/511826.json"]


def test_another_failure_in_between_is_no_answer_and_a_good_one_counts_anew(
    at_work: House, site: Site, paper: Newspaper
) -> None:
    for status in (404, 404, 200, 404, 404, 500):
        if status == 200:
            paper.print_on(site)
        else:
            site.routes[paper.address("stars")] = _answer(status)
        at_work.tick()
    assert LONG.headline in _ids(at_work)
    site.routes[paper.address("stars")] = _answer(404)
    at_work.tick()
    assert LONG.headline not in _ids(at_work)


def test_an_article_that_left_the_lists_and_is_gone_is_asked_again_at_once(
    at_work: House, site: Site, paper: Newspaper
) -> None:
    paper.day += timedelta(days=1)
    paper.number += 1
    gone = paper.address("stars")
    old = Newspaper().address("stars")
    paper.stories = {"new": Story("石棉县科协 看石头", ("近日,雅安市石棉县科协带孩子看石头。",))}
    paper.print_on(site)
    assert gone != old
    at_work.tick(timedelta(days=1))
    site.routes[old] = _answer(404)
    for _ in range(TIMES):
        assert LONG.headline in _ids(at_work)
        at_work.tick(timedelta(hours=2))
    assert LONG.headline not in _ids(at_work)
    assert at_work.state().state == PollStatus.OK  # a dead page off the lists is no fault of the source
    assert MINGSHAN.headline in _ids(at_work)  # leaving the newest list is not gone


def test_what_its_edition_no_longer_lists_is_withdrawn_and_returns_with_the_list(
    at_work: House, site: Site, paper: Newspaper
) -> None:
    before = _ids(at_work)
    paper.stories.pop("wenchuan")
    paper.print_on(site)
    at_work.clock.at -= timedelta(minutes=40)  # the recheck of its own address is not due yet
    for n in range(TIMES):
        assert WENCHUAN.headline in _ids(at_work), n
        at_work.tick(timedelta(minutes=35) if n else timedelta(hours=1, minutes=15))
        if n == 0:
            site.routes[Newspaper().address("wenchuan")] = _answer(500)
    assert WENCHUAN.headline not in _ids(at_work)
    held = at_work.store.item(before[WENCHUAN.headline])
    assert held is not None
    assert held.withdrawal is not None
    assert held.withdrawal.by == WithdrawnBy.LIST
    paper.stories["wenchuan"] = WENCHUAN
    paper.print_on(site)
    at_work.tick()
    assert _ids(at_work) == before
    stamps = at_work.stamps()
    at_work.tick()
    assert at_work.stamps() == stamps
    assert _figures(at_work)[0] == "not_modified"


def test_half_a_list_withdraws_nothing(store: SqlStore, site: Site, paper: Newspaper, tmp_path: Path) -> None:
    for n in range(20):
        paper.stories[f"more {n}"] = Story(
            f"第{n}则", (f"近日,雅安市芦山县科协办起第{n}场活动,来的人不少。",)
        )
    paper.print_on(site)
    with house(store, site, tmp_path) as made:
        made.tick()
        before = _ids(made)
        paper.stories = {"roundup": ROUNDUP}
        paper.print_on(site)
        for _ in range(TIMES + 1):
            made.tick()
        assert _ids(made) == before


def test_a_section_read_under_another_heading_keeps_its_id(
    at_work: House, site: Site, paper: Newspaper
) -> None:
    before = {item.paragraphs: item.id for item in at_work.items()}
    body = list(ROUNDUP.body)
    body = [*body[3:5], *body[0:3], *body[5:]]  # 安岳县 before 芦山县
    paper.stories["roundup"] = replace(ROUNDUP, body=tuple(body))
    paper.print_on(site)
    at_work.tick()
    assert {item.paragraphs: item.id for item in at_work.items()} == before
    body = [line.replace("<strong>南充市</strong>", "<strong>阆中市</strong>") for line in body]
    paper.stories["roundup"] = replace(ROUNDUP, body=tuple(body))
    paper.print_on(site)
    at_work.tick()
    assert {item.paragraphs: item.id for item in at_work.items()} == before


def test_what_an_operator_takes_down_stays_down(at_work: House, site: Site, paper: Newspaper) -> None:
    before = _find(at_work, LONG.headline)
    desk.withdraw(at_work.ports, before.id, "a family asked for it")
    at_work.tick()
    held = at_work.store.item(before.id)
    assert held is not None
    assert held.withdrawal is not None
    assert (held.withdrawal.by, held.withdrawal.reason) == (WithdrawnBy.OPERATOR, "a family asked for it")
    permalink = f"{permalinks.path(before.id)}index.html"
    assert b"a family asked for it" in at_work.files()[permalink]
    for path, body in at_work.files().items():
        assert before.title.encode() not in body, path
        traces = 0 if path == permalink else body.count(before.id.encode())
        assert traces == body.count(f'<at:deleted-entry ref="{before.id}"'.encode()), path
    assert [stone.item.id for stone in at_work.store.withdrawn(ALL, 10)] == [before.id]
    paper.stories["stars"] = LONG.corrected("芦山县科协 又来看星星")
    paper.stories["elsewhere"] = LONG
    paper.print_on(site)
    at_work.tick()
    assert {"芦山县科协 又来看星星", LONG.headline}.isdisjoint(_ids(at_work))
    with pytest.raises(desk.NotFound, match="no item has the id"):
        desk.withdraw(at_work.ports, "tag:none", "no such thing")


def test_what_the_configuration_takes_down_is_never_published(
    store: SqlStore, site: Site, paper: Newspaper, tmp_path: Path
) -> None:
    with house(store, site, tmp_path) as made:
        said = {f"{site.url}{paper.address('stars')}": Override(withdrawn="not ours")}
        rules = replace(made.ports.rules, overrides=said)
        made.ports = replace(made.ports, rules=rules)
        made.tick()
        assert LONG.headline not in _ids(made)
        assert MINGSHAN.headline in _ids(made)
        said = {_ids(made)[MINGSHAN.headline]: Override(withdrawn="not ours either")}
        named = replace(rules, overrides=said)
        desk.enforce(made.store, named, made.clock.now())
        desk.enforce(made.store, named, made.clock.now())
        made.tick()
        assert MINGSHAN.headline not in _ids(made)
        assert len(made.store.withdrawn(ALL, 10)) == 1


def _storm(site: Site, paper: Newspaper) -> None:
    """The same edition, dated and addressed anew."""
    paper.day += timedelta(days=1)
    paper.print_on(site)


def test_a_storm_is_held_back_and_accepted_with_the_ids_that_are_held(
    at_work: House, site: Site, paper: Newspaper
) -> None:
    before, stamps = _ids(at_work), at_work.stamps()
    _storm(site, paper)
    for _ in range(2):
        at_work.tick(timedelta(days=1))
        assert at_work.state().state == PollStatus.QUARANTINED
        assert "held under other ids" in at_work.state().reason
        assert at_work.stamps() == stamps
    (entry,) = at_work.store.quarantine()  # read twice, held once
    assert f"dibao quarantine show {entry.id}" in at_work.state().action
    assert set(entry.ids.values()) <= set(before.values())
    kinds = desk.accept(at_work.ports, entry.id)
    assert kinds[ChangeKind.NEW] == 0
    at_work.tick(timedelta(minutes=1))
    assert _ids(at_work) == before
    assert at_work.state().state == PollStatus.OK
    assert at_work.store.quarantine() == []
    assert {at_work.store.resolve(minted) for minted in entry.ids} == set(entry.ids.values())
    with pytest.raises(desk.NotFound, match="no reading waits"):
        desk.accept(at_work.ports, entry.id)


def test_a_rejected_storm_is_left_out_and_not_raised_again(
    at_work: House, site: Site, paper: Newspaper
) -> None:
    before = _ids(at_work)
    _storm(site, paper)
    paper.stories["new"] = Story("石棉县科协 看石头", ("近日,雅安市石棉县科协带孩子看石头。",))
    paper.print_on(site)
    at_work.tick(timedelta(days=1))
    (entry,) = at_work.store.quarantine()
    desk.reject(at_work.ports, entry.id)
    at_work.tick(timedelta(minutes=1))
    assert at_work.state().state == PollStatus.OK
    assert f"quarantined reading {entry.id} was rejected" in at_work.state().reason
    after = _ids(at_work)
    assert after.items() >= before.items()
    assert set(after) - set(before) == {"石棉县科协 看石头"}
    assert at_work.store.quarantine() == []


def test_a_later_storm_takes_the_place_of_one_that_waits(
    at_work: House, site: Site, paper: Newspaper
) -> None:
    for _ in range(2):
        _storm(site, paper)
        at_work.tick(timedelta(days=1))
    (entry,) = at_work.store.quarantine()
    first = at_work.store.quarantined(1)
    assert first is not None
    assert (entry.id, first.state) == (2, "superseded")


def test_the_same_notice_of_another_source_is_linked_and_stays_an_item(
    at_work: House, site: Site, paper: Newspaper
) -> None:
    ours = _find(at_work, LONG.headline)
    city = Source("city", "雅安科普", "http://city.test/", every=timedelta(minutes=30))
    at_work.store.sync_sources([at_work.ports.rules.sources["paper"], city], at_work.clock.now())
    theirs = replace(
        ours,
        id="tag:dibao.test,2026:city/1",
        source="city",
        title="芦山县：科普志愿者陪孩子看星星",
        link="http://city.test/1",
        blocks=(*ours.blocks, Block(BlockKind.PARAGRAPH, "图为活动现场。")),
    )
    with at_work.store.edit("test") as txn:
        txn.apply(Change(theirs, ChangeKind.NEW), keys_of(theirs, theirs.column))
    assert at_work.store.cluster(ours.id) == []
    paper.day += timedelta(days=1)
    paper.number += 1
    paper.stories = {"reprint": LONG.corrected("芦山县科协 再印一次")}
    paper.print_on(site)
    at_work.tick()
    again = _find(at_work, "芦山县科协 再印一次")
    assert at_work.store.cluster(again.id) == [theirs]
    assert at_work.store.cluster(theirs.id) == [again]
