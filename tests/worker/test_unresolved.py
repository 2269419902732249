"""`dibao items --unresolved` and `dibao probe` as an editor types them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bulletins.doubts import Doubt, doubts
from bulletins.model import Change, ChangeKind, Evidence, Item, Region
from tests.worker.store import story
from worker import config, ground, wiring
from worker.cli.common import app

SURE = story.item("a")
SLIP = Evidence("event_date", "text", "2月30日", "a day that no calendar has")


@pytest.fixture
def stanza(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text('[[sources]]\nid = "paper"\nname = "山乡科普报"\nurl = "http://paper.test/"\n')
    return path


def _do(path: Path, *words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--config", str(path)])
    assert result.exit_code == 0, result.stdout
    return result.stdout


@pytest.mark.parametrize(
    ("item", "found"),
    [
        (SURE, ()),
        (replace(SURE, evidence=(SLIP,)), (Doubt("event_date", "a day that no calendar has", "2月30日"),)),
        (replace(SURE, region=None, regions=()), (Doubt("region", "no region", ""),)),
        (
            replace(SURE, region=None, regions=(Region("511826", ("芦山县",), "text"),)),
            (Doubt("region", "several regions that share none", ""),),
        ),
        (
            replace(SURE, region=None, evidence=(Evidence("region", "text", "鼓楼区", "one of four"),)),
            (Doubt("region", "one of four", "鼓楼区"),),
        ),
        (
            replace(SURE, section=2, heading="小人国", region=Region("510000", ("四川省",), "source")),
            (Doubt("region", "its section's heading is no region", "小人国"),),
        ),
        (replace(SURE, section=2, heading="芦山县", region=Region("511826", ("芦山县",), "override")), ()),
        (replace(SURE, column=None), (Doubt("column", "neither a column nor a page's name", ""),)),
    ],
)
def test_what_an_editor_should_look_at(item: Item, found: tuple[Doubt, ...]) -> None:
    assert doubts(item) == found


def test_only_what_is_unresolved_is_listed_with_its_reason(stanza: Path) -> None:
    settings = config.load(stanza)
    wiring.prepare(settings)
    store = ground.store(settings)
    unsure = replace(story.item("b"), evidence=(SLIP,))
    with store.edit("test") as txn:
        for item in (SURE, unsure, replace(story.item("c"), column=None)):
            txn.apply(Change(item, ChangeKind.NEW), story.feeds(item))
    store.dispose()
    shown = _do(stanza, "items", "--unresolved")
    assert "a day that no calendar has" in shown
    assert unsure.id in shown
    assert SURE.id not in shown
    said = json.loads(_do(stanza, "items", "--unresolved", "--json", "--limit", "1"))
    (one,) = said["items"]
    assert one["unresolved"]
    assert {"field", "reason", "text"} == set(one["unresolved"][0])
    all_of_it = json.loads(_do(stanza, "items", "--unresolved", "--json"))
    assert {one["id"] for one in all_of_it["items"]} == {unsure.id, story.item("c").id}
    settled = f'[[overrides]]\nid = "{story.item("c").id}"\ncolumn = "要闻"\n'
    stanza.write_text(stanza.read_text() + settled)
    assert json.loads(_do(stanza, "items", "--unresolved", "--json")) == all_of_it  # to look writes nothing
    _do(stanza, "reparse")
    left = json.loads(_do(stanza, "items", "--unresolved", "--json"))
    assert {one["id"] for one in left["items"]} == {unsure.id}


def test_a_probe_shows_the_words_of_each_field(stanza: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<title>星空</title><div class=paper-head>3654 期 / 第3版:科协之窗</div>"
        "<h2 class=paper-title>星空</h2>"
        "<div id=paper-content><p>本报讯(记者 张小丽)7月30日（星期五），雅安市芦山县科协开门。</p>"
        "<p>责任编辑：李明</p></div>"
    )
    shown = _do(stanza, "probe", str(page), "--date", "2024-08-02")
    for words in (
        "byline 本报讯(记者 张小丽)",
        "text 7月30日",
        "page 科协之窗",
        "edition 2024-08-02",
        "look at event_date: 2024-07-30 is 星期二, printed as 星期五",
    ):
        assert words in shown, shown
    said = json.loads(_do(stanza, "probe", str(page), "--date", "2024-08-02", "--json"))
    (item,) = said["items"]
    doubt = {"field": "event_date", "reason": "2024-07-30 is 星期二, printed as 星期五", "text": "7月30日"}
    assert item["unresolved"] == [doubt]
    assert "责任编辑" not in "".join(item["paragraphs"])
