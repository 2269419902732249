"""Page text -> tree -> typed blocks: what pages of real sites do to a parser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins.markup import Node, parse, web_address
from bulletins.model import Block, BlockKind

BASE = "http://kepu.example/paper/202601/02/node_3.html"
P, H, L, T, I = BlockKind  # noqa: E741  # one letter each, for they stand in every line below


def body(html: str) -> tuple[Block, ...]:
    box = parse(f"<html><body><div id=box>{html}</div></body></html>").first("#box")
    assert box is not None
    return box.blocks(BASE)


def told(html: str) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.text) for block in body(html)]


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        # paragraphs and line breaks
        ("<p>一</p><p>二</p>", [(P, "一"), (P, "二")]),
        ("一<br>二<br/><br>三", [(P, "一"), (P, "二"), (P, "三")]),
        ("<p>　　一<br>　　二</p>", [(P, "一"), (P, "二")]),
        ("<p>&nbsp;&nbsp;一&emsp;二</p>", [(P, "一\u2003二")]),
        ("一<p>二</p>三<div>四</div>五", [(P, "一"), (P, "二"), (P, "三"), (P, "四"), (P, "五")]),
        ("<div>一<span>二</span></div>三", [(P, "一二"), (P, "三")]),
        ("<P>一<P>二<B>三", [(P, "一"), (P, "二三")]),
        ("<p></p><p> </p><p>&nbsp;　</p><p><br></p>", []),
        ("", []),
        # a line break of the source is a blank, and between Chinese characters nothing
        ("<p>近日,\n科普社\r\n  开张</p>", [(P, "近日,科普社开张")]),
        ("<span>近日,\n科普社</span>开张", [(P, "近日,科普社开张")]),
        ("<p>张三\t李四</p>", [(P, "张三 李四")]),
        ("<p>近日,\nABC\nDEF\n开张12\n次。\n“好”\n，</p>", [(P, "近日, ABC DEF 开张12 次。“好”，")]),
        ("<figure><p>一</p><p>二<b>三</b></p></figure>", [(P, "一"), (P, "二三")]),
        ("<pre>近日\n开张</pre>", [(P, "近日"), (P, "开张")]),
        # text in pieces
        ("<p><span>3</span>月<span>12</span>日</p>", [(P, "3月12日")]),
        ("<span>3</span>月<span>12</span>日", [(P, "3月12日")]),
        ("<p>牛<!-- 郎 -->郎<![CDATA[x]]>星</p>", [(P, "牛郎星")]),
        ("<p>一<o:p></o:p><st1:chmetcnv>二</st1:chmetcnv></p>", [(P, "一二")]),
        ("<p>&lt;流星&gt;&amp;月&#30456;&#x2014;&unknown;</p>", [(P, "<流星>&月相—&unknown;")]),
        # references to what is no character: the text around them stays readable
        (f"<p>一&#0;二&#xD800;三&#57343;四&#x110000;五&#{'9' * 5000};六&#00065;</p>", [(P, "一二三四五六A")]),
        ("<founder-content><p>一</p><p>二</p></founder-content>", [(P, "一"), (P, "二")]),
        ("<span>前<p>一</p>后</span>", [(P, "前"), (P, "一"), (P, "后")]),
        ("<font>一<div>二</div></font>", [(P, "一"), (P, "二")]),
        # what no reader sees
        ("<script>a()</script><style>p{}</style><p>一<script>b()</script></p>", [(P, "一")]),
        ("<noscript>x</noscript><template><p>x</p></template><iframe>x</iframe><button>x</button>", []),
        ("<select><option>x</option></select><textarea>x</textarea><input value=x>", []),
        ("<form><p>一</p></form>", [(P, "一")]),  # ASP.NET puts whole pages in one
        # headings
        ("<h3>芦山县</h3><p>一</p>", [(H, "芦山县"), (P, "一")]),
        ("<p><strong>芦山县</strong></p>", [(H, "芦山县")]),
        ("<p align=center><b>芦山</b><strong>县</strong></p>", [(H, "芦山县")]),
        ("<p><span><strong><b>芦山县</b></strong></span></p>", [(H, "芦山县")]),
        ("<p align=center>芦山县</p>", [(P, "芦山县")]),
        ("<p><b>芦山县</b>的星</p>", [(P, "芦山县的星")]),
        ("<p><b>到得了。</b></p>", [(P, "到得了。")]),
        ("<p><b>" + "星" * 41 + "</b></p>", [(P, "星" * 41)]),
        ("<p><b> </b></p>", []),
        ("<h2>一<br>二</h2>", [(H, "一 二")]),
        # lists and tables
        ("<ul><li>一</li><li>二</li></ul>", [(L, "一\n二")]),
        ("<ol><li>一<ul><li>甲<li>乙</ul><li>二</ol>", [(L, "一\n甲\n乙\n二")]),
        ("<ul>散<li>一</li></ul>", [(L, "散\n一")]),
        ("<ul><li></li></ul>", []),
        ("<dl><dt>一</dt><dd>二</dd></dl>", [(P, "一"), (P, "二")]),
        (
            "<table><caption>豆</caption><tr><th>站<th>粒</tr><tr><td>甲</td><td>12</td></tr></table>",
            [(T, "豆\n站 粒\n甲 12")],
        ),
        ("<table><tr><td></td><td></td></tr></table>", []),
        ("<table><tr><td><p>一</p><p>二</p></td></tr></table>", [(P, "一"), (P, "二")]),
        (
            "<table><tr><td>外</td><td><table><tr><td>甲</td><td>乙</td></tr></table></td></tr></table>",
            [(P, "外"), (T, "甲 乙")],
        ),
    ],
)
def test_blocks(html: str, blocks: list[tuple[BlockKind, str]]) -> None:
    assert told(html) == blocks


@pytest.mark.parametrize(
    ("html", "pictures"),
    [
        ("<img src=/a.jpg alt=星空>", [(I, "星空", "http://kepu.example/a.jpg")]),
        ("<p><img src=../a.jpg></p>", [(I, "", "http://kepu.example/paper/202601/a.jpg")]),
        ("<img data-src=/a.jpg src=data:image/gif;base64,R0>", [(I, "", "http://kepu.example/a.jpg")]),
        ("<a href=/big><img src=/a.jpg></a>", [(I, "", "http://kepu.example/a.jpg")]),
        (
            "<p><img src=/a.jpg>图为<br>星空</p>",
            [(I, "", "http://kepu.example/a.jpg"), (P, "图为", None), (P, "星空", None)],
        ),
        (
            "<figure><img src=/a.jpg alt=a><img src=/b.jpg alt=乙><figcaption>图为星空</figcaption></figure>",
            [(I, "图为星空", "http://kepu.example/a.jpg"), (I, "乙", "http://kepu.example/b.jpg")],
        ),
        ("<figure><video></video><figcaption>图为星空</figcaption></figure>", [(P, "图为星空", None)]),
        ("<figure><img src=javascript:x><figcaption>图为星空</figcaption></figure>", [(P, "图为星空", None)]),
        ("<p><img src=javascript:x alt=a>图为星空</p>", [(P, "图为星空", None)]),
        ("<img>", []),
        (
            "<table><tr><td><img src=/a.jpg></td></tr><tr><td>图为星空</td></tr></table>",
            [(I, "", "http://kepu.example/a.jpg"), (P, "图为星空", None)],
        ),
        ("<h3>题<img src=/a.jpg></h3>", [(P, "题", None), (I, "", "http://kepu.example/a.jpg")]),
        ("<ul><li><img src=/a.jpg>一</ul>", [(I, "", "http://kepu.example/a.jpg"), (P, "一", None)]),
    ],
)
def test_pictures_and_their_text(html: str, pictures: list[tuple[BlockKind, str, str | None]]) -> None:
    assert [(block.kind, block.text, block.url) for block in body(html)] == pictures


def test_inline_markup_is_kept_where_it_says_more_than_the_text() -> None:
    assert body("<p>见<a href=/x>星图</a></p>")[0].html == '见<a href="http://kepu.example/x">星图</a>'
    assert body("<p>见<span class=a>星图</span></p>")[0].html == ""
    assert body("<p>　<span class=a>芦山县</span> 见</p>")[0].html == '<span class="a">芦山县</span> 见'
    assert body("<p><span lang=EN>3</span>月</p>")[0].html == ""
    assert body("<p><span class=a>星图</span></p>")[0].html == ""
    assert body("<ul><li>一</li></ul>")[0].html == "<ul><li>一</li></ul>"


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("一<b>二</b><br>三<a href=../x>四<br>五</a>", ["一<b>二</b>", "三{a}四</a>", "{a}五</a>"]),
        ("<p>一<em>二<br></em>三</p>", ["一<em>二</em>", ""]),
        ("<p><img src=/a.jpg>见<a href=../x>星图</a></p>", ["", "见{a}星图</a>"]),
        ("<p>见<a href=javascript:x>星图</a><a href=mailto:a@b.example>信</a></p>", [""]),
        ("<p>见<a href=../x onclick=x class=y title='&quot;'>星&lt;图</a></p>", ["见{a}星&lt;图</a>"]),
        ("<p><b><b>一</b>二</b>三<i> </i><u></u></p>", ["<b>一二</b>三 "]),
        ("<p>一<b>二</b><script>x</script><!-- x --></p>", ["一<b>二</b>"]),
        (
            "<ul><li><a href=../x>一</a><li><a href=javascript:x>二</a></ul>",
            ["<ul><li>{a}一</a></li><li><a>二</a></li></ul>"],
        ),
        (
            "<table><tr><td><a href=../x>一</a></td><td>二</td></tr></table>",
            ["<table><tr><td>{a}一</a></td><td>二</td></tr></table>"],
        ),
    ],
)
def test_links_are_absolute_and_markup_goes_on_over_line_breaks(html: str, lines: list[str]) -> None:
    a = '<a href="http://kepu.example/paper/x">'.replace("/paper/x", "/paper/202601/x")
    assert [block.html.strip() for block in body(html)] == [line.format(a=a).strip() for line in lines]


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("/a", "http://kepu.example/a"),
        ("content_1.html", "http://kepu.example/paper/202601/02/content_1.html"),
        ("../../../c/1.html", "http://kepu.example/c/1.html"),
        ("./a", "http://kepu.example/paper/202601/02/a"),
        ("?t=1", BASE + "?t=1"),
        ("//other.example/a", "http://other.example/a"),
        (" http://other.example/a \n", "http://other.example/a"),
        ("HTTPS://other.example/a", "https://other.example/a"),
        ("", None),
        ("#", None),
        ("#top", None),
        ("javascript:void(0)", None),
        ("JavaScript:open('/a')", None),
        ("mailto:a@b.example", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("ftp://a.example/", None),
        ("http://", None),
        ("http://[::1", None),
        ("http:///a", None),
    ],
)
def test_web_address(href: str, address: str | None) -> None:
    assert web_address(href, BASE) == address
    link = parse(f'<a href="{href}">x</a>').first("a")
    assert link is not None
    assert link.link(BASE) == address


def test_a_page_may_name_what_its_addresses_count_from() -> None:
    assert parse("<p>一</p>").base(BASE) == BASE
    assert parse('<base href="/szb/">').base(BASE) == "http://kepu.example/szb/"
    assert parse("<base target=_blank>").base(BASE) == BASE
    assert parse('<base href="javascript:x">').base(BASE) == BASE


def test_text_of_a_page_is_what_a_reader_sees() -> None:
    page = "<!DOCTYPE html><head><title>月\n相</title><script>x</script></head><body><!-- y --><p>一<p>二"
    assert parse(page).text == "月 相 一 二"
    assert parse("").text == ""
    link = parse("<a><h3>题</h3><p>提要</p>余</a>").first("a")
    assert link is not None
    assert link.text == "题 提要 余"


def test_attributes_and_scripts() -> None:
    page = parse("<p class='a  b' data-day=' 2026-01-02 '>x</p><script>one()</script><script>two()</script>")
    first = page.first("p")
    assert first is not None
    assert [first.attribute(name) for name in ("class", "data-day", "id")] == ["a b", "2026-01-02", ""]
    assert page.scripts == "one()\ntwo()"
    assert page.has("p.a")
    assert not page.has("p.c")
    assert page.first("p.c") is None
    assert [node.text for node in page.all("p")] == ["x"]


@pytest.mark.parametrize(
    "page",
    [
        "<title>月\0相\0</title>",
        '<?xml version="1.0" encoding="gb2312"?><html><head><meta charset="gb2312"><title>月相</title>',
        '<?xml version="1.0" encoding="gb2312"?><rss><channel><title>月相</title></channel></rss>',
        "<TITLE>月相",
    ],
)
def test_labels_and_nul_do_not_harm_what_is_text_already(page: str) -> None:
    assert parse(page).text == "月相"


@pytest.mark.parametrize("text", ["http://kepu.example/", "a/b.html", "一句话"])
def test_a_page_without_a_tag_is_its_text(text: str) -> None:
    assert parse(text).text == text


@pytest.mark.parametrize(
    "mark", ["\x0b", "\x0c", "\x01", "\x1f", "&#11;", "\u202e", "\u2066", "\u200b", "\ufffe"]
)
def test_a_mark_that_nobody_sees_parts_no_word(mark: str) -> None:
    title = parse(f"<title>名山{mark}区科协</title><a>星{mark}图</a>")
    assert title.text == "名山区科协 星图"
    assert body(f"<p>名山{mark}区<b>科{mark}协</b></p>")[0].text == "名山区科协"
    assert body(f"<p><img src=/a.jpg alt='名山{mark}区'></p>")[0].text == "名山区"
    assert body(f"<pre>名山{mark}区</pre>")[0].text == "名山区"
    assert body(f"<ul><li>名山{mark}区</ul>")[0].text == "名山区"


def test_tabs_and_line_ends_part_words() -> None:
    assert parse("<p>一\t二\r\n三").text == "一 二 三"


DEEP = 10_000  # far beyond the interpreter's recursion limit


@pytest.mark.slow
@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<div>" * DEEP + "深处" + "</div>" * DEEP, [(P, "深处")]),
        ("<span>" * DEEP + "深处", [(P, "深处")]),
        ("<span>" * DEEP + "<p>深处</p>", [(P, "深处")]),
        ("<p>" + "<b>" * DEEP + "深处", [(H, "深处")]),
        ("<ul><li>" * DEEP + "深处", [(L, "深处")]),
        ("<table><tr><td>" * DEEP + "深处", [(P, "深处")]),
        ("<blockquote>" * DEEP + "<img src=/a.jpg>", [(I, "")]),
    ],
    ids=["div", "span", "span > p", "b", "ul", "table", "blockquote"],
)
def test_pages_nest_as_deep_as_they_like(html: str, blocks: list[tuple[BlockKind, str]]) -> None:
    page = parse(html)
    assert isinstance(page, Node)
    assert page.text in ("深处", "")
    assert told(html) == blocks


@pytest.mark.slow
@pytest.mark.timeout(30)
def test_a_hundred_thousand_attributes_and_twenty_thousand_paragraphs() -> None:
    attributes = " ".join(f"a{n}=1" for n in range(100_000))
    assert told(f"<p {attributes}>一</p>") == [(P, "一")]
    assert len(body("<p>一<b>二</b></p>" * 20_000)) == 20_000


WORDS = st.text("星月云山水火一二三四五六", min_size=1, max_size=6)
NAMES = ["p", "div", "span", "b", "h3", "ul", "li", "table", "tr", "td", "figure", "pre", "a", "form"]
ODDS = ["<br>", "<img src=/a.jpg>", "<hr>", "<!-- x -->", "<script>x</script>", "</div>", "<p>"]
PIECES = st.recursive(
    WORDS,
    lambda inner: st.builds(
        lambda name, children: f"<{name}>{''.join(children)}</{name}>",
        st.sampled_from(NAMES),
        st.lists(inner | st.sampled_from(ODDS), max_size=4),
    ),
    max_leaves=30,
)


@given(PIECES)
def test_no_text_is_lost_and_none_is_doubled(html: str) -> None:
    box = parse(f"<main>{html}</main>").first("main")
    if box is None:  # a stray end tag may end the body
        return
    shown = "".join(box.text.split())
    assert "".join("".join(block.text.split()) for block in box.blocks(BASE)) == shown
