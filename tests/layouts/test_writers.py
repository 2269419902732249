"""Who wrote, in the lines beside a text and at its ends; headlines and days that stand oddly."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bulletins import reading
from bulletins.bylines.signing import closing
from bulletins.model import Context, Item, Page, PageKind, Role, Source

URL = "http://news.example/p/884120.html"
TEXT = (
    "走进县城东边的村子，金黄的稻浪随风起伏，收割机来回穿梭，空气里都是稻谷的清香。",
    "种粮大户说，今年雨水好，亩产能有一千三百斤，再有三天就能收完。",
    "近年来，镇里推广稻鱼共生，一水两用，一田双收，产值超过四千万元。",
)
BODY = "".join(f"<p>{text}</p>" for text in TEXT)


def article(inside: str, title: str = "秋收时节稻谷香") -> Item:
    page = f"<html><head><title>{title}</title></head><body>{inside}</body></html>"
    context = Context(Source("n", "东山融媒", URL), "t,2026", datetime(2026, 11, 20, tzinfo=UTC))
    kind = "text/html; charset=utf-8"
    (item,) = reading.read([(Page(URL, page.encode(), kind), context, PageKind.ARTICLE)]).items
    return item


@pytest.mark.parametrize(
    ("line", "names", "bodies"),
    [
        ("记者丨钟诚 秦思远", ["钟诚", "秦思远"], []),
        ("（参与采写：乔安）", ["乔安"], []),
        ("（骨科 彭立新 宣传科 廖敏/文 郑浩/图）", ["彭立新", "廖敏"], ["骨科", "宣传科"]),
        ("（撰稿：教务处 汪洋 摄影：学生记者团 终审：管平）", ["汪洋"], ["教务处"]),
    ],
)
def test_closing_lines_in_more_printed_forms(line: str, names: list[str], bodies: list[str]) -> None:
    signed = closing(line, below=True)
    assert signed is not None
    assert [one.name for one in signed.authors if one.role != Role.ORGANISATION] == names
    assert [one.name for one in signed.authors if one.role == Role.ORGANISATION] == bodies


def test_names_go_on_over_the_lines_beside_a_text() -> None:
    beside = "<p align=right>本网记者 甘霖<br>通讯员 水清</p><p>发表日期：2026-4-21 10:33:55</p>"
    item = article(f"<h1>秋收时节稻谷香</h1><div><font>{BODY}</font>{beside}</div>")
    assert [(one.name, one.role) for one in item.authors] == [
        ("甘霖", Role.REPORTER),
        ("水清", Role.CORRESPONDENT),
    ]


def test_names_stand_above_who_took_the_pictures() -> None:
    below = "<p>云岭时报全媒体记者：庞大为</p><p>摄影：瞿雯</p><p>一审：米粒 二审：石头 三审：江河</p>"
    item = article(f"<h1>秋收时节稻谷香</h1><article>{BODY}{below}</article>")
    assert [(one.name, one.role) for one in item.authors] == [("庞大为", Role.REPORTER)]


def test_a_subtitle_is_no_headline_and_a_time_says_the_year() -> None:
    head = "<h1>东山：稻浪翻滚</h1><h2>——秋收时节走乡村</h2>"
    when = '<p><time datetime="2026-11-18T08:00:12+08:00">11月18日</time></p>'
    item = article(f"{head}{when}<div class=content>{BODY}</div>", "东山：稻浪翻滚——秋收时节走乡村--江源网")
    assert item.title == "东山：稻浪翻滚"
    assert item.published.isoformat()[:10] == "2026-11-18"
