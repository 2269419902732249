"""Files of an item: all in Atom and JSON Feed, one in RSS, on its page, each by its kind."""

from __future__ import annotations

import json
from html import unescape

import feedparser
from lxml import html

from bulletins.files import Attachment
from bulletins.model import Block, BlockKind
from feeds import fragments
from feeds.enclosures import enclosures
from feeds.entries import content
from feeds.records import record
from feeds.site import items as pages
from tests.feeds.conftest import SOURCE, item
from tests.feeds.schemas import check

FILES = (
    Attachment("http://gov.example/登记 表.docx", "1.登记表", "docx"),
    Attachment("http://gov.example/hz.ofd", "2.汇总<表>", "ofd"),
    Attachment("http://gov.example/down?id=3", "", ""),
    Attachment("javascript:alert(1)", "坏", "pdf"),
    Attachment("http://gov.example/hz.ofd", "又一次", "ofd"),
)
URLS = ["http://gov.example/%E7%99%BB%E8%AE%B0%20%E8%A1%A8.docx", "http://gov.example/hz.ofd"]
URLS.append("http://gov.example/down?id=3")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = [WORD, "application/ofd", "application/octet-stream"]


def test_each_file_once_by_its_kind_after_the_printed_page() -> None:
    found = enclosures(item(attachments=FILES, pdf="http://gov.example/3.pdf"))
    assert [file.url for file in found] == ["http://gov.example/3.pdf", *URLS]
    assert [file.media_type for file in found] == ["application/pdf", *KINDS]


def test_feeds_have_the_files_as_their_formats_do() -> None:
    made = item(attachments=FILES)
    rss, atom = (
        feedparser.parse(_feed(fragments.render(made, SOURCE, suffix, "http://feeds.test"), suffix)).entries[
            0
        ]
        for suffix in ("rss", "atom")
    )
    assert [(one.href, one.type, one.length) for one in rss.enclosures] == [(URLS[0], WORD, "0")]
    assert [(one.href, one.type, one.get("title")) for one in atom.enclosures] == [
        (URLS[0], WORD, "1.登记表"),
        (URLS[1], KINDS[1], "2.汇总<表>"),
        (URLS[2], KINDS[2], None),
    ]
    entry = json.loads(fragments.render(made, SOURCE, "json", "http://feeds.test"))
    assert entry["attachments"][0] == {"url": URLS[0], "mime_type": WORD, "title": "1.登记表"}
    assert [one["url"] for one in entry["attachments"]] == URLS


def test_the_text_of_an_entry_links_the_files_that_it_does_not_link_already() -> None:
    """RSS has room for one enclosure: a reader of it would never hear of the others."""
    linked = Block(BlockKind.PARAGRAPH, "见登记表", html=f'见<a href="{FILES[0].url}">登记表</a>')
    made = item(attachments=FILES, blocks=(linked,))
    markup = content(made, SOURCE)
    shown = html.fragment_fromstring(markup, "div")
    assert [link.get("href") for link in shown.iter("a")][:3] == [FILES[0].url, *URLS[1:]]
    assert "附件：2.汇总<表>、down" in shown.text_content()
    assert markup in unescape(fragments.render(made, SOURCE, "rss", "http://feeds.test").decode())
    assert "附件" not in content(item(attachments=FILES[:1], blocks=(linked,)), SOURCE)


def _feed(entry: bytes, suffix: str) -> bytes:
    if suffix == "rss":
        return b'<rss version="2.0"><channel>' + entry.replace(b"content:encoded", b"c") + b"</channel></rss>"
    return b'<feed xmlns="http://www.w3.org/2005/Atom">' + entry + b"</feed>"


def test_whole_documents_with_files_hold_to_their_schemas() -> None:
    made = item(attachments=FILES[:3])
    check("item", record(made))
    assert record(made)["attachments"][1] == {
        "url": "http://gov.example/hz.ofd",
        "name": "2.汇总<表>",
        "media_type": "application/ofd",
    }


def test_the_page_of_an_item_lists_its_files() -> None:
    made = item(attachments=FILES)
    body = pages.item(
        made, base_url="http://feeds.test", formats=("atom",), sources={SOURCE.id: SOURCE}
    ).body.decode()
    assert f'<a href="{URLS[0]}">1.登记表</a>' in body
    assert "2.汇总&lt;表&gt;" in body
    assert "javascript:" not in body
