import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bulletins.model import (
    Author,
    Block,
    BlockKind,
    Edition,
    Evidence,
    Item,
    PageNo,
    Precision,
    Provenance,
    Role,
)
from feeds.records import record, stamp
from tests.feeds.conftest import LUSHAN, MINGSHAN, MORNING, YAAN, item
from tests.feeds.schemas import check

FULL = item(
    region=YAAN,
    regions=(LUSHAN, MINGSHAN),
    blocks=(
        Block(BlockKind.PARAGRAPH, "一段。", "<b>一</b>段。"),
        Block(BlockKind.IMAGE, "", url="http://paper.example/1.jpg"),
        Block(BlockKind.TABLE, "甲 乙", "<table><tr><td>甲<td>乙</table>"),
    ),
    authors=(Author("雅安市科协", Role.ORGANISATION), Author("何田", Role.CONTRIBUTOR)),
    event_date=date(2026, 3, 4),
    event_end=date(2026, 3, 5),
    pdf="http://paper.example/3.pdf",
    section=2,
    evidence=(Evidence("region", "heading", "雅安市"),),
    provenance=Provenance("http://paper.example/a0001", MORNING, "0f" * 32, "sckjw/1"),
)
BARE = item(
    region=None,
    regions=(),
    column=None,
    authors=(),
    blocks=(),
    edition=None,
    page=None,
)


def test_a_record_has_every_field_in_the_contracts_order() -> None:
    assert json.dumps(record(FULL), ensure_ascii=False, indent=1) + "\n" == (
        Path(__file__).parent / "goldens" / "item.json"
    ).read_text("utf-8")


def test_a_record_of_a_bare_item_has_the_same_keys() -> None:
    bare = record(BARE)
    assert list(bare) == list(record(FULL))
    assert {key for key, value in bare.items() if value is None} == {
        "column",
        "column_slug",
        "region",
        "event_date",
        "event_end",
        "edition",
        "page",
        "pdf",
        "provenance",
    }


@pytest.mark.parametrize("made", [FULL, BARE, item(edition=Edition("总第9期"), page=PageNo("A01"))])
def test_records_hold_to_the_schema(made: Item) -> None:
    check("item", record(made))


def test_published_is_a_day_or_a_moment_as_its_precision_says() -> None:
    assert record(item())["published"] == "2026-03-06"
    known = item(published=datetime(2026, 3, 6, 1, 5, tzinfo=UTC), precision=Precision.MINUTE)
    assert record(known)["published"] == "2026-03-06T09:05:00+08:00"
    check("item", record(known))


def test_moments_are_at_plus_eight_in_whole_seconds() -> None:
    assert stamp(datetime(2026, 3, 5, 23, 59, 59, 999999, tzinfo=UTC)) == "2026-03-06T07:59:59+08:00"
    assert stamp(None) is None


def test_a_record_is_safe_to_print() -> None:
    made = record(item(title="红\x00\ud800头\u202e文件"))
    assert made["title"] == "红头文件"
    json.dumps(made, ensure_ascii=False).encode()
