"""The worst that pages have held, from the site to every published format and those who read it."""

from __future__ import annotations

import json
from urllib.parse import quote

import feedparser
import pytest
from lxml import html

from feeds import safe
from tests.feeds.schemas import check
from tests.feeds.validity import check_atom, check_rss, parsed
from tests.support.nasty import ARTICLES, BASE, LONG, Served
from tests.support.vectors import VECTORS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def documents(worst: Served) -> dict[str, bytes]:
    return worst.documents()


def of_format(documents: dict[str, bytes], suffix: str) -> dict[str, bytes]:
    return {path: body for path, body in documents.items() if path.partition("?")[0].endswith(suffix)}


def ids(worst: Served) -> dict[str, str]:
    """By title, the id of each item."""
    return {item.title: item.id for item in worst.at_work.items()}


def test_every_article_is_an_item_and_nothing_is_held_back(worst: Served) -> None:
    assert worst.at_work.lines.of("item.rejected") == []
    assert worst.at_work.lines.of("document.held") == []
    assert {line["status"] for line in worst.at_work.lines.of("source.polled")} == {"ok", "not_modified"}
    assert {one.title for one in ARTICLES.values()} <= ids(worst).keys()
    assert sum(title.startswith("试验") for title in ids(worst)) == len(VECTORS)


def test_the_text_comes_whole_in_every_format(worst: Served, documents: dict[str, bytes]) -> None:
    contents: dict[str, dict[str, str]] = {}
    for suffix in ("rss", "atom"):
        read = feedparser.parse(documents[f"/feeds/all.{suffix}"], sanitize_html=False)
        assert not read.bozo
        contents[suffix] = {one.id: one.content[0].value for one in read.entries}
    items = json.loads(documents["/feeds/all.json"])["items"]
    contents["json"] = {one["id"]: one["content_html"] for one in items}
    assert contents["rss"].keys() == contents["atom"].keys() == contents["json"].keys()
    known = ids(worst)
    for suffix, found in contents.items():
        for name, article in ARTICLES.items():
            text = html.fragment_fromstring(found[known[article.title]], create_parent=True).text_content()
            for words in article.words:
                assert words in text, (suffix, name)
        assert found[known["一千张图"]].count("<img ") == 1000
        assert f'src="{worst.site.url}/p/only.jpg"' in found[known["只有一张图"]]
        assert found[known["长文"]].count("长") == LONG


def test_titles_come_whole_in_every_format(worst: Served, documents: dict[str, bytes]) -> None:
    known = {name: title for title, name in ids(worst).items()}
    for item in json.loads(documents["/feeds/all.json"])["items"]:
        assert item["title"] == known[item["id"]]
    atom = "{http://www.w3.org/2005/Atom}"
    for entry in parsed(documents["/feeds/all.atom"]).iterfind(f"{atom}entry"):
        assert entry.findtext(f"{atom}title") == safe.unmarked(known[entry.findtext(f"{atom}id")])
    for entry in parsed(documents["/feeds/all.rss"]).iter("item"):
        assert entry.findtext("title") == safe.unmarked(known[entry.findtext("guid")])


def test_every_document_holds_to_the_validators_rules(documents: dict[str, bytes]) -> None:
    assert len(of_format(documents, ".atom")) > len(of_format(documents, ".rss"))  # archives
    for path, body in of_format(documents, ".rss").items():
        check_rss(body, BASE + path)
    for path, body in of_format(documents, ".atom").items():
        check_atom(body, BASE + path)
    assert any(b"deleted-entry" in body for body in of_format(documents, ".atom").values())


def test_every_json_feed_holds_to_its_schema(documents: dict[str, bytes]) -> None:
    for body in of_format(documents, ".json").values():
        check("jsonfeed", json.loads(body))
    assert of_format(documents, ".json")


def test_every_list_of_subscriptions_holds_to_the_rules(documents: dict[str, bytes]) -> None:
    """OPML 2.0, and what the W3C's validator asks beyond it."""
    lists = of_format(documents, ".xml")
    assert len(lists) > 1
    for path, body in lists.items():
        tree = parsed(body)
        assert (tree.tag, tree.get("version")) == ("opml", "2.0"), path
        assert [child.tag for child in tree] == ["head", "body"]
        assert tree.findtext("head/title")
        assert len(tree.find("body"))
        for outline in tree.iter("outline"):
            assert outline.get("text")
            if len(outline):
                assert set(outline.attrib) == {"text", "title"} or set(outline.attrib) == {"text"}
                continue
            assert outline.get("type") == "rss"
            address = outline.get("xmlUrl")
            assert address.isascii()
            assert address.removeprefix(BASE) in documents, address


def test_addresses_are_ascii_in_every_format(worst: Served, documents: dict[str, bytes]) -> None:
    path = quote("/文章 一/第 2 条.html?标题=科 协", safe="/?=")
    for suffix in ("rss", "atom", "json"):
        assert f"{worst.site.url}{path}".encode() in documents[f"/feeds/all.{suffix}"]
