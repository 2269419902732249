"""What stands in a newspaper's lists and is no news -> the reason to leave it out."""

from __future__ import annotations

import pytest

from bulletins.furniture import no_news
from bulletins.model import Block, BlockKind

TEXT = (Block(BlockKind.PARAGRAPH, "责编：林听雨 版式：江小满"),)
NEWS = (Block(BlockKind.PARAGRAPH, "近日，汶川县给三百棵老樱桃树建起了健康档案。" * 8),)
PICTURE = Block(BlockKind.IMAGE, "", url="http://paper.example/1.jpg")


@pytest.mark.parametrize("title", ["公益广告", "广告", "广 告", "分类广告", "【广告】", "形象广告2"])
def test_an_advertisement(title: str) -> None:
    assert no_news(title, NEWS) == "an advertisement"


@pytest.mark.parametrize("title", ["导读", "今日导读", "【导 读】", "本期目录"])
def test_a_guide_to_the_pages(title: str) -> None:
    entries = (Block(BlockKind.PARAGRAPH, "樱桃树的病历 2版"), Block(BlockKind.PARAGRAPH, "夜校开课 3版"))
    assert no_news(title, entries) == "a guide to the other pages"
    assert no_news(title, NEWS) is None


@pytest.mark.parametrize(
    "title", ["版责", "责编：林听雨", "本版责编 林听雨", "（责任编辑：林听雨）", "编辑/林听雨 美编/江小满"]
)
def test_the_editors_of_a_page(title: str) -> None:
    assert no_news(title, TEXT) == "the editors of the page"
    assert no_news(title, NEWS) is None


def test_a_picture_needs_a_word() -> None:
    assert no_news("晒谷坝上的木星", (PICTURE,)) == "a picture without a word"
    assert no_news("晒谷坝上的木星", (PICTURE, *TEXT)) is None
    assert no_news("晒谷坝上的木星", ()) is None  # no body at all has a reason of its own


@pytest.mark.parametrize(
    "title", ["编辑部的故事", "广告牌下的菜园", "他把广告做进了田里", "主编这门手艺", "公益广告大赛开赛"]
)
def test_news_about_them_is_news(title: str) -> None:
    assert no_news(title, TEXT) is None
