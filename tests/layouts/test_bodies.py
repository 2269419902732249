"""A page -> its article: the box of the text among others, headline, pictures with their captions."""

from __future__ import annotations

import pytest

from bulletins.layouts import bodies
from bulletins.layouts.parts import Article
from bulletins.markup import parse
from bulletins.model import BlockKind

TEXT = "近日，汶川县给三百棵老樱桃树建起了健康档案。"
URL = "http://paper.example/content_1.htm"


def read(page: str) -> Article:
    return bodies.read(parse(page), URL)


def texts(page: str) -> list[str]:
    return [block.text for block in read(page).blocks if block.kind != BlockKind.IMAGE]


def pictures(page: str) -> list[tuple[str, str]]:
    return [(block.url or "", block.text) for block in read(page).blocks if block.kind == BlockKind.IMAGE]


@pytest.mark.parametrize(
    "body",
    [
        f"<founder-content><p>{TEXT}</p></founder-content>",
        f"<div class=a><!--enpcontent--><p>{TEXT}</p><!--/enpcontent--></div>",
        f"<div class=content><div class=tool>字号</div><div id=ozoom>{TEXT}</div></div>",
        f"<div id=Zoom>{TEXT}</div>",
        f"<div id=articleContent1>{TEXT}</div>",
        f"<span id=contenttext style='display:none'>{TEXT}</span>",
        f"<div class='txt detail-text'>{TEXT}</div>",
        f"<div class=content><p>{TEXT}</p></div>",
        f"<div class=content><ul><li><a href=/1>相关的一篇</a></ul></div><div id=news_content>{TEXT}</div>",
    ],
)
def test_the_box_of_the_text_is_found(body: str) -> None:
    assert texts(f"<title>报</title><div class=nav><a href=/>首页</a></div>{body}<p>版权所有</p>")[-1:] == [
        TEXT
    ]


@pytest.mark.parametrize(
    "page", ["", "<p>一页</p>", "<div class=content><a href=/1>只有一条链接的长长的一页</a></div>"]
)
def test_a_page_without_a_text_has_none(page: str) -> None:
    assert bodies.article().score(parse(page)) == 0
    assert read(page).blocks == ()


@pytest.mark.parametrize(
    ("page", "title"),
    [
        (
            "<founder-title>岷江科普报</founder-title><founder-title>樱桃树的病历</founder-title>",
            "樱桃树的病历",
        ),
        (
            "<!--enpproperty <date>2026-10-14 02:10:00.0</date><title>樱桃树的病历</title> /enpproperty-->",
            "樱桃树的病历",
        ),
        ("<h1>岷江科普报</h1>", ""),
    ],
)
def test_only_what_is_called_the_title_surely_is(page: str, title: str) -> None:
    assert read(f"{page}<div id=ozoom>{TEXT}</div>").title == title


@pytest.mark.parametrize(
    "page",
    [
        f"<div id=ozoom><p><img src=/1.jpg></p><p>一课。周望舒 摄</p><p>{TEXT}</p></div>",
        f"<div id=zoom><figure><img src=/1.jpg><figcaption>一课。周望舒 摄</figcaption></figure>{TEXT}</div>",
        f"<div id=ozoom><table><tr><td><img src=/1.jpg><tr><td>一课。周望舒 摄</table><p>{TEXT}</p></div>",
        f"<div id=ozoom><div class=p><img src=/1.jpg><div>一课。周望舒 摄</div></div><p>{TEXT}</p></div>",
        f"<div class=c><div class=attachment><img src=/1.jpg><span>一课。周望舒 摄</span></div>"
        f"<founder-content><p>{TEXT}</p></founder-content></div>",
        f"<div id=ozoom><table><tr><td><img src=/1.jpg></td></tr><tr><td>一课。周望舒 摄</td></tr></table>"
        f"<founder-content><p>{TEXT}</p></founder-content></div>",
    ],
)
def test_a_caption_belongs_to_its_picture(page: str) -> None:
    assert texts(page) == [TEXT]
    assert pictures(page) == [("http://paper.example/1.jpg", "一课。周望舒 摄")]


_FIRST, _SECOND = "一课。周望舒 摄", "望远镜。李四 摄"
_TABLE = "<table class=pt><tr><td><img src=/{}.jpg></td></tr><tr><td>{}</td></tr></table>"
_IN_COLUMNS = (
    "<table class=pt><tr><td><img src=/1.jpg></td><td><img src=/2.jpg></td></tr>"
    f"<tr><td>{_FIRST}</td><td>{_SECOND}</td></tr></table>"
)


@pytest.mark.parametrize("of_pictures", [_TABLE.format(1, _FIRST) + _TABLE.format(2, _SECOND), _IN_COLUMNS])
@pytest.mark.parametrize(
    "page",
    [
        "<div><div class=attr>{}</div><founder-content><p>{}</p></founder-content></div>",
        "<div><founder-content><p>{1}</p></founder-content><div class=attr>{0}</div></div>",
        "<div id=ozoom>{}<p>{}</p></div>",
    ],
)
def test_several_pictures_have_each_its_own_caption_once(page: str, of_pictures: str) -> None:
    made = page.format(of_pictures, TEXT)
    assert texts(made) == [TEXT]
    assert pictures(made) == [
        ("http://paper.example/1.jpg", _FIRST),
        ("http://paper.example/2.jpg", _SECOND),
    ]


def test_a_picture_that_stands_twice_is_one() -> None:
    twice = f"<img src=/1.jpg><div><img src=/1.jpg><p>{_FIRST}</p></div>"
    for page in (
        f"<div id=ozoom>{twice}<p>{TEXT}</p></div>",
        f"<div><div class=attr>{twice}</div><div id=ozoom><p>{TEXT}</p></div></div>",
    ):
        assert pictures(page) == [("http://paper.example/1.jpg", _FIRST)]


def test_a_paragraph_after_a_picture_is_no_caption() -> None:
    page = f"<div id=ozoom><p><img src=/1.jpg></p><p>{TEXT}</p><p>{TEXT}</p></div>"
    assert texts(page) == [TEXT, TEXT]
    assert pictures(page) == [("http://paper.example/1.jpg", "")]


def test_what_a_page_prints_around_a_text_is_no_part_of_it() -> None:
    page = (
        "<p>当前版:04版</p><div id=zoom><p id=pdfUrl style='display:none'>../../../att/20261014/04.pdf</p>"
        f"　　{TEXT}<br><br>　　{TEXT}<p>上一篇 下一篇 关闭本页</p></div>"
    )
    assert texts(page) == [TEXT, TEXT]
    assert read(page).head == "第04版:"


def test_several_texts_are_told_apart_by_their_headings() -> None:
    pieces = "".join(
        f"<div id=a{n}><h3>第{n}棵樱桃树</h3><div class=article-content><p>{TEXT}</p></div></div>"
        for n in (1, 2)
    )
    found = bodies.several(parse(f"<h2>第03版：科普</h2>{pieces}"), URL)
    assert [(one.title, one.name, one.head) for one in found] == [
        ("第1棵樱桃树", "a1", "第03版：科普"),
        ("第2棵樱桃树", "a2", "第03版：科普"),
    ]
    assert bodies.several(parse(f"<h2>一篇</h2><div id=ozoom>{TEXT}</div>"), URL) == ()


def test_a_code_to_be_scanned_is_no_picture_of_the_article() -> None:
    page = (
        f"<founder-content><p><img src=/a.jpg></p><p>图为果园。</p><p>{TEXT}</p>"
        "<p><img src=/qr.png>扫一扫，手机阅读本文</p></founder-content>"
    )
    assert [address for address, _ in pictures(page)] == ["http://paper.example/a.jpg"]
    assert texts(page)[-1] == TEXT


@pytest.mark.parametrize(
    "page",
    [
        f"<div id=ozoom><div><p>{TEXT}</p><p>好。</p></div><div class=v>　{TEXT}<br>好。</div></div>",
        f"<div id=ozoom><em>何丰</em><div class=v hidden>{TEXT}</div><table><tr><td>{TEXT}</table></div>",
    ],
)
def test_a_text_across_and_upright_is_one(page: str) -> None:
    assert "".join(texts(page)).count(TEXT) == 1


def test_a_refrain_is_no_copy() -> None:
    assert texts(f"<div id=ozoom><p>{TEXT}</p><p>{TEXT}</p></div>") == [TEXT, TEXT]
