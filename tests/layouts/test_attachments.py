"""Files that an article comes with: in its text, below it, behind a script; none of the page around it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bulletins import reading
from bulletins.model import Context, Item, Lead, Page, PageKind, PageNo, Source

URL = "http://www.gov.example/zw/202603/t20260310_7.html"
TEXT = (
    "为做好今年的科普示范基地申报工作，现将有关事项通知如下。各单位要认真组织，按时报送材料，逾期不再受理。"
)
MENU = '<div class="nav"><a href="/help.pdf">使用手册</a><a href="/">首页</a></div>'
FOOT = '<div class="footer"><a href="/zn.doc">办事指南.doc</a>主办：县科协</div>'


def article(body: str, below: str = "", above: str = "", lead: Lead | None = None) -> Item:
    page = (
        "<html><head><title>关于申报科普基地的通知</title>"
        "<meta name=ArticleTitle content=关于申报科普基地的通知>"
        "<meta name=PubDate content='2026-03-10'></head><body>"
        f"{MENU}<div class=main><h1>关于申报科普基地的通知</h1>{above}"
        f"<div id=zoom class=TRS_Editor>{body}</div>{below}</div>{FOOT}</body></html>"
    )
    context = Context(
        Source("gov", "县科协", URL), "t,2026", datetime(2026, 3, 11, tzinfo=UTC), lead or Lead()
    )
    said = reading.read([(Page(URL, page.encode(), "text/html; charset=utf-8"), context, PageKind.ARTICLE)])
    (item,) = said.items
    return item


def found(item: Item) -> list[tuple[str, str, str]]:
    return [
        (one.url.removeprefix("http://www.gov.example"), one.name, one.suffix) for one in item.attachments
    ]


def test_files_in_the_text_and_below_it_in_the_order_of_the_page() -> None:
    body = f'<p>{TEXT}</p><p>附件：<a href="./P1.docx">1.申报表</a></p><p><a href="P2.XLS">汇总表.xls</a></p>'
    below = '<p class="fj"><a href="/down/%E8%AF%B4%E6%98%8E.zip">点击下载</a></p>'
    assert found(article(body, below)) == [
        ("/zw/202603/P1.docx", "1.申报表", "docx"),
        ("/zw/202603/P2.XLS", "汇总表.xls", "xls"),
        ("/down/%E8%AF%B4%E6%98%8E.zip", "说明.zip", "zip"),
    ]


@pytest.mark.parametrize(
    ("link", "name", "suffix"),
    [
        (
            '<a href="/system/_content/download.jsp?wbfileid=7">附件【名单.xlsx】</a>已下载次',
            "名单.xlsx",
            "xlsx",
        ),
        ('<a href="/module/download/downfile.jsp?filename=2603.ofd">公告全文</a>', "公告全文", "ofd"),
        ('<a href="/file/get?id=8" title="申报书.wps">下载</a>', "申报书.wps", "wps"),
        ('附件：<a href="/attach/9">附件1 报名须知</a>', "附件1 报名须知", ""),
        ('<a href="/a.rar"><img src="/rar.gif"></a><a href="/a.rar">全部表格</a>', "全部表格", "rar"),
    ],
)
def test_files_behind_scripts_are_known_by_their_words(link: str, name: str, suffix: str) -> None:
    assert [one[1:] for one in found(article(f"<p>{TEXT}</p><p>{link}</p>"))] == [(name, suffix)]


def test_a_labelled_list_above_the_text_counts_and_the_site_s_own_files_do_not() -> None:
    above = '<div class="wjfj">附件：<a href="/x.pdf">申报指南.pdf</a></div>'
    assert [one[0] for one in found(article(f"<p>{TEXT}</p>", above=above))] == ["/x.pdf"]
    related = '<div class="related"><a href="/old.doc">去年的通知.doc</a></div>'
    assert found(article(f"<p>{TEXT}</p>", below=related)) == []


def test_a_newspaper_s_pdf_is_its_page() -> None:
    lead = Lead(page=PageNo("3", "科协之窗"))
    body = f'<p>{TEXT}</p><p><a href="/03.pdf">PDF版</a><a href="/b.docx">报名表</a></p>'
    assert [one[0] for one in found(article(body, lead=lead))] == ["/b.docx"]


def test_a_feed_s_enclosures_are_the_entry_s_files() -> None:
    feed = f"""<rss version="2.0"><channel><title>县科协</title><item><title>通知</title><guid>1</guid>
    <description>{TEXT}</description><enclosure url="/f/1.pdf" length="9" type="application/pdf"/>
    <enclosure url="/f/1.jpg" length="9" type="image/jpeg"/></item></channel></rss>"""
    context = Context(Source("f", "县科协", URL), "t,2026", datetime(2026, 3, 11, tzinfo=UTC))
    (item,) = reading.read([(Page(URL, feed.encode()), context, None)]).items
    assert found(item) == [("/f/1.pdf", "1.pdf", "pdf")]
