"""A newspaper of several editions for tests of what is expected: unlike texts, each in its own place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from tests.support.newspaper import Newspaper, Story

_PLACES = ("芦山县", "安岳县", "汶川县", "三台县", "夹江县", "江安县", "合江县", "剑阁县")
_THINGS = ("水井编号", "渡口新灯", "旧书市集", "木偶戏台", "修理课堂", "候鸟观察", "梯田插秧", "土样化验")


def edition(n: int, count: int = 4) -> Newspaper:
    """The n-th weekly edition, with so many stories."""
    day = date(2026, 10, 14) + timedelta(days=7 * n)
    stories = {f"s{n}-{at}": _story(n, at) for at in range(count)}
    return replace(Newspaper(), day=day, number=3600 + n, stories=stories)


def _story(n: int, at: int) -> Story:
    place, thing = _PLACES[(n + at) % 8], _THINGS[(n * 3 + at) % 8]
    told = (
        f"近日,{place}的{thing}又有了新进展,{n * 31 + at * 7 + 20}名群众赶来看个究竟。",
        f"当地的老人说,{thing}这件事,第{at + 2}年才算办成,花了{n * 17 + at + 40}天工夫。",
        f"{place}计划再用{at + 3}年,把{thing}推广到{n * 5 + at + 11}个村组。 (本报记者 何知秋)",
    )
    return Story(f"{place}第{at + 1}站 {thing}有了新进展", told)
