"""Rows 9, 14 to 23 and 40: whatever stands on a page, through the whole flow."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta

import feedparser
import pytest

from tests.faults.street import Street, lists
from tests.support.newspaper import Story
from tests.support.site import html

pytestmark = pytest.mark.slow  # a deadline each, or several rounds of everything

# Pictures of our own are drawn into pages, and are of one class.
UNSAFE = re.compile(
    rb"<(?:script|iframe|form|object|embed|svg(?! class=\"picture ))\b|\son\w+=|javascript:|data:text", re.I
)


def redesigned(made: Street) -> None:
    made.paper.redesigned = True
    made.paper.print_on(made.site)
    made.paper.redesigned = False


def without_its_list(made: Street) -> None:
    page = made.paper._page("<p>今日无报。请明天再来看看，这里会有新的消息，谢谢大家的关心。</p>")
    made.site.routes[made.paper.address("page 2")] = html(page)


@pytest.mark.parametrize("hurt", [redesigned, without_its_list], ids=["redesigned", "container gone"])
def test_14_what_is_no_longer_where_it_was_is_said(old_town: Street, hurt: Callable[[Street], None]) -> None:
    old_town.survives(hurt, {"layout_changed"})


def test_14_a_list_that_is_there_and_empty_is_a_quiet_day(town: Street) -> None:
    before, stamps = town.mine(), town.house.stamps()
    stories, town.paper.stories = town.paper.stories, {}
    town.paper.print_on(town.site)
    town.round()
    assert town.house.state().state == "quiet"
    assert (town.house.stamps(), town.mine()) == (stamps, before)
    town.paper.stories = stories
    town.recovers(before)


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
def test_9_a_list_cut_in_the_middle_loses_no_item(town: Street, cut: float) -> None:
    before, own = town.mine(), town.own_files()
    page = town.paper._list_page(list(town.paper.stories), "")
    town.site.routes[town.paper.address("page 2")] = html(page[: int(len(page) * cut)])
    town.round()
    assert town.mine() == before
    assert town.own_files() == own
    town.recovers(before)


def test_15_half_a_list_withdraws_nothing_at_once(town: Street) -> None:
    before, own = town.mine(), town.own_files()
    town.paper.stories.pop("mingshan")
    town.paper.print_on(town.site)
    for _ in range(2):
        town.round()
        assert (town.mine(), town.own_files()) == (before, own)


def test_17_another_order_and_session_ids_publish_nothing(town: Street) -> None:
    before, own = town.mine(), town.own_files()
    town.paper.stories = dict(reversed(town.paper.stories.items()))
    page = town.paper._list_page(list(town.paper.stories), "")
    for name in town.paper.stories:
        address = town.paper.address(name)
        town.site.routes[f"{address};jsessionid=A1B2C3D4E5F60718"] = town.site.routes[address]
        page = page.replace(f'"{address}"', f'"{address};jsessionid=A1B2C3D4E5F60718"')
    town.site.routes[town.paper.address("page 2")] = html(page)
    town.round()
    assert town.mine().keys() == before.keys()
    assert town.house.lines.of("source.polled")[-1]["new"] == 0
    assert town.own_files() == own


def test_18_an_address_that_is_used_again_keeps_both_or_says_so(town: Street) -> None:
    before = town.mine()
    town.paper.stories["mingshan"] = Story(
        "石棉县科协 山里看星星", ("近日,雅安市石棉县科协带孩子们上山看星星,教他们认识北斗七星。",)
    )
    town.paper.print_on(town.site)
    town.round()
    titles = {item.title for item in town.mine().values()}
    assert "石棉县科协 山里看星星" in titles
    corrected = town.house.lines.of("source.polled")[-1]["corrected"]
    assert len(town.mine()) == len(before) + 1 - corrected


TITLES = {
    "controls": ("芦山\x01县\x0b科协", "芦山县 科协"),
    "noncharacter": ("芦山县\ufffe科协", "芦山县科协"),
    "bidi": ("芦山县\u202e科协\u2066", "芦山县科协"),
    "cdata": ("芦山县]]&gt;科协", "芦山县]]>科协"),
    "twice": ("芦山县&amp;lt;b&amp;gt;科协", "芦山县&lt;b&gt;科协"),
    "entities": ("芦山县&mdash;&#31185;协", "芦山县—科协"),
}


@pytest.mark.parametrize("name", TITLES)
def test_20_a_title_is_well_formed_and_as_on_the_page(town: Street, name: str) -> None:
    spelt, wanted = TITLES[name]
    town.paper.stories["odd"] = Story(spelt, ("近日,雅安市芦山县科协办展览。",))
    town.paper.print_on(town.site)
    town.round()
    feeds = town.own_files()
    (title,) = (
        item.title for item in town.mine().values() if "看" not in item.title and "办展" in str(item.blocks)
    )
    assert title.replace(" ", "") == wanted.replace(" ", "")
    for suffix in ("rss", "atom"):
        parsed = feedparser.parse(feeds[f"feeds/source/paper.{suffix}"])
        assert not parsed.bozo
        assert len(parsed.entries) == 6
    document = json.loads(feeds["feeds/source/paper.json"])
    assert title in [item["title"] for item in document["items"]]
    assert not re.search(
        r"[\u202a-\u202e\u2066-\u2069\ufffe\x00-\x08]", json.dumps(document, ensure_ascii=False)
    )


def test_20_a_title_with_half_a_character_is_one_without_it(town: Street) -> None:
    """A lone surrogate is no text: what is written around it is."""
    town.paper.stories["odd"] = Story("芦山县&#xD800;科协", ("近日,雅安市芦山县科协办展览。",))
    town.paper.print_on(town.site)
    town.round()
    assert len(town.mine()) == 6
    assert "芦山县科协" in [item.title for item in town.mine().values()]
    assert town.house.lines.of("item.rejected") == []


ATTACKS = (
    "<script>alert(1)</script>",
    '<img src="/a.jpg" onerror="alert(1)">',
    '<a href="javascript:alert(1)">点</a><a href="data:text/html,x">此</a>',
    '<form action="/x"><input></form><iframe src="http://127.0.0.1/"></iframe>',
    '<svg><script>alert(1)</script></svg><math><mi xlink:href="javascript:alert(1)">x</mi></math>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<base href="http://127.0.0.1:9/">',
)


def test_21_nothing_unsafe_leaves_the_house(town: Street) -> None:
    for n, attack in enumerate(ATTACKS):
        town.paper.stories[f"attack {n}"] = Story(
            f"芦山县科协 第{n}展", (f"近日,雅安市芦山县科协办第{n}展。{attack}", "大家都来看了。")
        )
    town.paper.print_on(town.site)
    lists(town, "javascript:alert(1)", "data:text/html,x", "vbscript:x")
    town.round()
    for path, body in town.house.files().items():
        if path.endswith((".atom", ".rss", ".json")):
            text = (
                json.dumps(json.loads(body), ensure_ascii=False).encode() if path.endswith("json") else body
            )
            assert not UNSAFE.search(text.replace(b"&lt;", b"<")), path
        elif path.startswith(("region/", "column/")):
            article = body.partition(b"<main")[2]
            assert not UNSAFE.search(article), path
    assert all(item.link.startswith("http") for item in town.mine().values())


def test_23_an_edition_that_is_yet_to_come_is_held_back(town: Street) -> None:
    before, stamps = town.mine(), town.house.stamps()
    day = town.paper.day
    town.paper.day = day + timedelta(days=400)
    town.paper.stories = {"x": Story("芦山县科协 未来课", ("近日,雅安市芦山县科协讲未来。",))}
    town.paper.print_on(town.site)
    town.round()
    assert town.house.state().state == "quarantined"
    assert "yet to come" in town.house.state().reason
    assert (town.mine(), town.house.stamps()) == (before, stamps)


def test_40_the_pages_of_an_edition_may_come_one_by_one(town: Street) -> None:
    """Page 1 in the morning, page 2 an hour later: each item once, nothing withdrawn meanwhile."""
    paper, before = town.paper, town.mine()
    paper.day += timedelta(days=2)
    paper.number += 1
    paper.stories = {"early": Story("芦山县科协 清早开讲", ("近日,雅安市芦山县科协清早开讲,听的人不少。",))}
    paper.print_on(town.site)
    town.round(timedelta(days=2))
    first = town.mine()
    assert len(first) == len(before) + 1
    paper.stories["late"] = Story("石棉县科协 午后观石", ("近日,雅安市石棉县科协带孩子观察石头。",))
    paper.print_on(town.site)
    town.round()
    second = town.mine()
    assert len(second) == len(first) + 1
    assert {name: second[name] for name in first} == first
    polled = [line for line in town.house.lines.of("source.polled") if line["source"] == "paper"]
    assert [(line["new"], line["withdrawn"]) for line in polled[-2:]] == [(1, 0), (1, 0)]


PARKED = (
    "<html><head><title>域名出售</title></head><body><h1>该域名可能正在出售</h1>"
    '<ul><li><a href="http://parked.example/a">澳门娱乐</a></li><li><a href="/b">注册送彩金</a></li></ul>'
    "</body></html>"
)


@pytest.mark.parametrize("path", ["/", "page 1", "page 2"])
def test_39_a_foreign_site_in_place_of_the_page_is_nobodys_news(old_town: Street, path: str) -> None:
    def hurt(made: Street) -> None:
        made.site.routes[path if path == "/" else made.paper.address(path)] = html(PARKED)

    old_town.survives(hurt, {"layout_changed", "blocked", "quarantined"})


@pytest.mark.parametrize(
    ("charset", "label"),
    [
        ("gb18030", "gb2312"),
        ("gb18030", "utf-8"),
        ("utf-8", "gbk"),
        ("utf-8", "iso-8859-1"),
        ("utf-16", "utf-8"),
    ],
)
def test_19_the_bytes_decide_whatever_the_labels_say(town: Street, charset: str, label: str) -> None:
    """The same items as from the healthy pages: nothing is new, nothing is corrected."""
    before, own = town.mine(), town.own_files()
    town.paper.charset, town.paper.label = charset, label
    town.paper.print_on(town.site)
    town.round()
    polled = town.house.lines.of("source.polled")[-1]
    assert (polled["new"], polled["corrected"]) == (0, 0)
    assert town.mine().keys() == before.keys()
    assert town.own_files() == own
