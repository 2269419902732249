"""Data in every dress -> pages, links and texts; what is no newspaper's data is none."""

from __future__ import annotations

import json
from datetime import date

import pytest

from bulletins import beside, shapes
from bulletins.layouts.data import LAYOUT
from bulletins.markup import Node, data, parse

URL = "http://paper.example/szb/20261014/index.html"
HTML = "<p>近日，汶川县给三百棵老樱桃树建起了健康档案。</p><p>每棵树有一页病历。</p>"
SCHEMES = [
    {
        "layoutlist": [{"pageno": "A1", "pagename": "要闻"}],
        "infolist": {"list": [{"title": "题目", "content": HTML}]},
    },
    {"pages": [{"name": "第1版：要闻", "articles": [{"docTitle": "题目", "text": HTML, "id": 7}]}]},
    [{"edition": "A1", "data": [{"headline": "题目", "body": HTML}]}],
    {"ye": [{"q": "A1", "m": "要闻", "gao": [{"t9": "题目", "w": 7, "z": HTML}]}]},
    {"page_1": {"alias": "第1版：要闻", "img_url": "/1.jpg", "data": [{"title": "题目", "content": HTML}]}},
]


def texts(tree: Node) -> list[tuple[str, tuple[str, ...]]]:
    assert LAYOUT.articles is not None
    if LAYOUT.articles.score(tree) == 0:
        return []
    found = LAYOUT.articles.read(tree, URL).texts
    return [(article.title, tuple(block.text for block in article.blocks)) for article in found]


WHOLE = [("题目", ("近日，汶川县给三百棵老樱桃树建起了健康档案。", "每棵树有一页病历。"))]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("escaped", [True, False])
def test_a_text_is_found_whatever_its_keys_are_called(scheme: object, escaped: bool) -> None:
    assert texts(data(json.dumps(scheme, ensure_ascii=escaped))) == WHOLE


@pytest.mark.parametrize(
    "script",
    [
        "var paper = {title: '题目', content: '%s',};",
        "window.__STATE__ = {'detail': {title: \"题目\", \"content\": '%s', n: 0x1f, f: undefined}};show()",
        "var a = 1; /* 版 */ let b = [{title: '题目' /* x */, content: '%s'}]",
        "$.extend(true, {}); var o = {\n // 一\n title: '题目',\n content: '%s'\n}; function f(){}",
    ],
)
def test_script_is_read_as_loosely_as_browsers_do(script: str) -> None:
    assert (
        texts(
            parse(
                f"<div id=app></div><script>{script % HTML.replace('</', chr(60) + chr(92) + '/')}</script>"
            )
        )
        == WHOLE
    )


@pytest.mark.parametrize(
    "script",
    [
        "",
        "var a = {",
        "{" * 20_000,
        "var 版 = " + "[" * 20_000,
        "var a = {标题: function(){ return 1 }}",
        'var x = {"title": "短", "content": "短"};',
        'var x = {"标题": null, "content": 1e999, "版": [[[[]]]]};',
    ],
)
def test_what_holds_no_newspaper_is_none(script: str) -> None:
    for tree in (data(script), parse(f"<p>一页</p><script>{script}</script>")):
        assert LAYOUT.pages is not None
        assert LAYOUT.article is not None
        assert (texts(tree), LAYOUT.pages.score(tree), LAYOUT.article.score(tree)) == ([], 0.0, 0.0)


def test_an_object_of_titles_is_a_list() -> None:
    tree = data(
        "var obj0 = ['第A1版：要闻', '第A2版：科普'];\n"
        "var obj1 = {'题目一': 'a.html'};\nvar obj2 = {'题目二': 'b.html',};"
    )
    assert LAYOUT.articles is not None
    assert [(link.text, link.page, link.href) for link in LAYOUT.articles.read(tree, URL).links] == [
        ("题目一", "第A1版：要闻", "http://paper.example/szb/20261014/a.html"),
        ("题目二", "第A2版：科普", "http://paper.example/szb/20261014/b.html"),
    ]


@pytest.mark.parametrize(
    "value",
    [
        [{"n": "首页", "u": "/index.html"}, {"n": "关于我们", "u": "/about.html"}],
        [{"k": 26, "v": "晴"}, {"k": 27, "v": "小雨"}],
        [{"k": "26", "v": "晴", "u": "/w/26.html"}, {"k": "27", "v": "小雨", "u": "/w/27.html"}],
        [{"t": "题目", "u": "/1.html", "s": None}, {"t": "题目", "u": "/2.html"}],
        [{"title": "题目", "url": "/1.html", "zhaiyao": HTML}],
        [[], {}, "版", None, 1e999],
    ],
)
def test_what_is_no_list_of_a_newspaper_gets_no_keys(value: object) -> None:
    assert shapes.named(value) == value


@pytest.mark.parametrize(
    "body",
    [
        "<div>报</div><script>tq('/w.json'); var b='/d/'; load(el, b + 'A' + 2 + '.json')</script>",
        "<div>报</div><script>var c = {'file': '/d/A2.json'}; start(c)</script>",
        "<div>报</div><script>$.getJSON('/w.json'); $.get('/d/A2.json?v=1')</script>",
        "<div id=app data-json=/d/A2.json></div><script>show('/w.json')</script>",
    ],
)
def test_a_shell_loads_the_data_nearest_its_address(body: str) -> None:
    found = beside.loaded(parse(body), "http://paper.example/e/A2.html", date(2026, 10, 14))
    assert found is not None
    assert found.partition("?")[0] == "http://paper.example/d/A2.json"


def test_a_page_that_speaks_for_itself_loads_nothing() -> None:
    body = f"<p>{'科普进乡村。' * 80}</p><script>load('/d/A2.json')</script>"
    assert beside.loaded(parse(body), "http://paper.example/e/A2.html", date(2026, 10, 14)) is None
