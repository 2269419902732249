"""Lists whose items have no page of their own, in every dress, and articles that only look like one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bulletins import reading
from bulletins.model import Context, Page, PageKind, Reading, Source

URL = "http://kx.example/jianxun/"
TEXT = "近日，{0}科协组织志愿者走进乡镇，开展了防灾减灾知识宣讲，现场发放资料三百余份。"
ITEM = {
    "headings": "<div class=item><h3>{title}</h3><span>{day}</span><p>{text}</p></div>",
    "terms": "<dt>{title}</dt><dd>{day} {text}</dd>",
    "cells": "<tr><td>{day}</td><td><b>{title}</b></td><td>{text}</td></tr>",
    "rows": "<li><strong>{title}</strong>（{day}）<p>{text}</p></li>",
    "boxes within": (
        "<div class=row><div class=hd><div class=title>{title}</div></div><i>{day}</i><p>{text}</p></div>"
    ),
}
PLACES = ("成都市", "德阳市", "绵阳市", "乐山市")


def page(body: str) -> Reading:
    html = f"<html><head><title>科协简讯</title></head><body>{body}</body></html>"
    context = Context(
        Source("kx", "省科协", URL, region="510000"), "t,2026", datetime(2026, 3, 7, tzinfo=UTC)
    )
    return reading.read([(Page(URL, html.encode(), "text/html; charset=utf-8"), context, PageKind.EDITION)])


@pytest.mark.parametrize("dress", ITEM)
def test_each_item_has_its_headline_its_day_and_its_own_text(dress: str) -> None:
    rows = "".join(
        ITEM[dress].format(title=f"{place}科普大篷车进校园", day=f"2026-03-0{n}", text=TEXT.format(place))
        for n, place in enumerate(PLACES, start=1)
    )
    box = {"terms": "dl", "cells": "table", "rows": "ul"}.get(dress, "div")
    said = page(f"<{box}>{rows}</{box}>")
    assert not said.problems
    assert [item.title for item in said.items] == [f"{place}科普大篷车进校园" for place in PLACES]
    assert [item.published.day for item in said.items] == [1, 2, 3, 4]
    assert [item.region and item.region.path[-1] for item in said.items] == list(PLACES)
    for place, item in zip(PLACES, said.items, strict=True):
        text = "".join(item.paragraphs)
        assert place in text
        assert all(other not in text for other in PLACES if other != place)


def test_bold_words_in_rows_without_whole_days_head_nothing() -> None:
    rows = "".join(
        f"<li><b>{place}</b>3月{n}日，{TEXT.format(place)}</li>" for n, place in enumerate(PLACES, 1)
    )
    assert len(page(f"<h1>各地科普活动</h1><ul>{rows}</ul>").items) <= 1
