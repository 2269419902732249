"""An item's own page: what it shows, and what it may not."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from lxml import html

from bulletins.model import (
    Author,
    Block,
    BlockKind,
    Content,
    Held,
    Item,
    Provenance,
    Revision,
    Role,
    Source,
    Withdrawal,
    WithdrawnBy,
)
from feeds import permalinks, site
from feeds.render import Document
from tests.feeds import making
from tests.feeds.conftest import BASE, LOCAL, MINGSHAN, MORNING, SOURCE, YAAN, item, paragraph

SECRET = "这一句不得转载。"
READ = Provenance("http://paper.example/a?x=1&y=2", MORNING, "0f" * 32, "sckjw/1")


def page(made: Item, source: Source = SOURCE, **said: object) -> Document:
    return site.item(
        made,
        base_url=BASE,
        formats=("rss", "atom"),
        sources={source.id: source, "other": replace(SOURCE, id="other", name="河谷报")},
        **said,  # type: ignore[arg-type]  # arguments by name
    )


def tree(document: Document) -> html.HtmlElement:
    return html.document_fromstring(document.body.decode())


def words(document: Document) -> str:
    return " ".join(tree(document).text_content().split())


def test_a_page_tells_all_of_an_item() -> None:
    made = page(
        item(
            1,
            regions=(YAAN, MINGSHAN),
            region=YAAN,
            provenance=READ,
            event_date=MORNING.date() - timedelta(days=2),
        ),
        kin=[item(2, id="tag:dibao.example,2026:other/x", source="other", region=MINGSHAN)],
    )
    assert made.path == f"{permalinks.path(item(1).id)}index.html"
    root = tree(made)
    assert root.get("lang") == "zh-CN"
    assert root.xpath("//h1/text()") == ["芦山县科协办起第1堂田间课"]
    assert root.xpath("//link[@rel='canonical']/@href") == [permalinks.address(item(1).id, BASE)]
    assert root.xpath("//nav[@class='path']//a/@href") == [
        "../../",
        "../../region/510000/",
        "../../region/511800/",
    ]
    links = root.xpath("//main//a/@href")
    assert "../../region/511803/" in links  # the other place that it is about
    assert f"../../column/{LOCAL.slug}/" in links
    assert f"../../{permalinks.path('tag:dibao.example,2026:other/x')}" in links
    assert "http://paper.example/a0001" in links
    assert f"{BASE}/feeds/region/511800.atom" in links
    for expected in ("听课的有三十多人。", "记者 周小满", "通讯员 吴禾", "第812期", "第3版", "科协之窗"):
        assert expected in words(made)
    for expected in ("河谷报（名山区）", READ.url, READ.sha256, READ.parser, "事在3月4日", item(1).id):
        assert expected in words(made)


def test_nothing_on_it_needs_a_script_or_a_style_of_its_own() -> None:
    for made in making.WORST.values():
        root = tree(page(made))
        assert root.xpath("//script[not(@src)] | //style | //@style | //@*[starts-with(name(), 'on')]") == []
        assert all(re.match(r"(feed:)?https?://|\.\./\.\./|#", link) for link in root.xpath("//main//@href"))


@settings(max_examples=50, deadline=None)
@given(making.items)
def test_any_item_has_a_page(items: list[Item]) -> None:
    for one in items:
        before = Revision(1, MORNING, items[0])
        assert page(one, revisions=[before], kin=items[1:]).body.decode("utf-8")


def revised(before: Item, after: Item, source: Source = SOURCE) -> html.HtmlElement:
    at = MORNING + timedelta(hours=3)
    made = tree(page(after, source, revisions=[Revision(1, at, before)]))
    (section,) = made.xpath("//section[@class='edits']")
    return section


def test_a_correction_shows_what_came_and_what_went() -> None:
    before = item(1, title="芦山县办课", authors=(), region=YAAN, regions=(YAAN,))
    after = item(1, title="芦山县办起课", blocks=(*before.blocks[:1], paragraph("听课的有四十多人。")))
    section = revised(before, after)
    assert "第1次改动 2026年3月6日 11:30" in section.text_content()
    assert section.xpath(".//del/text()") == ["四川省雅安市", "三"]
    assert section.xpath(".//ins/text()") == [
        "起",
        "四川省雅安市芦山县",
        "记者 周小满，通讯员 吴禾",
        "四",
    ]
    assert "（1段没有变）" in section.text_content()


def test_the_newest_corrections_stand_first_and_old_ones_are_counted() -> None:
    versions = [item(1, title=f"第{n}稿") for n in range(26)]
    revisions = [Revision(n + 1, MORNING + timedelta(hours=n), one) for n, one in enumerate(versions[:-1])]
    made = tree(page(versions[-1], revisions=revisions))
    told = made.xpath("//section[@class='edits']//summary/text()")
    assert [line.strip() for line in told[:2]] == ["第25次改动", "第24次改动"]
    assert len(told) == 20
    assert "更早的5次改动" in made.text_content()


@pytest.mark.parametrize(
    ("content", "kept", "told"),
    [
        (Content.FULL, ["第一段。", SECRET], "（1段没有变）"),
        (Content.SUMMARY, ["第一段。"], "不转载全文"),
        (Content.LINK, [], "不转载全文"),
    ],
)
def test_no_version_says_more_than_the_source_lets_republish(
    content: Content, kept: list[str], told: str
) -> None:
    source = replace(SOURCE, content=content)
    before = item(1, blocks=(paragraph("第一段。"), paragraph(SECRET)))
    after = item(1, blocks=(paragraph("第一段。"), paragraph(SECRET.replace("一", "两"))))
    made = words(page(before, source, revisions=[Revision(1, MORNING, after)]))
    for text in ("第一段。", SECRET):
        assert (text in made) == (text in kept)
    assert told in made


def test_another_picture_is_told_of() -> None:
    before, after = (
        item(1, blocks=(Block(BlockKind.IMAGE, "", url=f"http://paper.example/{n}.jpg"),)) for n in (1, 2)
    )
    assert "图片有改动" in revised(before, after).text_content()


@pytest.mark.parametrize("by", WithdrawnBy)
def test_of_a_withdrawn_item_only_a_notice_is_left(by: WithdrawnBy) -> None:
    why = Withdrawal(by, "<家人要求>", MORNING + timedelta(days=1))
    gone = item(1, title="不该再有的标题", authors=(Author("周小满", Role.REPORTER),))
    made = site.withdrawn(Held(gone, why), base_url=BASE, sources={SOURCE.id: SOURCE})
    assert made.path == f"{permalinks.path(gone.id)}index.html"
    assert made.modified == why.at
    shown = words(made)
    assert "2026年3月7日 08:30" in shown
    assert (why.reason in shown) == (by is WithdrawnBy.OPERATOR)  # the others' are for operators
    for text in (gone.title, "周小满", gone.link, *gone.paragraphs):
        assert text not in made.body.decode()
    assert tree(made).xpath("//meta[@name='robots']/@content") == ["noindex"]


def test_a_live_item_has_no_notice_of_withdrawal() -> None:
    with pytest.raises(ValueError, match="not withdrawn"):
        site.withdrawn(Held(item(1)), base_url=BASE, sources={})


def test_an_id_of_before_leads_to_the_item_without_a_script() -> None:
    made = site.moved("tag:dibao.example,2026:old/x", item(1).id, base_url=BASE)
    assert made.path == f"{permalinks.path('tag:dibao.example,2026:old/x')}index.html"
    root = tree(made)
    target = f"../{permalinks.key(item(1).id)}/"
    assert root.xpath("//meta[@http-equiv='refresh']/@content") == [f"0; url={target}"]
    assert root.xpath("//main//a/@href") == [target]
    assert root.xpath("//link[@rel='canonical']/@href") == [permalinks.address(item(1).id, BASE)]


def test_a_picture_is_asked_for_late_and_without_saying_from_where() -> None:
    blocks = (Block(BlockKind.IMAGE, 'a <img src="x"> <table>', url="http://paper.example/1.jpg"),)
    made = page(item(1, blocks=blocks), replace(SOURCE, content=Content.FULL))
    (picture,) = tree(made).xpath("//div[@class='text']//img")
    assert dict(picture.attrib) == {
        "src": "http://paper.example/1.jpg",
        "alt": 'a <img src="x"> <table>',
        "loading": "lazy",
        "decoding": "async",
        "referrerpolicy": "no-referrer",
    }
