import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as parser

from feeds import safe

BASE = "http://paper.example/2026/a.html"
any_text = st.text(st.characters(exclude_categories=())) | st.text(
    st.sampled_from("<>&\"'/=\x00\x0b\ud800\ufffe\u202e\u2066]]>ajs:crip t;#x")
)


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("第\x00一\x0b届\x1f", "第一届"),
        ("a\ud800b\udfffc", "abc"),
        ("a\ufffeb\uffffc", "abc"),
        ("\u202e右\u202c\u2066左\u2069", "右左"),
        ("一\t二\n三\r四", "一\t二\n三\r四"),
        ("喆😀\U0010ffff　", "喆😀\U0010ffff　"),
    ],
)
def test_text_keeps_all_but_what_readers_choke_on(given: str, left: str) -> None:
    assert safe.text(given) == left


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("<img src=x onerror=alert(1)>", "＜img src=x onerror=alert(1)>"),
        ("a</b><!--?><?x", "a＜/b>＜!--?>＜?x"),
        ("&lt;b&gt; &#60;i &#x3c;", "＆lt;b＆gt; ＆#60;i ＆#x3c;"),
        ("5 < 8 & <减肥> A&B", "5 < 8 & <减肥> A&B"),
    ],
)
def test_a_text_that_is_taken_for_html_says_the_same(given: str, left: str) -> None:
    assert safe.unmarked(given) == left


@given(any_text)
def test_whoever_takes_it_for_html_sees_it_as_written(value: str) -> None:
    written = safe.unmarked(safe.text(value))
    assert not parser.fragment_fromstring(f"<p>{written}</p>").xpath("./*")
    assert safe.unmarked(written) == written


@given(any_text)
def test_text_is_what_xml_can_hold_and_is_left_alone_the_second_time(value: str) -> None:
    clean = safe.text(value)
    element = etree.Element("a")
    element.text = clean
    assert etree.tostring(element, encoding="utf-8")
    assert safe.text(clean) == clean


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("<p>好<script>alert(1)</script></p>", "<p>好</p>"),
        ('<p style="x" class="y" id="z" onclick="w">好</p>', "<p>好</p>"),
        ("<p>一<p>二", "<p>一</p><p>二</p>"),
        ('<a href="javascript:alert(1)">看</a>', '<a rel="noopener noreferrer">看</a>'),
        ('<a href="JaVa\tScript:alert(1)">看</a>', '<a rel="noopener noreferrer">看</a>'),
        ('<a href="../b">看</a>', '<a href="http://paper.example/b" rel="noopener noreferrer">看</a>'),
        ('<img src="p/1.jpg" alt="图" width="9">', '<img src="http://paper.example/2026/p/1.jpg" alt="图">'),
        ('<img src="data:image/png;base64,AA">', "<img>"),
        (
            "<table><tr><td colspan=2>一</table>",
            '<table><tbody><tr><td colspan="2">一</td></tr></tbody></table>',
        ),
        ("<h1>大</h1><h2>小</h2>", "大<h2>小</h2>"),
        ("<font color=red><b>红</b></font>", "<b>红</b>"),
        ("H<sub>2</sub>O &amp;lt; 5 &lt; 8", "H<sub>2</sub>O &amp;lt; 5 &lt; 8"),
        ("a&#x202e;b\x00c", "abc"),
    ],
)
def test_html_keeps_what_is_allowed(given: str, left: str) -> None:
    assert safe.html(given, BASE) == left


@given(any_text)
def test_html_of_anything_holds_only_allowed_tags_and_web_addresses(fragment: str) -> None:
    clean = safe.html(fragment, BASE)
    assert safe.html(clean, BASE) == clean
    root = parser.fragment_fromstring(clean, create_parent="div")
    for element in root.iterdescendants():
        assert element.tag in safe._FLOW | safe._TABLE | safe._INLINE
        for name, value in element.attrib.items():
            assert name in {"href", "src", "alt", "rel", "colspan", "rowspan"}
            assert name not in {"href", "src"} or re.match(r"https?://", value)


def test_value_cleans_every_string_of_a_json_value_and_nothing_else() -> None:
    assert safe.value({"a": ["x\x00", 1, None, {"b": "\u202ey"}], "c": True}) == {
        "a": ["x", 1, None, {"b": "y"}],
        "c": True,
    }


@pytest.mark.parametrize(
    ("url", "web"),
    [
        ("http://paper.example/a.pdf", True),
        ("HTTPS://paper.example", True),
        ("javascript:alert(1)", False),
        ("ftp://paper.example/a", False),
        ("/a.pdf", False),
        ("http:///a", False),
        (" http://paper.example", False),
    ],
)
def test_only_absolute_web_addresses_may_stand_in_a_feed(url: str, web: bool) -> None:
    assert safe.is_web(url) is web


@pytest.mark.parametrize(
    ("url", "ascii_one"),
    [
        ("http://例子.测试:8080/a b", "http://xn--fsqu00a.xn--0zwm56d:8080/a%20b"),
        ("http://某人@例子.测试/文.pdf", "http://%E6%9F%90%E4%BA%BA@xn--fsqu00a.xn--0zwm56d/%E6%96%87.pdf"),
        ("http://a:b@paper.example:80/", "http://a:b@paper.example:80/"),
        ("http://[::1]:80/表", "http://[::1]:80/%E8%A1%A8"),
        ("http://例..子/", "http://%E4%BE%8B..%E5%AD%90/"),  # no IDNA form
    ],
)
def test_an_address_is_ascii_with_its_port_and_user_as_they_are(url: str, ascii_one: str) -> None:
    assert safe.address(url) == ascii_one
    assert safe.address(ascii_one) == ascii_one
