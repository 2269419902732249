"""Columns appear by themselves, and are announced once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.flow import House, house
from tests.support.newspaper import MINGSHAN, ROUNDUP, Newspaper, Story
from tests.support.site import Site
from worker.store import SqlStore


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        yield made


@pytest.fixture
def at_work(store: SqlStore, site: Site, tmp_path: Path) -> Iterator[House]:
    with house(store, site, tmp_path) as made:
        yield made


def _announced(at_work: House) -> list[tuple[object, object]]:
    return [(line["column"], line["kind"]) for line in at_work.lines.of("column.new")]


def test_a_column_is_announced_when_its_feeds_begin_and_never_again(at_work: House, site: Site) -> None:
    paper = Newspaper(stories={"roundup": ROUNDUP, "mingshan": MINGSHAN})
    paper.print_on(site)
    at_work.tick()
    first = [("地方科协", "heading"), ("科协之窗", "page")]
    assert sorted(_announced(at_work)) == first
    assert at_work.lines.of("column.new")[0]["slug"] == "di-fang-ke-xie"
    paper.stories["mingshan"] = MINGSHAN.corrected("名山区科协 把茶园办成学堂")
    paper.print_on(site)
    at_work.tick()
    assert sorted(_announced(at_work)) == first
    later = "<strong>{}</strong>", "近日,{}科协的志愿者走进敬老院,教老人们用手机看病挂号,大家学得很认真。"
    body = tuple(line.format(name) for name in ("宝兴县", "乐至县", "广安市") for line in later)
    again = Story(ROUNDUP.headline, (*body, "(本栏目组稿:周小满 本报记者 何知秋)"))
    paper = Newspaper(paper.day + timedelta(days=7), paper.number + 1, stories={"roundup": again})
    paper.print_on(site)
    at_work.tick(timedelta(days=7))
    assert _announced(at_work)[2:] == [(ROUNDUP.headline, "umbrella")]  # it stood in two editions now
