"""A poll from the tick to the files, over real parts, in good days and bad."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import feedparser
import pytest

from bulletins.model import PollStatus
from tests.faults.street import fast_folder
from tests.support.flow import Crash, House, after_each, house
from tests.support.newspaper import MINGSHAN, ROUNDUP, Newspaper, Story
from tests.support.site import Answer, Asked, Site, html
from worker.store import SqlStore, open_store

CHALLENGE = "<html><head><title>安全验证</title></head><body>请完成验证</body></html>"


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


def _last_poll(at_work: House) -> dict[str, object]:
    return at_work.lines.of("source.polled")[-1]


def test_an_edition_becomes_items_and_feeds(at_work: House) -> None:
    assert [item.title for item in at_work.items()] == [
        "芦山县：全省各地科协 扎实开展秋季科普活动",
        "安岳县：全省各地科协 扎实开展秋季科普活动",
        "南充市：全省各地科协 扎实开展秋季科普活动",
        "名山区科协 把茶园办成课堂",
        "汶川县科协 送技术到果园",
    ]
    assert [len(at_work.feed(key)) for key in ("all", "region/510000", "source/paper")] == [5, 5, 5]
    assert [item.region and item.region.code for item in at_work.feed("region/511800")] == [
        "511826",
        "511803",
    ]
    assert len(at_work.feed("column/di-fang-ke-xie")) == 2
    assert len(at_work.feed("column/ke-xie-zhi-chuang")) == 3  # the umbrella headline has no feeds of its own
    assert at_work.feed("unclassified") == []
    files = at_work.files()
    assert {"feeds/region/511826.atom", "feeds/region/511826.rss", "feeds/region/511826.json"} < set(files)
    assert {
        "index.html",
        "column/index.html",
        "source/index.html",
        "opml.xml",
        "opml/region/510000.xml",
        "region/511826/index.html",
    } < set(files)
    for path, body in files.items():
        if path.endswith((".rss", ".atom")):
            assert not feedparser.parse(body).bozo, path


def test_every_poll_is_told_once(at_work: House) -> None:
    first = _last_poll(at_work)
    assert (first["status"], first["new"], first["pages"], first["rejected"]) == ("ok", 5, 6, 0)
    at_work.tick()
    assert len(at_work.lines.of("source.polled")) == 2
    assert _last_poll(at_work)["status"] == "not_modified"


def test_a_poll_without_news_writes_nothing(at_work: House, site: Site) -> None:
    before, asked = at_work.stamps(), len(site.requests)
    at_work.tick()
    assert at_work.stamps() == before
    second = site.requests[asked:]
    assert len(second) == 6
    assert all("if-none-match" in request.headers for request in second)


def test_nothing_is_polled_before_it_is_due(at_work: House, site: Site) -> None:
    asked = len(site.requests)
    at_work.tick(after=timedelta(minutes=5))
    assert len(site.requests) == asked


def test_a_correction_keeps_id_and_date(at_work: House, site: Site, paper: Newspaper) -> None:
    before = {item.id: item for item in at_work.items()}
    paper.stories["mingshan"] = paper.stories["mingshan"].corrected("名山区科协 把茶园办成“课堂”")
    paper.print_on(site)
    at_work.tick()
    after = {item.id: item for item in at_work.items()}
    assert after.keys() == before.keys()
    (changed,) = [item for key, item in after.items() if item != before[key]]
    assert changed.title == "名山区科协 把茶园办成“课堂”"
    assert (changed.published, changed.first_seen) == (
        before[changed.id].published,
        before[changed.id].first_seen,
    )
    assert changed.updated > before[changed.id].updated
    assert _last_poll(at_work)["corrected"] == 1
    assert changed.title.encode() in at_work.files()["feeds/region/511803.json"]


def test_a_new_article_comes_and_none_leaves(at_work: House, site: Site, paper: Newspaper) -> None:
    paper.stories["more"] = Story("芦山县科协 办起昆虫旅馆", ("近日,雅安市芦山县科协办起昆虫旅馆。",))
    del paper.stories["wenchuan"]
    paper.print_on(site)
    at_work.tick()
    assert len(at_work.items()) == 6
    assert len(at_work.feed("region/511826")) == 2


def _redesign(site: Site, paper: Newspaper) -> None:
    paper.redesigned = True
    paper.print_on(site)


def _empty(site: Site, paper: Newspaper) -> None:
    paper.stories.clear()
    paper.print_on(site)


def _challenge(site: Site, paper: Newspaper) -> None:
    site.routes["/"] = html(CHALLENGE)


def _broken(status: int) -> Answer:
    return status, {"Content-Type": "text/html"}, b"<html><body>error</body></html>"


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (_redesign, PollStatus.LAYOUT_CHANGED),
        (_empty, PollStatus.QUIET),
        (_challenge, PollStatus.BLOCKED),
        (lambda site, paper: site.routes.update({"/": _broken(404)}), PollStatus.UNREACHABLE),
        (lambda site, paper: site.routes.update({"/": _broken(500)}), PollStatus.UNREACHABLE),
        (lambda site, paper: site.routes.update({"/": _broken(412)}), PollStatus.BLOCKED),
        (
            lambda site, paper: site.routes.update({"/": html("<html><body>你好</body></html>")}),
            "layout_changed",
        ),
        (lambda site, paper: site.routes.update({"/": html("")}), PollStatus.BLOCKED),
        (
            lambda site, paper: site.routes.update({"/": (200, {"Content-Type": "text/html"}, b"%PDF-1.4")}),
            PollStatus.BLOCKED,
        ),
    ],
)
def test_the_last_good_feeds_stay(
    at_work: House, site: Site, paper: Newspaper, change: object, state: PollStatus
) -> None:
    """Three kinds of empty, and pages that cannot be had: told apart, and nothing published is touched."""
    before = at_work.stamps()
    assert callable(change)
    change(site, paper)
    at_work.tick()
    now = at_work.state()
    assert now.state == state
    assert at_work.stamps() == before
    assert len(at_work.items()) == 5
    if state != PollStatus.QUIET:
        assert site.url in now.reason
        assert now.action
        assert now.failures == 1
        told = _last_poll(at_work)
        assert told["level"] == "error"
        assert told["reason"] == now.reason
    recovered = Newspaper()
    recovered.print_on(site)
    at_work.tick()
    assert at_work.state().state == PollStatus.OK
    assert at_work.state().failures == 0
    assert at_work.stamps() == before


@pytest.mark.parametrize("status", [404, 410, 500])
def test_one_article_that_fails_does_not_make_the_source_ill(
    at_work: House, site: Site, paper: Newspaper, status: int
) -> None:
    paper.stories["a"] = Story("芦山县科协 看星星", ("近日,雅安市芦山县科协带孩子看星星。",))
    paper.stories["b"] = Story("石棉县科协 看石头", ("近日,雅安市石棉县科协带孩子看石头。",))
    paper.print_on(site)
    site.routes[paper.address("b")] = _broken(status)
    at_work.tick()
    assert len(at_work.items()) == 6
    assert at_work.state().state == PollStatus.OK
    assert f"HTTP {status}" in at_work.state().reason
    assert paper.address("b") in at_work.state().reason
    assert _last_poll(at_work)["rejected"] == 1
    paper.print_on(site)
    at_work.tick()
    assert len(at_work.items()) == 7
    assert at_work.state().reason == ""


def test_a_list_that_fails_is_said_and_the_rest_published(
    at_work: House, site: Site, paper: Newspaper
) -> None:
    paper.stories["a"] = Story("芦山县科协 看星星", ("近日,雅安市芦山县科协带孩子看星星。",))
    paper.print_on(site)
    site.routes[paper.address("page 1")] = _broken(500)
    at_work.tick()
    assert len(at_work.items()) == 6
    assert at_work.state().state == PollStatus.UNREACHABLE


def test_where_the_likeliest_edition_is_not_there_the_next_is_read(
    at_work: House, site: Site, paper: Newspaper
) -> None:
    paper.stories["a"] = Story("芦山县科协 看星星", ("近日,雅安市芦山县科协带孩子看星星。",))
    paper.print_on(site)
    site.routes["/"] = html(
        f"<iframe src=/today.html></iframe><iframe src={paper.address('page 1')}></iframe>"
    )
    at_work.tick()
    assert (len(at_work.items()), at_work.state().state) == (6, PollStatus.OK)
    assert site.paths.count("/today.html") == 1


def test_an_incident_is_opened_once_and_closed_once(at_work: House, site: Site, paper: Newspaper) -> None:
    _redesign(site, paper)
    at_work.tick()
    at_work.tick()
    (opened,) = at_work.lines.of("incident.opened")
    assert (opened["level"], opened["status"]) == ("error", "layout_changed")
    assert opened["reason"]
    assert opened["action"]
    assert at_work.lines.of("incident.closed") == []
    _challenge(site, paper)
    at_work.tick()
    assert [line["status"] for line in at_work.lines.of("incident.opened")] == ["layout_changed", "blocked"]
    Newspaper().print_on(site)
    at_work.tick()
    assert [line["status"] for line in at_work.lines.of("incident.closed")] == ["layout_changed", "blocked"]


def test_another_region_in_the_stanza_has_the_kept_pages_read_again(at_work: House, site: Site) -> None:
    asked = len(site.requests)
    source = replace(at_work.ports.rules.sources["paper"], region="510100")
    at_work.ports.rules.sources["paper"] = source
    at_work.store.sync_sources([source], at_work.clock.now())
    at_work.tick(after=timedelta(0))
    assert len(site.requests) == asked + 6
    assert _last_poll(at_work)["status"] == "ok"


def test_other_settings_are_rendered_anew(at_work: House) -> None:
    """Another base_url, fewer formats, a source that is gone: what is published follows."""
    rules = replace(
        at_work.ports.rules,
        base_url="https://moved.test",
        formats=("atom",),
        sources={},
        fingerprint="another",
    )
    at_work.ports = replace(at_work.ports, rules=rules)
    at_work.tick(after=timedelta(0))
    files = at_work.files()
    feeds = [path for path in files if path.startswith("feeds/")]
    assert {Path(path).suffix for path in feeds} == {".atom"}
    assert all(b"https://moved.test/feeds/" in files[path] for path in feeds)
    everything = files["feeds/all.atom"].decode()
    assert "病虫害" not in everything  # nobody says any longer that the text may be republished
    assert "岷江科普报" in everything
    before = at_work.stamps()
    at_work.tick()
    assert at_work.stamps() == before


def test_an_article_without_a_body_is_left_out_and_said(at_work: House, site: Site, paper: Newspaper) -> None:
    paper.stories["empty"] = Story("一张图片", ())
    paper.print_on(site)
    at_work.tick()
    assert len(at_work.items()) == 5
    assert _last_poll(at_work)["rejected"] == 1
    (told,) = at_work.lines.of("item.rejected")
    assert (told["title"], told["reason"]) == ("一张图片", "no body")
    assert "一张图片" in at_work.state().reason


def test_a_label_that_understates_the_bytes(store: SqlStore, site: Site, tmp_path: Path) -> None:
    story = Story("芦山县科协 请来了陶喆教授", ("近日,雅安市芦山县科协请来陶喆、堃镕两位教授。",))
    Newspaper(stories={"a": story}, charset="gb18030", label="gb2312").print_on(site)
    with house(store, site, tmp_path) as made:
        made.tick()
        (item,) = made.items()
    assert item.title == story.headline
    assert item.paragraphs == story.body


def test_control_characters_reach_no_feed(store: SqlStore, site: Site, tmp_path: Path) -> None:
    story = Story("芦山县\x0b科协\u202e 办\x01展", ("近日,雅安市芦山县科协办展\x08览。",))
    Newspaper(stories={"a": story}).print_on(site)
    with house(store, site, tmp_path) as made:
        made.tick()
        assert not feedparser.parse(made.files()["feeds/region/511826.rss"]).bozo
        parsed = feedparser.parse(made.files()["feeds/region/511826.atom"])
    assert not parsed.bozo
    assert parsed.entries[0].title == "芦山县 科协 办展" or parsed.entries[0].title == "芦山县科协 办展"


def test_an_umbrella_headline_earns_feeds_in_its_second_edition(
    at_work: House, site: Site, paper: Newspaper
) -> None:
    paper.day += timedelta(days=2)
    paper.number += 1
    paper.stories = {"roundup": replace(ROUNDUP, body=tuple(map(_of_another_day, ROUNDUP.body)))}
    paper.print_on(site)
    at_work.tick(timedelta(days=2))
    slug = next(item.column.slug for item in at_work.items() if item.column and item.section)
    assert len(at_work.feed(f"column/{slug}")) == 6  # of both editions
    assert len(at_work.feed("column/ke-xie-zhi-chuang")) == 3  # what stood there stays
    assert f"feeds/column/{slug}.atom" in at_work.files()
    assert [item.published.date() for item in at_work.items()[:5]] == [date(2026, 10, 16)] * 3 + [
        date(2026, 10, 14)
    ] * 2


def _of_another_day(paragraph: str) -> str:
    """Other news from the same place: the same news again would be an edition that comes twice."""
    return (
        paragraph if paragraph.startswith(("<strong>", "(")) else f"{paragraph[:8]}今天又办起别的活动来了。"
    )


def test_a_column_that_the_configuration_names_has_feeds_at_once_under_its_slug(
    store: SqlStore, site: Site, paper: Newspaper, tmp_path: Path
) -> None:
    named = {"地方科协": "local", "全省各地科协 扎实开展秋季科普活动": "autumn"}
    with house(store, site, tmp_path, slugs=named) as made:
        rules = replace(made.ports.rules, named_columns=frozenset(named))
        made.ports = replace(made.ports, rules=rules)
        made.tick()
        assert len(made.feed("column/local")) == 2
        assert len(made.feed("column/autumn")) == 3
        assert made.feed("column/ke-xie-zhi-chuang") == []


def test_an_article_that_left_the_lists_is_read_again(
    store: SqlStore, site: Site, paper: Newspaper, tmp_path: Path
) -> None:
    with house(store, site, tmp_path, recheck=(timedelta(hours=1), timedelta(hours=6))) as made:
        made.tick()
        left = paper.address("mingshan")
        story = paper.stories.pop("mingshan")
        paper.print_on(site)
        made.tick()
        site.requests.clear()
        made.tick(timedelta(minutes=40))
        assert left not in site.paths  # not due yet
        paper.stories["mingshan"] = story.corrected("名山区科协 把茶园办成“课堂”")
        paper.print_on(site)
        listed = paper.address("page 2")
        del paper.stories["mingshan"]
        paper._put(site, listed, paper._list_page(list(paper.stories), ""))
        made.tick(timedelta(minutes=40))
        assert left in site.paths
        (corrected,) = made.feed("region/511803")
        assert corrected.title == "名山区科协 把茶园办成“课堂”"


def test_messages_delivered_twice_change_nothing(
    store: SqlStore, site: Site, paper: Newspaper, tmp_path: Path
) -> None:
    with house(store, site, tmp_path) as made:
        made.messages.twice = True
        made.tick()
        assert len(made.items()) == 5
        assert len(made.lines.of("source.polled")) == 1
        assert len(site.requests) == 7  # robots.txt and each page once


def _disturbed(
    template: Path, site: Site, dies_at: int | None
) -> tuple[list[tuple[str, str]], dict[str, bytes], int]:
    """Items, files and steps of a deployment whose process died at a step, and was healed by ticks."""
    with fast_folder() as folder:
        shutil.copyfile(template, folder / "dibao.db")
        store = open_store(f"sqlite:///{folder / 'dibao.db'}")
        with house(store, site, folder / "house", formats=("atom",)) as made:
            made.steps.dies_at = dies_at
            if dies_at is None:
                made.tick()
            else:
                with pytest.raises(Crash):
                    made.tick()
                made.messages.waiting.clear()  # the worst case: the broker forgot them
                for _ in range(4):
                    made.tick(timedelta(minutes=1))
                made.tick()
            steps = made.steps.taken
            assert made.store.marks(1) == [], dies_at
            assert made.state().state == PollStatus.OK, dies_at
            assert not list(made.public.rglob(".*")), dies_at
            seen = [(item.id, item.digest) for item in made.items()]
            files = made.files()
        store.dispose()
        return seen, files, steps


@pytest.mark.slow  # a whole deployment for each of several dozen steps
def test_a_crash_at_any_step_is_healed(site: Site, sqlite_template: Path) -> None:
    """The process dies after every third call of a port that took effect; ticks heal it, and the end is as if
    nothing had happened. In test_deaths.py it dies anywhere, in benchmarks.chaos thousands of times."""
    Newspaper(stories={"mingshan": MINGSHAN}).print_on(site)
    items, files, steps = _disturbed(sqlite_template, site, None)
    assert len(items) == 1
    assert steps > 100
    for dies_at in after_each(steps)[::3]:
        seen, left, _ = _disturbed(sqlite_template, site, dies_at)
        assert seen == items, dies_at
        assert left.keys() == files.keys(), dies_at


def test_a_lost_or_damaged_snapshot_is_fetched_again(at_work: House) -> None:
    kept = sorted((at_work.public.parent / "data" / "snapshots").rglob("*.gz"))
    kept[0].unlink()
    kept[1].write_bytes(b"damaged")
    before = at_work.stamps()
    at_work.tick()
    assert at_work.state().state == PollStatus.OK
    assert at_work.stamps() == before
    assert sorted((at_work.public.parent / "data" / "snapshots").rglob("*.gz")) == kept


def test_a_source_asks_for_patience(at_work: House, site: Site) -> None:
    def later(asked: Asked) -> Answer:
        return 503, {"Retry-After": "7200"}, b""

    site.routes["/"] = later
    at_work.tick()
    due = at_work.state().next_check
    assert due is not None
    assert due >= at_work.clock.now() + timedelta(hours=2)
