"""What the rooms answer on request: searches, combinations, the control room, English, QR codes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest
from lxml import etree, html

from bulletins.model import Change, ChangeKind, PollStatus, Verdict, Withdrawal, WithdrawnBy
from bulletins.regions import children
from feeds import permalinks
from feeds.scope import keys_of
from tests.support.door import Opened, name_columns, opened
from tests.worker.store import story
from tests.worker.store.test_search import BOTH, TEA, TREE
from worker.incidents import ISSUE, SILENCE, SOURCE, Cause, Subject

SOURCES = {"paper": {"name": "山乡科普报"}, "other": {"name": "河谷科普报"}}


@pytest.fixture
def web(database_url: str, tmp_path: Path) -> Iterator[Opened]:
    with opened(database_url, tmp_path, SOURCES) as made:
        name_columns(made.store)
        story.bring(made.store, TEA, TREE)
        story.bring(made.store, BOTH)
        yield made


def page(web: Opened, path: str, status: int = 200) -> html.HtmlElement:
    reply = web.client.get(path)
    assert reply.status_code == status, reply.text[:500]
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in reply.headers["content-security-policy"]
    return html.document_fromstring(reply.text)


def titles(root: html.HtmlElement) -> list[str]:
    return [each.text_content().partition(":")[0] for each in root.xpath("//article/h3")]


def notices(root: html.HtmlElement) -> str:
    return " ".join(each.text_content() for each in root.xpath("//p[@class='notice']"))


def test_a_search_marks_its_words_and_is_a_feed(web: Opened) -> None:
    root = page(web, f"/search/?q={quote('茶园')}")
    assert titles(root) == ["tea", "both"]
    assert set(root.xpath("//mark/text()")) == {"茶园"}
    address = root.xpath("//code[@class='address']/text()")[1]
    assert address == f"http://dibao.test/feeds/merge.atom?q={quote('茶园')}"
    feed = web.client.get(address.removeprefix("http://dibao.test"))
    entries = etree.fromstring(feed.content).findall("{*}entry/{*}title")
    assert sorted(each.text.partition(":")[0] for each in entries) == ["both", "tea"]


def test_a_search_is_narrowed(web: Opened) -> None:
    tea = quote("茶园")
    assert titles(page(web, f"/search/?q={tea}&source=other")) == ["both"]
    assert titles(page(web, f"/search/?q={quote('果园')}&region=513200")) == ["tree"]
    assert titles(page(web, f"/search/?q={tea}&column={story.HEADING.slug}")) == ["tea"]
    assert titles(page(web, "/search/?since=2026-07-03")) == ["tree"]
    assert titles(page(web, "/search/?until=2026-07-02")) == ["tea", "both"]
    assert titles(page(web, f"/search/?q={quote('茶园 果园')}")) == ["both"]
    assert titles(page(web, f"/search/?q={quote('课堂，技术员')}")) == ["tree", "tea"]


def test_a_search_goes_on_page_by_page(web: Opened) -> None:
    many = [story.item(f"n{n:02}", on=3, position=n) for n in range(45)]
    story.bring(web.store, *many)
    found, path = [], f"/search/?q={quote('种子')}"
    while path:
        root = page(web, path)
        found += titles(root)
        path = next((f"/search/{href}" for href in root.xpath("//a[@rel='next']/@href")), "")
    assert found == [*(f"n{n:02}" for n in range(45)), "tree", "tea", "both"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (f"q={quote('长' * 7_000)}", "太长"),
        (f"q={quote('🎉' * 40)}", "没有可以查找的字"),
        ("q=%22%27%28%29%2A%3A%5E%00", "没有可以查找的字"),
        ("q=AND+OR+NEAR%28a%2Cb%29", ""),
        (f"q={quote('茶')}", "只在标题里找"),
        ("q=%ff%fe", ""),
        ("region=999999", "没有代码"),
        ("column=nothing", "没有叫"),
        ("source=nobody", "没有叫"),
        ("since=2026-02-30&until=0001-01-01", "不是日期"),
        ("since=9999-12-31&until=9999-12-31", ""),
        ("after=x", ""),
        ("after=99999999999999999999999", ""),
        ("after=-9223372036854775808", ""),
        ("&".join(["q=x"] * 300), ""),
        (f"q={quote('，'.join(f'词{n}' for n in range(100)))}", "只用了前20个"),
        ("", ""),
    ],
)
def test_any_search_is_answered(web: Opened, query: str, said: str) -> None:
    assert said in notices(page(web, f"/search/?{query}"))


def test_what_is_said_of_many_words_is_said_once(web: Opened) -> None:
    typed = ",".join(["茶园", *(chr(0x1F300 + n) for n in range(700))])
    root = page(web, f"/search/?q={quote(typed)}")
    told = [each.text_content() for each in root.xpath("//p[@class='notice']")]
    assert len(told) == 2, told
    assert "只用了前20个" in told[0]
    assert titles(root) == ["tea", "both"]


@pytest.mark.parametrize("typed", ["茶园 堂", "堂 茶园", "茶园，果", "茶 园", "站 课", "茶园 果园"])
def test_a_search_and_its_feed_find_the_same(web: Opened, typed: str) -> None:
    root = page(web, f"/search/?q={quote(typed)}")
    address = root.xpath("//code[@class='address']/text()")[1].removeprefix("http://dibao.test")
    entries = etree.fromstring(web.client.get(address).content).findall("{*}entry/{*}title")
    assert [each.text.partition(":")[0] for each in entries] == titles(root)
    if typed == "茶园 堂":
        assert titles(root) == ["tea"]
        assert notices(root) == ""


def test_a_search_for_a_place_leads_there_or_to_what_is_around_it(web: Opened) -> None:
    without = page(web, f"/search/?q={quote('宝兴县')}").xpath("//section[@class='hits']")[0]
    assert "四川省雅安市宝兴县还没有消息" in without.text_content()
    assert without.xpath(".//a/@href") == ["../region/511800/"]


def test_a_division_without_news_has_a_page_that_says_so(web: Opened) -> None:
    root = page(web, "/region/511827/", 404)
    assert "宝兴县还没有消息" in root.xpath("string(//h1)")
    assert "../../region/511800/" in root.xpath("//main//a/@href")
    assert "宝兴县" not in page(web, "/region/000000/", 404).text_content()
    english = page(web, "/en/region/511827/", 404)
    assert "四川省雅安市宝兴县 has no news yet" in english.xpath("string(//h1)")
    assert "../../region/511800/" in english.xpath("//main//a/@href")


def test_a_combination_shows_what_it_would_hold(web: Opened) -> None:
    assert titles(page(web, "/subscribe/")) == []
    root = page(web, "/subscribe/?region=511826&region=513221&column=" + story.HEADING.slug)
    assert titles(root) == ["tree", "tea"]
    expected = "http://dibao.test/feeds/merge.rss?region=511826,513221&column=xiang-cun-ke-tang"
    assert root.xpath("//code[@class='address']/text()")[0] == expected
    assert sorted(root.xpath("//input[@checked]/@value")) == ["511826", "513221", "xiang-cun-ke-tang"]
    assert "不能用" in notices(page(web, "/subscribe/?region=1&column=x"))
    assert "不能用" in notices(page(web, "/subscribe/?column=%ff"))
    many = "&".join(f"region={code}" for code in range(511801, 511828))
    assert page(web, f"/subscribe/?{many}&within=x") is not None


def test_more_ticks_than_one_feed_joins_are_kept_and_make_a_list(web: Opened) -> None:
    codes = {county.code for city in children("510000") for county in children(city.code)}
    assert len(codes) > 150
    root = page(web, "/subscribe/?" + "&".join(f"region={code}" for code in codes))
    assert {*root.xpath("//input[@checked]/@value")} == codes
    assert titles(root) == []
    (opml,) = root.xpath("//section[@class='notice']//a/@href")
    listed = web.client.get("/subscribe/" + opml)
    assert listed.headers["content-disposition"].startswith("attachment")
    assert listed.text.count("xmlUrl") == 2


def test_the_control_room_says_what_is_wrong_and_what_to_do(web: Opened) -> None:
    reason, now = "<b>no list of pages</b>", story.NOW
    poll = story.begin(web.store)
    with web.store.ingest(poll) as txn:
        assert txn is not None
        txn.hold("paper", "x", reason, [TEA], {}, now)
        txn.blame(Subject(SOURCE, "paper"), Cause("quarantined", reason, "look at it"), now)
    story.finish(
        web.store, poll, verdict=Verdict(PollStatus.QUARANTINED, reason, "look at it", publish=False)
    )
    root = page(web, "/status/")
    coded = web.client.get("/status/", headers={"Accept-Encoding": "gzip"}).headers
    assert (coded["content-encoding"], coded["vary"]) == ("gzip", "Accept-Encoding")
    told = root.xpath("string(//main)")
    for words in ("山乡科普报", "等人查看", reason, "look at it", "dibao quarantine accept 1", "每30分钟"):
        assert words in told
    assert "/status/incidents/1/" in root.xpath("//main//a/@href")[0]
    incident = page(web, "/status/incidents/1/")
    assert reason in incident.xpath("string(//main)")
    assert page(web, "/status/incidents/99/", 404) is not None
    source = page(web, "/source/paper/")
    assert "等人查看" in source.xpath("string(//p[@class='notice warning'])")
    assert "held back" in page(web, "/en/status/").xpath("string(//main)")


def test_a_silent_source_is_called_by_its_name(web: Opened) -> None:
    """A silence, a missing issue and a silent column concern a source as a failure to read it does."""
    told = [
        (Subject(SILENCE, "source/paper"), Cause("stale", "no edition for nine days", "open it"), "久未更新"),
        (Subject(ISSUE, "paper 3490"), Cause("missing_issue", "3490 is not there", "dibao backfill"), "缺期"),
        (
            Subject(SILENCE, "paper,other 2026-07-01"),
            Cause("stale", "region/511826", "see"),
            "有地区或栏目久未更新",
        ),
    ]
    with web.store.edit("test") as txn:
        for subject, cause, _ in told:
            txn.blame(subject, cause, story.NOW)
    root = page(web, "/status/")
    row = root.xpath("//tr[starts-with(normalize-space(), '山乡科普报')]")[0]
    assert row.xpath("string(.//*[@class='badge bad'])") == "久未更新"
    why = row.getnext().text_content()
    for said in ("no edition for nine days", "open it", "缺期", "dibao run --source paper"):
        assert said in why
    for n, (_, cause, said) in enumerate(told, 1):
        seen = page(web, f"/status/incidents/{n}/")
        assert said in seen.xpath("string(//h1)")
        assert "山乡科普报" in seen.xpath("string(//h1)")
        assert "../../../source/paper/" in seen.xpath("//dl[@class='facts']//a/@href")
        assert cause.reason in seen.xpath("string(//main)")
        assert any("dibao probe" in each for each in seen.xpath("//main//code/text()"))
        assert seen.xpath("//table//tbody/tr")  # the poll of that time


def test_how_a_source_fares_is_shown_as_it_is_now(web: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page made on request is kept while no item changes, and not when its source falls ill or recovers."""
    monkeypatch.setattr("worker.web.reading._SECONDS", 0.0)
    ill = Verdict(PollStatus.LAYOUT_CHANGED, "no list", "look at it", publish=False)
    for verdict, said in ((None, ""), (ill, "layout changed"), (story.OK, "")):
        if verdict is not None:
            story.finish(web.store, story.begin(web.store), verdict=verdict)
        shown = page(web, "/en/source/paper/").xpath("string(//p[@class='notice warning'])")
        assert said in shown.lower()
        assert bool(shown) == bool(said)


def test_every_page_is_there_in_english(web: Opened) -> None:
    day = TEA.published.date()
    for path in (
        "",
        "about/",
        "column/",
        "source/",
        "region/511826/",
        f"column/{story.HEADING.slug}/",
        f"region/511826/column/{story.HEADING.slug}/",
        "source/paper/",
        f"source/paper/{day}/",
        permalinks.path(TEA.id),
        "search/",
        "subscribe/",
        "status/",
    ):
        root = page(web, f"/en/{path}")
        assert root.get("lang") == "en"
        assert root.xpath("//a[@hreflang='zh-CN']/@href")[0].endswith(path or "/")
    for path in (
        "region/000000/",
        "source/nobody/",
        "source/paper/2026-13-01/",
        "items/0/",
        "feeds/all.atom/",
        "nothing/",
        "status/incidents/99/",
    ):
        root = page(web, f"/en/{path}", 404)
        assert (root.get("lang"), root.xpath("string(//h1)")) == ("en", "No such page")
        (style,) = root.xpath("//link[@rel='stylesheet']/@href")
        assert urljoin(f"/en/{path}", style) == "/assets/site.css"
        assert urljoin(f"/en/{path}", root.xpath("//main//a/@href")[-1]) == "/en/"
    for path in ("/en", "/en/region/511826", "/search", "/status"):
        moved = web.client.get(path)
        assert moved.status_code == 308
        assert moved.headers["location"].startswith(f"./{path.rpartition('/')[2]}/")
    renamed = web.client.get("/en/region/511821/")
    assert (renamed.status_code, renamed.headers["location"]) == (301, "../511803/")


def test_a_withdrawn_item_is_said_to_be_so_to_readers_of_english_too(web: Opened) -> None:
    path = permalinks.path(TEA.id)
    (web.public / path).mkdir(parents=True)
    (web.public / path / "index.html").write_bytes(b"<p>withdrawn</p>")
    gone = Withdrawal(WithdrawnBy.OPERATOR, "", story.NOW)
    with web.store.edit("operator") as txn:
        txn.apply(Change(TEA, ChangeKind.WITHDRAWN, gone), keys_of(TEA, TEA.column))
    reply = web.client.get(f"/en/{path}")
    assert (reply.status_code, reply.headers["location"]) == (302, f"../../../{path}")


def test_a_qr_code_holds_the_address_of_its_page(web: Opened) -> None:
    reply = web.client.get("/region/511826/qr.svg")
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "image/svg+xml"
    assert etree.fromstring(reply.content).tag.endswith("svg")
    assert web.client.get("/qr.svg").content != reply.content
    english = page(web, "/en/region/511826/").xpath("//figure[@class='qr']/img/@src")
    assert english == ["../../../en/region/511826/qr.svg"]
    assert web.client.get("/en/region/511826/qr.svg").content not in (reply.content, b"")
    for path in (
        "/en/REGION/qr.svg",
        "/REGION/qr.svg",
        "/a%20b/qr.svg",
        "/..%2f/qr.svg",
        f"/{'a/' * 20}qr.svg",
    ):
        assert web.client.get(path).status_code == 404
